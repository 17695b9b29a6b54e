#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the random storm (storm.sh) found, each in its shortest form.

. "$(dirname "$0")/lib.sh"

# close() after shutdown() while the FIN has no answer: tcp_close_state() sets
# FIN_WAIT1, or LAST_ACK, once more, and tcp_set_state() tells of it. The FIN
# was queued before, so write_seq is one beyond its number by now.
M20_closes_twice()
{
	lose cli all "$BARE_ACK"
	act cli shut c w
	act srv eof s
	act cli close c
	lose srv all "$BARE_ACK"
	act srv shut s w
	act srv close s
	pass 0.1
	lose_no_more cli
	lose_no_more srv
	pass 70
}

test_M20()
{
	connected 5001
	M20_closes_twice
	trace_conn "$CP" 5001
	record history cli "$CP" 5001
	expect_fields END=fin FIRST_FIN=local "FIN_L=${T[c.finseq]}" \
		"FIN_R=${T[s.finseq]}" HALF_BYTES=0 TX=0 RX=0 \
		"FIN_RETR=$((${T[c.fin]} - 1))"
	expect_field_ms ESTABLISHED_MS "$(gap c.fin.1 s.synack.1)"
	record history srv 5001 "$CP"
	expect_fields END=fin FIRST_FIN=remote "FIN_L=${T[s.finseq]}" \
		"FIN_R=${T[c.finseq]}" HALF_BYTES=0 TX=0 RX=0 \
		"FIN_RETR=$((${T[s.fin]} - 1))"
	expect_field_ms CLOSE_WAIT_MS "$(gap s.fin.1 c.fin.1)"
}

# A connection that its client has reset waits in the accept queue all the same,
# in CLOSE. The listener that closes later drops it without a RST:
# inet_csk_listen_stop(), tcp_disconnect().
test_M21()
{
	act srv listen l "$SRV" 5001 10
	act cli connect c "$SRV" 5001
	act cli port c
	CP=$ANSWER
	pass 0.1
	act cli set c linger 0
	act cli close c
	pass 0.1
	act srv close l
	trace_conn "$CP" 5001
	expect_eq "RSTs" "${T[c.rst]-0}+${T[s.rst]-0}" 1+0
	record history srv 5001 "$CP"
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received \
		RST_WHY=- PID=- CLOSER=-
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.1 c.ack.1)"
	expect_stats end_reset_received=1 end_listener_closed=0 \
		end_reset_sent=1
	expect_mib srv OutRsts=0 EstabResets=1
}

# A FIN after the server's end was destroyed, with the numbers of the final ACK:
# to the listener it is one more ACK with a valid cookie, and SyncookiesRecv
# counts it. Then cookie_timestamp_decode() refuses its timestamp, here because it
# asks for a window scale and there is to be none; so there is a RST.
test_M22()
{
	act srv sysctl tcp_syncookies 2
	connected 5001
	act srv sysctl tcp_window_scaling 0
	lose cli all 'tcp flags & (syn | rst) == rst'
	in_ns srv ss -K -tn "sport = :5001 and dport = :$CP" >"$TMP/killed"
	pass 0.1
	lose_no_more cli
	act cli close c
	pass 0.1
	trace_conn "$CP" 5001
	expect_eq "RSTs and FINs" "${T[s.rst]}+${T[c.fin]}" 2+1
	expect_mib srv SyncookiesSent=1 SyncookiesRecv=2 SyncookiesFailed=0 \
		PassiveOpens=1
	expect_stats cookies_sent=1 cookies_valid=2 cookies_failed=0
	row_load listeners LPORT=5001
	WHO='the listener'
	expect_fields COOKIE_SENT=1 COOKIE_OK=2 COOKIE_BAD=0
}

