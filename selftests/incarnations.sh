#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One incarnation of a connection after another, and what comes too late for the
# old one: rows T22, T24, T25 and T33 of the lifecycle catalogue.

HELPERS=pcapsend
. "$(dirname "$0")/lib.sh"

T33_records()
{
	trace_conn "$1" 5001
	expect_eq "RSTs, FINs" "${T[c.rst]}+${T[c.fin]-0}+${T[s.fin]-0}" 1+0+0
	record history cli "$1" 5001
	expect_fields "COOKIE=$2" END=disconnected ERRNO=ECONNRESET RST=sent \
		RST_WHY=disconnect "ISN_L=${T[c.isn]}" TX=10 RX=0 \
		"CLOSER=${AGENT_PID[cli]}" TW_EXIT=- FIRST_FIN=-
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 s.synack.1)"
	record history srv 5001 "$1"
	expect_fields END=reset-received RX=10
}

# again NAME SUFFIX: connect() on a socket that has been connected before
again()
{
	tell srv accept "s$2" l
	act cli connect "$1" "$SRV" 5001
	finish srv accept
	act cli port "$1"
	CP=$ANSWER
}

# The peer has the last word: TIME_WAIT is in a timewait socket, though the full
# socket is still open, in CLOSE; connect() may use it once more, and then both
# are there with one cookie (inet_twsk_alloc() copies it, tcp_disconnect() does
# not clear it).
T33_beside()
{
	local cookie=$1 old=$CP

	act cli shut ca w
	act srv eof "$2"
	act srv close "$2"
	act cli eof ca
	expect_state cli "$old" 5001 06
	act cli disconnect ca
	again ca "$3"
	expect_eq "cookie in TIME_WAIT" "$(ss_cookie cli "$old" 5001)" "$cookie"
	expect_eq "cookie in ESTABLISHED" "$(ss_cookie cli "$CP" 5001)" \
		"$cookie"
	record timewait cli "$old" 5001
	expect_fields "COOKIE=$cookie.1" STATE=TIME_WAIT
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED SYN_RETR=0 FIRST_FIN=-
	SECOND=$old THIRD=${R[COOKIE]}
}

# The third life ends by a RST, though the second one did in a timewait socket,
# where CLOSE meant nothing any more.
T33_third()
{
	act srv disconnect sc
	act_fails cli ECONNRESET eof ca
	act srv close sc
	act cli close ca
	record history cli "$CP" 5001
	expect_fields "COOKIE=$THIRD" END=reset-received RST=received
}

# Three lives of one socket: reset by connect(AF_UNSPEC), ended by both FINs, and
# reset by the peer. tcp_disconnect() sets ECONNRESET where tcp_need_reset() has it send a RST.
# The second life follows the first; the third does not, whose forerunner is in
# a timewait socket, so it gets a number of its own (Documentation/design.rst).
test_T33()
{
	local cookie first

	act srv listen l "$SRV" 5001 10
	served a 5001
	first=$CP
	cookie=$(ss_cookie cli "$CP" 5001)
	act cli send ca 10
	act srv recv sa 10
	act cli disconnect ca
	act_fails cli ECONNRESET wait ca err 1
	act_fails srv ECONNRESET eof sa
	act srv close sa
	record connections cli "$first" 5001
	expect_fields STATE=CLOSE "COOKIE=$cookie"
	again ca b
	record connections cli "$CP" 5001
	expect_fields "COOKIE=$cookie.1" STATE=ESTABLISHED
	expect_eq "cookie" "$(ss_cookie cli "$CP" 5001)" "$cookie"
	trace_read
	T33_records "$first" "$cookie"
	T33_beside "$cookie" sb c
	expect_eq "third life" "$THIRD" "$cookie.65537"
	T33_third
	expect_mib cli ActiveOpens=3 OutRsts=1 EstabResets=2 TW=1 AttemptFails=0
	pass 62.3
	record history cli "$SECOND" 5001
	expect_fields "COOKIE=$cookie.1" END=fin TW_EXIT=expired FIRST_FIN=local
	expect_stats end_disconnected=2 end_fin=2 end_reset_received=2
}

# T22_closed SUFFIX: a TIME_WAIT of the client's; its port in CP, and in T what
# it sent.
T22_closed()
{
	served "$1" 5001
	act cli close "c$1"
	act srv eof "s$1"
	act srv close "s$1"
	expect_state cli "$CP" 5001 06
	trace_read
	trace_conn "$CP" 5001
}

