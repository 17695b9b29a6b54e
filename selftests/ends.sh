#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections that somebody else ends, or that end before they began: rows T27,
# T28, T32 and T34 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# What close() and shutdown() in SYN_SENT have in common. Sets CP.
T32_start()
{
	act cli start "$1" "$SRV" "$2"
	act cli port "$1"
	CP=$ANSWER
	record connections cli "$CP" "$2"
	expect_fields STATE=SYN_SENT "COOKIE=$(ss_cookie cli "$CP" "$2")"
}

# T32_record PORT RESENT ERRNO LOW HIGH: the last two are of SYN_SENT_MS. Nothing
# but its SYNs was ever on the wire.
T32_record()
{
	trace_conn "${PORT[$1]}" "$1"
	expect_eq "SYNs to :$1" "${T[c.syn]}" $(($2 + 1))
	expect_eq "segments to :$1" "${T[c.segs]}+${T[s.segs]-0}" \
		"$(($2 + 1))+0"
	record history cli "${PORT[$1]}" "$1"
	expect_fields END=closed-in-handshake "ERRNO=$3" RST=- RST_WHY=- \
		HS_MS=- ESTABLISHED_MS=- FIRST_FIN=- FIN_L=- TW_EXIT=- \
		"SYN_RETR=$2" "ISN_L=${T[c.isn]}" ISN_R=- \
		"PID=${AGENT_PID[cli]}" "CLOSER=${AGENT_PID[cli]}" \
		CLOSER_COMM=tl-cli
	expect_between "$WHO SYN_SENT_MS" "${R[SYN_SENT_MS]}" "$4" "$5"
}

# What was shut down is disconnected, but its file is open: the record is, too.
T32_shut()
{
	act_fails cli ECONNRESET wait "$1" err 1
	record connections cli "${PORT[$2]}" "$2"
	expect_fields STATE=CLOSE
	act cli close "$1"
}

# close() goes from SYN_SENT to CLOSE by the table new_state[] in tcp.c; there
# is no FIN to send, no tcp_done(), hence no AttemptFails. shutdown() in SYN_SENT,
# whichever half is meant, is a disconnect: inet_shutdown() calls
# tcp_disconnect(), which sets ECONNRESET and sends no RST, for there is nobody
# whom to reset (tcp_need_reset()). The SYN is not sent again after that.
test_T32()
{
	local -A PORT=()

	lose srv all "$SYN"
	T32_start c 5001
	PORT[5001]=$CP
	T32_start d 5002
	PORT[5002]=$CP
	T32_start e 5003
	PORT[5003]=$CP
	act cli shut e r
	pass 1.5
	act cli close c
	act cli shut d w
	T32_shut d 5002
	T32_shut e 5003
	pass 10
	trace_read
	T32_record 5001 1 - 1500.000 2500.000
	T32_record 5002 1 ECONNRESET 1500.000 2500.000
	T32_record 5003 0 ECONNRESET 0.000 900.000
	expect_mib cli ActiveOpens=3 AttemptFails=0 EstabResets=0 OutRsts=0 \
		TCPSynRetrans=2 TCPTimeouts=2
	expect_stats end_closed_in_handshake=3 ended=3 alive=0 \
		active_opens=3 attempt_fails=0 retrans_syn=2
}

# ss_kill cli|srv FILTER...: some kernels can.
ss_kill()
{
	local side=$1

	shift
	in_ns "$side" ss -tKOHn "$@" >/dev/null || die "ss -K"
}

# tcp_abort(): a RST where tcp_need_reset() says so; the socket stays, in CLOSE
# and with ECONNABORTED, until its owner closes it.
T27_established()
{
	connected 5001
	ss_kill cli dport = :5001
	act_fails cli ECONNABORTED wait c err 1
	record connections cli "$CP" 5001
	expect_fields STATE=CLOSE
	act_fails srv ECONNRESET wait s err 1
	act cli close c
	act srv close s
	trace_read
	trace_conn "$CP" 5001
	expect_eq "RSTs" "${T[c.rst]}+${T[s.rst]-0}" 1+0
	expect_mib cli EstabResets=1 AttemptFails=0 OutRsts=1
	expect_mib srv EstabResets=1
	record history cli "$CP" 5001
	expect_fields END=aborted ERRNO=ECONNABORTED RST=sent RST_WHY=abort \
		CLOSER=- FIRST_FIN=- TW_EXIT=-
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 s.synack.1)"
	record history srv 5001 "$CP"
	expect_fields END=reset-received RST=received
}