# The window in the SYN-ACK with a cookie counts full segments that have a
# timestamp in them; that of the request which cookie_v4_check() makes does not:
# the two are not the same, and nothing knows the former.
test_M23()
{
	act srv sysctl tcp_syncookies 2
	connected 5001
	trace_conn "$CP" 5001
	record connections srv 5001 "$CP"
	expect_fields FLAGS=syncookie WIN_L=-
	record connections cli "$CP" 5001
	expect_fields "WIN_R=${T[s.win]}" "WIN_L=${T[c.win]}"
}

# A RST for a child of TCP Fast Open that waits for its final ACK: AttemptFails
# counts it twice, in tcp_check_req() and then in tcp_done(). The SYN has data and
# the server asks for no cookie (0x603); the client's host knows nothing of that
# SYN, so it answers the SYN-ACK by a RST.
test_M24()
{
	act srv sysctl tcp_fastopen 1539
	act srv listen l "$SRV" 5001 10
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5001 S 1000 0 1 10
	pass 0.1
	trace_conn 7001 5001
	expect_eq "SYN-ACKs and RSTs" "${T[s.synack]}+${T[c.rst]}" 1+1
	expect_mib srv TCPFastOpenPassive=1 AttemptFails=2 EmbryonicRsts=0 \
		OutRsts=0
	expect_stats attempt_fails=2 born=1 halfopen_embryonic_reset=0 \
		rst_received=1 end_embryonic_reset=0
	# The record lives as long as the child waits for accept().
	act srv accept s l
	act srv close s
	expect_stats ended=1 end_embryonic_reset=1
	record history srv 5001 7001
	expect_fields ROLE=passive END=embryonic-reset ERRNO=ECONNRESET \
		RST=received FLAGS=tfo,data-in-syn ESTABLISHED_MS=-
}

# A socket that has disconnected connects once more, and puts off its SYN until
# there are data for it: TCP Fast Open. The late answer to the SYN of its first
# life makes a connection of it: there never was a SYN, so no ISN is ours, and of
# data in it nothing is known. Another process does it, as send() waits.
test_M32()
{
	act cli sysctl tcp_fastopen 5
	act srv sysctl tcp_fastopen 515
	act srv listen l "$SRV" 5001 10
	act srv set l fastopen 5
	delay srv 300ms
	act cli socket c 4
	act cli set c fastopen-connect 1
	act cli connect c "$SRV" 5001 "$CLI" 4001
	agent_fork cli other
	tell cli send c 100
	pass 0.1
	act other disconnect c
	answer cli
	act other connect c "$SRV" 5001
	pass 0.5
	trace_conn 4001 5001
	expect_eq "SYNs and their data" "${T[c.syn]} ${T[c.syndata]}" "1 100"
	record connections cli 4001 5001
	expect_fields STATE=ESTABLISHED ROLE=active ISN_L=- SYN_DATA=- \
		"ISN_R=${T[s.isn]}" SYN_RETR=-
	expect_eq "life" "${R[COOKIE]#*.}" 1
	row_load history LPORT=4001 RPORT=5001 || fail "no record of the SYN"
	WHO="who sent the SYN"
	expect_fields "ISN_L=${T[c.isn]}" SYN_DATA=- SYN_RETR=0
}

# The peer's FIN waits behind data that were lost, as was the ACK of our FIN. What
# brings the data acknowledges it, too: one segment makes FIN_WAIT2 and TIME_WAIT of
# FIN_WAIT1, but it is not the FIN.
test_M33()
{
	connected 5001
	delay cli 50ms
	delay srv 50ms
	lose cli 2 'tcp sport 5001 tcp flags { ack, psh | ack }'
	act srv send s 10
	act srv close s
	act cli shut c w
	pass 2
	act cli recv c 10
	act cli close c
	trace_conn "$CP" 5001
	expect_eq "lost, data, FINs" \
		"$(lost cli) ${T[s.data]} ${T[s.fin]}+${T[c.fin]}" "2 2 1+1"
	lose_no_more cli
	record timewait cli "$CP" 5001
	expect_fields STATE=TIME_WAIT FIRST_FIN=local
	pass 62
	record history cli "$CP" 5001
	expect_fields END=fin FLAGS=- RX=10 "FIN_R=${T[s.finseq]}"
	expect_between "$WHO FIN_WAIT2_MS" "${R[FIN_WAIT2_MS]}" 0.001 0.500
}

