#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Half-open requests and how they end without becoming a connection: rows H11,
# H12, H15, H21 and H29 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

HELPERS='tcpflood pcapsend'

# raw SPORT FLAGS SEQ ACK DPORT: a segment of a peer that plays by no rules
raw()
{
	in_ns cli "$TMP/tcpraw" "$CLI" "$1" "$SRV" "$5" "$2" "$3" "$4"
}

# The client's kernel knows nothing of what raw sends and answers each SYN-ACK
# by a RST, with a window of 0; those of raw have one of 1000.
peer_is_mute()
{
	lose srv all 'tcp flags & rst == rst' 'tcp window 0'
}

# close() in SYN_SENT sends nothing. The SYN-ACK finds no socket, and the RST
# that answers it has the sequence number that it acknowledges: rcv_nxt.
H11_client_left()
{
	delay srv 50ms
	act srv listen a "$SRV" 5001 10
	act cli start c "$SRV" 5001
	act cli port c
	CP=$ANSWER
	act cli close c
	pass 0.3
	trace_conn "$CP" 5001
	expect_eq "SYN-ACKs and RSTs" "${T[s.synack]} ${T[c.rst]}" "1 1"
	expect_listener 5001 SYNS=1 SYNQ=0 SYNQ_MAX=1 ACCQ_MAX=0 HO_RESET=1 \
		HO_ESTAB=0 SYNACK_RETR=0
	record history cli "$CP" 5001
	expect_fields END=closed-in-handshake HS_MS=- RST=- "ISN_L=${T[c.isn]}"
	expect_no_record connections 5001 "$CP"
	expect_mib srv EmbryonicRsts=1 AttemptFails=1 PassiveOpens=0 OutRsts=0
	expect_mib cli AttemptFails=0 OutRsts=1
	expect_stats halfopen_embryonic_reset=1 rst_received=1 rst_sent=1 \
		attempt_fails=1
}

# expect_halfopen SPORT [DPORT]
expect_halfopen()
{
	expect_state srv "${2-5002}" "$1" 03
}

# tcp_check_req(): a RST beside the window is dropped, one inside of it gets a
# challenge ACK (RFC 5961), and only one exactly at rcv_nxt ends the request.
H11_rst()
{
	raw 7001 S 1000 0 5002
	raw 7001 R 1000 0 5002
	expect_halfopen 7001
	expect_mib srv TCPChallengeACK=0
	raw 7001 R 1002 0 5002
	expect_halfopen 7001
	expect_mib srv TCPChallengeACK=1 EmbryonicRsts=1
	raw 7001 R 1001 0 5002
	expect_state srv 5002 7001 ""
	expect_mib srv EmbryonicRsts=2 AttemptFails=2 OutRsts=0
	expect_stats halfopen_embryonic_reset=2 rst_received=2
}

# An ACK of what was never sent gets a RST from the listener and leaves the
# request alone. Another SYN in the window ends it, and it is we who send a
# RST then.
H11_syn()
{
	raw 7002 S 1000 0 5002
	raw 7002 A 1001 12345 5002
	expect_halfopen 7002
	expect_mib srv OutRsts=1 EmbryonicRsts=2
	raw 7002 S 1005 0 5002
	expect_state srv 5002 7002 ""
	expect_mib srv OutRsts=2 EmbryonicRsts=3 AttemptFails=3
	expect_stats halfopen_embryonic_reset=3 rst_received=2 attempt_fails=3
}

test_H11()
{
	H11_client_left
	act srv listen b "$SRV" 5002 10
	peer_is_mute
	H11_rst
	H11_syn
	expect_listener 5002 SYNS=2 SYN_DUP=0 SYNQ=0 HO_RESET=2 HO_ESTAB=0 \
		ACCQ_MAX=0
	expect_stats passive_opens=0 halfopen_now=0 syn_queued=3
}

# A connection whose both ends are over, the TIME_WAIT, too. BEGAN is after it.
H12_life()
{
	act srv listen l "$SRV" 5001 10
	served a 5001 40001
	closed a
	expect_state cli 40001 5001 06
	pass 62.3
	expect_state cli 40001 5001 ""
	trace_read
	trace_conn 40001 5001
	OLD_ISN=${T[c.isn]} BEGAN=$(now)
	expect_stats born=2 ended=2 end_fin=2 syn_received=1
}

H12_counters()
{
	expect_mib srv EmbryonicRsts=1 AttemptFails=1 PassiveOpens=1 OutRsts=0
	expect_mib cli OutRsts=1 ActiveOpens=1
	expect_listener 5001 SYNS=2 SYNQ=0 SYNQ_MAX=1 ACCQ=0 ACCQ_MAX=1 \
		HO_RESET=1 HO_ESTAB=1 HO_TIMEOUT=0 ACCEPTS=1
	expect_stats born=2 syn_received=2 syn_queued=2 passive_opens=1 \
		halfopen_embryonic_reset=1 halfopen_established=1 \
		halfopen_now=0 attempt_fails=1 rst_sent=1 rst_received=1
}

