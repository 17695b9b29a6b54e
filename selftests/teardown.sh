#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How connections end: rows T of the lifecycle catalogue, but for those about
# timewait sockets, which are in timewait.sh.

. "$(dirname "$0")/lib.sh"

# Both ends of a close are over: the timewait socket too, after 60 to 62.1 s.
expect_all_ended()
{
	pass 62.3
	expect_stats ended=2 alive=0
}

# T01_closer FIRST: the end that closed first; FIRST and OTHER are c or s.
T01_closer()
{
	expect_fields END=fin ERRNO=- RST=- RST_WHY=- FIRST_FIN=local \
		"FIN_L=${T[$1.finseq]}" "FIN_R=${T[$2.finseq]}" FIN_RETR=0 \
		FIN_DUP=0 CLOSE_WAIT_MS=- LAST_ACK_MS=- CLOSING_MS=- \
		TW_RESTARTS=0 TW_EXIT=expired "DATA_RETR=${T[$1.retr]-0}" \
		KEEPALIVES=0 PROBES=0 HALF_BYTES=50
	expect_field_ms ESTABLISHED_MS "$(gap "$1.fin.1" "$3")"
	expect_field_ms FIN_WAIT1_MS "$(gap "$1.finacked" "$1.fin.1")"
	expect_field_ms FIN_WAIT2_MS "$(gap "$2.fin.1" "$1.finacked")"
	expect_between "$WHO TIME_WAIT_MS" "${R[TIME_WAIT_MS]}" \
		60000.000 62100.000
	# From our FIN, or from its ACK.
	expect_field_ms HALF_MS "$(gap "$2.fin.1" "$1.fin.1")" 50000
}

T01_other()
{
	expect_fields END=fin ERRNO=- RST=- FIRST_FIN=remote \
		"FIN_L=${T[$2.finseq]}" "FIN_R=${T[$1.finseq]}" FIN_RETR=0 \
		FIN_DUP=0 FIN_WAIT1_MS=- FIN_WAIT2_MS=- TIME_WAIT_MS=- \
		CLOSING_MS=- TW_RESTARTS=- TW_EXIT=- HALF_BYTES=50 \
		"DATA_RETR=${T[$2.retr]-0}" KEEPALIVES=0 PROBES=0
	expect_field_ms ESTABLISHED_MS "$(gap "$1.fin.1" "$3")"
	expect_field_ms CLOSE_WAIT_MS "$(gap "$2.fin.1" "$1.fin.1")"
	expect_field_ms LAST_ACK_MS "$(gap "$2.finacked" "$2.fin.1")"
	expect_field_ms HALF_MS "$(gap "$2.fin.1" "$1.fin.1")" 50000
	expect_end_time "${T[$2.finacked]}"
}

# The wall clock of the end, against the capture's.
expect_end_time()
{
	expect_between "$WHO END_TIME" "${R[END_TIME]}" \
		"$(millionths $(($1 - 1500)))" "$(millionths $(($1 + 1500)))"
}

# Bytes, and segments as the full socket counts them: a child does not count
# the SYN-ACK, which its request sent, and the closer's last ACK and its peer's
# FIN are the timewait socket's.
T01_data()
{
	local out=$4 in=$5

	expect_fields "TX=$2" "RX=$3" "SEGS_OUT=$out" "SEGS_IN=$in"
	for column in MINRTT_US SRTT_US; do
		expect_between "$1 $column" "${R[$column]}" 1 1000000
	done
	expect_between "$1 RTO_MS" "${R[RTO_MS]}" 200.000 300.000
}

T01_owners()
{
	expect_fields "PID=${AGENT_PID[$1]}" "COMM=tl-$1" UID=0 \
		"CLOSER=${AGENT_PID[$1]}" "CLOSER_COMM=tl-$1"
}

