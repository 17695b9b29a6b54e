#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1200
#
# The reader as somebody has it running: the screen, what it says is wrong, and
# that it lives through what happens to the module and to itself.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS

need_reader()
{
	reader_find || die "no reader: make reader"
}

# In 80 columns and 24 lines, under a server of its own.
tmux_do()
{
	tmux -f /dev/null -S "$TMP/tmux" "$@"
}

tmux_start()
{
	command -v tmux >/dev/null || skip_all "no tmux"
	tmux_do new-session -d -x 80 -y 24 -s top \
		"TERM=screen '$TMP/tcplife' top -i 1 2>'$TMP/top.err'; echo ended \$?; cat"
}

# screen_has PATTERN: now
screen_has()
{
	tmux_do capture-pane -p -t top >"$TMP/screen"
	grep -qE -e "$1" "$TMP/screen"
}

# screen PATTERN...: it comes to show each, soon
screen()
{
	local pattern

	for pattern; do
		wait_until 60 screen_has "$pattern" || {
			fail "top does not show '$pattern'"
			ktap_print_msg "$(sed 's/^/# /' "$TMP/screen")"
		}
	done
}

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
		expect_text out 'TcpActiveOpens' 'exact'
		! grep -q DIFFERS "$TMP/out" || fail "$(<"$TMP/out")"
		(($(grep -c ' exact$' "$TMP/out") >= 10)) ||
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

# A user's own namespace: there the reader may not have a larger buffer than
# the administrator allows. Its process is $OWNER.
own_namespace()
{
	unshare -Urn sh -c 'ip link set lo up && ip addr add 10.7.0.2/24 dev lo
		exec sleep 100000' &
	OWNER=$!
	wait_until 60 own_address || die "no namespace"
}

own_address()
{
	nsenter -t "$OWNER" -U -n --preserve-credentials ip -o addr show dev lo |
		grep -q 10.7.0.2
} 2>/dev/null

# Stopped while more comes than its socket holds: it says so and goes on.
test_R15()
{
	local lost

	NO_TRACE=1
	need_reader
	own_namespace
	AS="nsenter -t $OWNER -U -n --preserve-credentials" \
		reader_start slow states -s -H
	readers_wait
	kill -STOP "${READING[slow]}"
	CLI_NS=../../proc/$OWNER/ns/net SRV_NS=../../proc/$OWNER/ns/net \
		load_start mix 3200
	load_wait "done"
	kill -CONT "${READING[slow]}"
	pass 3
	agent_stop load
	reader_stop slow
	kill "$OWNER"
	lost=$(sed -n 's/.* \([0-9]*\) lost in the socket.*/\1/p' \
		"$TMP/slow.err" | tail -n 1)
	ktap_print_msg "$(tail -n 1 "$TMP/slow.err")"
	expect_ne "lost in the socket" "${lost:-0}" 0
	afresh
}

# What was before is not this test's namespaces' business.
afresh()
{
	module_unload
	module_load
	stats_start
	mib_start
}

# It waits for the module to come back, or says that it is gone.
test_R16()
{
	need_reader
	reader_start follow -s -H
	readers_wait
	connected 5001
	act cli set c linger 0
	act cli close c
	act srv close s
	pass 1
	module_unload || fail "cannot unload under the reader"
	pass 3
	kill -INT "${READING[follow]}" 2>/dev/null
	wait "${READING[follow]}"
	unset 'READING[follow]'
	expect_lines follow . 2
	module_load
	stats_start
	mib_start
}

run_tests \
	R11 "top in a terminal, resized, and without its module for a while" \
	R12 "audit finds the kernel's counters equal" \
	R13 "doctor names the server with a small backlog" \
	R14 "follow sees 2,900 ends" \
	R15 "a stopped reader says what it lost and goes on" \
	R16 "the module can go while somebody follows"
