#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What readers of the code found, each in its shortest form.

. "$(dirname "$0")/lib.sh"

# offload cli|srv ETHTOOL-COMMAND 0|1
offload()
{
	in_ns "$1" python3 -c '
import array, fcntl, socket, struct, sys
value = array.array("B", struct.pack("=II", *(int(a, 0) for a in sys.argv[1:])))
fcntl.ioctl(socket.socket(), 0x8946,
            struct.pack("16sP", b"eth0", value.buffer_info()[0]))' "$2" "$3" ||
		die "cannot set offload $2"
}

# What comes in at srv is taken by a kernel thread, a task with bottom halves
# off. A veth device has NAPI when it does GRO (ETHTOOL_SGRO), and uses it if
# its peer does no TSO (ETHTOOL_STSO): veth_skb_is_eligible_for_gro().
threaded_napi()
{
	offload srv 0x2c 1
	offload cli 0x1f 0
	ip netns exec "$SRV_NS" \
		sh -c 'echo 1 >/sys/class/net/eth0/threaded' || die "no thread"
}

# A RST for a half-open, and one whose final ACK finds no room: neither is
# ss -K, although a task drops them. What ss -K ends is.
test_M25()
{
	threaded_napi srv
	half_open 5001
	expect_mib srv EmbryonicRsts=1 AttemptFails=1
	expect_stats halfopen_embryonic_reset=1 halfopen_aborted=0 \
		attempt_fails=1 rst_received=1
	act srv listen l "$SRV" 5002 10
	lose srv all 'tcp flags & (syn | rst) == rst'
	in_ns cli "$TMP/tcpraw" "$CLI" 7002 "$SRV" 5002 S 1 0
	pass 0.1
	in_ns srv ss -tKOHn state syn-recv >"$TMP/killed"
	expect_stats halfopen_aborted=1 halfopen_embryonic_reset=1 \
		halfopen_now=0
}

# The ACK of its FIN finds the socket in shutdown(), which has it in its backlog
# and ends it when it leaves: a task, and data that nobody has read. But only
# close() resets because of that, and here nobody closes.
test_M26()
{
	connected 5001
	act cli send c 10
	act cli close c
	pass 0.1
	act srv shut s w
	pass 0.1
	expect_mib srv TCPAbortOnClose=0 OutRsts=0
	expect_stats abort_unread=0 rst_sent=0
	act srv close s
	expect_mib srv TCPAbortOnClose=0 OutRsts=0
	record history srv 5001 "$CP"
	expect_fields END=fin RST=- RST_WHY=-
	expect_stats abort_unread=0 end_fin=1
}

# fast_child SUFFIX SPORT: a child of TCP Fast Open with 10 bytes, accepted as
# sSUFFIX before its final ACK, which never comes. The client's host must see no
# answer: it knows nothing of that SYN.
fast_child()
{
	tell srv accept "s$1" l
	in_ns cli "$TMP/tcpraw" "$CLI" "$2" "$SRV" 5001 S 1000 0 1 10
	finish srv accept
}

# close() resets what it leaves unread, also before ESTABLISHED.
M27_unread()
{
	fast_child u 7001
	act srv close su
	expect_mib srv TCPFastOpenPassive=1 TCPAbortOnClose=1 OutRsts=1
	record history srv 5001 7001
	expect_fields ROLE=passive END=reset-sent RST=sent RST_WHY=unread \
		FLAGS=tfo,data-in-syn ESTABLISHED_MS=-
	expect_stats abort_unread=1
}

# Its FIN is out, and it still waits for the final ACK: tcp_check_req() counts a
# failed attempt for a RST, and tcp_done() does not: it is in FIN_WAIT1.
M27_fin()
{
	fast_child f 7002
	act srv recv sf 10
	act srv close sf
	expect_state srv 5001 7002 04
	in_ns cli "$TMP/tcpraw" "$CLI" 7002 "$SRV" 5001 R 1011 0
	pass 0.1
	expect_state srv 5001 7002 ""
	expect_mib srv TCPFastOpenPassive=2 AttemptFails=1 EmbryonicRsts=0
	expect_stats attempt_fails=1 rst_received=1
}

# Another SYN in its window: counted as failed, answered by a RST; it lives on.
M27_syn()
{
	fast_child y 7003
	in_ns cli "$TMP/tcpraw" "$CLI" 7003 "$SRV" 5001 S 1020 0
	pass 0.1
	expect_mib srv AttemptFails=2 OutRsts=2
	expect_stats attempt_fails=2 rst_sent=2
	expect_state srv 5001 7003 03
}

# After the final ACK it is a connection like others: a RST ends it, and no
# attempt fails.
M27_established()
{
	fast_child e 7004
	trace_conn 7004 5001
	in_ns cli "$TMP/tcpraw" "$CLI" 7004 "$SRV" 5001 A 1011 \
		$(((${T[s.isn]} + 1) % 4294967296))
	pass 0.1
	expect_state srv 5001 7004 01
	in_ns cli "$TMP/tcpraw" "$CLI" 7004 "$SRV" 5001 R 1011 0
	pass 0.1
	expect_state srv 5001 7004 ""
	expect_mib srv AttemptFails=2 EstabResets=1
	expect_stats attempt_fails=2 rst_received=2
}

test_M27()
{
	lose cli all 'tcp sport 5001'
	act srv sysctl tcp_fastopen 1539
	act srv listen l "$SRV" 5001 10
	M27_unread
	M27_fin
	M27_syn
	M27_established
}

# Two of four connections find no room in the table; their listener counts them
# all. How long those waited nobody knows, and the mean is of the others.
M28_listener()
{
	row_load listeners LPORT=5001
	WHO='the listener'
	expect_fields HO_ESTAB=4 ACCEPTS=4 ACCQ_MAX=4 ACCQ=0
	expect_between "$WHO WAIT_MAX_MS" "${R[WAIT_MAX_MS]}" 1000.000 1500.000
	expect_between "$WHO WAIT_AVG_MS" "${R[WAIT_AVG_MS]}" 1000.000 \
		"${R[WAIT_MAX_MS]}"
}

# shellcheck disable=SC2034 # by its name, in run_one()
ARGS_M28=max_connections=4
test_M28()
{
	local i

	act srv listen l "$SRV" 5001 10
	for i in 1 2 3 4; do
		act cli connect "c$i" "$SRV" 5001
	done
	pass 1
	for i in 1 2 3 4; do
		act srv accept "s$i" l
	done
	expect_stats accepted=4 halfopen_established=4 lost_table_full=4
	M28_listener
	LOST_TABLE=4
}

run_tests \
	M25 "a task takes what comes in: threaded NAPI" \
	M26 "LAST_ACK ends in the backlog, with data unread" \
	M27 "TCP Fast Open before its final ACK: closed, reset, a SYN" \
	M28 "the table is full, the listener counts on"
