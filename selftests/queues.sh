#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The two queues of a listener: rows H13, H16 and H18 of the lifecycle
# catalogue.

. "$(dirname "$0")/lib.sh"

H13_records()
{
	local -a synacks

	synacks=("$(wire_count SA 5001)" "$(wire_count SA 5002)")
	expect_listener 5001 BACKLOG=2 SYNQ=3 SYNQ_MAX=3 ACCQ=0 SYNS=7 \
		SYN_DUP=3 DROP_SYNQ=4 DROP_SYNMAX=0 DROP_ACCQ=0 \
		DROP_OTHER=0 COOKIE_SENT=0 "SYNACK_RETR=$((synacks[0] - 3))"
	expect_listener 5002 BACKLOG=1000 SYNQ=13 SYNQ_MAX=13 SYNS=19 \
		SYN_DUP=13 DROP_SYNQ=0 DROP_SYNMAX=6 DROP_OTHER=0 \
		"SYNACK_RETR=$((synacks[1] - 13))"
	expect_stats drop_synq_full=4 drop_max_syn_backlog=6 drop_accq_full=0 \
		drop_other=0 syn_received=26 \
		syn_queued=16 syn_duplicate=16 halfopen_now=16 \
		now_syn_sent=21 retrans_syn=21 passive_opens=0
	row_load connections RPORT=5001 "LPORT=$CP"
	WHO="dropped client"
	expect_fields STATE=SYN_SENT SYN_RETR=1 ROLE=active ISN_R=-
}

# Backlog 2 has room for 3. A backlog of 1000 has not, once 13 of the 16 of
# tcp_max_syn_backlog are taken: what is left is for peers known from before.
# A second later all clients ask again: those in the queue are duplicates, the
# others are dropped once more, as SYNs of their own.
test_H13()
{
	act srv sysctl tcp_syncookies 0
	act srv sysctl tcp_max_syn_backlog 16
	lose cli all "$SYNACK"
	act srv listen a "$SRV" 5001 2
	act srv listen b "$SRV" 5002 1000
	act cli burst a 5 "$SRV" 5001
	act cli burst b 16 "$SRV" 5002
	expect_mib srv TCPReqQFullDrop=2 ListenDrops=5
	pass 1.5
	act cli port a4
	CP=$ANSWER
	trace_read
	expect_eq "SYNs to :5001" "$(wire_count S 5001)" 10
	expect_eq "SYNs to :5002" "$(wire_count S 5002)" 32
	expect_mib srv TCPReqQFullDrop=4 ListenDrops=10 ListenOverflows=0 \
		PassiveOpens=0
	H13_records
}

# Backlog 1 has room for 2: one connection waits there, two SYNs arrive at
# once (answers take 20 ms), so both are half-open when the final ACKs come
# and the second finds the queue full.
H16_fill()
{
	act srv listen "$1" "$SRV" "$2" 1
	act cli connect "$1q" "$SRV" "$2"
	act cli burst "$1" 2 "$SRV" "$2"
	act cli wait "${1}0" out 5
	act cli wait "${1}1" out 5
	act cli port "${1}1"
}

H16_before_accept()
{
	expect_state cli "$LATE" 5001 01
	expect_state srv 5001 "$LATE" 03
	record connections cli "$LATE" 5001
	expect_fields STATE=ESTABLISHED
	expect_no_record connections 5001 "$LATE"
	expect_listener 5001 ACCQ=2 SYNQ=1 ACK_IGN=3
}

# Resent at 1, 3 and 7 s; there was room from 5 s on.
H16_completed()
{
	trace_conn "$LATE" 5001
	expect_gaps "SYN-ACK" s.synack 600 1000 2000 4000
	expect_eq ACKs "${T[c.ack]}" 4
	record connections srv 5001 "$LATE"
	expect_fields STATE=ESTABLISHED ACK_IGN=yes SYNACK_RETR=3 PID=- \
		COMM=- ACCEPT_MS=- "ISN_L=${T[s.isn]}" "ISN_R=${T[c.isn]}" \
		ACCQ=1
	# Half of it is the answer's 20 ms on the way.
	expect_field_ms HS_MS "$(gap c.ack.4 c.syn.1)" 25000
	record connections cli "$LATE" 5001
	expect_field_ms HS_MS "$(gap s.synack.1 c.syn.1)"
	expect_listener 5001 ACCQ=2 SYNQ=0 ACCQ_MAX=2 ACK_IGN=3 HO_ESTAB=3
}

