#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The reader as somebody has it running: the screen, what it says is wrong, and
# that it lives through what happens to the module and to itself.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS

test_R11()
{
	need_reader
	tmux_start
	connected 5001
	screen 5001 ESTABLISHED
	act_fails cli ECONNREFUSED connect r "$SRV" 5009
	act cli close r
	screen refused
	expect_eq "columns" "$(awk 'length > 80' "$TMP/screen" | wc -l)" 0
	tmux_do send-keys -t top '?'
	screen quit
	tmux_do send-keys -t top '?'
	tmux_do resize-window -t top -x 100 -y 40
	screen 5001
	R11_reload
	tmux_do send-keys -t top q
	screen 'ended 0'
	tmux_do kill-server
	expect_eq "top on stderr" "$(<"$TMP/top.err")" ""
}

# The module goes and comes back.
R11_reload()
{
	agents_stop
	module_unload
	screen 'not loaded|no module|is gone|removed'
	module_load
	screen ESTABLISHED
	agent_start cli "$CLI_NS"
	agent_start srv "$SRV_NS"
	stats_start
	mib_start
	connected 5002
	screen 5002
}

# Each of the catalogue's ends, and the counters are the kernel's.
test_R12()
{
	need_reader
	lose cli 2 "$SYNACK"
	connected 5001
	lose_no_more cli
	lose srv 1 "$FIN"
	act cli close c
	act srv eof s
	act srv close s
	lose_no_more srv
	load_start mix 160
	load_wait "done"
	for side in cli srv; do
		AS="nsenter --net=/run/netns/tcplife-$side" reads 0 audit
		expect_text out '^ActiveOpens .* exact$'
		! grep -q DIFFERS "$TMP/out" || fail "$(<"$TMP/out")"
		(($(grep -c ' exact$' "$TMP/out") >= 30)) ||
			fail "too few exact twins"
	done
}

# A backlog of 1, and nobody in a hurry to accept: the doctor names it.
test_R13()
{
	need_reader
	reads 0 doctor --check
	expect_text out "all is well"
	act srv listen slow "$SRV" 5001 1
	act cli burst b 8 "$SRV" 5001
	pass 8
	reads 0 doctor
	expect_text out '5001' 'tl-srv' 'backlog'
	expect_eq "columns" "$(awk 'length > 80' "$TMP/out" | wc -l)" 0
	reads 1 doctor --check
	reads 0 doctor -j
	expect_text out '5001'
}

# What follow says it has seen is what was made.
test_R14()
{
	NO_TRACE=1
	need_reader
	reader_start all -s -H --no-wait
	readers_wait
	load_start mix 1600
	load_wait "done"
	reader_stop all
	expect_lines all . 2900
	expect_text all.err '2900 records seen, 0 lost in the kernel, 0 lost in the socket'
}

# Requests that die: a RST, no answer, a listener that closes; none that lives.
test_R17()
{
	need_reader
	reader_start plain halfopen
	reader_start csv halfopen -T -t -s -H
	reader_start wide halfopen -w
	reader_start port halfopen -L 5003 -s -H
	reader_start remote halfopen -D 7001 -4 -s -H
	reader_start six halfopen -6 -s -H
	reader_start netns halfopen -N "$CLI_NS" -s -H
	reader_start count halfopen -c 1 -s -H
	reader_start duration halfopen -d 20
	readers_wait
	R17_traffic
	pass 30
	reader_stop count none
	reader_stop duration none
	for name in "${!READING[@]}"; do
		reader_stop "$name"
	done
	R17_expect
}

R17_traffic()
{
	act srv sysctl tcp_synack_retries 1
	half_open 5001
	act srv listen m "$SRV" 5002 10
	act srv listen n "$SRV" 5003 10
	lose srv all 'tcp flags & (syn | rst) == rst'
	in_ns cli "$TMP/tcpraw" "$CLI" 7002 "$SRV" 5002 S 1 0
	in_ns cli "$TMP/tcpraw" "$CLI" 7003 "$SRV" 5003 S 1 0
	act srv close n
	pass 10
	lose_no_more srv
	connected 5004
	act cli close c
	act srv close s
}

R17_expect()
{
	expect_text plain '^LADDR +LPORT +RADDR +RPORT +LISTENER +END +RETR MS$'
	expect_lines plain '^10.7.0.2 +500[123] +10.7.0.1 +700[123] +[0-9a-f]+ ' 3
	expect_lines plain ' embryonic-reset 0 +[0-9.]+$' 1
	expect_lines plain ' listener-closed 0 ' 1
	# A second for the first SYN-ACK, two for the next one.
	expect_lines plain ' syn-ack-timeout 1 +[34][0-9]*\.[0-9]+$' 1
	expect_eq "columns" "$(awk 'length > 80' "$TMP/plain" | wc -l)" 0
	expect_lines csv '^[0-9:]+,[0-9.]+,4,10.7.0.2,500[123],10.7.0.1,' 3
	expect_text wide '^IP LADDR'
	expect_lines port ',listener-closed,0,' 1
	expect_lines port . 1
	expect_lines remote ',5001,10.7.0.1,7001,' 1
	expect_lines remote . 1
	expect_lines six . 0
	expect_lines netns . 0
	expect_lines count . 1
	expect_text count.err ' 1 request seen, 0 lost'
	expect_text plain.err ' 3 requests seen, 0 lost'
}

