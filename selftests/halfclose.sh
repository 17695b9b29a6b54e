#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One side has closed, and the other takes its time or does not: rows T03, T04,
# T07 and T12 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# The timewait sockets are over, too, after 60 to 62.1 s.
# expect_all_ended RECORDS
expect_all_ended()
{
	pass 62.3
	expect_stats "ended=$1" alive=0
}

# T03_run PORT SUFFIX COMMAND...: the client closes by it, and the server as
# soon as it has read the FIN. A byte goes before: a socket that has received no
# data has icsk_ack.ato 0, so that tcp_send_delayed_ack() waits for the next
# tick only, and that may come before the close().
T03_run()
{
	local port=$1 x=$2

	shift 2
	connected "$port" "$x"
	act cli send "c$x" 1
	act srv recv "s$x" 1
	tell srv eof "s$x"
	tell srv close "s$x"
	act cli "$@"
	finish srv eof
	finish srv close
}

T03_client()
{
	record history cli "$1" "$2"
	expect_fields END=fin FIRST_FIN=local "FIN_L=${T[c.finseq]}" \
		"FIN_R=${T[s.finseq]}" FIN_RETR=0 FIN_DUP=0 HALF_BYTES=0 \
		CLOSING_MS=- CLOSE_WAIT_MS=- LAST_ACK_MS=- TW_EXIT=expired \
		FLAGS=fin-with-ack
	expect_field_ms FIN_WAIT1_MS "$(gap s.fin.1 c.fin.1)"
	expect_between "$WHO FIN_WAIT2_MS" "${R[FIN_WAIT2_MS]}" 0.001 0.500
	expect_field_ms HALF_MS "$(gap s.fin.1 c.fin.1)"
	expect_between "$WHO TIME_WAIT_MS" "${R[TIME_WAIT_MS]}" \
		60000.000 62100.000
}

# T03_end CLIENT-PORT PORT: SYN, SYN-ACK, ACK; byte, ACK; FIN, FIN with ACK, ACK
T03_end()
{
	trace_conn "$1" "$2"
	expect_eq "segments" "${T[c.segs]}+${T[s.segs]}" 5+3
	expect_eq "ACK of the first FIN" "${T[c.finacked]}" "${T[s.fin.1]}"
	T03_client "$1" "$2"
	record history srv "$2" "$1"
	expect_fields END=fin FIRST_FIN=remote "FIN_L=${T[s.finseq]}" \
		"FIN_R=${T[c.finseq]}" HALF_BYTES=0 FIN_RETR=0 FIN_DUP=0 \
		FIN_WAIT2_MS=- TIME_WAIT_MS=-
	expect_field_ms CLOSE_WAIT_MS "$(gap s.fin.1 c.fin.1)"
	expect_field_ms LAST_ACK_MS "$(gap c.ack.2 s.fin.1)"
}

# The server's ACK is delayed (tcp_fin() enters pingpong mode), so a close()
# within 40 ms puts it on the FIN: three segments. tcp_rcv_state_process() moves
# to FIN_WAIT2 by the ACK and then, for the same segment, has tcp_fin() move to
# TIME_WAIT: no timewait socket in FIN_WAIT2, even for an orphan (th->fin).
test_T03()
{
	local first

	T03_run 5001 "" close c
	first=$CP
	T03_run 5002 x shut cx w
	record timewait cli "$CP" 5002
	expect_fields STATE=TIME_WAIT "COOKIE=$(ss_cookie cli "$CP" 5002)"
	expect_state cli "$CP" 5002 06
	expect_mib cli TW=2 RetransSegs=0
	expect_stats tw_entered=2 tw_fin_wait2_entered=0 now_time_wait=2
	expect_all_ended 4
	T03_end "$first" 5001
	T03_end "$CP" 5002
	expect_stats end_fin=4 tw_exit_expired=2 retrans_fin=0
}

T04_live()
{
	record connections cli "$CP" 5001
	expect_fields STATE=FIN_WAIT2 FIRST_FIN=local \
		"COOKIE=$(ss_cookie cli "$CP" 5001)"
	expect_state cli "$CP" 5001 05
	record connections srv 5001 "$CP"
	expect_fields STATE=CLOSE_WAIT FIRST_FIN=remote \
		"COOKIE=$(ss_cookie srv 5001 "$CP")"
	expect_state srv 5001 "$CP" 08
	expect_stats now_fin_wait2=1 now_close_wait=1 tw_entered=0
}

