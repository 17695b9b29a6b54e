#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Timewait sockets: rows T08 to T11 and T23 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# The timer wheel rounds 60 s up to 62.1 at most; the socket is there short of
# it and gone past it, as the kernel says without the module.
# expect_tw_life CLI-PORT FROM-US STATE
expect_tw_life()
{
	pass_until $(($2 + 59800000))
	expect_state cli "$1" 5001 "$3"
	pass_until $(($2 + 62300000))
	expect_state cli "$1" 5001 ""
}

T08_live()
{
	record timewait cli "$CP" 5001
	expect_fields STATE=TIME_WAIT "TW_RESTARTS=$1" FIRST_FIN=local
	expect_stats "tw_restarts=$1" now_time_wait=1 dup_fin_received=3
}

T08_records()
{
	local lasted=$((LAST - ${T[s.fin.1]}))

	record history cli "$CP" 5001
	expect_fields END=fin TW_RESTARTS=6 TW_EXIT=expired FIN_DUP=3 \
		FIN_RETR=0
	expect_ms "$WHO TIME_WAIT_MS" "${R[TIME_WAIT_MS]}" \
		$((lasted + 61050000)) 1050000
	record history srv 5001 "$CP"
	expect_fields END=fin FIN_RETR=3 FIN_DUP=0 FIRST_FIN=remote \
		TW_EXIT=- DATA_RETR=0
	expect_field_ms LAST_ACK_MS "$(gap s.fin.4 s.fin.1)"
	expect_stats retrans_fin=3 dup_fin_received=3 tw_restarts=6 \
		tw_exit_expired=1 tw_entered=1
}

# T08_inject SEQ [COUNT]: bare ACKs out of the dead server's hand
T08_inject()
{
	in_ns srv "$TMP/tcpraw" "$SRV" 5001 "$CLI" "$CP" A "$1" \
		$((${T[c.finseq]} + 1)) "${2-1}" || die "cannot inject"
	LAST=$(now)
}

# The answers must not reach the server, which would reset the TIME_WAIT. An
# in-window bare ACK restarts the timer and gets no answer. One out of the
# window restarts it and is answered, unless the last answer is younger than
# 500 ms: then it restarts the timer all the same.
T08_bare_acks()
{
	lose srv all "$BARE_ACK"
	T08_inject $((${T[s.finseq]} + 1))
	T08_live 4
	pass 1
	T08_inject $((${T[s.finseq]} - 5000)) 2
	T08_live 6
	expect_mib cli TCPACKSkippedTimeWait=1
	trace_read
	trace_conn "$CP" 5001
	expect_eq "ACKs of the client" "${T[c.ack]}" 6
}

# The ACK of the server's FIN is lost three times. Each FIN that comes again is
# answered at once (FINs are not subject to the rate limit of 500 ms, pure ACKs
# are: tcp_oow_rate_limited()) and restarts the timer.
test_T08()
{
	connected 5001
	act cli close c
	act srv eof s
	# The ACK of the client's FIN may be delayed.
	pass 1
	lose srv 3 "$BARE_ACK"
	act srv close s
	wait_until 5 has_state srv 5001 "$CP" "" || fail "LAST_ACK stays"
	expect_eq "ACKs lost" "$(lost srv)" 3
	trace_conn "$CP" 5001
	expect_gaps FIN s.fin 40 208 208 416
	expect_eq "ACKs after the FINs" "$((${T[c.ack]} - 1))" 4
	expect_mib srv RetransSegs=3
	expect_mib cli TW=1
	T08_live 3
	pass 3
	T08_bare_acks
	expect_tw_life "$CP" "$LAST" 06
	T08_records
	ladders T08
}

T09_records()
{
	record history cli "$CP" 5001
	expect_fields END=fin TW_EXIT=expired TW_RESTARTS=0
	expect_between TIME_WAIT_MS "${R[TIME_WAIT_MS]}" 60000.000 62100.000
	expect_no_record timewait "$CP" 5001
	expect_stats tw_entered=1 tw_exit_expired=1 now_time_wait=0 tw_restarts=0
	expect_eq "latency TIME_WAIT" \
		"$(col latency US_BELOW=67108864 TIME_WAIT)" 1
}

test_T09()
{
	connected 5001
	act cli close c
	act srv eof s
	act srv close s
	trace_conn "$CP" 5001
	record timewait cli "$CP" 5001
	expect_tw_life "$CP" "${T[s.fin.1]}" 06
	expect_mib cli TW=1 TWKilled=0 TWRecycled=0
	T09_records
}

T10_live()
{
	record timewait cli "$CP" 5001
	expect_fields STATE=FIN_WAIT2 FIRST_FIN=local
	expect_between "AGE_MS" "${R[AGE_MS]}" 20000.000 \
		"$(thousandths $(($(now) - ${T[c.syn.1]} + 1000)))"
	expect_eq "cookie" "${R[COOKIE]}" "$(ss_cookie cli "$CP" 5001)"
	expect_stats now_fin_wait2=1 now_time_wait=0 tw_entered=1 \
		tw_fin_wait2_entered=1
}

T10_records()
{
	record history cli "$CP" 5001
	expect_fields END=fin TW_EXIT=expired TW_RESTARTS=0 FIRST_FIN=local \
		"FIN_L=${T[c.finseq]}" "FIN_R=${T[s.finseq]}"
	expect_field_ms FIN_WAIT2_MS "$(gap s.fin.1 c.finacked)"
	expect_between TIME_WAIT_MS "${R[TIME_WAIT_MS]}" 60000.000 62100.000
	expect_stats tw_entered=1 tw_fin_wait2_entered=1 tw_exit_expired=1
}

