#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many connections of all kinds: what comes in goes out.

. "$(dirname "$0")/lib.sh"

NO_TRACE=1
COUNT=$(scaled 20000)

# tcpload has 16 scenarios, one after the other. Of 16 connections: 7 end
# with FINs on both sides; linger, unread data and data after close end with
# a RST (sent by one, received by the other); the RSTs of a disconnect and of
# a listener that closes are received, too; 3 are refused (one socket tries
# twice), one has no route, one is closed in SYN_SENT.
M01_ends()
{
	local n=$((COUNT / 16)) recycled late over

	over=$((29 * n > 4096 ? 29 * n - 4096 : 0))
	expect_stats "born=$((29 * n))" "ended=$((29 * n))" alive=0 \
		"end_fin=$((14 * n))" "end_reset_sent=$((3 * n))" \
		"end_reset_received=$((5 * n))" "end_refused=$((3 * n))" \
		"end_unreachable=$n" "end_closed_in_handshake=$n" \
		"end_disconnected=$n" "end_listener_closed=$n" \
		"accepted=$((11 * n))" \
		"history_overwritten=$over"
	expect_eq "history" "$(rows history)" $((29 * n - over))
	recycled=${STAT[tw_exit_recycled]}
	# Where the server closed first, a client's port may come again and
	# take over the timewait socket.
	# Data after close meets a timewait socket, unless it comes before the
	# ACK of the FIN: then it is the full socket that resets.
	mib_read
	late=$((n - ${MIB[srv.TCPAbortOnData]}))
	expect_stats "tw_entered=$((7 * n + late))" "tw_exit_rst_sent=$late" \
		"tw_exit_expired=$((7 * n - recycled))" \
		tw_overflow=0
}

test_M01()
{
	act cli sysctl tcp_max_tw_buckets 262144
	act srv sysctl tcp_max_tw_buckets 262144
	load_start mix "$COUNT"
	load_wait "done"
	expect_sound
	pass 65
	M01_ends
}

run_tests M01 "conservation after $COUNT mixed connections"