# A RST for a child of TCP Fast Open, as in M24. Then a socket is made where the
# child was, in memory, and gets a RST, too: no request had a part in that one.
test_M34()
{
	act srv sysctl tcp_fastopen 1539
	act srv listen l "$SRV" 5001 10
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5001 S 1000 0 1 10
	pass 0.1
	act srv accept s l
	act srv close s
	act_fails srv ECONNREFUSED connect d "$CLI" 5009 "$SRV" 6001
	act srv close d
	expect_mib cli OutRsts=2
	expect_mib srv TCPFastOpenPassive=1 ActiveOpens=1 AttemptFails=3
	expect_stats attempt_fails=3 active_opens=1 born=2 rst_received=2 \
		end_embryonic_reset=1 end_refused=1
}

# M35_unanswered SOCKET PORT: the server has a connection of that port that its
# client knows nothing of, and the challenge that a SYN gets is answered by a RST
# (T36); then SYN-ACKs are lost.
M35_unanswered()
{
	connected "$2" "$1"
	lose srv 1 'tcp flags & rst == rst'
	act cli set "c$1" linger 0
	act cli close "c$1"
	expect_eq "RSTs lost" "$(lost srv)" 1
	lose_no_more srv
	lose cli all "$SYNACK"
	act cli start "n$1" "$SRV" "$2" "$CLI" "$CP"
	pass 0.5
	record connections cli "$CP" "$2"
	expect_fields STATE=SYN_SENT
}

# M35_record PORT ERRNO [END]
M35_record()
{
	trace_conn "${PORT[$1]}" "$1"
	expect_eq "RSTs to :$1" "${T[c.rst]}" 2
	record history cli "${PORT[$1]}" "$1" ESTABLISHED_MS=-
	expect_fields "END=${3-closed-in-handshake}" "ERRNO=$2" RST=sent \
		RST_WHY=other
}

# In SYN_SENT a RST goes out in reply to what came from an earlier incarnation.
# That it is closed later, by SO_LINGER with 0, connect(AF_UNSPEC) or ss -K, tells
# nobody: tcp_disconnect(), tcp_abort().
test_M35()
{
	local -A PORT=()

	M35_unanswered x 5001
	PORT[5001]=$CP
	act cli set nx linger 0
	act cli close nx
	lose_no_more cli
	M35_unanswered y 5002
	PORT[5002]=$CP
	act cli disconnect ny
	act cli close ny
	lose_no_more cli
	M35_unanswered z 5003
	PORT[5003]=$CP
	in_ns cli ss -K -tn "dport = :5003" >"$TMP/killed"
	act cli close nz
	lose_no_more cli
	trace_read
	M35_record 5001 -
	M35_record 5002 ECONNRESET
	M35_record 5003 ECONNABORTED aborted
	expect_mib cli OutRsts=6 TCPAbortOnData=4
	expect_stats end_closed_in_handshake=2 end_aborted=1 abort_linger=4 \
		rst_sent=6
}

run_tests \
	M20 "close() while the FIN of shutdown() has no answer" \
	M21 "reset while it waits for accept(), then the listener closes" \
	M22 "a valid cookie that no connection comes of" \
	M23 "the window of a syncookie is not known" \
	M24 "a child of TCP Fast Open is reset before its final ACK" \
	M32 "an answer to the SYN of an earlier life" \
	M33 "a FIN behind lost data, which bring the ACK of ours" \
	M34 "a RST for a child of TCP Fast Open, and one for the next socket" \
	M35 "a RST in SYN_SENT, then a close that needs none"
