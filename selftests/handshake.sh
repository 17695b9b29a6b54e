#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How connections begin: rows H of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# What both ends have from the SYN and the SYN-ACK, as the capture has them.
# Its MSS is what the peer announced; the window of a SYN is not kept by the
# kernel that received it.
expect_handshake()
{
	local self=$1 peer=$2 win_r=${T[$2.win]}

	[ "$peer" = s ] || win_r=-
	expect_fields "ISN_L=${T[$self.isn]}" "ISN_R=${T[$peer.isn]}" \
		"MSS=${T[$peer.mss]}" "WIN_L=${T[$self.win]}" "WIN_R=$win_r" \
		"WSCALE=${T[$self.wscale]}/${T[$peer.wscale]}" \
		"OPTS=${T[$peer.sack]},${T[$peer.ts]}"
}

# Who an agent is, differently from everyone else: uid, comm, cgroup.
dress()
{
	local cgroup=/sys/fs/cgroup/tcplife-$1

	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
	mkdir -p "$cgroup"
	echo "${AGENT_PID[$1]}" >"$cgroup/cgroup.procs" ||
		die "cannot use a cgroup"
	act "$1" uid "$2"
}

expect_owner()
{
	expect_fields "PID=${AGENT_PID[$1]}" "COMM=tl-$1" "UID=$2" \
		"CGROUP=$(stat -c %i "/sys/fs/cgroup/tcplife-$1")"
}

H01_client()
{
	record connections cli "$CP" 5001
	expect_fields "LADDR=$CLI" "RADDR=$SRV" ROLE=active STATE=ESTABLISHED \
		"COOKIE=$(ss_cookie cli "$CP" 5001)" SYN_RETR=0 ACK_IGN=- \
		FLAGS=- FIRST_FIN=- FIN_RETR=- ACCEPT_MS=- SYNQ=- ACCQ=-
	expect_owner cli 1001
	expect_handshake c s
	expect_field_ms HS_MS "$(gap s.synack.1 c.syn.1)"
}

H01_server()
{
	record connections srv 5001 "$CP"
	expect_fields "LADDR=$SRV" "RADDR=$CLI" ROLE=passive STATE=ESTABLISHED \
		"COOKIE=$(ss_cookie srv 5001 "$CP")" SYNACK_RETR=0 ACK_IGN=no \
		FLAGS=- FIRST_FIN=- FIN_RETR=- SYNQ=0 ACCQ=0
	expect_owner srv 1002
	expect_handshake s c
	expect_field_ms HS_MS "$(gap c.ack.1 c.syn.1)"
	# The acceptor was waiting.
	expect_between "ACCEPT_MS" "${R[ACCEPT_MS]}" 0.000 5.000
}

H01_listener()
{
	row_load listeners LPORT=5001 || fail "no listener"
	WHO=listener
	expect_fields "LADDR=$SRV" "PID=${AGENT_PID[srv]}" COMM=tl-srv \
		BACKLOG_ASKED=10 BACKLOG=10 SYNQ=0 SYNQ_MAX=1 ACCQ=0 ACCQ_MAX=1 \
		SYNS=1 SYN_DUP=0 ACCEPTS=1 HO_ESTAB=1 HO_TIMEOUT=0 \
		SYNACK_RETR=0 "NETNS=$(netns_of srv)"
}

# H01_buffers WHO: the buffers as ss -m sees them while the connection lives.
H01_buffers()
{
	local rb tb

	read -r rb tb < <(in_ns "$1" ss -tmnOH state established |
		sed -n 's/.*skmem:(r[0-9]*,rb\([0-9]*\),t[0-9]*,tb\([0-9]*\),.*/\1 \2/p')
	BUFFERS[$1]="RCVBUF=$rb SNDBUF=$tb"
}

# No data was sent, so they are the same at the end.
H01_end()
{
	local -A BUFFERS=()

	H01_buffers cli
	H01_buffers srv
	act cli set c linger 0
	act cli close c
	act_fails srv ECONNRESET eof s
	act srv close s
	record history cli "$CP" 5001
	# shellcheck disable=SC2086 # two words
	expect_fields END=reset-sent ${BUFFERS[cli]}
	record history srv 5001 "$CP"
	# shellcheck disable=SC2086 # two words
	expect_fields END=reset-received ${BUFFERS[srv]}
}

