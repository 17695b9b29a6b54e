#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# connect() to what cannot be reached: row H25 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# tcp_v4_connect() and tcp_v6_connect() ask for the route first. Without one
# the socket stays as it is: no port, no state, no segment, not one of the
# kernel's counters of TCP. The errno is the route's.
H25_no_route()
{
	in_ns cli ip route add prohibit 192.0.2.2
	in_ns cli ip route add unreachable 192.0.2.3
	connect_fails a ENETUNREACH 192.0.2.1 80
	connect_fails b EACCES 192.0.2.2 80
	connect_fails d EHOSTUNREACH 192.0.2.3 80
	connect_fails e ENETUNREACH 2001:db8::1 80
	connect_ended 192.0.2.1 80 ERRNO=ENETUNREACH "${STILLBORN[@]}"
	connect_ended 192.0.2.2 80 ERRNO=EACCES "${STILLBORN[@]}"
	connect_ended 192.0.2.3 80 ERRNO=EHOSTUNREACH "${STILLBORN[@]}"
	connect_ended 2001:db8::1 80 ERRNO=ENETUNREACH "${STILLBORN[@]}"
	expect_mib cli ActiveOpens=0 AttemptFails=0 OutSegs=0
	expect_stats end_unreachable=4 born=4 alive=0 active_opens=0
}

# The socket is as good as new.
H25_same_socket()
{
	local cookie

	act srv listen l "$SRV" 5001 10
	act_fails cli ENETUNREACH connect f 192.0.2.1 81
	connect_ended 192.0.2.1 81 ERRNO=ENETUNREACH "${STILLBORN[@]}"
	cookie=${R[COOKIE]}
	act cli connect f "$SRV" 5001
	act cli port f
	record connections cli "$ANSWER" 5001
	expect_fields ROLE=active STATE=ESTABLISHED
	expect_ne "number of the life" "${R[COOKIE]}" "$cookie"
	expect_eq cookies "${R[COOKIE]%.*} ${cookie%.*}" \
		"$(ss_cookie cli "$ANSWER" 5001) ${R[COOKIE]%.*}"
}

# A router's answer to the SYN, 20 ms later: tcp_v4_err() ends the attempt.
H25_icmp()
{
	delay srv 20ms
	firewall srv tcp dport 5002 reject with icmp host-unreachable
	firewall srv tcp dport 5003 reject with icmp net-unreachable
	connect_fails g EHOSTUNREACH "$SRV" 5002
	connect_fails h ENETUNREACH "$SRV" 5003
	connect_ended "$SRV" 5002 END=unreachable ERRNO=EHOSTUNREACH SYN_RETR=0
	expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" 20.000 25.000
	connect_ended "$SRV" 5003 END=unreachable ERRNO=ENETUNREACH SYN_RETR=0
	expect_mib cli ActiveOpens=3 AttemptFails=2 TCPSynRetrans=0 \
		LockDroppedIcmps=0
}

# early NAME PORT: an attempt without a delay. $EARLY says if its answer found the
# socket locked.
early()
{
	mib_read
	EARLY=${MIB[cli.LockDroppedIcmps]}
	connect_fails "$1" EHOSTUNREACH "$SRV" "$2"
	mib_read
	EARLY=$((${MIB[cli.LockDroppedIcmps]} - EARLY))
}