T04_records()
{
	record history cli "$CP" 5001
	expect_fields END=fin FIRST_FIN=local HALF_BYTES=300 TX=0 RX=300 \
		"FIN_L=${T[c.finseq]}" "FIN_R=${T[s.finseq]}" DATA_RETR=0
	expect_between "$WHO HALF_MS" "${R[HALF_MS]}" 30000.000 30500.000
	expect_field_ms HALF_MS "$(gap s.fin.1 c.fin.1)"
	expect_field_ms FIN_WAIT1_MS "$(gap c.finacked c.fin.1)"
	expect_field_ms FIN_WAIT2_MS "$(gap s.fin.1 c.finacked)"
	record history srv 5001 "$CP"
	expect_fields END=fin FIRST_FIN=remote HALF_BYTES=300 TX=300 RX=0 \
		"FIN_L=${T[s.finseq]}" "FIN_R=${T[c.finseq]}" DATA_RETR=0
	expect_field_ms HALF_MS "$(gap s.fin.1 c.fin.1)"
	expect_field_ms CLOSE_WAIT_MS "$(gap s.fin.1 c.fin.1)"
}

# After shutdown() alone FIN_WAIT2 is the full socket's, and has no time-out.
test_T04()
{
	local i

	connected 5001
	act cli shut c w
	act srv eof s
	for i in 1 2 3; do
		pass 10
		act srv send s 100
		act cli recv c 100
	done
	T04_live
	act srv close s
	act cli eof c
	act cli close c
	trace_conn "$CP" 5001
	expect_eq "bytes" "${T[c.bytes]-0}+${T[s.bytes]}" 0+300
	expect_all_ended 2
	expect_mib cli TW=1 OutRsts=0
	T04_records
	ladders T04
}

# T07_client KEY CLIENT-PORT PORT FIN-RETR: KEY is what ended FIN_WAIT1
T07_client()
{
	record history cli "$2" "$3"
	expect_fields END=fin FIRST_FIN=local FIN_DUP=0 CLOSING_MS=- \
		"FIN_L=${T[c.finseq]}" "FIN_R=${T[s.finseq]}" "FIN_RETR=$4"
	expect_field_ms FIN_WAIT1_MS "$(gap "$1" c.fin.1)"
	expect_field_ms HALF_MS "$(gap s.fin.1 c.fin.1)"
}

T07_server()
{
	record history srv "$2" "$1"
	expect_fields END=fin FIRST_FIN=remote FIN_RETR=0 "FIN_DUP=$3" \
		"FIN_R=${T[c.finseq]}" CLOSING_MS=- FIN_WAIT1_MS=- \
		FIN_WAIT2_MS=- TIME_WAIT_MS=-
	expect_field_ms CLOSE_WAIT_MS "$(gap s.fin.1 c.fin.1)"
	expect_field_ms LAST_ACK_MS "$(gap "c.ack.${T[c.ack]}" s.fin.1)"
}

# The client sends its FIN again, by a tail loss probe. The server is in
# CLOSE_WAIT and stays there: tcp_data_queue() answers what came before at once,
# with a D-SACK, and never gets to tcp_fin().
T07_resent()
{
	connected 5001
	lose cli 1 "$BARE_ACK"
	act cli close c
	act srv eof s
	wait_until 5 has_state cli "$CP" 5001 05 || fail "no FIN_WAIT2"
	expect_eq "ACKs lost" "$(lost cli)" 1
	lose_no_more cli
	expect_state srv 5001 "$CP" 08
	expect_stats now_close_wait=1 now_fin_wait2=1 dup_fin_received=1
	expect_mib cli RetransSegs=1 TCPLossProbes=1 TCPTimeouts=0
	expect_mib srv DelayedACKLost=1 TCPDSACKOldSent=1 RetransSegs=0
	act srv close s
}

# The server closes before that: its FIN acknowledges the client's, too.
T07_with_fin()
{
	connected 5002 x
	lose cli 1 "$BARE_ACK"
	act cli close cx
	act srv eof sx
	pass 0.06
	expect_state cli "$CP" 5002 04
	act srv close sx
	expect_eq "ACKs lost" "$(lost cli)" 1
	expect_state cli "$CP" 5002 06
}

