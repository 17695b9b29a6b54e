#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Data that meets a close: rows T15, T26 and T35 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# The timewait sockets are over, too, after 60 to 62.1 s.
# expect_all_ended RECORDS
expect_all_ended()
{
	pass 62.3
	expect_stats "ended=$1" alive=0
}

# __tcp_close() finds the receive queue not empty: no FIN, a RST at once.
T15_unread()
{
	connected 5001
	act srv send s 100
	pass 0.1
	act cli close c
	act_fails srv ECONNRESET eof s
	act srv close s
	trace_conn "$CP" 5001
	expect_mib cli TCPAbortOnClose=1 TCPAbortOnData=0 OutRsts=1 \
		EstabResets=1
	record history cli "$CP" 5001
	expect_fields END=reset-sent RST=sent RST_WHY=unread ERRNO=- RX=100 \
		FIRST_FIN=- FIN_L=- TW_EXIT=- "CLOSER=${AGENT_PID[cli]}"
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 s.synack.1)"
	record history srv 5001 "$CP"
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received TX=100
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 c.ack.1)"
}

# T15_late PORT SUFFIX: the server, in CLOSE_WAIT, learns of it
T15_late()
{
	act_fails srv EPIPE send "s$2" 1
	act srv eof "s$2"
	expect_eq "recv() after the FIN and the RST" "$ANSWER" 0
	act srv close "s$2"
	expect_state cli "$CP" "$1" ""
	trace_read
	trace_conn "$CP" "$1"
	expect_eq "RSTs" "${T[c.rst]-0}+${T[s.rst]-0}" 1+0
	record history srv "$1" "$CP"
	expect_fields END=reset-received ERRNO=EPIPE RST=received RST_WHY=- \
		FIRST_FIN=remote TX=0
	expect_field_ms CLOSE_WAIT_MS "$(gap c.rst.1 c.fin.1)"
	record history cli "$CP" "$1"
	expect_fields END=reset-sent RST=sent RST_WHY=data-after-close \
		FIRST_FIN=local FIN_R=- RX=0 ERRNO=- TIME_WAIT_MS=-
}

# The FIN is acknowledged: a timewait socket resets (TCP_TW_RST), no MIB tells.
T15_timewait()
{
	connected 5002 x
	act cli close cx
	act srv eof sx
	wait_until 5 has_state cli "$CP" 5002 05 || fail "no FIN_WAIT2"
	act srv send sx 10
	T15_late 5002 x
	expect_fields TW_EXIT=rst-sent
	expect_field_ms FIN_WAIT2_MS "$(gap c.rst.1 c.finacked)"
	expect_mib cli TCPAbortOnData=0 OutRsts=2 TW=1
	expect_stats tw_exit_rst_sent=1
}

# The data acknowledges it, too: the full socket goes through FIN_WAIT2 in
# tcp_rcv_state_process() and resets.
T15_full()
{
	connected 5003 y
	tell srv eof sy
	tell srv send sy 10
	act cli close cy
	finish srv eof
	finish srv send
	T15_late 5003 y
	expect_fields TW_EXIT=-
	expect_eq "ACK of the FIN" "${T[c.finacked]}" "${T[s.data.1]}"
	expect_field_ms FIN_WAIT1_MS "$(gap s.data.1 c.fin.1)"
	expect_mib cli TCPAbortOnData=1 OutRsts=3 TW=1 EstabResets=1
	expect_mib srv EstabResets=3 OutRsts=0
}

test_T15()
{
	T15_unread
	T15_timewait
	T15_full
	expect_stats end_reset_sent=3 end_reset_received=3 rst_sent=3 \
		rst_received=3 tw_entered=1 alive=0
}

T26_open()
{
	expect_state cli "$CP" 5001 01
	expect_state srv 5001 "$CP" 01
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED FIRST_FIN=- \
		"COOKIE=$(ss_cookie cli "$CP" 5001)"
	record connections srv 5001 "$CP"
	expect_fields STATE=ESTABLISHED FIRST_FIN=-
	trace_conn "$CP" 5001
	expect_eq "FINs and RSTs" "${T[c.fin]-0}+${T[c.rst]-0}" 0+0
}

# Nothing goes out for shutdown(SHUT_RD), and data goes on to be queued. Only
# reading does not wait any more.
T26_read()
{
	connected 5001
	act cli shut c r
	act cli eof c
	expect_eq "read of nothing" "$ANSWER" 0
	act srv send s 100
	pass 1
	T26_open
	act cli recv c 100
	expect_eq "read" "$ANSWER" 100
	act cli send c 50
	act srv recv s 50
	act srv close s
	act cli eof c
	act cli close c
	trace_read
	expect_mib cli TCPAbortOnData=0 OutRsts=0 EstabResets=0
	expect_mib srv TW=1 OutRsts=0 EstabResets=0
}

