#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each of the kernel's own counters that has a twin, made to move, and the twin
# with it. What others move all day is in their tests, which end by comparing
# all twins, and in R12.

. "$(dirname "$0")/lib.sh"

# tcp_retransmit_timer() counts before it sends; a tail loss probe is none of
# its. The request's timer counts each time, even when TCP_DEFER_ACCEPT has it
# send nothing: reqsk_timer_handler().
test_A01()
{
	lose srv 2 "$SYN"
	connected 5001
	lose_no_more srv
	expect_mib cli TCPTimeouts=2
	expect_stats timeouts_syn=2 timeouts_synack=0 timeouts_data=0
	lose srv 4 "tcp dport 5001"
	act cli send c 10
	act srv recv s 10
	lose_no_more srv
	expect_mib cli TCPTimeouts=5 TCPLossProbes=1
	expect_stats timeouts_data=3 retrans_data=4
	act srv listen d "$SRV" 5002 10
	act srv set d defer 10
	act cli set c quickack 1
	act cli connect q "$SRV" 5002
	pass 30
	expect_mib srv TCPTimeouts=4 TCPSynRetrans=1
	expect_stats timeouts_synack=4 retrans_synack=1
	audited srv '^TCPTimeouts +timeouts_\* +4 +4 +0 exact$'
	audited cli '^TCPTimeouts +timeouts_\* +5 +5 +0 exact$'
}

# In FIN_WAIT2 before close(), and after it.
A02_linger2()
{
	connected 5002 2
	act cli set c2 linger2 -1
	act cli shut c2 w
	act srv eof s2
	pass 1
	act cli close c2
	connected 5003 3
	act cli set c3 linger2 -1
	delay srv 20ms
	act cli close c3
	pass 1
	delay srv 0
}

# RFC 2525, 2.17: the peer must learn that its data was not read. What comes
# after close() is answered by a RST in FIN_WAIT1 by the full socket, in
# FIN_WAIT2 by the timewait socket, which is no abort for the kernel.
# TCP_LINGER2 below 0: no FIN_WAIT2 after close(): __tcp_close() counts it where
# it is there already, tcp_rcv_state_process() as data when it gets there.
test_A02()
{
	connected 5001 1
	act cli set c1 linger 0
	act cli close c1
	expect_mib cli TCPAbortOnData=1
	A02_linger2
	expect_mib cli TCPAbortOnLinger=1 TCPAbortOnData=2
	connected 5004 4
	act cli send c4 10
	act srv wait s4 in 5
	act srv close s4
	expect_mib srv TCPAbortOnClose=1
	connected 5005 5
	lose srv all "$FIN"
	act cli close c5
	act srv send s5 10
	pass 1
	lose_no_more srv
	expect_mib cli TCPAbortOnData=3
	expect_stats abort_linger=2 abort_linger2=1 abort_unread=1 \
		abort_late_data=1
	audited cli '^TCPAbortOnData .* 3 +3 +0 exact$' \
		'^TCPAbortOnLinger .* 1 +1 +0 exact$'
	audited srv '^TCPAbortOnClose .* 1 +1 +0 exact$'
}

# An orphan is one too many: the next one at close(), itself at its next
# time-out: tcp_check_oom(). The kernel counts orphans every 100 ms, for all
# namespaces.
test_A03()
{
	local limit=/proc/sys/net/ipv4/tcp_max_orphans was

	was=$(<"$limit")
	connected 5001 1
	connected 5002 2
	lose srv all "$FIN"
	act cli close c1
	pass 1
	echo 0 >"$limit"
	act cli close c2
	expect_mib cli TCPAbortOnMemory=1
	pass 5
	echo "$was" >"$limit"
	lose_no_more srv
	expect_mib cli TCPAbortOnMemory=2 TCPAbortOnTimeout=0
	expect_stats abort_memory=2 end_out_of_memory=2
	audited cli '^TCPAbortOnMemory .* 2 +2 +0 exact$'
}

# The timers give up, whatever becomes of the record: it is not over before
# close().
test_A04()
{
	act cli sysctl tcp_syn_retries 1
	lose srv all "$SYN"
	act_fails cli ETIMEDOUT connect r "$SRV" 5001
	lose_no_more srv
	connected 5002
	act cli set c user-timeout 2000
	lose srv all "tcp dport 5002"
	act cli send c 10
	act_fails cli ETIMEDOUT wait c err 60
	lose_no_more srv
	expect_mib cli TCPAbortOnTimeout=2
	expect_stats abort_timeout=2
	audited cli '^TCPAbortOnTimeout +abort_timeout +2 +2 +0 exact$'
}

# tcp_syn_flood_action() says that it sends a cookie before the accept queue is
# looked at. A SYN for a timewait socket passes by all that from 6.10 on, whatever
# tcp_syncookies; before, tcp_v4_fill_cb() cleared what tells it, tcp_tw_isn.
test_A05()
{
	local i

	act srv listen a "$SRV" 5001 1
	delay srv 20ms
	act cli burst b 5 "$SRV" 5001
	pass 1
	delay srv 0
	expect_mib srv SyncookiesSent=3 TCPReqQFullDoCookies=3
	act srv sysctl tcp_syncookies 2
	act cli burst e 2 "$SRV" 5001
	pass 0.5
	expect_mib srv SyncookiesSent=3 TCPReqQFullDoCookies=5
	for i in b{0..4} e0 e1; do
		act cli close "$i"
	done
	A05_recycled
	expect_stats cookies_wanted="${MIB[srv.TCPReqQFullDoCookies]}" \
		tw_exit_recycled=1
	audited srv '^TCPReqQFullDoCookies .* exact$'
}