# Nobody is told: in SYN_SENT there is nobody. tcp_done() counts AttemptFails.
T27_syn_sent()
{
	lose srv 1 "$SYN"
	act cli start d "$SRV" 5002
	act cli port d
	CP=$ANSWER
	ss_kill cli dport = :5002
	act_fails cli ECONNABORTED wait d err 1
	act cli close d
	lose_no_more srv
	record history cli "$CP" 5002
	expect_fields END=aborted ERRNO=ECONNABORTED RST=- RST_WHY=- HS_MS=-
	expect_mib cli EstabResets=1 AttemptFails=1 OutRsts=1
}

# A request goes without a word (inet_csk_reqsk_queue_drop()), and neither
# AttemptFails nor ListenDrops counts it. The client believes that it is
# connected.
T27_halfopen()
{
	act srv listen h "$SRV" 5003 10
	lose srv all "$BARE_ACK"
	act cli connect e "$SRV" 5003
	act cli port e
	CP=$ANSWER
	expect_state srv 5003 "$CP" 03
	expect_stats halfopen_now=1
	ss_kill srv state syn-recv sport = :5003
	expect_state srv 5003 "$CP" ""
	lose_no_more srv
	expect_stats halfopen_now=0 halfopen_aborted=1 halfopen_unknown=0
	expect_eq HO_ABORTED "$(col listeners LPORT=5003 HO_ABORTED)" 1
	expect_no_record connections 5003 "$CP"
	expect_no_record history 5003 "$CP"
	expect_mib srv AttemptFails=0 ListenDrops=0 OutRsts=0 PassiveOpens=1
	trace_read
	trace_conn "$CP" 5003
	expect_eq "SYN-ACKs, RSTs" "${T[s.synack]}+${T[s.rst]-0}" 1+0
	act cli set e linger 0
	act cli close e
}

# Both FINs were through, so that is how it ended; only the waiting was cut.
T27_timewait()
{
	connected 5004 x
	act cli close cx
	act srv eof sx
	act srv close sx
	expect_state cli "$CP" 5004 06
	ss_kill cli state time-wait dport = :5004
	expect_state cli "$CP" 5004 ""
	record history cli "$CP" 5004
	expect_fields END=fin TW_EXIT=killed ERRNO=- RST=- FIRST_FIN=local
	expect_between "$WHO TIME_WAIT_MS" "${R[TIME_WAIT_MS]}" 0.000 2000.000
	expect_stats tw_exit_killed=1 end_aborted=2
}

# SIGKILL: the kernel closes for the process, in its own context, by FIN.
T27_owner()
{
	local pid

	an_agent victim
	pid=${AGENT_PID[victim]}
	act srv listen v "$SRV" 5005 10
	tell srv accept sv v
	act victim connect v "$SRV" 5005
	finish srv accept
	act victim port v
	CP=$ANSWER
	agent_kill victim
	act srv eof sv
	act srv close sv
	pass 62.3
	trace_read
	trace_conn "$CP" 5005
	expect_eq "FINs, RSTs" \
		"${T[c.fin]}+${T[s.fin]}+${T[c.rst]-0}+${T[s.rst]-0}" 1+1+0+0
	record history cli "$CP" 5005
	expect_fields END=fin FIRST_FIN=local "FIN_L=${T[c.finseq]}" \
		ERRNO=- RST=- "PID=$pid" COMM=tl-victim "CLOSER=$pid" \
		CLOSER_COMM=tl-victim TW_EXIT=expired
	record history srv 5005 "$CP"
	expect_fields END=fin FIRST_FIN=remote "PID=${AGENT_PID[srv]}"
}

test_T27()
{
	T27_established
	T27_syn_sent
	T27_halfopen
	T27_timewait
	T27_owner
}