# T22_reset SEQ: a RST out of the server's hand, without a timestamp
T22_reset()
{
	in_ns srv "$TMP/tcpraw" "$SRV" 5001 "$CLI" "$CP" R "$1" 0 ||
		die "cannot inject"
}

# Assassination (RFC 1337): a RST that is exactly at rcv_nxt ends TIME_WAIT. One
# elsewhere does nothing; it does not restart the timer either.
T22_killed()
{
	T22_closed a
	T22_reset $((${T[s.finseq]} + 1000))
	expect_state cli "$CP" 5001 06
	T22_reset $((${T[s.finseq]} + 1))
	expect_state cli "$CP" 5001 ""
	record history cli "$CP" 5001
	expect_fields END=fin TW_EXIT=rst-received RST=received RST_WHY=- \
		TW_RESTARTS=0 ERRNO=-
	trace_read
	trace_conn "$CP" 5001
	expect_field_ms TIME_WAIT_MS "$(gap s.rst.2 s.fin.1)" 5000
	expect_stats tw_exit_rst_received=1 rst_received=1
}

# tcp_rfc1337 protects what is in TIME_WAIT; FIN_WAIT2 in a timewait socket goes
# to the same "kill:" behind that test.
T22_protected()
{
	act cli sysctl tcp_rfc1337 1
	T22_closed b
	SAFE=$CP SAFE_SINCE=${T[s.fin.1]}
	T22_reset $((${T[s.finseq]} + 1))
	expect_state cli "$CP" 5001 06
	record timewait cli "$CP" 5001
	expect_fields STATE=TIME_WAIT TW_RESTARTS=0
	expect_stats tw_exit_rst_received=1 rst_received=1
}

T22_fin_wait2()
{
	served f 5001
	act cli close cf
	act srv eof sf
	wait_until 5 has_state cli "$CP" 5001 05 || fail "no FIN_WAIT2"
	trace_read
	trace_conn "$CP" 5001
	T22_reset $((${T[s.isn]} + 1))
	expect_state cli "$CP" 5001 ""
	record history cli "$CP" 5001
	expect_fields END=reset-received TW_EXIT=rst-received RST=received \
		TIME_WAIT_MS=- FIN_R=- FIRST_FIN=local
	expect_stats tw_exit_rst_received=2 rst_received=2
}

test_T22()
{
	act srv listen l "$SRV" 5001 10
	T22_killed
	T22_protected
	T22_fin_wait2
	pass_until $((SAFE_SINCE + 59800000))
	expect_state cli "$SAFE" 5001 06
	pass_until $((SAFE_SINCE + 62300000))
	expect_state cli "$SAFE" 5001 ""
	record history cli "$SAFE" 5001
	expect_fields END=fin TW_EXIT=expired RST=- TW_RESTARTS=0
	expect_mib cli TW=3 TWKilled=0 OutRsts=0
}

# The RST that answers an ACK has its sequence number from it.
T24_after_both()
{
	in_ns srv "$TMP/tcpraw" "$SRV" 5001 "$CLI" "$1" A \
		$((${T[s.finseq]} + 1)) $((${T[c.finseq]} + 1)) ||
		die "cannot inject"
	trace_read
	trace_conn "$1" 5001
	expect_eq "RSTs" "${T[c.rst]}+${T[s.rst]-0}" 1+0
	expect_eq "the RST's number" \
		"$(awk -v p="$1" '$3 == p && $6 ~ /R/ { print $7 }' "$TMP/trace")" \
		$((${T[c.finseq]} + 1))
	record history cli "$1" 5001
	expect_fields END=fin RST=- TW_EXIT=expired
	expect_mib cli OutRsts=1
	expect_stats rst_sent=1 rst_received=0
}

# Who is still in CLOSE_WAIT learns by EPIPE (tcp_reset()) that nobody is there.
T24_after_fin_wait2()
{
	act srv send sx 10
	act_fails srv EPIPE send sx 10
	act srv close sx
	trace_read
	trace_conn "$1" 5002
	expect_eq "RSTs" "${T[c.rst]}+${T[s.rst]-0}" 1+0
	record history cli "$1" 5002
	expect_fields END=fin-wait2-timeout RST=- TW_EXIT=expired
	record history srv 5002 "$1"
	expect_fields END=reset-received ERRNO=EPIPE RST=received
	expect_field_ms CLOSE_WAIT_MS "$(gap c.rst.1 c.fin.1)" 50000
}