# Without a delay the answer is there before connect() has let go of the socket:
# it is remembered (sk_err_soft) and ends nothing. Another one, for the SYN of
# the timer, does. If none comes, the SYNs go on to the end, and the errno of
# that time-out is the one remembered: tcp_write_err(). Only where ksoftirqd had
# work already does it come later, and end the attempt at once.
H25_icmp_early()
{
	in_ns srv tc qdisc del dev eth0 root
	firewall srv tcp dport 5004 reject with icmp host-unreachable
	firewall srv tcp dport 5005 numgen inc mod 1000000 '<' 1 \
		reject with icmp host-unreachable
	firewall srv tcp dport 5005 drop
	early i 5004
	RETR=$EARLY
	connect_ended "$SRV" 5004 END=unreachable ERRNO=EHOSTUNREACH "SYN_RETR=$EARLY"
	expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" "${EARLY}000.000" \
		"${EARLY}050.000"
	early j 5005
	if [ "$EARLY" = 1 ]; then
		connect_ended "$SRV" 5005 END=connect-timeout ERRNO=EHOSTUNREACH \
			"SYN_RETR=${#SYN_PLAN[@]}"
		expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" \
			"${GIVE_UP}000.000" "$((GIVE_UP + 8))000.000"
		RETR=$((RETR + ${#SYN_PLAN[@]}))
	else
		connect_ended "$SRV" 5005 END=unreachable ERRNO=EHOSTUNREACH SYN_RETR=0
	fi
	expect_mib cli ActiveOpens=5 AttemptFails=4 TCPSynRetrans="$RETR" \
		TCPAbortOnTimeout="$EARLY"
}

# Nobody has that address: three times asked who has, a second each, the kernel
# sends itself an ICMP error: arp_error_report(), ipv4_link_failure(); IPv6
# likewise. None is sent again meanwhile, for the first SYN is still in the
# host, in the queue of the neighbour: skb_still_in_host_queue() in
# __tcp_retransmit_skb(). But at the third second it has just left it if
# neigh_timer_handler() is before TCP's timer in the same tick: then one is.
H25_no_neighbour()
{
	local retr=$RETR

	connect_fails k EHOSTUNREACH 10.7.0.77 80
	connect_ended 10.7.0.77 80 END=unreachable ERRNO=EHOSTUNREACH
	expect_between SYN_RETR "${R[SYN_RETR]}" 0 1
	retr=$((retr + R[SYN_RETR]))
	expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" 3000.000 3200.000
	connect_fails m EHOSTUNREACH fd00:7::77 80
	connect_ended fd00:7::77 80 END=unreachable ERRNO=EHOSTUNREACH
	expect_between SYN_RETR "${R[SYN_RETR]}" 0 1
	expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" 3000.000 3200.000
	expect_mib cli ActiveOpens=7 AttemptFails=6 \
		"TCPSynRetrans=$((retr + R[SYN_RETR]))"
	expect_ne "TCPSpuriousRtxHostQueues" \
		"${MIB[cli.TCPSpuriousRtxHostQueues]}" 0
}

# And the other side: a half-open request does not outlive an ICMP error that
# says its client cannot be reached, which the kernel counts as a drop:
# tcp_req_err(). One about a port it does not mind. So the first SYN-ACK is
# survived, and the one of the timer is not.
H25_half_open()
{
	act srv listen o "$SRV" 5006 10
	firewall cli tcp dport 7001 reject with icmp port-unreachable
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5006 S 1000 0
	expect_state srv 5006 7001 03
	in_ns cli nft delete table inet firewall
	firewall cli tcp dport 7001 reject with icmp host-unreachable
	pass 1.2
	expect_state srv 5006 7001 ""
	row_load listeners LPORT=5006
	WHO=listener
	expect_fields SYNS=1 HO_UNREACH=1 HO_TIMEOUT=0 SYNACK_RETR=1 SYNQ=0 \
		DROP_OTHER=0
	expect_stats halfopen_unreachable=1 halfopen_now=0 drop_other=0
	expect_mib srv ListenDrops=1 EmbryonicRsts=0 AttemptFails=0
}

test_H25()
{
	local -a STILLBORN=(END=unreachable LPORT=- ISN_L=- SYN_SENT_MS=-
		SYN_RETR=-)
	local EARLY RETR

	syn_plan
	H25_no_route
	H25_same_socket
	H25_icmp
	H25_icmp_early
	H25_no_neighbour
	H25_half_open
	trace_read
	expect_lines trace '192\.0\.2\.|10\.7\.0\.77|2001:db8|fd00:7::77' 0
}

run_tests \
	H25 "unreachable: no route, ICMP, no neighbour"