# While the closer waits for the other FIN and after it.
T01_live()
{
	pass_until $((${T[c.syn.1]} + 1500000))
	record timewait "$1" "$2" "$3"
	expect_fields STATE=FIN_WAIT2 TW_RESTARTS=0 FIRST_FIN=local \
		"PID=${AGENT_PID[$1]}" "COMM=tl-$1"
	expect_state "$1" "$2" "$3" 05
	record connections "$4" "$3" "$2"
	expect_fields STATE=CLOSE_WAIT FIRST_FIN=remote
	expect_stats now_fin_wait2=1 now_close_wait=1 now_established=0
}

T01_timewait()
{
	expect_state "$1" "$2" "$3" 06
	record timewait "$1" "$2" "$3"
	expect_fields STATE=TIME_WAIT FIRST_FIN=local "COMM=tl-$1" \
		"COOKIE=$(ss_cookie "$1" "$2" "$3")"
	expect_no_record connections "$2" "$3"
	expect_stats now_fin_wait2=0 now_close_wait=0 now_time_wait=1 \
		ended=1 end_fin=1
}

# T01_run FIRST OTHER: agents. The first one closes after half a second, the
# other sends 50 bytes more and closes 2 s later.
T01_run()
{
	local -A handle=([cli]=c [srv]=s)

	connected 5001
	trace_conn "$CP" 5001
	act cli send c 100
	act srv recv s 100
	act srv send s 200
	act cli recv c 200
	pass_until $((${T[c.syn.1]} + 500000))
	act "$1" shut "${handle[$1]}" w
	act "$2" eof "${handle[$2]}"
	act "$2" send "${handle[$2]}" 50
	act "$1" recv "${handle[$1]}" 50
	# The 50 bytes may be acknowledged so late that they come twice.
	pass_until $((${T[c.syn.1]} + 1200000))
	act "$1" close "${handle[$1]}"
}

T01_finish()
{
	pass_until $((${T[c.syn.1]} + 2500000))
	act "$1" close "$2"
	trace_read
	trace_conn "$CP" 5001
	expect_eq "FINs" "${T[c.fin]}+${T[s.fin]}" 1+1
}

T01_mib()
{
	expect_mib "$1" TW=1 TCPAbortOnData=0 EstabResets=0 OutRsts=0
	expect_mib "$2" TW=0 EstabResets=0 OutRsts=0
	expect_stats born=2 ended=2 alive=0 end_fin=2 tw_entered=1 \
		tw_fin_wait2_entered=1 tw_exit_expired=1 tw_restarts=0 \
		now_time_wait=0 retrans_fin=0 dup_fin_received=0
}

test_T01()
{
	T01_run cli srv
	T01_live cli "$CP" 5001 srv
	T01_finish srv s
	T01_timewait cli "$CP" 5001
	expect_all_ended
	record history cli "$CP" 5001
	T01_closer c s s.synack.1
	T01_data client 100 250 $((${T[c.segs]} - 1)) $((${T[s.segs]} - 1))
	T01_owners cli
	record history srv 5001 "$CP"
	T01_other c s c.ack.1
	T01_data server 250 100 $((${T[s.segs]} - 1)) "${T[c.segs]}"
	T01_owners srv
	T01_mib cli srv
	ladders T01
}

test_T02()
{
	T01_run srv cli
	T01_live srv 5001 "$CP" cli
	T01_finish cli c
	T01_timewait srv 5001 "$CP"
	expect_all_ended
	record history srv 5001 "$CP"
	T01_closer s c c.ack.1
	T01_data server 200 150 $((${T[s.segs]} - 2)) $((${T[c.segs]} - 1))
	T01_owners srv
	record history cli "$CP" 5001
	T01_other s c s.synack.1
	T01_data client 150 200 "${T[c.segs]}" "${T[s.segs]}"
	T01_owners cli
	T01_mib srv cli
}

