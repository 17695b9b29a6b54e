#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The place of a TIME_WAIT taken before its time: rows T20 and T21 of the
# lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# Milliseconds into a second of the kernel's own clock, whose seconds
# ktime_get_seconds() counts: uptime is the same clock, with two decimals.
into_second()
{
	local up

	read -r up _ </proc/uptime
	echo $((10#${up#*.} * 10))
}

# to_ms MS: to that time of this second, or of the next
to_ms()
{
	local left=$(($1 - $(into_second)))

	((left > 0)) || left=$((left + 1000))
	pass "$(thousandths "$left")"
}

# The client has one port only; its peer is on loopback, and so is the capture.
T20_up()
{
	trace_kill
	TRACE_DEV=lo TRACE_MARK=127.0.0.1
	trace_start
	an_agent peer
	act peer listen l 127.0.0.1 5001 10
	act srv listen l "$SRV" 5001 10
	act cli sysctl ip_local_port_range 40000 40000
}

# T20_open PEER NAME ADDR [LADDR LPORT]
T20_open()
{
	tell "$1" accept "s$2" l
	act cli connect "$2" "$3" 5001 "${@:4}"
	finish "$1" accept
}

# T20_close PEER NAME: the client first
T20_close()
{
	act cli close "$2"
	act "$1" eof "s$2"
	act "$1" close "s$2"
}

# T20_no_port ADDR
T20_no_port()
{
	act_fails cli EADDRNOTAVAIL connect x "$1" 5001
	act cli close x
}

# T20_reused PORT SINCE-US: the old life; the new one's first number, and that it
# names the old one
T20_reused()
{
	local fin came old

	trace_read
	trace_conn "$1" 5001 127.0.0.1 127.0.0.1
	fin=${T[c.finseq]} came=${T[s.fin.1]}
	trace_since "$2"
	trace_conn "$1" 5001 127.0.0.1 127.0.0.1
	expect_eq "ISN of the new life" "${T[c.isn]}" \
		$(((fin + 1 + 65537) % 4294967296))
	record history cli "$1" 5001
	expect_fields END=fin TW_EXIT=reused FIRST_FIN=local TW_RESTARTS=0
	expect_field_ms TIME_WAIT_MS $((${T[c.syn.1]} - came))
	old=${R[COOKIE]}
	record connections cli "$1" 5001
	expect_fields STATE=ESTABLISHED "ISN_L=${T[c.isn]}" "REPLACED=$old"
	expect_no_record timewait "$1" 5001
}

# tcp_twsk_unique(): the port of a connection in TIME_WAIT is free again when
# the second has passed in which its last timestamp came (whole seconds of
# ktime_get_seconds(), so from 0 to 1 s after that), if tcp_tw_reuse is 1, or 2,
# the default, and one of its addresses is on loopback.
T20_loopback()
{
	local at

	to_ms 100
	T20_open peer a 127.0.0.1
	T20_close peer a
	T20_no_port 127.0.0.1
	to_ms 800
	T20_no_port 127.0.0.1
	expect_mib cli TWRecycled=0 TW=1
	to_ms 100
	at=$(now)
	T20_open peer b 127.0.0.1
	expect_mib cli TWRecycled=1
	T20_reused 40000 "$at"
}

# A port that bind() has given is not asked for its age, as twp is NULL there;
# but bind() wants SO_REUSEADDR on the old socket and on the new one.
T20_bound()
{
	local at

	act cli socket c 4
	act cli set c reuseaddr 1
	T20_open peer c 127.0.0.1 127.0.0.1 40001
	T20_close peer c
	act_fails cli EADDRINUSE connect y 127.0.0.1 5001 127.0.0.1 40001
	act cli close y
	act cli socket d 4
	act cli set d reuseaddr 1
	at=$(now)
	T20_open peer d 127.0.0.1 127.0.0.1 40001
	expect_mib cli TWRecycled=2
	T20_reused 40001 "$at"
}

# With another host only when the administrator says so.
T20_elsewhere()
{
	T20_open srv e "$SRV"
	T20_close srv e
	pass 2.5
	T20_no_port "$SRV"
	act cli sysctl tcp_tw_reuse 1
	T20_open srv f "$SRV"
	expect_mib cli TWRecycled=3
}

test_T20()
{
	T20_up
	T20_loopback
	T20_bound
	T20_elsewhere
	expect_mib cli ActiveOpens=6 AttemptFails=0 TW=3 TWKilled=0
	expect_stats tw_exit_reused=3 tw_exit_recycled=0 end_no_local_port=3 \
		active_opens=6 now_time_wait=0
}

# T21_close SUFFIX: the server first
T21_close()
{
	act srv close "s$1"
	act cli eof "c$1"
	act cli close "c$1"
	expect_state srv 5001 40001 06
	pass 1
}

# before VERSION: is this kernel older?
before()
{
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" != "$1" ]
}

# The new life's first number is beyond all that the old one may have sent. The
# kernel means it to be its snd_nxt + 65537, tcp_tw_isn. Before 6.10 that never
# arrives: tcp_v4_rcv() goes to "process:" and to tcp_v4_fill_cb(), which zeroes
# it, so the number is that of any SYN, of secure_tcp_seq(): with the same
# addresses it grows by one in 64 ns.
# T21_isn OLD-ISN OLD-SYNACK-US OLD-FIN
T21_isn()
{
	local want=$((($3 + 1 + 65537) % 4294967296))

	if before 6.10; then
		want=$((($1 + (${T[s.synack.1]} - $2) * 1000 / 64) % 4294967296))
		expect_between "ISN of the new life" "${T[s.isn]}" \
			$((want - 15625)) $((want + 15625))
	else
		expect_eq "ISN of the new life" "${T[s.isn]}" "$want"
	fi
}

T21_record()
{
	record history srv 5001 40001
	expect_fields END=fin TW_EXIT=recycled FIRST_FIN=local TW_RESTARTS=0 \
		RST=- "FIN_L=$1"
	expect_field_ms TIME_WAIT_MS $((${T[c.syn.1]} - $2))
	record connections srv 5001 40001
	expect_fields STATE=ESTABLISHED "ISN_L=${T[s.isn]}" SYNACK_RETR=0 FLAGS=-
	expect_eq "SYNS" "$(col listeners LPORT=5001 SYNS)" 2
}

# tcp_timewait_state_process(): TCP_TW_SYN. Neither TWRecycled nor any other
# counter moves for the timewait socket.
T21_recycled()
{
	local at fin came isn synack

	at=$(now)
	served b 5001 40001
	trace_read
	trace_conn 40001 5001
	fin=${T[s.finseq]} came=${T[c.fin.1]}
	isn=${T[s.isn]} synack=${T[s.synack.1]}
	trace_since "$at"
	trace_conn 40001 5001
	T21_isn "$isn" "$synack" "$fin"
	expect_eq "SYNs, SYN-ACKs" "${T[c.syn]}+${T[s.synack]}" 1+1
	T21_record "$fin" "$came"
	expect_mib srv TW=1 TWKilled=0 TWRecycled=0 PassiveOpens=2 \
		AttemptFails=0 EstabResets=0 OutRsts=0 ListenDrops=0
	expect_stats tw_exit_recycled=1 tw_exit_reused=0
}

# Without a listener the SYN is acknowledged; the client, which expects something
# else, answers by a RST, and that ends the TIME_WAIT (tcp_rfc1337 is 0). Its
# SYN comes again at once (tcp_rcv_synsent_state_process() sets the timer to two
# jiffies) and is refused.
T21_unheard()
{
	local at

	T21_close b
	act srv close l
	at=$(now)
	act_fails cli ECONNREFUSED connect cd "$SRV" 5001 "$CLI" 40001
	act cli close cd
	trace_read
	trace_since "$at"
	trace_conn 40001 5001
	expect_eq "SYNs, ACKs, RSTs, RSTs back" \
		"${T[c.syn]}+${T[s.ack]}+${T[c.rst]}+${T[s.rst]}" 2+1+1+1
	record history srv 5001 40001 TW_EXIT=rst-received
	expect_fields END=fin RST=received
	record history cli 40001 5001 END=refused
	expect_fields SYN_RETR=1 ERRNO=ECONNREFUSED
	expect_stats tw_exit_recycled=1 tw_exit_rst_received=1
	expect_mib srv TW=2 OutRsts=1
	expect_mib cli OutRsts=1 TCPSynRetrans=1 AttemptFails=1
}

test_T21()
{
	act srv listen l "$SRV" 5001 10
	served a 5001 40001
	T21_close a
	T21_recycled
	T21_unheard
}

run_tests \
	T20 "connect() takes the port of a TIME_WAIT" \
	T21 "a SYN takes the place of a TIME_WAIT"