# Both ends differ in all that a SYN says, and the path takes 30 ms.
test_H01()
{
	in_ns cli ip link set eth0 mtu 1400
	act srv sysctl tcp_rmem 4096 131072 33554432
	dress cli 1001
	dress srv 1002
	delay srv 30ms
	connected 5001
	trace_conn "$CP" 5001
	expect_ne "window scales" "${T[c.wscale]}" "${T[s.wscale]}"
	expect_ne "MSS" "${T[c.mss]}" "${T[s.mss]}"
	expect_mib cli ActiveOpens=1 PassiveOpens=0 TCPSynRetrans=0
	expect_mib srv ActiveOpens=0 PassiveOpens=1 TCPSynRetrans=0
	H01_client
	H01_server
	H01_listener
	expect_stats active_opens=1 passive_opens=1 accepted=1 alive=2 \
		now_established=2 syn_received=1 syn_queued=1 syn_duplicate=0 \
		halfopen_established=1 halfopen_now=0
	H01_end
	ladders H01
}

H02_records()
{
	record connections cli "$CP" 5001
	expect_fields SYN_RETR=1
	expect_handshake c s
	expect_field_ms HS_MS "$(gap s.synack.1 c.syn.1)"
	record connections srv 5001 "$CP"
	expect_fields SYNACK_RETR=0
	expect_handshake s c
	# Its first SYN is the second one.
	expect_field_ms HS_MS "$(gap c.ack.1 c.syn.2)"
	expect_eq "SYNS" "$(col listeners LPORT=5001 SYNS)" 1
	expect_stats retrans_syn=1 retrans_synack=0 syn_received=1 \
		syn_duplicate=0
}

test_H02()
{
	lose srv 1 "$SYN"
	connected 5001
	expect_eq "SYNs lost" "$(lost srv)" 1
	trace_conn "$CP" 5001
	expect_gaps SYN c.syn 40 1000
	expect_eq SYN-ACKs "${T[s.synack]}" 1
	expect_mib cli TCPSynRetrans=1 TCPTimeouts=1 RetransSegs=1
	expect_mib srv TCPSynRetrans=0 PassiveOpens=1
	H02_records
}

# The client's second SYN makes the server answer at once, and its own timer
# may have fired just before: SYN-ACKs are 2 or 3, the capture says which.
H04_records()
{
	local resent=$((${T[s.synack]} - 1))

	record connections cli "$CP" 5001
	expect_fields SYN_RETR=1
	expect_handshake c s
	expect_field_ms HS_MS "$(gap s.synack.2 c.syn.1)"
	record connections srv 5001 "$CP"
	expect_fields "SYNACK_RETR=$resent"
	expect_handshake s c
	expect_field_ms HS_MS "$(gap c.ack.1 c.syn.1)"
	expect_stats retrans_syn=1 "retrans_synack=$resent" syn_received=1 \
		syn_duplicate=1 syn_queued=1
	row_load listeners LPORT=5001
	WHO=listener
	expect_fields SYNS=1 SYN_DUP=1 "SYNACK_RETR=$resent" HO_ESTAB=1
}

test_H04()
{
	lose cli 1 "$SYNACK"
	connected 5001
	expect_eq "SYN-ACKs lost" "$(lost cli)" 1
	trace_conn "$CP" 5001
	expect_gaps SYN c.syn 40 1000
	expect_between SYN-ACKs "${T[s.synack]}" 2 3
	expect_mib cli TCPSynRetrans=1
	expect_mib srv "TCPSynRetrans=$((${T[s.synack]} - 1))" PassiveOpens=1
	H04_records
	ladders H04
}

# The half-open's last timer is 32 s after the fifth resend, give or take the
# timer wheel: it lives at 62.5 s and is gone at 67.5.
H06_halfopen()
{
	local born=${T[c.syn.1]}

	pass_until $((born + 62500000))
	expect_state srv 5001 "$CP" 03
	expect_stats halfopen_now=1 halfopen_syn_ack_timeout=0
	pass_until $((born + 67500000))
	expect_state srv 5001 "$CP" ""
}

H06_records()
{
	expect_no_record connections 5001 "$CP"
	expect_no_record history 5001 "$CP"
	expect_stats halfopen_now=0 halfopen_syn_ack_timeout=1 \
		retrans_synack=5 passive_opens=0 end_syn_ack_timeout=0 \
		attempt_fails=0 end_reset_received=1 rst_received=1
	row_load listeners LPORT=5001
	WHO=listener
	expect_fields HO_TIMEOUT=1 SYNACK_RETR=5 SYNQ=0 SYNQ_MAX=1 ACCQ_MAX=0
	record history cli "$CP" 5001
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received \
		FIRST_FIN=- SYN_RETR=0
	expect_field_ms ESTABLISHED_MS "$(gap s.rst.1 s.synack.1)"
}