H16_never()
{
	trace_conn "$NEVER" 5002
	pass_until $((${T[c.syn.1]} + 62500000))
	expect_state srv 5002 "$NEVER" 03
	expect_stats halfopen_now=1 halfopen_accept_overflow=0
	pass_until $((${T[c.syn.1]} + 67500000))
	expect_state srv 5002 "$NEVER" ""
	expect_state cli "$NEVER" 5002 01
	trace_read
	trace_conn "$NEVER" 5002
	expect_gaps "SYN-ACK" s.synack 800 1000 2000 4000 8000 16000
	expect_eq ACKs "${T[c.ack]}" 6
	expect_stats halfopen_now=0 halfopen_accept_overflow=1 \
		halfopen_syn_ack_timeout=0
	expect_listener 5002 ACCQ=2 SYNQ=0 ACK_IGN=6 HO_OVERFLOW=1 \
		HO_TIMEOUT=0 SYNACK_RETR=5
}

# A burst above backlog+1 makes cookies; a cookie's ACK that finds the queue
# full is gone, and nothing is sent again.
H16_cookies()
{
	local i

	act srv listen k "$SRV" 5003 1
	act cli burst k 5 "$SRV" 5003
	for i in 0 1 2 3 4; do
		act cli wait "k$i" out 5
	done
	act srv accept k0 k
	act srv accept k1 k
	pass 10
	expect_mib srv SyncookiesSent=3 SyncookiesRecv=3 ListenOverflows=12 \
		ListenDrops=12
	expect_stats cookies_sent=3 cookies_valid=3 cookies_failed=0
	expect_listener 5003 COOKIE_SENT=3 COOKIE_OK=3 COOKIE_BAD=0 \
		ACK_IGN=3 ACCEPTS=2 ACCQ=0 SYNQ=0
	act cli port k4
	expect_state cli "$ANSWER" 5003 01
	expect_state srv 5003 "$ANSWER" ""
}

test_H16()
{
	delay srv 20ms
	H16_fill a 5001
	LATE=$ANSWER
	trace_conn "$LATE" 5001
	H16_fill b 5002
	NEVER=$ANSWER
	TRACED=
	pass_until $((${T[c.syn.1]} + 5000000))
	H16_before_accept
	act srv accept s a
	pass_until $((${T[c.syn.1]} + 8500000))
	TRACED=
	H16_completed
	H16_never
	expect_mib srv ListenOverflows=9 ListenDrops=9 SyncookiesSent=0
	expect_stats ack_ignored=9 drop_accq_full=0
	H16_cookies
}

# H18_wait N: the connection's wait as the capture and the acceptor's clock
# have it, between the two times around the accept().
H18_wait()
{
	act cli port "c$1"
	trace_conn "$ANSWER" 5001
	record connections srv 5001 "$ANSWER"
	expect_fields "ACCQ=$1" "PID=${AGENT_PID[srv]}"
	expect_between "ACCEPT_MS of $1" "${R[ACCEPT_MS]}" \
		"$(thousandths $((BEFORE[$1] - ${T[c.ack.1]} - 1000)))" \
		"$(thousandths $((AFTER[$1] - ${T[c.ack.1]})))"
	digits "${R[ACCEPT_MS]}"
	WAITS+=("$DIGITS")
}

H18_listener()
{
	local average=$(((WAITS[0] + WAITS[1] + WAITS[2]) / 3))

	expect_listener 5001 ACCEPTS=3 ACCQ=0 ACCQ_MAX=3 SYNQ=0 SYNQ_MAX=1
	expect_between WAIT_MAX_MS "${R[WAIT_MAX_MS]}" \
		"$(thousandths "${WAITS[2]}")" "$(thousandths "${WAITS[2]}")"
	expect_between WAIT_AVG_MS "${R[WAIT_AVG_MS]}" \
		"$(thousandths $((average - 1)))" \
		"$(thousandths $((average + 1)))"
	# 1.0 s is below 2^20 us; 2.5 and 3.5 s are below 2^22.
	expect_eq "waits below 2^20 us" \
		"$(col latency US_BELOW=1048576 ACCEPT_WAIT)" 1
	expect_eq "waits below 2^22 us" \
		"$(col latency US_BELOW=4194304 ACCEPT_WAIT)" 2
	expect_stats accepted=3 passive_opens=3
}

test_H18()
{
	local -a BEFORE AFTER WAITS=()
	local i start

	act srv listen l "$SRV" 5001 10
	start=$(now)
	for i in 0 1 2; do
		act cli connect "c$i" "$SRV" 5001
	done
	expect_listener 5001 ACCQ=3 ACCEPTS=0
	for i in 0 1 2; do
		pass_until $((start + 1000000 + (i > 0) * 1000000 + i * 500000))
		BEFORE[i]=$(now)
		act srv accept "s$i" l
		AFTER[i]=$(now)
	done
	trace_read
	for i in 0 1 2; do
		H18_wait "$i"
	done
	H18_listener
}

run_tests \
	H13 "SYN queue full, cookies off: two causes" \
	H16 "accept queue full: completed late, never, and by cookies" \
	H18 "slow acceptor"
