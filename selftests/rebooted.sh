#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One side is gone without a word, and only the other has the connection: its host
# was rebooted, or its network namespace removed. Rows T19, T28 and T36 of the
# lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# crash cli|srv SOCKET: its host forgets it, and nobody hears of it
crash()
{
	local other=cli

	[ "$1" = srv ] || other=srv
	lose "$other" 1 'tcp flags & rst == rst'
	act "$1" set "$2" linger 0
	act "$1" close "$2"
	expect_eq "RSTs lost" "$(lost "$other")" 1
	lose_no_more "$other"
}

# T19_end PORT KEEPALIVES: the client is told.
T19_end()
{
	trace_conn "$CP" "$1"
	expect_eq "RSTs" "${T[c.rst]-0}+${T[s.rst]}" 0+2
	record history cli "$CP" "$1"
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received TX=0 \
		FIRST_FIN=- DATA_RETR=0 RST_WHY=- "KEEPALIVES=$2"
	expect_field_ms ESTABLISHED_MS "$(gap s.rst.2 s.synack.1)"
	record history srv "$1" "$CP"
	expect_fields END=reset-sent RST_WHY=linger
}

# Half-open: the client alone has the connection. A segment that has no socket
# is answered by a RST with its ACK as sequence number (tcp_v4_send_reset()), so
# it is exactly what the client expects next. That may be data, or the first
# keepalive probe.
test_T19()
{
	connected 5001
	crash srv s
	expect_state cli "$CP" 5001 01
	act cli send c 10
	act_fails cli ECONNRESET wait c err 10
	act cli close c
	T19_end 5001 0
	expect_mib srv OutRsts=2
	connected 5002 x
	act cli set cx keepalive 1
	crash srv sx
	act_fails cli ECONNRESET wait cx err 8000
	act cli close cx
	trace_read
	T19_end 5002 1
	expect_between "ms in ESTABLISHED" "${R[ESTABLISHED_MS]}" 0.001 60000.000
	expect_mib cli TCPKeepAlive=1 EstabResets=2 OutRsts=0
	expect_mib srv OutRsts=4 EstabResets=2
	expect_stats end_reset_received=2 rst_received=2 rst_sent=4 \
		keepalive_probes=1
}

# The second SYN, the challenge, the RST with the challenge's ACK as its number,
# and the SYN again: when, and the numbers.
T36_segments()
{
	local -a seg

	mapfile -t seg < <(awk -v cp="$CP" '
		($3 == cp || $5 == cp) && $6 ~ /S/ && $6 !~ /A/ && ++syns == 2 {
			on = 1
		}
		on && ($3 == cp || $5 == cp) {
			print $6, $7, $8
		}' "$TMP/trace")
	read -r _ SYN2 _ <<<"${seg[0]}"
	read -r _ _ ACK2 <<<"${seg[1]}"
	expect_eq "segments" "$(printf '%s\n' "${seg[@]:0:6}" |
		awk '{ printf "%s ", $1 }')" "S A R S SA A "
	expect_eq "number of the RST" "${seg[2]% *}" "R $ACK2"
	expect_eq "number of the SYN again" "${seg[3]% *}" "S $SYN2"
	read -r _ SYNACK2 _ <<<"${seg[4]}"
	expect_between "ms from the RST to the SYN" \
		"$(thousandths "$(gap c.syn.3 c.rst.2)")" 4.000 20.000
}

T36_records()
{
	record history srv 5001 "$CP" "COOKIE=$OLD"
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received \
		FIRST_FIN=- RX=10 "ISN_R=${T[c.isn]}"
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.2 c.ack.1)"
	record connections srv 5001 "$CP"
	expect_fields STATE=ESTABLISHED "ISN_R=$SYN2" "ISN_L=$SYNACK2" \
		"COOKIE=$(ss_cookie srv 5001 "$CP")" "PID=${AGENT_PID[srv]}"
	expect_ne "cookie of the new life" "${R[COOKIE]}" "$OLD"
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED "ISN_L=$SYN2" "ISN_R=$SYNACK2" \
		SYN_RETR=1
	expect_field_ms HS_MS "$(gap s.synack.2 c.syn.2)"
}