# Nothing is left when the timewait socket is gone: tcp_v4_send_reset() without
# a socket, where the tracepoint tcp_send_reset of 6.1 says nothing. No record
# changes and none is made; the RST is counted.
test_T24()
{
	local first

	connected 5001
	first=$CP
	connected 5002 x
	act cli close c
	act srv eof s
	act srv close s
	act cli close cx
	act srv eof sx
	pass 62.5
	expect_state cli "$first" 5001 ""
	expect_state cli "$CP" 5002 ""
	expect_stats rst_sent=0 alive=1
	trace_read
	trace_conn "$first" 5001
	T24_after_both "$first"
	T24_after_fin_wait2 "$CP"
	expect_mib cli OutRsts=2 TW=2
	expect_mib srv OutRsts=0 EstabResets=1
	expect_stats rst_sent=2 rst_received=1 born=4 ended=4 alive=0
}

# T25_again cli|srv SRC SPORT DPORT data|fin: what the first incarnation sent
T25_again()
{
	in_ns "$1" "$TMP/pcapsend" "$TMP/pcap" "${@:2}" || die "cannot inject"
}

# Two incarnations between the same ports; the second recycles the TIME_WAIT of
# the first.
T25_up()
{
	act srv listen l "$SRV" 5001 10
	served a 5001 40001
	act cli send ca 100
	act srv recv sa 100
	act srv close sa
	act cli eof ca
	act cli close ca
	expect_state srv 5001 40001 06
	trace_read
	pass 1
	BEGAN=$(now)
	served b 5001 40001
	act cli send cb 50
	act srv recv sb 50
	expect_stats tw_exit_recycled=1
}

# Old data: tcp_validate_incoming() finds the timestamp too old, before it looks
# at the sequence number. It answers, for a segment with data is not subject to
# the rate limit. Without a timestamp the sequence number decides.
T25_data()
{
	T25_again cli "$CLI" 40001 5001 data
	expect_mib srv PAWSEstab=1 TCPDSACKOldSent=1
	in_ns cli "$TMP/tcpraw" "$CLI" 40001 "$SRV" 5001 A 1 1 ||
		die "cannot inject"
	expect_mib srv PAWSEstab=1
	expect_state srv 5001 40001 01
	trace_read
	trace_since "$BEGAN"
	trace_conn 40001 5001
	expect_eq "RSTs" "${T[c.rst]-0}+${T[s.rst]-0}" 0+0
	record connections srv 5001 40001
	expect_fields STATE=ESTABLISHED FIRST_FIN=-
}

# An old FIN for an end that has had one: no duplicate of that one. In TIME_WAIT
# it is counted as PAWSEstab, too, restarts the timer and is answered
# (tcp_timewait_state_process()): the answer is lost here, or the client, which
# has no socket any more, would reset the TIME_WAIT.
T25_fins()
{
	act srv close sb
	act cli eof cb
	T25_again srv "$SRV" 5001 40001 fin
	expect_mib cli PAWSEstab=1
	expect_state cli 40001 5001 08
	act cli close cb
	expect_state srv 5001 40001 06
	lose cli all "$BARE_ACK"
	T25_again cli "$CLI" 40001 5001 fin
	expect_eq "answers lost" "$(lost cli)" 1
	expect_mib srv PAWSEstab=2
	record timewait srv 5001 40001
	expect_fields TW_RESTARTS=1 STATE=TIME_WAIT
	expect_stats dup_fin_received=0 tw_restarts=1
}

test_T25()
{
	T25_up
	T25_data
	T25_fins
	pass 62.3
	record history srv 5001 40001 TW_EXIT=expired
	expect_fields END=fin RX=50 TX=0 FIN_DUP=0 RST=- DATA_RETR=0
	record history cli 40001 5001 TX=50
	expect_fields END=fin RX=0 FIN_DUP=0 RST=- DATA_RETR=0
	expect_stats end_fin=4 ended=4
}

run_tests \
	T33 "connect(AF_UNSPEC), then connect() on the same socket" \
	T22 "RST in TIME_WAIT and FIN_WAIT2" \
	T24 "segment after the end of TIME_WAIT" \
	T25 "old duplicates in a new incarnation"