A05_recycled()
{
	local wanted

	connected 5002
	mib_read
	wanted=${MIB[srv.TCPReqQFullDoCookies]}
	[[ $(uname -r) != 6.1.* ]] || wanted=$((wanted + 1))
	act srv close s
	act cli eof c
	act cli close c
	pass 2
	act cli connect c "$SRV" 5002 "$CLI" "$CP"
	mib_read
	expect_eq "cookies for who was here before" \
		"${MIB[srv.TCPReqQFullDoCookies]}" "$wanted"
}

# tfo_connect NAME PORT: its SYN has ten bytes of data if there is a cookie.
tfo_connect()
{
	act cli socket "$1" 4
	act cli set "$1" fastopen-connect 1
	act cli connect "$1" "$SRV" "$2"
	act cli send "$1" 10
}

# First it asks for a cookie, then it has one, then one of another key.
test_A06()
{
	act srv sysctl tcp_fastopen 3
	act srv listen l "$SRV" 5001 10
	act srv set l fastopen 10
	tfo_connect a 5001
	act srv accept sa l
	expect_stats tfo_active=0 tfo_passive=0
	tfo_connect b 5001
	act srv accept sb l
	act srv recv sb 10
	expect_mib cli TCPFastOpenActive=1 TCPFastOpenActiveFail=0
	expect_mib srv TCPFastOpenPassive=1 TCPFastOpenPassiveFail=0
	act srv sysctl tcp_fastopen_key 1-2-3-4
	tfo_connect d 5001
	act srv accept sd l
	act srv recv sd 10
	expect_mib cli TCPFastOpenActive=1 TCPFastOpenActiveFail=1
	expect_mib srv TCPFastOpenPassive=1 TCPFastOpenPassiveFail=1
	A06_blackhole
	expect_stats tfo_active=1 tfo_active_fail=3 tfo_passive=1 \
		tfo_passive_fail=1
	audited cli '^TCPFastOpenActive .* 1 +1 +0 exact$' \
		'^TCPFastOpenActiveFail .* 3 +3 +0 exact$'
	audited srv '^TCPFastOpenPassive .* 1 +1 +0 exact$' \
		'^TCPFastOpenPassiveFail .* 1 +1 +0 exact$'
}

# The third time-out makes it one that failed; so does the SYN-ACK, which has
# seen no data: tcp_fastopen_active_detect_blackhole().
A06_blackhole()
{
	lose srv 3 "$SYN"
	tfo_connect f 5001
	act srv accept sf l
	act srv recv sf 10
	lose_no_more srv
	expect_mib cli TCPFastOpenActiveFail=3
	expect_mib srv TCPFastOpenPassiveFail=1
}

# A request that is reset because the accept queue is full counts as a client's
# RST does; one that is given up at the end does not.
test_A08()
{
	act srv sysctl tcp_abort_on_overflow 1
	act srv listen a "$SRV" 5001 1
	delay srv 20ms
	act cli connect q "$SRV" 5001
	act cli burst b 2 "$SRV" 5001
	pass 1
	expect_mib srv EmbryonicRsts=1
	expect_stats halfopen_overflow_reset=1 halfopen_accept_overflow=1
	act srv sysctl tcp_abort_on_overflow 0
	act srv listen d "$SRV" 5002 1
	act cli connect r "$SRV" 5002
	act cli burst e 2 "$SRV" 5002
	pass 70
	expect_mib srv EmbryonicRsts=1
	expect_stats halfopen_overflow_reset=1 halfopen_accept_overflow=2
	audited srv '^EmbryonicRsts +halfopen_\*_reset +1 +1 +0 exact$'
}

# What is to last no longer than 4 s has a counter of its own, TWKilled: here a
# FIN_WAIT2 of tcp_fin_timeout 3.
test_A11()
{
	act cli sysctl tcp_fin_timeout 3
	connected 5001
	act cli close c
	act srv eof s
	pass 4
	expect_mib cli TW=0 TWKilled=1
	expect_stats tw_entered=1 tw_entered_short=1 tw_exit_expired=1
	connected 5002 x
	act srv close sx
	act cli eof cx
	act cli close cx
	expect_mib srv TW=1 TWKilled=0
	expect_stats tw_entered=2 tw_entered_short=1
	audited cli '^TWKilled +tw_entered_short +1 +1 +0 exact$'
}

# A child of TCP Fast Open that waits for its final ACK has data on the way, too;
# its time-outs are those of the SYN-ACK: tcp_fastopen_synack_timer().
test_A12()
{
	act cli sysctl tcp_fastopen 5
	act srv sysctl tcp_fastopen 515
	act srv listen l "$SRV" 5001 10
	act srv set l fastopen 10
	lose srv all "$BARE_ACK"
	tfo_connect c 5001
	act srv accept s l
	act srv recv s 10
	act srv send s 10
	pass 3.5
	lose_no_more srv
	expect_mib srv TCPFastOpenPassive=1
	mib_read
	expect_between TCPTimeouts "${MIB[srv.TCPTimeouts]}" 2 4
	expect_stats "timeouts_synack=${MIB[srv.TCPTimeouts]}" timeouts_data=0
	audited srv '^TCPTimeouts +timeouts_\* .* \+?0 exact$'
}

run_tests \
	A01 "time-outs, by what they are of" \
	A02 "connections reset by close(), and by what comes after" \
	A03 "orphans too many" \
	A04 "connections that timers give up" \
	A05 "syncookies wanted, and not" \
	A06 "TCP Fast Open, taken and refused, at both ends" \
	A08 "requests that are reset by a full accept queue" \
	A11 "a timewait that is to be short" \
	A12 "time-outs of a child of TCP Fast Open"