# The old endpoint challenges the SYN, wherever its number lies (RFC 5961,
# tcp_validate_incoming()). The challenge is no answer to the SYN: the client
# resets what it came from and does not wait a second to send its SYN again,
# but TCP_TIMEOUT_MIN, two ticks (tcp_rcv_synsent_state_process()).
test_T36()
{
	local OLD SYN2 ACK2 SYNACK2

	connected 5001
	act cli send c 10
	act srv recv s 10
	pass 1
	crash cli c
	expect_state srv 5001 "$CP" 01
	OLD=$(ss_cookie srv 5001 "$CP")
	tell srv accept s2 l
	act cli connect c2 "$SRV" 5001 "$CLI" "$CP"
	finish srv accept
	act_fails srv ECONNRESET eof s
	act srv close s
	trace_read
	trace_conn "$CP" 5001
	T36_segments
	expect_mib srv TCPSYNChallenge=1 TCPChallengeACK=1 EstabResets=1 \
		PassiveOpens=2 ListenDrops=0 OutRsts=0
	expect_mib cli OutRsts=2 TCPSynRetrans=1 TCPTimeouts=1
	T36_records
	expect_stats end_reset_received=1 end_reset_sent=1 rst_sent=2 \
		rst_received=1 retrans_syn=1 retrans_synack=0 alive=2
}

# A third namespace with a way to the server that takes 100 ms.
T28_up()
{
	ip -batch - <<-END || die "cannot make a namespace"
	netns add tcplife-gone
	link add eth1 netns $SRV_NS type veth peer name eth0 netns tcplife-gone
	END
	ip -n "$SRV_NS" -batch - <<-END || die "cannot set up eth1"
	addr add 10.8.0.2/24 dev eth1
	link set eth1 up
	END
	ip -n tcplife-gone -batch - <<-END || die "cannot set up the namespace"
	addr add 10.8.0.3/24 dev eth0
	link set eth0 up
	END
	in_ns srv tc qdisc replace dev eth1 root netem delay 100ms ||
		die "cannot delay packets"
	in_ns gone tc qdisc replace dev eth0 root netem delay 100ms ||
		die "cannot delay packets"
	an_agent gone tcplife-gone
	act srv listen l 10.8.0.2 5001 10
}

# T28_open NAME: its port in CP
T28_open()
{
	tell srv accept "s$1" l
	act gone connect "$1" 10.8.0.2 5001
	finish srv accept
	act gone port "$1"
	CP=$ANSWER
}

# The capture is on the server's side of that way.
T28_trace()
{
	local CLI_NS=$SRV_NS TRACE_DEV=eth1

	trace_kill
	trace_start
}

# It goes with its device, so there is nobody to ask whether it has it all.
T28_traced()
{
	pass 1
	trace_kill
	"$TMP/pcapseg" "$TMP/pcap" >"$TMP/trace" || die "cannot read the capture"
	TRACED=1
}

# T28_end PORT STATE FIN_R: FIN_R is s.finseq, or - for none
T28_end()
{
	trace_conn "$1" 5001 10.8.0.3 10.8.0.2
	row_load history "LPORT=$1" RPORT=5001 || fail "no record of :$1"
	WHO="history of :$1"
	expect_fields END=netns-gone TW_EXIT=netns-gone "NETNS=$GONE" RST=- \
		ERRNO=- FIRST_FIN=local "ISN_L=${T[c.isn]}" \
		"FIN_L=${T[c.finseq]}" "FIN_R=${T[$3]--}"
	expect_between "$WHO $2" "${R[$2]}" 0.000 30000.000
}

ended_are()
{
	stats_read
	[ "${STAT[ended]}" = "$1" ]
}

# The last look at the namespace. What its orphan does is nobody's to count then:
# its FIN is acknowledged and it becomes a timewait socket.
T28_last_look()
{
	local ENDS=gone

	record timewait gone "$1" 5001
	expect_fields STATE=TIME_WAIT
	record connections gone "$2" 5001
	expect_fields STATE=ESTABLISHED
	expect_mib gone ActiveOpens=2 TW=1 AttemptFails=0 EstabResets=0 \
		OutRsts=0 RetransSegs=0
	mib_adopt gone
	MIB_BEFORE[cli.TW]=$((${MIB_BEFORE[cli.TW]} - 1))
}