# With our FIN acknowledged it is as after close(), though nothing is closed:
# tcp_rcv_state_process() answers data by a RST, tcp_reset() sets ECONNRESET.
T26_both()
{
	connected 5002 x
	act cli shut cx b
	act srv eof sx
	wait_until 5 has_state cli "$CP" 5002 05 || fail "no FIN_WAIT2"
	record connections cli "$CP" 5002
	expect_fields STATE=FIN_WAIT2
	act srv send sx 20
	act_fails srv EPIPE send sx 1
	act srv close sx
	act cli close cx
	expect_mib cli TCPAbortOnData=1 OutRsts=1
	trace_read
	trace_conn "$CP" 5002
	record history cli "$CP" 5002
	expect_fields END=reset-sent RST=sent RST_WHY=data-after-close RX=0 \
		ERRNO=ECONNRESET FIRST_FIN=local TW_EXIT=-
	expect_field_ms FIN_WAIT2_MS "$(gap c.rst.1 c.finacked)"
}

test_T26()
{
	local first

	T26_read
	first=$CP
	T26_both
	expect_all_ended 4
	record history cli "$first" 5001
	expect_fields END=fin FIRST_FIN=remote TX=50 RX=100 FIN_DUP=0 RST=-
	record history srv 5001 "$first"
	expect_fields END=fin FIRST_FIN=local TX=100 RX=50 FIN_DUP=0 RST=-
	expect_stats end_fin=2 end_reset_sent=1 end_reset_received=1
}

# T35_fin c|s BYTES FINS: its FINs, each as sequence number/data in its segment,
# are these, and the number is what follows the stream of so many bytes.
T35_fin()
{
	local address=$CLI

	[ "$1" = c ] || address=$SRV
	expect_eq "FINs of $1" "$(awk -v a="$address" -v cp="$CP" '
		$2 == a && ($3 == cp || $5 == cp) && $6 ~ /F/ {
			printf "%.0f/%s ", ($7 + $9) % 4294967296, $9
		}' "$TMP/trace")" "$3"
	expect_eq "FIN of $1" "${T[$1.finseq]}" \
		$(((${T[$1.isn]} + 1 + $2) & 0xffffffff))
}

# T35_run PORT SUFFIX: Nagle holds the second write back, as the first one is
# on its way; tcp_send_fin() finds it there and makes it carry the FIN.
T35_run()
{
	connected "$1" "$2"
	tell cli send "c$2" 100
	tell cli send "c$2" 50
	tell cli shut "c$2" w
	finish cli; finish cli; finish cli
	act srv eof "s$2"
	expect_eq "server read" "$ANSWER" 150
	tell srv send "s$2" 200
	tell srv send "s$2" 60
	tell srv close "s$2"
	finish srv; finish srv; finish srv
	act cli eof "c$2"
	expect_eq "client read" "$ANSWER" 260
	act cli close "c$2"
}

# T35_records PORT CLIENT-PORT FIN-RETR: of the client's
T35_records()
{
	record history cli "$2" "$1"
	expect_fields END=fin FIRST_FIN=local "FIN_L=${T[c.finseq]}" TX=150 \
		"FIN_R=${T[s.finseq]}" RX=260 HALF_BYTES=260 \
		"FIN_RETR=$3" DATA_RETR=0
	record history srv "$1" "$2"
	expect_fields END=fin FIRST_FIN=remote "FIN_L=${T[s.finseq]}" TX=260 \
		"FIN_R=${T[c.finseq]}" RX=150 HALF_BYTES=260 FIN_RETR=0 \
		DATA_RETR=0 FIN_DUP=0
}

# Both times the FIN is not alone; the second time it is lost once, and what is
# sent again counts as a FIN.
test_T35()
{
	local first fin

	delay srv 50ms
	T35_run 5001 ""
	first=$CP
	expect_mib cli RetransSegs=0
	lose srv 1 "$FIN"
	T35_run 5002 x
	trace_read
	expect_all_ended 4
	expect_mib cli RetransSegs=1 TCPLossProbes=1
	trace_conn "$CP" 5002
	fin=${T[c.finseq]}
	T35_fin c 150 "$fin/50 $fin/50 "
	T35_fin s 260 "${T[s.finseq]}/60 "
	T35_records 5002 "$CP" 1
	CP=$first
	trace_conn "$CP" 5001
	T35_fin c 150 "${T[c.finseq]}/50 "
	T35_fin s 260 "${T[s.finseq]}/60 "
	T35_records 5001 "$CP" 0
	expect_stats retrans_fin=1 retrans_data=0 end_fin=4
}

run_tests \
	T15 "close() with data unread, data after close()" \
	T26 "shutdown(RD), then the peer writes" \
	T35 "FIN on the last data segment"