# T05_end SIDE SELF PEER LPORT RPORT
T05_end()
{
	record history "$1" "$4" "$5"
	expect_fields END=fin FIRST_FIN=both "FIN_L=${T[$2.finseq]}" \
		"FIN_R=${T[$3.finseq]}" FIN_WAIT2_MS=- CLOSE_WAIT_MS=- \
		LAST_ACK_MS=- TW_EXIT=expired FIN_RETR=0
	expect_between "$WHO TIME_WAIT_MS" "${R[TIME_WAIT_MS]}" \
		60000.000 62100.000
}

# 50 ms each way, so that the FINs cross.
test_T05()
{
	delay cli 50ms
	delay srv 50ms
	connected 5001
	act cli close c
	act srv close s
	wait_until 5 has_state cli "$CP" 5001 06 || fail "no TIME_WAIT"
	wait_until 5 has_state srv 5001 "$CP" 06 || fail "no TIME_WAIT"
	trace_conn "$CP" 5001
	((${T[s.finacked]} > ${T[c.fin.1]} && ${T[c.finacked]} > ${T[s.fin.1]})) ||
		fail "the FINs did not cross"
	expect_stats now_time_wait=2
	expect_all_ended
	T05_end cli c s "$CP" 5001
	# The capture is at the client: the peer's FIN arrives, its own is
	# acknowledged after that.
	expect_field_ms FIN_WAIT1_MS "$(gap s.fin.1 c.fin.1)" 52000
	expect_field_ms CLOSING_MS "$(gap c.finacked s.fin.1)"
	T05_end srv s c 5001 "$CP"
	expect_between CLOSING_MS "${R[CLOSING_MS]}" 1.000 110.000
	expect_mib cli TW=1
	expect_mib srv TW=1
	expect_stats tw_entered=2 tw_fin_wait2_entered=0 end_fin=2
	ladders T05
}

T06_records()
{
	expect_all_ended
	record history cli "$CP" 5001
	expect_fields END=fin FIRST_FIN=local FIN_RETR=3 FIN_DUP=0 \
		DATA_RETR=0 "FIN_L=${T[c.finseq]}"
	expect_field_ms FIN_WAIT1_MS "$(gap c.finacked c.fin.1)"
	record history srv 5001 "$CP"
	expect_fields END=fin FIRST_FIN=remote FIN_RETR=0 FIN_DUP=0 \
		"FIN_R=${T[c.finseq]}"
	# The server knows of the FIN that arrived only.
	expect_field_ms CLOSE_WAIT_MS "$(gap s.fin.1 c.fin.4)"
	expect_stats retrans_fin=3 retrans_data=0 dup_fin_received=0
}

# The first resend is a tail loss probe, so its time-out is not doubled.
test_T06()
{
	connected 5001
	lose srv 3 "$FIN"
	act cli close c
	act srv eof s
	act srv close s
	expect_eq "FINs lost" "$(lost srv)" 3
	trace_conn "$CP" 5001
	expect_gaps FIN c.fin 40 208 208 416
	expect_mib cli RetransSegs=3 TCPLossProbes=1 TCPTimeouts=2
	T06_records
}

T14_records()
{
	record history cli "$CP" 5001
	expect_fields END=reset-sent ERRNO=- RST=sent RST_WHY=linger \
		FIRST_FIN=- FIN_L=- FIN_R=- TW_EXIT=- TX=10 RX=20 \
		"CLOSER=${AGENT_PID[cli]}" CLOSER_COMM=tl-cli
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 s.synack.1)"
	expect_end_time "${T[c.rst.1]}"
	record history srv 5001 "$CP"
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received \
		RST_WHY=- FIRST_FIN=- FIN_L=- FIN_R=- TX=20 RX=10 CLOSE_WAIT_MS=-
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 c.ack.1)"
	expect_stats end_reset_sent=1 end_reset_received=1 rst_sent=1 \
		rst_received=1 estab_resets=2 ended=2 alive=0 tw_entered=0
}