# What a namespace is not removed for: a full socket of a process, not even when
# its owner is dead, keeps it (sk_net_refcnt) until its end. A timewait socket
# does not: inet_twsk_purge() ends it with the namespace. Here the last full
# socket goes when its FIN is acknowledged, after 200 ms: it becomes a FIN_WAIT2
# timewait socket, which does not outlive the namespace either.
T28_sockets()
{
	local waiting open

	T28_up
	T28_trace
	T28_open a
	waiting=$CP
	T28_open b
	open=$CP GONE=$(netns_of gone)
	act gone close a
	act srv eof sa
	act srv close sa
	pass 1
	T28_last_look "$waiting" "$open"
	ip netns del tcplife-gone
	agent_kill gone
	pass 0.05
	has_row connections "LPORT=$open" STATE=FIN_WAIT1 || fail "no orphan"
	has_row timewait "LPORT=$waiting" STATE=TIME_WAIT || fail "no TIME_WAIT"
	wait_until 30 ended_are 3 || fail "the namespace stays"
	T28_traced
	T28_end "$waiting" TIME_WAIT_MS s.finseq
	# The FIN was on the way for 100 ms when the capture saw it.
	expect_field_ms FIN_WAIT1_MS $(($(gap c.finacked c.fin.1) + 100000)) \
		5000
	T28_end "$open" FIN_WAIT2_MS none
	expect_fields TIME_WAIT_MS=- FIN_R=-
	expect_mib srv PassiveOpens=2 OutRsts=0
	expect_stats tw_exit_netns_gone=2 end_netns_gone=2 tw_entered=2 \
		alive=1 now_close_wait=1
}

# A mount of 9P over TCP in namespaces of its own, which live as long as the
# process p9. The socket is the kernel's and holds no namespace.
T28_mount()
{
	p9_start 10.9.0.2 5002
	unshare --net --mount sleep 1000 &
	AGENT_PID[p9]=$!
	wait_until 5 p9_apart || die "no namespace"
	ip link add eth2 netns "$SRV_NS" type veth peer name eth0 \
		netns "${AGENT_PID[p9]}" || die "cannot make eth2"
	in_ns srv ip addr add 10.9.0.2/24 dev eth2
	in_ns srv ip link set eth2 up
	in_netns_of p9 ip addr add 10.9.0.3/24 dev eth0
	in_netns_of p9 ip link set eth0 up
	nsenter --target "${AGENT_PID[p9]}" --net --mount mount -t 9p -o \
		trans=tcp,port=5002,version=9p2000.L 10.9.0.2 /mnt ||
		die "cannot mount 9p"
}

p9_apart()
{
	[ "$(netns_of p9)" != "$(stat -L -c %i /proc/self/ns/net)" ]
}

# Namespaces are removed one after the other (netns_wq), and this one keeps the
# worker busy for 100 ms and more. What comes before it has begun would be
# removed together with it.
T28_busy()
{
	ip netns add tcplife-busy
	printf 'link add busy%d type dummy\n' {1..300} |
		ip -n tcplife-busy -batch - || die "cannot make devices"
	ip netns del tcplife-busy
	pass 0.01
}

# When the last process ends, do_exit() gives up the network namespace before it
# unmounts (exit_task_namespaces(), exit_task_work()). So tcp_close() comes when
# nobody has the namespace any more, and is content with CLOSE once the FIN is
# out. Nobody answers it: it is lost. Without the other namespace its devices may
# be gone by then.
T28_kernel()
{
	local ENDS=p9 CLI_NS=$SRV_NS TRACE_DEV=eth2

	T28_mount
	row_load connections RPORT=5002 || fail "no record of the mount"
	CP=${R[LPORT]} GONE=$(netns_of p9)
	record connections p9 "$CP" 5002
	expect_fields STATE=ESTABLISHED ROLE=active
	expect_mib p9 ActiveOpens=1 OutRsts=0
	mib_adopt p9
	trace_start
	p9_break
	lose srv all "$FIN"
	T28_busy
	agent_kill p9
	expect_eq "FINs lost" "$(lost srv)" 1
	wait_until 30 ended_are 4 || fail "the kernel's socket stays"
	T28_traced
	trace_conn "$CP" 5002 10.9.0.3 10.9.0.2
	expect_eq "FINs, RSTs" "${T[c.fin]}+${T[s.fin]-0}+${T[c.rst]-0}" 1+0+0
	row_load history "LPORT=$CP" RPORT=5002 || fail "no record of :$CP"
	WHO="history of the mount"
	expect_fields END=netns-gone TW_EXIT=- "NETNS=$GONE" RST=- ERRNO=- \
		FIRST_FIN=local "FIN_L=${T[c.finseq]}" FIN_R=- TIME_WAIT_MS=-
	p9_stop
	expect_stats end_netns_gone=3 tw_exit_netns_gone=2 alive=1
}

test_T28()
{
	local GONE

	T28_sockets
	T28_kernel
}

run_tests \
	T19 "peer rebooted: RST to the next segment" \
	T28 "network namespace removed" \
	T36 "peer rebooted, and connects from the same port"