test_H06()
{
	lose srv all "$BARE_ACK"
	act srv listen l "$SRV" 5001 10
	act cli connect c "$SRV" 5001
	act cli port c
	CP=$ANSWER
	trace_conn "$CP" 5001
	H06_halfopen
	act cli send c 10
	act_fails cli ECONNRESET eof c
	act cli close c
	trace_read
	trace_conn "$CP" 5001
	expect_gaps SYN-ACK s.synack 800 1000 2000 4000 8000 16000
	expect_eq "ACKs lost" "$(lost srv)" "${T[c.ack]}"
	expect_eq "RSTs" "${T[s.rst]-0}" 1
	expect_mib srv TCPSynRetrans=5 TCPTimeouts=6 AttemptFails=0 \
		PassiveOpens=0 OutRsts=1
	expect_mib cli EstabResets=1
	H06_records
	ladders H06
}

H10_records()
{
	record history cli "$CP" 5001
	expect_fields END=refused ERRNO=ECONNREFUSED RST=received HS_MS=- \
		ESTABLISHED_MS=- ISN_R=- "ISN_L=${T[c.isn]}" ROLE=active \
		"PID=${AGENT_PID[cli]}" COMM=tl-cli FIRST_FIN=-
	expect_field_ms SYN_SENT_MS "$(gap s.rst.1 c.syn.1)"
	expect_no_record connections "$CP" 5001
	row_load history RPORT=5002
	WHO=unreachable
	expect_fields END=unreachable ERRNO=ECONNREFUSED RST=- HS_MS=-
	expect_stats end_refused=1 end_unreachable=1 attempt_fails=2 \
		rst_sent=1 rst_received=1 alive=0 born=2
}

# The same errno comes of a RST and of an ICMP message.
test_H10()
{
	act cli socket c 4
	act_fails cli ECONNREFUSED connect c "$SRV" 5001 "$CLI" 40001
	CP=40001
	unreachable srv 5002
	act cli close c
	act_fails cli ECONNREFUSED connect d "$SRV" 5002
	act cli close d
	trace_conn "$CP" 5001
	expect_eq SYNs "${T[c.syn]}" 1
	expect_eq RSTs "${T[s.rst]}" 1
	expect_mib cli ActiveOpens=2 AttemptFails=2
	expect_mib srv OutRsts=1
	H10_records
}

H23_pair()
{
	local port=$1 ca=$2 sa=$3

	act cli port "c$port"
	trace_conn "$ANSWER" "$port" "$ca" "$sa"
	record connections cli "$ANSWER" "$port"
	expect_fields "LADDR=$ca" "RADDR=$sa" ROLE=active \
		"COOKIE=$(ss_cookie cli "$ANSWER" "$port")"
	expect_handshake c s
	record connections srv "$port" "$ANSWER"
	expect_fields "LADDR=$sa" "RADDR=$ca" ROLE=passive \
		"COOKIE=$(ss_cookie srv "$port" "$ANSWER")" \
		"PID=${AGENT_PID[srv]}"
	expect_handshake s c
	expect_field_ms HS_MS "$(gap c.ack.1 c.syn.1)"
}

# H23_connect PORT LISTEN-ADDR CONNECT-ADDR
H23_connect()
{
	act srv listen "l$1" "$2" "$1" 10
	tell srv accept "s$1" "l$1"
	act cli connect "c$1" "$3" "$1"
	finish srv
}

# IPv6; v4-mapped at the server, at the client and at both; link-local.
test_H23()
{
	H23_connect 5001 "$SRV6" "$SRV6"
	H23_connect 5002 :: "$SRV"
	H23_connect 5003 "$SRV" "::ffff:$SRV"
	H23_connect 5004 :: "::ffff:$SRV"
	H23_connect 5005 :: "$SRV_LL%eth0"
	trace_read
	H23_pair 5001 "$CLI6" "$SRV6"
	H23_pair 5002 "$CLI" "$SRV"
	H23_pair 5003 "$CLI" "$SRV"
	H23_pair 5004 "$CLI" "$SRV"
	H23_pair 5005 "$CLI_LL" "$SRV_LL"
	expect_stats active_opens=5 passive_opens=5 accepted=5 \
		now_established=10
}

# What a load with attach=kprobe must not change.
ARGS_M11=attach=kprobe
test_M11()
{
	test_H01
}

run_tests \
	H01 "plain connect and accept" \
	H02 "first SYN lost" \
	H04 "SYN-ACK lost: both sides resend" \
	H06 "final ACK never arrives" \
	H10 "closed port: RST, and ICMP with the same errno" \
	H23 "IPv6, v4-mapped, link-local" \
	M11 "H01 with attach=kprobe"
