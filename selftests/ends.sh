#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections that somebody else ends, or that end before they began: rows T27,
# T32 and T34 of the lifecycle catalogue.

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
	T32 "close() and shutdown() in SYN_SENT" \
	T34 "too many orphans, too much memory"
