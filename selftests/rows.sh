#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rows of the hook table that no test of the catalogue needs, most of them the
# IPv6 half of a pair. Found by scripts/mutate, which takes each row away.

. "$(dirname "$0")/lib.sh"

# listen() on what listens already: inet_listen() changes the backlog, and no
# transition tells of it. Those that wait stay, however many.
test_M29()
{
	act srv listen l "$SRV" 5001 7
	expect_listener 5001 BACKLOG_ASKED=7 BACKLOG=7
	act cli burst b 3 "$SRV" 5001
	pass 0.1
	act srv backlog l 1
	expect_listener 5001 BACKLOG_ASKED=1 BACKLOG=1 ACCQ=3 ACCQ_MAX=3
	act srv backlog l 100000
	expect_listener 5001 BACKLOG_ASKED=100000 \
		"BACKLOG=$(in_ns srv sysctl -n net.core.somaxconn)"
	expect_eq "listeners" "$(rows listeners)" 1
}

# Syncookies of IPv6 have functions of their own: cookie_v6_init_sequence() and
# cookie_v6_check(). A segment for a socket that is gone looks like a final ACK;
# its number is no cookie, so the listener answers: tcp_v6_send_reset().
test_M30()
{
	act srv sysctl tcp_syncookies 2
	act srv listen l "$SRV6" 5001 10
	act cli connect c "$SRV6" 5001
	act cli port c
	CP=$ANSWER
	act srv accept s l
	act cli send c 10
	act srv recv s 10
	record connections srv 5001 "$CP"
	expect_fields ROLE=passive FLAGS=syncookie HS_MS=- "LADDR=$SRV6"
	expect_mib srv SyncookiesSent=1 SyncookiesRecv=1 SyncookiesFailed=0
	lose cli all 'tcp flags & (syn | rst) == rst'
	in_ns srv ss -K -tn "sport = :5001 and dport = :$CP" >"$TMP/killed"
	pass 0.1
	lose_no_more cli
	act cli send c 10
	act_fails cli ECONNRESET eof c
	expect_mib srv SyncookiesSent=1 SyncookiesRecv=1 SyncookiesFailed=1 \
		OutRsts=2 PassiveOpens=1
	expect_stats cookies_sent=1 cookies_valid=1 cookies_failed=1 \
		rst_sent=2 passive_opens=1
	expect_listener 5001 SYNS=1 COOKIE_SENT=1 COOKIE_OK=1 COOKIE_BAD=1
}

# M31_overflow NAME LISTEN-ADDR PORT CONNECT-ADDR: as in H16, the second of two
# final ACKs finds the accept queue full; and again at 1 and at 3 seconds.
M31_overflow()
{
	act srv listen "$1" "$2" "$3" 1
	act cli connect "$1q" "$4" "$3"
	act cli burst "$1" 2 "$4" "$3"
	act cli wait "${1}0" out 5
	act cli wait "${1}1" out 5
	pass 3.5
	expect_listener "$3" ACCQ=2 SYNQ=1 ACK_IGN=3
	act srv close "$1"
}

# tcp_v6_syn_recv_sock() asks for room itself, or, for an IPv4 segment, lets
# tcp_v4_syn_recv_sock() do so: each ACK is counted once.
test_M31()
{
	delay srv 20ms
	M31_overflow a "$SRV6" 5001 "$SRV6"
	expect_mib srv ListenOverflows=3 ListenDrops=3
	expect_stats ack_ignored=3
	M31_overflow b :: 5002 "$SRV"
	expect_mib srv ListenOverflows=6 ListenDrops=6
	expect_stats ack_ignored=6
}

run_tests \
	M29 "listen() once more: another backlog" \
	M30 "IPv6: syncookies, and a RST to what has no socket" \
	M31 "IPv6: final ACKs that find the accept queue full"
