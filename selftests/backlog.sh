#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What happens where a listener's queues end: cookies, resets, and another
# listener. Rows H14, H17 and H22 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# Two requests of nobody fill the SYN queue of a backlog of 1.
H14_fill()
{
	local port

	act srv listen l "$SRV" 5001 1
	lose srv all 'tcp flags & rst == rst' 'tcp sport 7000-7999'
	for port in 7001 7002; do
		in_ns cli "$TMP/tcpraw" "$CLI" "$port" "$SRV" 5001 S 1000 0
	done
	expect_listener 5001 SYNQ=2 COOKIE_SENT=0
}

# H14_connect NAME: CP is its port
H14_connect()
{
	tell srv accept "s$1" l
	act cli connect "c$1" "$SRV" 5001
	finish srv accept
	act cli port "c$1"
	CP=$ANSWER
	trace_read
	trace_conn "$CP" 5001
}

# What a record never has whose SYN left nothing behind; the window is not that
# of the SYN-ACK, either, but chosen anew at the ACK (cookie_v4_check()).
H14_record()
{
	record connections srv 5001 "$CP"
	expect_fields ROLE=passive STATE=ESTABLISHED FLAGS=syncookie HS_MS=- \
		SYNACK_RETR=- ACK_IGN=- WIN_L=- SYNQ=2 ACCQ=0 "ISN_L=${T[s.isn]}" \
		"ISN_R=${T[c.isn]}" "PID=${AGENT_PID[srv]}" \
		"COOKIE=$(ss_cookie srv 5001 "$CP")" "$@"
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED "ISN_L=${T[c.isn]}" "ISN_R=${T[s.isn]}"
	expect_field_ms HS_MS "$(gap "s.synack.${T[s.synack]}" c.syn.1)"
}

# The cookie has two bits for the MSS: 1360 is rounded down to one of 536,
# 1300, 1440 and 1460 (msstab in syncookies.c). Scale and SACK are in the low
# bits of our timestamp, which comes back with the ACK. A SYN that comes again
# is one more SYN and gets one more cookie: nobody remembers the first.
H14_timestamps()
{
	lose cli 1 "$SYNACK"
	H14_connect 1
	lose_no_more cli
	expect_eq "MSS and SYNs" "${T[c.mss]} ${T[c.syn]} ${T[s.synack]}" \
		"1360 2 2"
	H14_record MSS=1300 "WSCALE=${T[s.wscale]}/${T[c.wscale]}" OPTS=sack,ts
	expect_fields SYN_RETR=1 OPTS=sack,ts
	expect_mib srv SyncookiesSent=2 SyncookiesRecv=1 SyncookiesFailed=0 \
		TCPReqQFullDoCookies=2
	expect_listener 5001 SYNS=4 SYN_DUP=0 COOKIE_SENT=2 COOKIE_OK=1
}

# Without timestamps they cannot be kept, so the SYN-ACK does not offer them.
H14_plain()
{
	act cli sysctl tcp_timestamps 0
	H14_connect 2
	expect_eq "SYN-ACK" "${T[s.wscale]} ${T[s.sack]} ${T[s.ts]}" "- - -"
	expect_eq "SYN" "${T[c.sack]} ${T[c.ts]}" "sack -"
	H14_record MSS=1300 WSCALE=- OPTS=-
	expect_fields SYN_RETR=0 WSCALE=- OPTS=-
}

# An ACK that brings none of our cookies gets a RST from the listener.
H14_failed()
{
	in_ns cli "$TMP/tcpraw" "$CLI" 6001 "$SRV" 5001 A 1001 12345
	expect_mib srv SyncookiesSent=3 SyncookiesRecv=2 SyncookiesFailed=1 \
		OutRsts=1 PassiveOpens=2 AttemptFails=0 ListenDrops=0 \
		TCPReqQFullDrop=0
	expect_listener 5001 SYNS=5 COOKIE_SENT=3 COOKIE_OK=2 COOKIE_BAD=1 \
		SYNQ=2 SYNQ_MAX=2 ACCEPTS=2 HO_ESTAB=0 DROP_SYNQ=0 DROP_OTHER=0
	expect_stats syn_received=5 syn_queued=2 cookies_sent=3 \
		cookies_valid=2 cookies_failed=1 halfopen_established=0 \
		passive_opens=2 accepted=2 drop_synq_full=0
}