# With a handshake of two ways a SYN of long ago would open a connection that
# nobody wants. Here it makes a request, and the host that had sent it says that
# it knows nothing, by tcp_v4_send_reset() without a socket.
test_H12()
{
	local BEGAN OLD_ISN

	H12_life
	in_ns cli "$TMP/pcapsend" "$TMP/pcap" "$CLI" 40001 5001 syn ||
		die "cannot inject"
	act_fails srv ETIME wait l in 1
	trace_read
	trace_since "$BEGAN"
	trace_conn 40001 5001
	expect_eq "the SYN" "${T[c.syn]} ${T[c.isn]}" "1 $OLD_ISN"
	expect_eq "SYN-ACKs and RSTs" "${T[s.synack]} ${T[c.rst]}" "1 1"
	expect_eq segments "${T[c.segs]} ${T[s.segs]}" "2 1"
	expect_no_record connections 5001 40001
	H12_counters
}

# H15_client N: the SYN queue is full, the accept queue is not.
H15_client()
{
	local port

	tell srv accept "s$1" l
	act cli connect "c$1" "$SRV" 5001
	finish srv accept
	act cli port "c$1"
	port=$ANSWER
	trace_read
	trace_conn "$port" 5001
	record connections srv 5001 "$port"
	expect_fields STATE=ESTABLISHED FLAGS=syncookie SYNQ=129 \
		"PID=${AGENT_PID[srv]}" "ISN_L=${T[s.isn]}" "ISN_R=${T[c.isn]}"
}

# With cookies a SYN that finds no room costs the listener nothing, and whoever
# is real gets in. Each SYN is answered, from a request or by a cookie.
H15_cookies()
{
	flood 5001 "$HALF"
	trace_start
	H15_client 0
	H15_client 1
	H15_client 2
	trace_kill
	mib_read
	expect_stats "syn_received=$((FLOODED + 3))" syn_duplicate=0 \
		"cookies_sent=${MIB[srv.SyncookiesSent]}" \
		"syn_queued=$((FLOODED + 3 - ${MIB[srv.SyncookiesSent]}))" \
		cookies_valid=3 born=6
}

# Without, it is dropped, by one of two rules.
H15_drops()
{
	local cookies=${MIB[srv.SyncookiesSent]} dropped

	act srv sysctl tcp_syncookies 0
	flood 5001 "$HALF"
	mib_read
	dropped=${MIB[srv.ListenDrops]}
	expect_stats "syn_received=$((FLOODED + 3))" drop_accq_full=0 \
		drop_other=0 "drop_synq_full=${MIB[srv.TCPReqQFullDrop]}" \
		"drop_max_syn_backlog=$((dropped - ${MIB[srv.TCPReqQFullDrop]}))" \
		"syn_queued=$((FLOODED + 3 - dropped - cookies))"
}

# All requests that there were end by time, however little of it the flood
# leaves them: see H29.
H15_end()
{
	pass 70
	sum_stats syn_queued
	expect_stats halfopen_now=0 born=6 alive=6 \
		"halfopen_syn_ack_timeout=$SUM"
	expect_listener 5001 "SYNS=$((FLOODED + 3))" SYNQ=0 SYNQ_MAX=129 \
		"HO_TIMEOUT=$SUM" HO_ESTAB=0 ACCEPTS=3
}

# The backlog is 128: 129 fit. Memory: what is taken for a SYN is given back, so
# 100,000 leave less than 10 bytes each.
test_H15()
{
	local before more

	HALF=$(scaled 50000) FLOODED=0
	trace_kill
	in_ns srv ip route add 10.8.0.0/15 via "$CLI"
	act srv listen l "$SRV" 5001 128
	flood 5001 1000
	pass 70
	expect_listener 5001 SYNQ=0 SYNS=1000 SYNQ_MAX=129
	memory_read
	before=${MEMORY[SUnreclaim]}
	H15_cookies
	H15_drops
	H15_end
	memory_read
	more=$((MEMORY[SUnreclaim] - before))
	expect_between "kB more" $((more > 0 ? more : 0)) 0 1000
}

# Two connections wait for accept(), two requests for their final ACKs.
H21_set_up()
{
	act srv listen l "$SRV" 5001 10
	act cli connect q0 "$SRV" 5001
	act cli connect q1 "$SRV" 5001
	act cli port q0
	QUEUED=$ANSWER
	lose srv all "$BARE_ACK"
	act cli connect h0 "$SRV" 5001
	act cli connect h1 "$SRV" 5001
	act cli port h0
	SILENT=$ANSWER
	act cli port h1
	LATE=$ANSWER
	expect_listener 5001 SYNQ=2 ACCQ=2
}

