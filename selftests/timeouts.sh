#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The peer is gone, or is there and does not read: rows T13, T17, T18 and T29 of
# the lifecycle catalogue. (T16, keepalive with the peer dead, is in
# teardown.sh.)

. "$(dirname "$0")/lib.sh"

# expect_backoff KEY MS...: times KEY.1 KEY.2 ... are so apart, rounded
# up by the timer wheel: by a tick and by an eighth at most (calc_index()).
expect_backoff()
{
	local key=$1 i=1 want

	shift
	expect_eq "$key: how many" "${T[$key]-0}" $(($# + 1))
	for want; do
		expect_between "$key: gap $i" "$(gap "$key.$((i + 1))" \
			"$key.$i")" $((want * 980)) $((want * 1125 + 12000))
		i=$((i + 1))
	done
}

# ended_after KEY: us from T[KEY] to the end of R
ended_after()
{
	digits "${R[END_TIME]}"
	echo $((DIGITS - ${T[$1]}))
}

# T13_end CLIENT-PORT PORT STATE: from the FIN to the end
T13_end()
{
	trace_conn "$1" "$2"
	# A tail loss probe, then the RTO, doubled each time.
	expect_backoff c.fin 204 204 408 816 1632 3264 6528 13056 26112
	record history cli "$1" "$2"
	expect_fields END=fin-timeout ERRNO=ETIMEDOUT RST=- FIN_RETR=9 \
		DATA_RETR=0 TW_EXIT=- TIME_WAIT_MS=- \
		"FIN_L=${T[c.finseq]}" "CLOSER=${AGENT_PID[cli]}"
	expect_between "$WHO $3" "${R[$3]}" 102000.000 110000.000
}

# tcp_orphan_retries() makes 8 of the 0 that is tcp_orphan_retries, while the
# RTO is below its maximum; the tail loss probe is not one of them. No RST: there
# is nobody to do it. The errno is set although no one is left to read it.
test_T13()
{
	local first

	connected 5001
	first=$CP
	connected 5002 x
	act srv close sx
	act cli eof cx
	# Its ACK, which may be delayed.
	pass 1
	lose srv all "meta l4proto tcp"
	act cli close c
	act cli close cx
	expect_state cli "$first" 5001 04
	expect_state cli "$CP" 5002 09
	record connections cli "$CP" 5002
	expect_fields STATE=LAST_ACK "COOKIE=$(ss_cookie cli "$CP" 5002)"
	pass 112
	trace_read
	expect_state cli "$first" 5001 ""
	expect_state cli "$CP" 5002 ""
	expect_mib cli RetransSegs=18 TCPLossProbes=2 TCPTimeouts=18 \
		TCPAbortOnTimeout=2 OutRsts=0 TW=0 EstabResets=0
	T13_end "$first" 5001 FIN_WAIT1_MS
	expect_fields FIRST_FIN=local FIN_R=- FIN_WAIT2_MS=-
	T13_end "$CP" 5002 LAST_ACK_MS
	expect_fields FIRST_FIN=remote "FIN_R=${T[s.finseq]}" FIN_DUP=0
	expect_stats end_fin_timeout=2 retrans_fin=18 retrans_data=0 \
		end_fin_wait2_timeout=1 alive=1
}

# Each probe is answered at once, and 7200 s of silence begin anew. Between them
# the timer fires 75 s after the probe, to find that it was: keepalive_time_when()
# is rounded up by the timer wheel twice.
T17_probes()
{
	local i

	expect_eq "probes and answers" "${T[c.ack]}+${T[s.ack]}" 4+3
	for i in 1 2 3; do
		expect_between "silence before probe $i" \
			"$(gap "c.ack.$((i + 1))" "c.ack.$i")" \
			7199000000 7420000000
		expect_between "answer $i" "$(gap "s.ack.$i" \
			"c.ack.$((i + 1))")" 0 2000
	done
}

# The client closes at last, and meets data: what its keepalive timer did last
# must not be taken for the reason.
T17_close()
{
	tell srv eof s
	tell srv send s 10
	act cli close c
	finish srv eof
	finish srv send
	act srv close s
	trace_read
	trace_conn "$CP" 5001
	record history cli "$CP" 5001
	expect_fields END=reset-sent RST_WHY=data-after-close KEEPALIVES=3 \
		PROBES=0 DATA_RETR=0 ERRNO=-
	expect_field_ms ESTABLISHED_MS "$(gap c.fin.1 s.synack.1)"
	record history srv 5001 "$CP"
	expect_fields END=reset-received KEEPALIVES=0
}

test_T17()
{
	connected 5001
	act cli set c keepalive 1
	pass 23000
	trace_conn "$CP" 5001
	T17_probes
	expect_mib cli TCPKeepAlive=3 TCPTimeouts=0 OutRsts=0
	expect_stats keepalive_probes=3 window_probes=0 alive=2 \
		now_established=2
	expect_state cli "$CP" 5001 01
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED FIRST_FIN=- \
		"COOKIE=$(ss_cookie cli "$CP" 5001)"
	T17_close
}

T18_records()
{
	record history cli "$CP" 5001
	expect_fields END=retransmit-timeout ERRNO=ETIMEDOUT RST=- DATA_RETR=16 \
		TX=0 "SEGS_OUT=${T[c.segs]}" FIRST_FIN=- FIN_RETR=- PROBES=0 \
		KEEPALIVES=0 RTO_MS=120000.000
	expect_between "us from the data to the end" \
		"$(ended_after c.data.1)" 924000000 1060000000
	record connections srv 5001 "$CP"
	expect_fields STATE=ESTABLISHED
	expect_stats end_retransmit_timeout=1 retrans_data=16 retrans_fin=0
}

# retransmits_timed_out() counts as time what 15 resends (tcp_retries2) take
# from the first one on, 924.6 s with the smallest RTO; the first time-out beyond
# that ends it. The tail loss probe comes before the first one.
test_T18()
{
	connected 5001
	lose srv all "meta l4proto tcp"
	act cli send c 100
	act_fails cli ETIMEDOUT wait c err 1200
	act cli close c
	trace_conn "$CP" 5001
	expect_eq "data resent" "${T[c.data]}-${T[c.retr]}" 17-16
	expect_backoff c.data 204 204 408 816 1632 3264 6528 13056 26112 52224 \
		104448 120000 120000 120000 120000 120000
	expect_mib cli RetransSegs=16 TCPLossProbes=1 TCPTimeouts=16 \
		TCPAbortOnTimeout=1 OutRsts=0 EstabResets=1
	T18_records
}

# T29_backoff PORT N: so many probes of that connection, from the RTO that the
# kernel says it has, doubled each time. Its segments are in T.
T29_backoff()
{
	local want=() i

	for ((i = 1; i < $2; i++)); do
		want+=($((${RTO[$1]} << i)))
	done
	expect_backoff probe "${want[@]}"
}

# T29_rto SUFFIX: by ss, while it lives; it has the smoothed round trip in it.
T29_rto()
{
	RTO[$1]=$(in_ns cli ss -tinOH "sport = :${PORT[$1]}" |
		sed -n 's/.* rto:\([0-9]*\).*/\1/p')
}

# T29_full SUFFIX: more than the window of a server that does not read
T29_full()
{
	connected "500$1" "$1"
	PORT[$1]=$CP
	act cli send "c$1" 100000
}

# T29_probes SUFFIX: the bare segments whose number is the last one that was
# acknowledged (tcp_xmit_probe_skb()); their times in T[probe.N].
T29_probes()
{
	local n=0 time

	trace_conn "${PORT[$1]}" "500$1"
	while read -r time; do
		n=$((n + 1))
		T[probe.$n]=${time/./}
	done < <(awk -v cp="${PORT[$1]}" '
		$3 == cp && $6 !~ /S/ {
			if ($9 == 0 && $7 == (end + 4294967295) % 4294967296)
				print $1
			if ($9 > 0)
				end = ($7 + $9) % 4294967296
		}' "$TMP/trace")
	T[probe]=$n
}

# TCP_USER_TIMEOUT counts from the first probe (icsk_probes_tstamp), answered or
# not, in ESTABLISHED too; tcp_clamp_probe0_to_user_timeout() has the timer fire
# in time.
T29_user_timeout()
{
	act_fails cli ETIMEDOUT wait c3 err 60
	act cli close c3
	trace_read
	T29_probes 3
	USER=${T[probe]}
	record history cli "${PORT[3]}" 5003
	expect_fields END=user-timeout ERRNO=ETIMEDOUT RST=- FIRST_FIN=- \
		"PROBES=${T[probe]}"
	expect_between "us from the first probe" "$(ended_after probe.1)" \
		9990000 11300000
	expect_eq "RSTs" "${T[c.rst]-0}" 0
}

# An application that does not read but lives: probes go on for ever.
T29_held()
{
	expect_state cli "${PORT[1]}" 5001 01
	T29_probes 1
	T29_backoff 1 8
	HELD=${T[probe]}
	act srv recv s1 100000
	expect_eq "read" "$ANSWER" 100000
	act cli close c1
	act srv eof s1
	act srv close s1
}

T29_records()
{
	record history cli "${PORT[1]}" 5001
	trace_conn "${PORT[1]}" 5001
	expect_fields END=fin TX=100000 "PROBES=$HELD" \
		"DATA_RETR=${T[c.retr]-0}"
	T29_probes 2
	record history cli "${PORT[2]}" 5002
	expect_fields END=probe-timeout ERRNO=ETIMEDOUT RST=- FIRST_FIN=local \
		FIN_L=- FIN_RETR=- "DATA_RETR=${T[c.retr]-0}" \
		"PROBES=${T[probe]}"
	expect_eq "FINs and RSTs" "${T[c.fin]-0}+${T[c.rst]-0}" 0+0
	T29_backoff 2 10
	expect_between "us from the last probe" \
		"$(ended_after "probe.${T[probe]}")" 120000000 135000000
}

# An orphan's FIN waits behind the data and is never sent. tcp_probe_timer()
# gives up, answered or not, as soon as the next wait would be that of the
# maximum RTO: not "alive", so tcp_orphan_retries() is 0.
test_T29()
{
	local -A PORT=() RTO=()
	local HELD USER

	T29_full 1
	T29_full 2
	T29_full 3
	act cli set c3 user-timeout 10000
	act cli close c2
	expect_state cli "${PORT[2]}" 5002 04
	T29_user_timeout
	pass 80
	T29_rto 1
	T29_rto 2
	trace_read
	T29_held
	pass 260
	trace_read
	expect_state cli "${PORT[2]}" 5002 ""
	T29_records
	expect_mib cli TCPAbortOnTimeout=2 OutRsts=0 \
		"TCPWinProbe=$((HELD + T[probe] + USER))"
	expect_stats end_probe_timeout=1 end_user_timeout=1 end_fin=2
}

run_tests \
	T13 "peer gone in FIN_WAIT1 and LAST_ACK" \
	T17 "keepalive, peer alive" \
	T18 "peer lost during data" \
	T29 "zero window held"