test_T07()
{
	local first

	T07_resent
	first=$CP
	T07_with_fin
	trace_read
	expect_all_ended 4
	trace_conn "$first" 5001
	expect_gaps FIN c.fin 40 208
	T07_client s.ack.2 "$first" 5001 1
	expect_fields FLAGS=-
	expect_field_ms FIN_WAIT2_MS "$(gap s.fin.1 s.ack.2)"
	T07_server "$first" 5001 1
	trace_conn "$CP" 5002
	expect_eq "FINs and ACKs" "${T[c.fin]}+${T[s.fin]}+${T[s.ack]}" 1+1+1
	T07_client s.fin.1 "$CP" 5002 0
	expect_fields FLAGS=fin-with-ack
	expect_between "$WHO FIN_WAIT2_MS" "${R[FIN_WAIT2_MS]}" 0.001 0.500
	T07_server "$CP" 5002 0
	expect_stats dup_fin_received=1 retrans_fin=1 tw_entered=2 \
		tw_fin_wait2_entered=1 end_fin=4
}

# T12_age PORT: STATE_MS, measured between two looks at the clock
T12_age()
{
	local before after

	trace_conn "${PORTS[$1]}" "$1"
	before=$(($(now) - ${T[c.fin.1]}))
	record connections srv "$1" "${PORTS[$1]}"
	after=$(($(now) - ${T[c.fin.1]}))
	expect_fields STATE=CLOSE_WAIT FIRST_FIN=remote COMM=tl-srv \
		"PID=${AGENT_PID[srv]}" \
		"COOKIE=$(ss_cookie srv "$1" "${PORTS[$1]}")"
	expect_between "$WHO STATE_MS" "${R[STATE_MS]}" \
		"$(thousandths $((before - 1500)))" \
		"$(thousandths $((after + 1500)))"
	expect_state srv "$1" "${PORTS[$1]}" 08
	expect_no_record timewait "${PORTS[$1]}" "$1"
}

# The oldest is neither the first nor the last that was born.
T12_list()
{
	reader_can "the list of those in CLOSE_WAIT" || return 0
	reads 0 list --state CLOSE_WAIT --sort -age
	expect_eq "list, oldest first" "$(awk 'NR > 1 {
		sub(/m.*/, "m", $2)
		printf "%s/%s/%s/%s ", $2, $4, $7, $8 }' "$TMP/out")" \
		"$(for port in 5002 5003 5001; do
			printf '%s/%s/%s/tl-srv ' "${AGE[$port]}" "$port" \
				"${AGENT_PID[srv]}"
		done)"
	reads 0 list --state CLOSE_WAIT --older 3000
	expect_lines out CLOSE_WAIT 2
}

T12_ended()
{
	local port

	for port in 5001 5002 5003; do
		trace_conn "${PORTS[$port]}" "$port"
		record history srv "$port" "${PORTS[$port]}"
		expect_fields END=reset-received FIRST_FIN=remote RST=received
		expect_field_ms CLOSE_WAIT_MS "$(gap s.fin.1 c.fin.1)"
	done
	expect_stats now_close_wait=0 end_reset_received=3 rst_sent=3 \
		end_fin_wait2_timeout=3 alive=0
}

# No timer of TCP's ends CLOSE_WAIT. The client's end is long over when the
# server closes at last: its FIN is answered by a RST.
test_T12()
{
	local -A PORTS=() AGE=([5001]=40m [5002]=1h15m [5003]=1h00m)
	local port

	# A reader that runs for the first time may take the clock a minute.
	! reader_find || reads 0 list
	for port in 5001 5002 5003; do
		connected "$port" "$port"
		PORTS[$port]=$CP
	done
	for port in 5002 5003 5001; do
		act cli close "c$port"
		act srv eof "s$port"
		pass $((port == 5002 ? 900 : port == 5003 ? 1200 : 2405))
	done
	trace_read
	expect_stats now_close_wait=3 now_fin_wait2=0 alive=3
	T12_list
	for port in "${!PORTS[@]}"; do
		T12_age "$port"
	done
	for port in "${!PORTS[@]}"; do
		act srv close "s$port"
	done
	trace_read
	expect_mib cli OutRsts=3 TW=3
	T12_ended
}

run_tests \
	T03 "ACK and FIN in one segment" \
	T04 "half-close for 30 s" \
	T07 "ACK of the FIN lost" \
	T12 "the application never closes"