# An orphan in FIN_WAIT2 is a timewait socket already; 20 s later the FIN
# comes, and only then its 60 s of TIME_WAIT begin.
test_T10()
{
	connected 5001
	act cli close c
	act srv eof s
	trace_conn "$CP" 5001
	pass_until $((${T[c.syn.1]} + 20000000))
	expect_state cli "$CP" 5001 05
	T10_live
	act srv close s
	expect_state cli "$CP" 5001 06
	trace_read
	trace_conn "$CP" 5001
	expect_stats now_fin_wait2=0 now_time_wait=1
	expect_tw_life "$CP" "${T[s.fin.1]}" 06
	expect_mib cli TW=1
	T10_records
}

T11_records()
{
	record history cli "$CP" 5001
	expect_fields END=fin-wait2-timeout ERRNO=- TIME_WAIT_MS=- FIN_R=- \
		"FIN_L=${T[c.finseq]}" FIRST_FIN=local TW_EXIT=expired
	expect_between FIN_WAIT2_MS "${R[FIN_WAIT2_MS]}" 60000.000 62100.000
	record history srv 5001 "$CP"
	# It is in LAST_ACK when told that nobody is there any more.
	expect_fields END=reset-received RST=received FIRST_FIN=remote \
		"FIN_L=${T[s.finseq]}" "FIN_R=${T[c.finseq]}"
	expect_field_ms CLOSE_WAIT_MS "$(gap s.fin.1 c.fin.1)"
	expect_stats end_fin_wait2_timeout=1 end_reset_received=1 end_fin=0 \
		tw_entered=1 tw_fin_wait2_entered=1 tw_exit_expired=1
}

# No TIME_WAIT, and yet the MIB's TW counts it, when it is made.
test_T11()
{
	connected 5001
	act cli close c
	act srv eof s
	pass 1
	trace_conn "$CP" 5001
	expect_mib cli TW=1
	expect_tw_life "$CP" "${T[c.finacked]}" 05
	expect_stats now_fin_wait2=0 now_time_wait=0
	act srv close s
	trace_read
	trace_conn "$CP" 5001
	expect_eq "RSTs" "${T[c.rst]-0}" 1
	expect_mib cli TW=1 OutRsts=1
	T11_records
}

# T23_open FIRST-PORT: has the only place
T23_open()
{
	record timewait cli "$1" 5001
	expect_fields STATE=FIN_WAIT2 FIRST_FIN=local
}

# Both FINs were through: nothing but the wait is missing.
T23_fin()
{
	trace_conn "$1" 5002
	expect_eq "FINs, RSTs" "${T[c.fin]}+${T[s.fin]}+${T[c.rst]-0}" 1+1+0
	record history cli "$1" 5002
	expect_fields END=fin TW_EXIT=overflow TIME_WAIT_MS=- FIRST_FIN=local \
		TW_RESTARTS=- RST=- ERRNO=- "FIN_L=${T[c.finseq]}" \
		"FIN_R=${T[s.finseq]}"
	expect_field_ms FIN_WAIT2_MS "$(gap s.fin.1 c.finacked)"
	expect_stats tw_overflow=1 tw_entered=1 end_fin=2 end_unknown=0
}

# An orphan whose peer has not closed is forgotten when its FIN is acknowledged,
# and the FIN that comes later is answered by a RST.
T23_orphan()
{
	connected 5003 y
	act cli close cy
	act srv eof sy
	pass 1
	expect_state cli "$CP" 5003 ""
	expect_mib cli TW=1 TCPTimeWaitOverflow=2
	expect_stats tw_overflow=2 tw_entered=1 tw_fin_wait2_entered=1 \
		end_out_of_memory=1 end_fin=2
	act srv close sy
	trace_read
	trace_conn "$CP" 5003
	expect_eq "FINs, RSTs" "${T[c.fin]}+${T[s.fin]}+${T[c.rst]}" 1+1+1
	record history cli "$CP" 5003
	expect_fields END=out-of-memory TW_EXIT=overflow FIRST_FIN=local \
		"FIN_L=${T[c.finseq]}" FIN_R=- TIME_WAIT_MS=- TW_RESTARTS=- \
		RST=- ERRNO=-
	expect_field_ms FIN_WAIT1_MS "$(gap c.finacked c.fin.1)"
	record history srv 5003 "$CP"
	expect_fields END=reset-received FIRST_FIN=remote TW_EXIT=- \
		"FIN_L=${T[s.finseq]}" "FIN_R=${T[c.finseq]}"
}

test_T23()
{
	one_timewait
	expect_state cli "$FIRST_CP" 5001 05
	expect_state cli "$CP" 5002 ""
	expect_mib cli TW=1 TCPTimeWaitOverflow=1
	T23_open "$FIRST_CP"
	T23_fin "$CP"
	T23_orphan
	expect_mib cli OutRsts=1 TCPAbortOnMemory=0
}

run_tests \
	T08 "last ACK lost: timer restarts, FIN resent" \
	T09 "TIME_WAIT runs out after 60 s" \
	T10 "orphaned FIN_WAIT2, FIN arrives late" \
	T11 "orphaned FIN_WAIT2, FIN never arrives" \
	T23 "no room for a timewait socket"
