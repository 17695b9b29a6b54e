#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# connect() out of the ordinary: rows H09, H20 and H24 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# H20_end WHO LPORT RPORT: one side of it, when it is over
H20_end()
{
	record history "$1" "$2" "$3"
	expect_fields ROLE=active FLAGS=simopen SYN_RETR=0 SYNACK_RETR=0 \
		"PID=${AGENT_PID[$1]}" "ISN_L=${T[$4.isn]}" \
		"ISN_R=${T[$5.isn]}" "MSS=${T[$5.mss]}"
}

# Each sends a SYN and, for the other's SYN, a SYN-ACK out of tcp_send_synack():
# four segments, one connection, no listener and no request. The SYN-ACK will do
# as the final ACK of SYN_RECV (tcp_validate_incoming() in 6.1.192 and 6.12; not
# before), but its SYN was seen before, so tcp_data_queue() answers it with an
# ACK, a D-SACK. What the client sends the capture has 300 ms late.
test_H20()
{
	local i

	crossed 300ms
	pass 0.45
	expect_state cli 5002 5001 03
	expect_state srv 5001 5002 03
	record connections cli 5002 5001
	expect_fields STATE=SYN_RECV FLAGS=simopen HS_MS=- \
		"COOKIE=$(ss_cookie cli 5002 5001)"
	expect_stats now_syn_recv=2 halfopen_now=0
	act cli wait c out 5
	act srv wait s out 5
	# The last ACKs are on their way.
	pass 0.7
	trace_conn 5002 5001
	for i in c s; do
		expect_eq "segments of $i: SYN, SYN-ACK, ACK, all" \
			"${T[$i.syn]} ${T[$i.synack]} ${T[$i.ack]} ${T[$i.segs]}" \
			"1 1 1 3"
	done
	one_record cli 5002 5001 FLAGS=simopen
	expect_field_ms HS_MS $(($(gap s.synack.1 c.syn.1) + 300000)) 10000
	one_record srv 5001 5002 FLAGS=simopen
	expect_field_ms HS_MS $(($(gap c.synack.1 s.syn.1) + 300000)) 10000
	for i in cli srv; do
		expect_mib $i ActiveOpens=1 PassiveOpens=0 TCPChallengeACK=0 \
			TCPDSACKOldSent=1 TCPSynRetrans=0
	done
	expect_stats active_opens=2 passive_opens=0 syn_received=0 born=2 \
		halfopen_established=0 accepted=0 now_established=2
	act cli set c linger 0
	act cli close c
	act_fails srv ECONNRESET eof s
	act srv close s
	H20_end cli 5002 5001 c s
	expect_field_ms SYN_RECV_MS "$(gap s.synack.1 s.syn.1)" 10000
	H20_end srv 5001 5002 s c
}

# H09_start PORT: a connection that may use TCP Fast Open, from port 4PORT
H09_start()
{
	act srv socket "l$1" 4
	act srv set "l$1" fastopen 5
	act srv listen "l$1" "$SRV" "$1" 10
	act cli socket "c$1" 4
	act cli set "c$1" fastopen-connect 1
	act cli connect "c$1" "$SRV" "$1" "$CLI" "4${1#?}"
}

# The client has no cookie: an ordinary handshake, in which it asks for one.
H09_no_cookie()
{
	H09_start 5001
	act srv accept s5001 l5001
	trace_conn 4001 5001
	expect_eq "data in the SYN" "${T[c.syndata]}" 0
	one_record cli 4001 5001 FLAGS=tfo
	one_record srv 5001 4001 FLAGS=-
	expect_field_ms HS_MS "$(gap c.ack.1 c.syn.1)"
	expect_mib srv TCPFastOpenCookieReqd=1 TCPFastOpenPassive=0
}

# tcp_try_fastopen() makes the child for the SYN: it is in the accept queue,
# can be accepted and can be read from, all before the final ACK is there.
H09_early()
{
	expect_state srv 5002 4002 03
	record connections srv 5002 4002
	expect_fields STATE=SYN_RECV ROLE=passive FLAGS=tfo,data-in-syn HS_MS=- \
		"PID=${AGENT_PID[srv]}" COMM=tl-srv ACCQ=0 SYNACK_RETR=0 \
		"COOKIE=$(ss_cookie srv 5002 4002)"
	expect_between ACCEPT_MS "${R[ACCEPT_MS]}" 0.000 5.000
	expect_stats now_syn_recv=1 accepted=2 halfopen_now=0
}

# The client's segments take 200 ms, and the capture has them when they arrive.
H09_cookie()
{
	delay cli 200ms
	H09_start 5002
	tell srv accept s5002 l5002
	tell cli send c5002 100
	finish srv accept
	act srv recv s5002 100
	H09_early
	finish cli send
	pass 0.5
	TRACED=
	trace_conn 4002 5002
	expect_eq "data in the SYN" "${T[c.syndata]} ${T[c.data]-0}" "100 0"
	one_record cli 4002 5002 FLAGS=tfo,data-in-syn \
		"SYN_DATA=${T[c.syndata]}"
	expect_field_ms HS_MS $(($(gap s.synack.1 c.syn.1) + 200000)) 5000
	one_record srv 5002 4002 FLAGS=tfo,data-in-syn ACK_IGN=no \
		"SYN_DATA=${T[c.syndata]}" \
		"ISN_L=${T[s.isn]}" "ISN_R=${T[c.isn]}"
	expect_field_ms HS_MS "$(gap c.ack.1 c.syn.1)"
	expect_mib cli TCPFastOpenActive=1 TCPFastOpenActiveFail=0
	expect_mib srv TCPFastOpenPassive=1 PassiveOpens=2 TCPSynRetrans=0
}