# mib_adopt NAME: what its namespace has counted is the client's, for the twins,
# as nobody will be able to read it.
mib_adopt()
{
	local key

	mib_file "$1" snmp
	mib_file "$1" netstat
	for key in "${!MIB[@]}"; do
		[[ $key != "$1".* ]] || MIB_BEFORE[cli.${key#*.}]=$((
			${MIB_BEFORE[cli.${key#*.}]-0} - ${MIB[$key]}))
	done
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

# T28_end PORT STATE
T28_end()
{
	row_load history "LPORT=$1" RPORT=5001 || fail "no record of :$1"
	WHO="history of :$1"
	expect_fields END=netns-gone TW_EXIT=netns-gone "NETNS=$GONE" RST=- \
		ERRNO=- FIRST_FIN=local
	expect_between "$WHO $2" "${R[$2]}" 0.000 30000.000
}

ended_are()
{
	stats_read
	[ "${STAT[ended]}" = "$1" ]
}

# What a namespace is not removed for: a full socket, not even when its owner is
# dead, keeps it (sk_net_refcnt) until its end. A timewait socket does not:
# inet_twsk_purge() ends it with the namespace. Here the last full socket goes
# when its FIN is acknowledged, after 200 ms: it becomes a FIN_WAIT2 timewait
# socket, which does not outlive the namespace either.
test_T28()
{
	local waiting open

	T28_up
	T28_open a
	waiting=$CP
	T28_open b
	open=$CP GONE=$(netns_of gone)
	act gone close a
	act srv eof sa
	act srv close sa
	pass 1
	mib_adopt gone
	# For the one whose FIN is acknowledged when nobody can look any more.
	MIB_BEFORE[cli.TW]=$((${MIB_BEFORE[cli.TW]} - 1))
	ip netns del tcplife-gone
	agent_kill gone
	pass 0.05
	has_row connections "LPORT=$open" STATE=FIN_WAIT1 || fail "no orphan"
	has_row timewait "LPORT=$waiting" STATE=TIME_WAIT || fail "no TIME_WAIT"
	wait_until 30 ended_are 3 || fail "the namespace stays"
	T28_end "$waiting" TIME_WAIT_MS
	T28_end "$open" FIN_WAIT2_MS
	expect_fields TIME_WAIT_MS=- FIN_R=-
	expect_stats tw_exit_netns_gone=2 end_netns_gone=2 tw_entered=2 \
		alive=1 now_close_wait=1
}

# limited NAME VALUE COMMAND...: these limits are the machine's, not a
# namespace's, so they are put back whatever becomes of the command.
limited()
{
	local file=/proc/sys/net/ipv4/$1 value=$2 was

	shift 2
	was=$(<"$file")
	echo "$value" >"$file"
	("$@") || FAILED=$((FAILED + 1))
	echo "$was" >"$file"
}

T34_close_one()
{
	act cli close cy
	pass 2
}

# T34_record CLI-PORT SRV-PORT
T34_record()
{
	trace_conn "$1" "$2"
	expect_eq "RSTs to :$2" "${T[c.rst]}+${T[s.rst]-0}" 1+0
	record history cli "$1" "$2"
	expect_fields END=out-of-memory ERRNO=- RST=sent RST_WHY=oom \
		FIRST_FIN=local TW_EXIT=- "CLOSER=${AGENT_PID[cli]}"
	expect_field_ms FIN_WAIT1_MS "$(gap c.rst.1 "$3")" 3000
}

# Orphans are counted ten times a second (tcp_orphan_update()), and there is one
# when the second comes: that one is reset in close(); the first when its timer
# fires next and tcp_write_timeout() asks tcp_out_of_resources().
T34_orphans()
{
	connected 5001 x
	FIRST=$CP
	connected 5002 y
	SECOND=$CP
	lose srv all "meta l4proto tcp"
	act cli close cx
	pass 0.15
	expect_mib cli TCPAbortOnMemory=0
	limited tcp_max_orphans 0 T34_close_one
	expect_mib cli TCPAbortOnMemory=2 OutRsts=2
	expect_stats end_out_of_memory=2
}

# tcp_mem counts pages in lots of a megabyte for each CPU (sk_memory_allocated()),
# so there have to be more.
T34_memory()
{
	lose_no_more srv
	act cli sysctl tcp_wmem 4096 8000000 8000000
	connected 5003 z
	lose srv all "meta l4proto tcp"
	act cli send cz 2500000
	limited tcp_mem "0 0 0" act cli close cz
	expect_mib cli TCPAbortOnMemory=3 OutRsts=3 EstabResets=0
	expect_stats end_out_of_memory=3 alive=3 rst_sent=3
}

test_T34()
{
	T34_orphans
	T34_memory
	trace_read
	T34_record "$FIRST" 5001 c.fin.1
	T34_record "$SECOND" 5002 c.fin.1
	T34_record "$CP" 5003 c.rst.1
	expect_fields TX=0
}

run_tests \
	T27 "ss -K, and SIGKILL of the owner" \
	T28 "network namespace removed" \
	T32 "close() and shutdown() in SYN_SENT" \
	T34 "too many orphans, too much memory"