# inet_csk_listen_stop() forgets the children at once, each with a RST.
H21_queued()
{
	expect_state srv 5001 "$QUEUED" ""
	record history srv 5001 "$QUEUED"
	expect_fields END=listener-closed RST=sent RST_WHY=listener PID=- \
		ACCEPT_MS=- "CLOSER=${AGENT_PID[srv]}" ERRNO=- FIN_L=-
	trace_read
	trace_conn "$QUEUED" 5001
	expect_eq RSTs "${T[s.rst]}" 1
	expect_field_ms ESTABLISHED_MS "$(gap s.rst.1 c.ack.1)"
	expect_mib srv EstabResets=2 OutRsts=2 PassiveOpens=2
	expect_stats end_listener_closed=2 alive=4 halfopen_listener_closed=0
	act_fails cli ECONNRESET eof q0
}

# A request notices when it looks at its listener next: the last one when data
# that follow its lost final ACK come (tcp_v4_rcv()), and then a RST answers,
# which is nobody's; the other when its timer fires (reqsk_timer_handler()),
# 3 s after the SYN, in silence.
H21_requests()
{
	expect_state srv 5001 "$LATE" 03
	lose_no_more srv
	act cli send h1 10
	act_fails cli ECONNRESET eof h1
	expect_state srv 5001 "$LATE" ""
	expect_stats halfopen_listener_closed=1
	pass_until $((${T[c.syn.1]} + 2900000))
	expect_state srv 5001 "$SILENT" 03
	pass_until $((${T[c.syn.1]} + 3500000))
	expect_state srv 5001 "$SILENT" ""
	expect_stats halfopen_listener_closed=2
	trace_read
	trace_conn "$SILENT" 5001
	expect_eq "SYN-ACKs and RSTs" "${T[s.synack]} ${T[s.rst]-0}" "2 0"
	# TCPTimeouts: the third looked at the listener before it counted.
	expect_mib srv OutRsts=3 EstabResets=2 EmbryonicRsts=0 AttemptFails=0 \
		TCPTimeouts=2 TCPSynRetrans=2
}

test_H21()
{
	H21_set_up
	trace_conn "$SILENT" 5001
	pass_until $((${T[c.syn.1]} + 1500000))
	act srv close l
	! row_load listeners LPORT=5001 || fail "a closed listener is listed"
	H21_queued
	trace_conn "$SILENT" 5001
	H21_requests
	expect_stats now_listen=0 halfopen_now=0 syn_queued=4 \
		halfopen_established=2 halfopen_syn_ack_timeout=0
}

# reqsk_timer_handler() wants half of the queue, but 8 at least, for requests
# whose timer has not fired yet, the young ones. While more than half is taken
# and few of those are young, resends are cut from 5 down to 2. Here a queue of
# backlog 8 has six old ones: when their timers fire for the third time, 7 s
# after their SYNs, one after the other finds the queue too full and goes, until
# four are left, which is half. These have all the time that there is.
H29_pruned()
{
	local seven

	seven=$((${T[c.syn.1]} + 7000000))
	pass_until $((seven - 300000))
	expect_listener 5001 SYNQ=6 HO_TIMEOUT=0 SYNACK_RETR=12
	pass_until $((seven + 1500000))
	expect_listener 5001 SYNQ=4 HO_TIMEOUT=2 SYNACK_RETR=16
	expect_stats halfopen_now=4 halfopen_syn_ack_timeout=2
	pass_until $((seven - 7000000 + 62500000))
	expect_listener 5001 SYNQ=4 HO_TIMEOUT=2 SYNACK_RETR=24
	pass_until $((seven - 7000000 + 67500000))
	expect_listener 5001 SYNQ=0 HO_TIMEOUT=6 SYNACK_RETR=24 SYNQ_MAX=6
}

# H29_synacks PORT...: how many each got
H29_synacks()
{
	local port

	trace_read
	for port; do
		trace_conn "$port" 5001
		echo "${T[s.synack]}"
	done | sort | uniq -c | awk '{ printf "%s%d of %d", s, $1, $2; s = ", " }'
}

test_H29()
{
	local port

	act srv listen l "$SRV" 5001 8
	peer_is_mute
	for port in 7001 7002 7003 7004 7005 7006; do
		raw "$port" S 1000 0 5001
	done
	trace_conn 7001 5001
	H29_pruned
	expect_eq SYN-ACKs "$(H29_synacks 7001 7002 7003 7004 7005 7006)" \
		"2 of 3, 4 of 6"
	# 3 time-outs of the two, 6 of the others: tcp_syn_ack_timeout().
	expect_mib srv TCPTimeouts=30 TCPSynRetrans=24 AttemptFails=0 \
		EmbryonicRsts=0 ListenDrops=0
	expect_stats halfopen_syn_ack_timeout=6 halfopen_now=0 syn_queued=6 \
		retrans_synack=24
}

run_tests \
	H11 "client resets a half-open" \
	H12 "old duplicate SYN" \
	H15 "flood of 100,000 SYNs" \
	H21 "listener closes with half-open and unaccepted ones" \
	H29 "queue more than half full of old half-opens"