# A server that has switched it off takes the SYN and not the data, which are
# sent again, as the final ACK: tcp_rcv_fastopen_synack().
H09_refused()
{
	act srv sysctl tcp_fastopen 1
	H09_start 5003
	act cli send c5003 100
	act srv accept s5003 l5003
	act srv recv s5003 100
	TRACED=
	trace_conn 4003 5003
	expect_eq "data in the SYN" "${T[c.syndata]} ${T[c.data]-0}" "100 1"
	one_record cli 4003 5003 FLAGS=tfo,data-in-syn SYN_DATA=0
	one_record srv 5003 4003 FLAGS=data-in-ack SYN_DATA=-
	expect_field_ms HS_MS "$(gap c.data.1 c.syn.1)"
	expect_mib cli TCPFastOpenActive=1 TCPFastOpenActiveFail=1 RetransSegs=1
	expect_stats retrans_data=1 retrans_syn=0 passive_opens=3 \
		halfopen_established=2 active_opens=3 drop_other=0
}

test_H09()
{
	act srv sysctl tcp_fastopen 3
	H09_no_cookie
	H09_cookie
	H09_refused
}

# H24_no_port NAME OPENS: none is left for one more connection to that place.
# tcp_v4_connect() enters SYN_SENT, looks for a port and goes back.
H24_no_port()
{
	connect_fails "$1" EADDRNOTAVAIL "$SRV" 5001
	expect_mib cli "ActiveOpens=$2" AttemptFails=0 EstabResets=0
	expect_stats "active_opens=$2" attempt_fails=0
}

# Two ports, two connections. TIME_WAIT of the one that closed keeps its port,
# as 10.7.0.2 is no loopback address (tcp_tw_reuse).
H24_connect()
{
	act cli sysctl ip_local_port_range 40000 40001
	act srv listen l "$SRV" 5001 10
	act cli connect a "$SRV" 5001
	act cli connect b "$SRV" 5001
	H24_no_port d 2
	connect_ended "$SRV" 5001 END=no-local-port ERRNO=EADDRNOTAVAIL ISN_L=- \
		LPORT=- SYN_RETR=- FLAGS=-
	expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" 0.000 2.000
	act srv accept s l
	act cli close a
	act srv eof s
	act srv close s
	H24_no_port e 2
	expect_stats end_no_local_port=2 now_time_wait=1 end_unreachable=0 \
		bind_in_use=0
	# bind() and listen() of srv: the hook costs a connection nothing.
	expect_eq "hits" "$(col hooks EVENT=bind-failed HITS)" 2
	trace_read
	expect_eq "SYNs" "$(awk '$6 == "S"' "$TMP/trace" | wc -l)" 2
	pass 62.3
	act cli connect f "$SRV" 5001
	expect_mib cli ActiveOpens=3
}

# H24_time_wait PORT REUSEADDR: leaves a TIME_WAIT there, of a listener that had
# SO_REUSEADDR or not and is gone.
H24_time_wait()
{
	act srv socket "l$1" 4
	act srv set "l$1" reuseaddr "$2"
	act srv listen "l$1" "$SRV" "$1" 10
	act cli connect "c$1" "$SRV" "$1"
	act srv accept "s$1" "l$1"
	act srv close "l$1"
	act srv close "s$1"
	act cli eof "c$1"
	act cli port "c$1"
	CP=$ANSWER
	act cli close "c$1"
	expect_state srv "$1" "$CP" 06
}

# H24_bind NAME PORT REUSEADDR ANSWER
H24_bind()
{
	act srv socket "$1" 4
	act srv set "$1" reuseaddr "$3"
	tell srv listen "$1" "$SRV" "$2" 10
	answer srv
	expect_eq "bind() of $1 to $2" "$ANSWER" "$4"
	act srv close "$1"
}

# SO_REUSEADDR is no help where the old socket did not have it, whose timewait
# socket keeps that (tw_reuse): inet_bind_conflict() wants it of both.
H24_listen()
{
	H24_time_wait 5002 0
	H24_time_wait 5003 1
	H24_bind m 5002 0 'err EADDRINUSE'
	H24_bind n 5002 1 'err EADDRINUSE'
	H24_bind o 5003 0 'err EADDRINUSE'
	H24_bind p 5003 1 'ok 0'
	expect_stats now_time_wait=2 now_listen=1
	pass 62.3
	H24_bind q 5002 0 'ok 0'
	expect_stats bind_in_use=3 end_no_local_port=2
}

test_H24()
{
	H24_connect
	H24_listen
}

run_tests \
	H09 "TCP Fast Open: without a cookie, with one, refused" \
	H20 "simultaneous open" \
	H24 "no local port left, and ports that TIME_WAIT keeps"