test_H14()
{
	local first

	in_ns cli ip link set eth0 mtu 1400
	H14_fill
	H14_timestamps
	first=$CP
	H14_plain
	H14_failed
	act cli set c1 linger 0
	act cli close c1
	act srv close s1
	record history srv 5001 "$first"
	expect_fields END=reset-received FLAGS=syncookie HS_MS=- SYN_RECV_MS=- \
		SYNACK_RETR=-
}

# As in H16: a backlog of 1 has room for 2, one waits there, and two more that
# come at once are both half-open when their final ACKs arrive.
H17_fill()
{
	delay srv 20ms
	act srv listen a "$SRV" 5001 1
	act cli connect q "$SRV" 5001
	act cli burst a 2 "$SRV" 5001
	act cli wait a0 out 5
	act_fails cli ECONNRESET wait a1 err 5
	act cli port a1
	CP=$ANSWER
}

# tcp_check_req() at listen_overflow: EmbryonicRsts, but not AttemptFails,
# which are for segments of the peer that end a request. The client was
# ESTABLISHED from its final ACK to the RST.
H17_reset()
{
	trace_conn "$CP" 5001
	expect_eq "segments" \
		"${T[c.syn]} ${T[s.synack]} ${T[c.ack]} ${T[s.rst]}" "1 1 1 1"
	expect_state srv 5001 "$CP" ""
	expect_listener 5001 ACCQ=2 SYNQ=0 SYNS=3 ACK_IGN=1 HO_ESTAB=2 \
		HO_OVERFLOW=1 HO_RESET=0 DROP_ACCQ=0 SYNACK_RETR=0
	expect_mib srv EmbryonicRsts=1 AttemptFails=0 OutRsts=1 \
		ListenOverflows=1 ListenDrops=1 PassiveOpens=2
	expect_stats halfopen_accept_overflow=1 halfopen_embryonic_reset=0 \
		halfopen_now=0 ack_ignored=1 attempt_fails=0 rst_sent=1
	act cli close a1
	record history cli "$CP" 5001
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received \
		FIRST_FIN=-
	expect_field_ms ESTABLISHED_MS "$(gap s.rst.1 s.synack.1)"
}

# A cookie's final ACK has no request that could be reset: where it finds the
# queue full, tcp_get_cookie_sock() returns nothing and nobody answers.
H17_cookies()
{
	local i

	act srv listen k "$SRV" 5002 1
	act cli burst k 5 "$SRV" 5002
	for i in 0 1 2 3 4; do
		act cli wait "k$i" out 5
	done
	pass 5
	trace_read
	for i in 2 3 4; do
		act cli port "k$i"
		trace_conn "$ANSWER" 5002
		expect_eq "RSTs for cookie $i" "${T[s.rst]-0}" 0
		expect_state cli "$ANSWER" 5002 01
		expect_state srv 5002 "$ANSWER" ""
	done
	expect_listener 5002 ACCQ=2 SYNQ=0 COOKIE_SENT=3 COOKIE_OK=3 ACK_IGN=3 \
		HO_ESTAB=2 HO_OVERFLOW=0
	expect_mib srv SyncookiesRecv=3 OutRsts=1 ListenOverflows=4 \
		EmbryonicRsts=1 TCPReqQFullDoCookies=3
	expect_stats halfopen_accept_overflow=1 rst_sent=1
}

test_H17()
{
	act srv sysctl tcp_abort_on_overflow 1
	H17_fill
	H17_reset
	H17_cookies
}

# H22_listen NAME
H22_listen()
{
	act srv socket "$1" 4
	act srv set "$1" reuseport 1
	act srv listen "$1" "$SRV" 5001 10
}

# H22_connect NAME: PORT[NAME] is its port
H22_connect()
{
	act cli connect "$1" "$SRV" 5001
	act cli port "$1"
	PORT[$1]=$ANSWER
}

# heir COLUMN=VALUE...: of listener b
heir()
{
	WHO="listener b"
	row_load listeners "COOKIE=$HEIR" || fail "no $WHO"
	expect_accept_queue
	expect_fields "$@"
}

