#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A connection that TCP_REPAIR moves to another socket: row T31 of the lifecycle
# catalogue.

. "$(dirname "$0")/lib.sh"

T31_dumped()
{
	record history cli "$CP" 5001
	expect_fields "COOKIE=$1" END=repair-closed ERRNO=- RST=- RST_WHY=- \
		FIRST_FIN=- FIN_L=- FIN_R=- TX=10 RX=20 TW_EXIT=- \
		"CLOSER=${AGENT_PID[cli]}"
	expect_state cli "$CP" 5001 ""
	expect_mib cli EstabResets=1 OutRsts=0 ActiveOpens=1
	record connections srv 5001 "$CP"
	expect_fields STATE=ESTABLISHED
}

T31_restored()
{
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED ROLE=pre-existing FLAGS=imported \
		HS_MS=- SYN_RETR=- SYNACK_RETR=- ISN_L=- ISN_R=- \
		"PID=${AGENT_PID[cli]}" "COOKIE=$(ss_cookie cli "$CP" 5001)"
	expect_ne "cookie of the new socket" "${R[COOKIE]}" "$1"
	expect_between "$WHO STATE_MS" "${R[STATE_MS]}" 0.001 2000.000
	expect_mib cli ActiveOpens=1 TCPSynRetrans=0
	expect_stats active_opens=1 imported=0 born=3 retrans_syn=0
}

T31_end()
{
	trace_read
	trace_conn "$CP" 5001
	expect_eq "SYNs, FINs, RSTs" "${T[c.syn]}+${T[c.fin]}+${T[c.rst]-0}" \
		1+1+0
	record history cli "$CP" 5001 END=fin
	expect_fields TX=30 RX=40 FIRST_FIN=local "FIN_L=${T[c.finseq]}" \
		"FIN_R=${T[s.finseq]}" HS_MS=- TW_EXIT=expired
	record history srv 5001 "$CP"
	expect_fields END=fin TX=60 RX=40 FIRST_FIN=remote
	expect_stats end_repair_closed=1 end_fin=2
}

# T31_talk NAME OUT IN: bytes
T31_talk()
{
	act cli send "$1" "$2"
	act srv recv s "$2"
	act srv send s "$3"
	act cli recv "$1" "$3"
}

# As CRIU does it. close() in repair mode is tcp_disconnect() without a RST, and
# yet ESTABLISHED to CLOSE at once: EstabResets. connect() in repair mode is
# tcp_connect() without a SYN (tcp_finish_connect() at once): no ActiveOpens. The
# peer notices nothing but the window probe that TCP_REPAIR_OFF sends.
test_T31()
{
	local cookie

	connected 5001
	cookie=$(ss_cookie cli "$CP" 5001)
	T31_talk c 10 20
	pass 1
	act cli dump c
	act cli close c
	T31_dumped "$cookie"
	pass 1
	act cli restore r
	T31_restored "$cookie"
	T31_talk r 30 40
	act cli close r
	act srv eof s
	act srv close s
	pass 62.3
	T31_end
}

run_tests \
	T31 "TCP_REPAIR: dumped, closed, restored"