test_T14()
{
	connected 5001
	act cli send c 10
	act srv recv s 10
	act srv send s 20
	act cli recv c 20
	act cli set c linger 0
	act cli close c
	act_fails srv ECONNRESET eof s
	act srv close s
	trace_conn "$CP" 5001
	expect_eq "RSTs" "${T[c.rst]}+${T[s.rst]-0}" 1+0
	expect_eq "FINs" "${T[c.fin]-0}+${T[s.fin]-0}" 0+0
	expect_mib cli TCPAbortOnData=1 EstabResets=1 OutRsts=1
	expect_mib srv EstabResets=1
	T14_records
}

# T16_probes PORT: segments of the client since the last one before the silence
T16_probes()
{
	local i first=$((${T[c.segs]} - 10))

	mapfile -t TIMES < <(awk -v cp="$CP" -v sp="$1" \
		'$3 == cp && $5 == sp { print $1 }' "$TMP/trace")
	expect_eq "segments of the client" "${#TIMES[@]}" "${T[c.segs]}"
	expect_between "first probe after" "$(since "$first" $((first - 1)))" \
		7199000000 7420000000
	for ((i = 1; i < 9; i++)); do
		expect_between "gap $i" \
			"$(since $((first + i)) $((first + i - 1)))" \
			74900000 79000000
	done
	expect_eq RSTs "${T[c.rst]-0}" 1
	expect_between "dead after" \
		$((${T[c.rst.1]} - ${TIMES[first - 1]/./})) 7875000000 8200000000
}

since()
{
	echo $((${TIMES[$1]/./} - ${TIMES[$2]/./}))
}

# T16_record PORT ERRNO
T16_record()
{
	trace_conn "$CP" "$1"
	T16_probes "$1"
	record history cli "$CP" "$1"
	expect_fields END=keepalive-timeout "ERRNO=$2" KEEPALIVES=9 \
		RST=sent RST_WHY=keepalive FIRST_FIN=- PROBES=0 DATA_RETR=0
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 s.synack.1)"
}

# The peer is gone, and a router says so of the client's last ACK, whose number
# is the next to be sent. That is a soft error (tcp_v4_err()), and what
# tcp_write_err() tells in the end. Of the probes, whose number is one lower than
# what is acknowledged, no word is believed.
T16_unreachable()
{
	connected 5002 x
	act cli set cx keepalive 1
	firewall srv tcp dport 5002 reject with icmpx host-unreachable
	act srv send sx 10
	act cli recv cx 10
	# The ACK may be delayed.
	pass 0.1
	lose cli all tcp sport 5002
	act srv set sx linger 0
	act srv close sx
}

# The peer goes silent: no RST, no ICMP.
test_T16()
{
	local first

	connected 5001
	first=$CP
	act cli set c keepalive 1
	lose srv all tcp dport 5001
	T16_unreachable
	act_fails cli ETIMEDOUT wait c err 9000
	act_fails cli EHOSTUNREACH wait cx err 900
	act cli close c
	act cli close cx
	trace_read
	T16_record 5002 EHOSTUNREACH
	CP=$first
	T16_record 5001 ETIMEDOUT
	expect_mib cli TCPKeepAlive=18 OutRsts=2 TCPAbortOnTimeout=2 \
		EstabResets=2 OutOfWindowIcmps=9
	record connections srv 5001 "$CP"
	expect_fields STATE=ESTABLISHED
	expect_stats keepalive_probes=18 end_keepalive_timeout=2 rst_sent=3 \
		rst_received=0 window_probes=0
}

# What a load with attach=kprobe must not change.
ARGS_M12=attach=kprobe
test_M12()
{
	test_T01
}

run_tests \
	T01 "client closes first, server later" \
	T02 "server closes first" \
	T05 "simultaneous close" \
	T06 "FIN lost three times" \
	T14 "abort by SO_LINGER 0" \
	T16 "keepalive, peer dead" \
	M12 "T01 with attach=kprobe"