# Listener a has two connections that wait and three requests when b joins it
# and a closes, 1.5 s after the SYN of h0.
H22_close()
{
	H22_listen a
	H22_connect q0
	H22_connect q1
	lose srv all "$BARE_ACK"
	H22_connect h0
	H22_connect h1
	H22_connect h2
	H22_listen b
	row_load listeners LPORT=5001 ACCQ=0
	HEIR=${R[COOKIE]}
	trace_conn "${PORT[h0]}" 5001
	pass_until $((${T[c.syn.1]} + 1500000))
	act srv close a
}

# inet_csk_listen_stop() hands the children over at once. A request follows
# when its final ACK comes, in which case it is b that promotes it. What b has
# in its SYN queue then is its own.
H22_at_once()
{
	heir ACCQ=2 ACCQ_MAX=2 SYNQ=0 SYNQ_MAX=0 SYNS=0
	expect_mib srv TCPMigrateReqSuccess=2 EstabResets=0 OutRsts=0
	H22_connect own
	heir ACCQ=2 SYNQ=1 SYNQ_MAX=1 SYNS=1
	act cli send h0 10
	heir ACCQ=3 ACCQ_MAX=3 SYNQ=1 SYNQ_MAX=1 HO_ESTAB=1
	expect_mib srv TCPMigrateReqSuccess=3
	record connections srv 5001 "${PORT[h0]}"
	expect_fields STATE=ESTABLISHED SYNQ=1 ACCQ=2 SYNACK_RETR=1 \
		FLAGS=data-in-ack
	expect_field_ms HS_MS "$(($(now) - ${T[c.syn.1]}))" 500000
}

# Or its timer fires, here for the second time, 3 s after the SYN
# (reqsk_timer_handler()); the SYN-ACK that is sent again is b's.
H22_by_timer()
{
	expect_stats halfopen_now=1
	pass_until $((${T[c.syn.1]} + 3500000))
	heir ACCQ=3 SYNQ=3 SYNQ_MAX=3 SYNACK_RETR=3
	expect_stats halfopen_now=3 retrans_synack=6
	expect_mib srv TCPMigrateReqSuccess=5 TCPMigrateReqFailure=0
	act cli send h1 10
	act cli send own 10
	heir ACCQ=5 SYNQ=1 HO_ESTAB=3
	trace_read
	trace_conn "${PORT[h1]}" 5001
	record connections srv 5001 "${PORT[h1]}"
	expect_fields SYNACK_RETR=2 SYNQ=2 ACCQ=3 "ISN_L=${T[s.isn]}" \
		"ISN_R=${T[c.isn]}"
	expect_field_ms HS_MS "$(gap c.data.1 c.syn.1)"
}

H22_accept()
{
	local i

	for i in 0 1 2 3 4; do
		act srv accept "s$i" b
	done
	heir ACCQ=0 ACCQ_MAX=5 ACCEPTS=5
	trace_conn "${PORT[q0]}" 5001
	record connections srv 5001 "${PORT[q0]}"
	expect_fields "PID=${AGENT_PID[srv]}" ACCQ=0
	# It has waited since before b was there.
	expect_field_ms ACCEPT_MS "$(($(now) - ${T[c.ack.1]}))" 500000
	expect_eq "the longest wait" "$(col listeners "COOKIE=$HEIR" \
		WAIT_MAX_MS)" "${R[ACCEPT_MS]}"
	reader_find || die "no reader: make reader"
	reads 0 list -j -D "${PORT[q0]}"
	expect_text out '"role":"passive"' "\"listener\":\"$HEIR\""
}

test_H22()
{
	local -A PORT=()

	act srv sysctl tcp_migrate_req 1
	H22_close
	H22_at_once
	H22_by_timer
	H22_accept
	trace_conn "${PORT[h2]}" 5001
	pass_until $((${T[c.syn.1]} + 67500000))
	heir SYNQ=0 HO_TIMEOUT=1 HO_CLOSED=0 HO_OTHER=0 DROP_OTHER=0
	expect_mib srv TCPMigrateReqSuccess=5 TCPMigrateReqFailure=0 \
		ListenDrops=0 OutRsts=0 EmbryonicRsts=0
	expect_stats end_listener_closed=0 halfopen_listener_closed=0 \
		halfopen_syn_ack_timeout=1 halfopen_established=5 syn_queued=6 \
		halfopen_now=0 passive_opens=5 accepted=5
}

run_tests \
	H14 "SYN queue full, cookies on" \
	H17 "accept queue full, tcp_abort_on_overflow" \
	H22 "the next listener inherits what waits"