# What the kernel tells is said by everybody, and set by root alone.
test_R18()
{
	need_reader
	reads 0 filter
	expect_text out 'No event filter is set'
	reads 0 filter -L 5001,5002 -D 1 -6 -N "$SRV_NS" --role passive \
		--failures --sample 10
	expect_text out 'local ports +5001,5002$' 'remote ports +1$' \
		'family +IPv6$' "netns +$(netns_of srv)$" 'roles +passive$' \
		'ends +failures$' 'one in +10$' 'filter --clear$'
	expect_eq "columns" "$(awk 'length > 80' "$TMP/out" | wc -l)" 0
	reads 0 filter --failures
	expect_lines out '^  ' 1
	R18_refused
	reads 0 filter
	expect_lines out '^  ends +failures' 1
	R18_filtered
	reads 0 stats
	expect_text out '^an event filter is set: tcplife filter shows it$'
	reads 0 filter --clear
	expect_text out 'No event filter is set'
	reads 0 stats
	expect_lines out 'filter is set' 0
}

# It stays as it was.
R18_refused()
{
	reads 1 filter -L "$(seq -s , 1 17)"
	expect_text err 'more than 16 ports'
	AS="nsenter --net=/run/netns/$SRV_NS" reads 1 filter --clear
	expect_text err 'needs CAP_NET_ADMIN in the initial namespaces' \
		'only root outside'
	AS='setpriv --reuid 1000 --regid 1000 --clear-groups' \
		reads 1 filter --clear
	expect_text err 'CAP_NET_ADMIN'
}

# A reader says that it is not told all, and of how much it was not.
R18_filtered()
{
	reader_start some -s -H --no-wait
	readers_wait
	connected 5001
	act cli close c
	act srv eof s
	act srv close s
	act_fails cli ECONNREFUSED connect r "$SRV" 5009
	act cli close r
	pass 1
	reader_stop some
	expect_lines some . 1
	expect_lines some ',5009,' 1
	expect_text some.err 'not all records are reported' \
		' 1 record seen, .* kept back by the event filter'
}

# Each rule of doctor, each verdict of audit, the failures of top, and lines of JSON
# that are kept or made anew, without a module: what they are made from, the
# programs of the reader's folder make up.
test_R19()
{
	local name

	need_reader
	for name in doctor audit top json metrics; do
		[ -x "$PROGRAMS/asan/test_$name" ] ||
			skip_all "no test_$name: make -C reader asan"
		"$PROGRAMS/asan/test_$name" >"$TMP/out" 2>&1 ||
			fail "$(<"$TMP/out")"
		expect_text out "^$name: [0-9]+ scenes, 0 failed$"
		ktap_print_msg "$(tail -n 1 "$TMP/out")"
	done
}

# Rules that can be provoked: no room for a second timewait socket, once after
# the peer's FIN and once before it; nobody answers keepalive probes or a FIN;
# and the first server does not close in the two hours that this takes.
test_R20()
{
	need_reader
	R20_timewait
	connected 5004 y
	act cli set cy keepalive 1
	connected 5005 z
	lose srv all "meta l4proto tcp"
	act cli close cz
	act_fails cli ETIMEDOUT wait cy err 9000
	pass 600
	act cli close cy
	lose_no_more srv
	found timewait-overflow out-of-memory dead-peers fin-resent \
		close-wait-leak
	expect_text out 'FIN never got an answer: 1' 'keepalive probes: 1;' \
		'most \(1\) were to 10.7.0.2:5004'
}

R20_timewait()
{
	connected 5003 w
	one_timewait
	found timewait-overflow
	act cli close cw
	act srv eof sw
	pass 1
	act srv close sw
	found timewait-overflow out-of-memory
}

# A request that ICMP ended is a drop for the kernel; for us it is an end.
test_R21()
{
	need_reader
	act srv listen l "$SRV" 5001 10
	in_ns cli nft -f - <<-END || die "cannot reject packets"
	table inet unreachable {
		chain in {
			type filter hook input priority 0;
			tcp dport 7001 reject with icmp type host-unreachable
		}
	}
	END
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5001 S 1 0
	pass 3
	AS="nsenter --net=/run/netns/tcplife-srv" reads 0 audit
	expect_text out '^ListenDrops .* 1 +1 +0 exact$'
}

run_tests \
	R11 "top in a terminal, resized, and without its module for a while" \
	R12 "audit finds the kernel's counters equal" \
	R13 "doctor names the server with a small backlog" \
	R14 "follow sees 2,900 ends" \
	R17 "each option of halfopen" \
	R18 "the event filter, shown, set, refused and removed" \
	R19 "each rule of doctor, each verdict of audit, failures of top" \
	R20 "doctor finds lost FINs, dead peers, no room for timewait sockets" \
	R21 "audit counts an end by ICMP as a drop"
