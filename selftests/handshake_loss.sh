#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Handshakes that lack a segment, or have one too many: rows H03, H05, H07,
# H08, H19 and H30 to H32 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# Nobody heard of this SYN and its resends.
expect_unanswered()
{
	expect_timer_gaps SYN c.syn "${SYN_PLAN[@]}"
	expect_eq "answers" "${T[s.segs]-0}" 0
	record history cli "$1" "$2"
	expect_fields END=connect-timeout ERRNO=ETIMEDOUT ROLE=active RST=- \
		"SYN_RETR=${#SYN_PLAN[@]}" "ISN_L=${T[c.isn]}" ISN_R=- \
		HS_MS=- ESTABLISHED_MS=- FIRST_FIN=- FLAGS=- OPTS=- \
		"PID=${AGENT_PID[cli]}"
	expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" "${GIVE_UP}000.000" \
		"$((GIVE_UP + 8))000.000"
}

H03_live()
{
	pass_until $((${T[c.syn.1]} + 60000000))
	expect_state cli "$CP" 5001 02
	record connections cli "$CP" 5001
	# One resend is to come, at 63 s or 67 s.
	expect_fields STATE=SYN_SENT "SYN_RETR=$((${#SYN_PLAN[@]} - 1))" \
		"COOKIE=$(ss_cookie cli "$CP" 5001)" HS_MS=- ISN_R=-
	expect_stats now_syn_sent=1 alive=1 active_opens=1 attempt_fails=0
}

# Each RTO is rounded up by the timer wheel, the last one of 64 s by 2 s, so
# connect() takes 131 s (6.1) or 134 s (6.12) and not 127 or 131.
test_H03()
{
	local ended

	syn_plan
	lose srv all "$SYN"
	act srv listen l "$SRV" 5001 10
	act cli start c "$SRV" 5001
	act cli port c
	CP=$ANSWER
	trace_conn "$CP" 5001
	H03_live
	act_fails cli ETIMEDOUT wait c out 200
	ended=$(now)
	act cli close c
	trace_read
	trace_conn "$CP" 5001
	expect_eq "SYNs lost" "$(lost srv)" $((${#SYN_PLAN[@]} + 1))
	expect_unanswered "$CP" 5001
	expect_field_ms SYN_SENT_MS $((ended - ${T[c.syn.1]})) 20000
	expect_mib cli ActiveOpens=1 AttemptFails=1 TCPAbortOnTimeout=1 \
		"TCPSynRetrans=${#SYN_PLAN[@]}" \
		"TCPTimeouts=$((${#SYN_PLAN[@]} + 1))" OutRsts=0
	expect_stats end_connect_timeout=1 "retrans_syn=${#SYN_PLAN[@]}" \
		syn_received=0 alive=0 born=1
}

# The client is ESTABLISHED, the server has a half-open request and no more.
half_done()
{
	expect_state cli "$CP" 5001 01
	expect_state srv 5001 "$CP" 03
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED
	expect_no_record connections 5001 "$CP"
	expect_stats halfopen_now=1 passive_opens=0 born=1 now_syn_recv=0
}

# final_lost: connected, but for the final ACK, which is lost
final_lost()
{
	lose srv 1 "$BARE_ACK"
	act srv listen l "$SRV" 5001 10
	act cli connect c "$SRV" 5001
	act cli port c
	CP=$ANSWER
	expect_eq "ACKs lost" "$(lost srv)" 1
	half_done
}

# The client has nothing to say, so it is for the server to ask again after
# 1 s: reqsk_timer_handler(). To the client the SYN-ACK is a SYN in a
# connection that stands, which it answers by a challenge ACK,
# tcp_validate_incoming(); as that is what the server wants, it will do.
test_H05()
{
	final_lost
	act srv accept s l
	trace_conn "$CP" 5001
	expect_timer_gaps SYN-ACK s.synack 1000
	expect_eq "ACKs" "${T[c.ack]}" 2
	expect_eq "segments" "${T[c.segs]} ${T[s.segs]}" "3 2"
	one_record cli "$CP" 5001 SYN_RETR=0 SYNACK_RETR=- FLAGS=-
	expect_field_ms HS_MS "$(gap s.synack.1 c.syn.1)"
	one_record srv 5001 "$CP" SYNACK_RETR=1 ACK_IGN=no FLAGS=- \
		"ISN_L=${T[s.isn]}" "ISN_R=${T[c.isn]}" SYNQ=0 ACCQ=0
	expect_field_ms HS_MS "$(gap c.ack.2 c.syn.1)"
	expect_mib cli TCPSYNChallenge=1 TCPChallengeACK=1 TCPSynRetrans=0
	expect_mib srv TCPSynRetrans=1 RetransSegs=1 TCPTimeouts=1 \
		PassiveOpens=1 ListenOverflows=0
	expect_stats born=2 alive=2 retrans_synack=1 halfopen_established=1 \
		halfopen_syn_ack_timeout=0 syn_duplicate=0 ack_ignored=0
}

# All segments carry an ACK, so the first data will do for the final one. For
# the server that is the same segment as in H08.
test_H07()
{
	final_lost
	pass 0.3
	half_done
	tell srv accept s l
	act cli send c 100
	finish srv accept
	act srv recv s 100
	trace_conn "$CP" 5001
	expect_eq "SYN-ACKs" "${T[s.synack]}" 1
	expect_eq "data segments" "${T[c.data]} ${T[c.retr]-0}" "1 0"
	one_record cli "$CP" 5001 SYN_RETR=0 FLAGS=-
	one_record srv 5001 "$CP" SYNACK_RETR=0 ACK_IGN=no FLAGS=data-in-ack
	expect_field_ms HS_MS "$(gap c.data.1 c.syn.1)"
	expect_between "HS_MS" "${R[HS_MS]}" 300.000 900.000
	expect_mib cli RetransSegs=0 TCPTimeouts=0
	expect_mib srv TCPSynRetrans=0 TCPTimeouts=0 PassiveOpens=1
	expect_stats born=2 retrans_synack=0 halfopen_established=1
}

# H08_segments PORT: two from each side, and no bare ACK of the SYN-ACK
H08_segments()
{
	trace_conn "$CP" "$1"
	expect_eq "segments of the client" "${T[c.segs]} ${T[c.data]}" "2 1"
	expect_eq "segments of the server" "${T[s.segs]} ${T[s.ack]}" "2 1"
	one_record cli "$CP" "$1" FLAGS=-
	expect_field_ms HS_MS $(($(gap s.synack.1 c.syn.1) + 20000))
	one_record srv "$1" "$CP" SYNACK_RETR=0 ACK_IGN=no FLAGS=data-in-ack
	expect_field_ms HS_MS "$(gap c.data.1 c.syn.1)"
}

# H08_talk PORT [OPTION VALUE]: the client connects and sends, or, without an
# option, sends while it is connecting.
H08_talk()
{
	act srv listen "l$1" "$SRV" "$1" 10
	act cli socket c 4
	[ -z "${2-}" ] || act cli set c "$2" "$3"
	act cli start c "$SRV" "$1"
	[ -z "${2-}" ] || act cli wait c out 5
	act cli send c 100
	act cli port c
	CP=$ANSWER
	act srv accept "s$1" "l$1"
	act srv recv "s$1" 100
	trace_read
	H08_segments "$1"
	act cli set c linger 0
	act cli close c
}

# tcp_rcv_synsent_state_process() holds the final ACK back for up to 200 ms,
# for data to take it along, where the client has TCP_DEFER_ACCEPT set or
# TCP_QUICKACK off, or is waiting to write. Without one of these Linux never
# does. It is two segments each way, and the flag is that of H07.
test_H08()
{
	delay cli 20ms
	H08_talk 5001 defer 10
	H08_talk 5002 quickack 0
	H08_talk 5003
	expect_mib srv PassiveOpens=3 TCPSynRetrans=0
	expect_mib cli RetransSegs=0 TCPTimeouts=0
	expect_stats halfopen_established=3 retrans_data=0
}

# H19_silent: 10 s are rounded up to 15 s, 4 time-outs: secs_to_retrans(). Until
# the fourth, syn_ack_recalc() keeps SYN-ACKs back once the ACK has come and
# tcp_check_req() drops bare ACKs; then one SYN-ACK asks for one more ACK.
H19_silent()
{
	trace_conn "$CP" 5001
	expect_between "the gap of the SYN-ACKs" \
		"$(thousandths "$(gap s.synack.2 s.synack.1)")" \
		15000.000 15700.000
	expect_eq "SYN-ACKs and ACKs" "${T[s.synack]} ${T[c.ack]}" "2 2"
	one_record srv 5001 "$CP" SYNACK_RETR=1 ACK_IGN=- FLAGS=-
	expect_field_ms HS_MS "$(gap c.ack.2 c.syn.1)"
	expect_mib srv TCPDeferAcceptDrop=1 TCPTimeouts=4 TCPSynRetrans=1 \
		PassiveOpens=1 ListenOverflows=0 ListenDrops=0
	expect_stats ack_ignored=0 halfopen_syn_ack_timeout=0 \
		halfopen_accept_overflow=0 retrans_synack=1
}

H19_data()
{
	act cli connect d "$SRV" 5001
	act cli port d
	CP=$ANSWER
	pass 0.5
	expect_state srv 5001 "$CP" 03
	act cli send d 100
	act srv accept t l
	trace_read
	trace_conn "$CP" 5001
	one_record srv 5001 "$CP" SYNACK_RETR=0 ACK_IGN=- FLAGS=data-in-ack
	expect_field_ms HS_MS "$(gap c.data.1 c.syn.1)"
	expect_mib srv TCPDeferAcceptDrop=2 TCPSynRetrans=1 PassiveOpens=2
}

# The listener wants no connection before there is something to read.
test_H19()
{
	act srv socket l 4
	act srv set l defer 10
	act srv listen l "$SRV" 5001 10
	act cli connect c "$SRV" 5001
	act cli port c
	CP=$ANSWER
	half_done
	act srv accept s l
	H19_silent
	H19_data
}

# H30_send FLAGS SEQ ACK: a segment of a client that is not there
H30_send() { in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5001 "$@"; }

# The SYN comes again after 0.2, 0.4 and 0.8 s. tcp_check_req() answers with a
# SYN-ACK at once, unless it did so within the last 500 ms (0.4 s): the rate
# limit of tcp_oow_rate_limited(), which knows nothing of the first SYN-ACK.
# Each such answer winds the timer up anew, so its first resend is at 1.8 s.
H30_syns()
{
	local start i

	H30_send S 1000 0
	start=$(now)
	for i in 200 400 800; do
		pass_until $((start + i * 1000))
		H30_send S 1000 0
	done
	pass_until $((start + 2500000))
	trace_conn 7001 5001
	expect_eq SYNs "${T[c.syn]}" 4
	expect_eq SYN-ACKs "${T[s.synack]}" 4
	expect_ms "answer to the second SYN" 0.000 "$(gap s.synack.2 c.syn.2)"
	expect_ms "answer to the fourth SYN" 0.000 "$(gap s.synack.3 c.syn.4)"
	expect_between "the timer's SYN-ACK" \
		"$(thousandths "$(gap s.synack.4 s.synack.3)")" \
		1000.000 1072.000
}

# One request, whatever came; and, once its ACK is there, one connection. A
# SYN without options has no more than MSS 536 to say.
test_H30()
{
	lose srv all 'tcp flags & (syn | rst) == rst'
	act srv listen l "$SRV" 5001 10
	H30_syns
	expect_stats syn_received=1 syn_queued=1 syn_duplicate=3 \
		halfopen_now=1 retrans_synack=3 born=0
	expect_mib srv TCPACKSkippedSynRecv=1 TCPSynRetrans=3 TCPTimeouts=1 \
		ListenDrops=0
	row_load listeners LPORT=5001
	WHO=listener
	expect_fields SYNS=1 SYN_DUP=3 SYNQ=1 SYNQ_MAX=1 SYNACK_RETR=3
	H30_send A 1001 $((${T[s.isn]} + 1))
	act srv accept s l
	trace_read
	trace_conn 7001 5001
	one_record srv 5001 7001 SYNACK_RETR=3 ACK_IGN=no ISN_R=1000 \
		"ISN_L=${T[s.isn]}" MSS=536 WSCALE=- OPTS=- FLAGS=-
	expect_field_ms HS_MS "$(gap c.ack.1 c.syn.1)"
	expect_mib srv PassiveOpens=1
	expect_stats born=1 halfopen_established=1 halfopen_now=0
	H30_send R 1001 0
}

# H31_strip cli|srv FLAGS: its SYN or SYN-ACK leaves without an MSS option
H31_strip()
{
	in_ns "$1" nft -f - <<-END || die "cannot strip options"
	table inet strip {
		chain out {
			type filter hook output priority mangle;
			tcp flags & (syn | ack) == $2 reset tcp option maxseg
		}
	}
	END
}

# H31_largest SENDER PORT: the longest segment sent from there, in bytes
H31_largest()
{
	awk -v from="$1" -v port="$2" '
		$2 == from && ($3 == port || $5 == port) && $9 > most {
			most = $9
		}
		END { print most + 0 }' "$TMP/trace"
}

# H31_pair PORT MSS-OF-CLI MSS-OF-SRV: as the records have what the peer takes;
# sends 2000 bytes each way
H31_pair()
{
	connected "$1" "$1"
	act cli send "c$1" 2000
	act srv recv "s$1" 2000
	act srv send "s$1" 2000
	act cli recv "c$1" 2000
	trace_read
	trace_conn "$CP" "$1"
	one_record cli "$CP" "$1" "MSS=$3" WSCALE=7/7 OPTS=sack,ts
	one_record srv "$1" "$CP" "MSS=$2" WSCALE=7/7 OPTS=sack,ts
	# Timestamps take 12 bytes of it.
	expect_eq "largest of cli" "$(H31_largest "$CLI" "$1")" $(($3 - 12))
	expect_eq "largest of srv" "$(H31_largest "$SRV" "$1")" $(($2 - 12))
}

# Without the option TCP takes 536 (TCP_MSS_DEFAULT), either way:
# tcp_conn_request(), tcp_v4_connect(). tcp_parse_options() keeps the number
# and not where it has it from, so nobody can tell from a request or a socket
# whether the peer said 536 or nothing. The other options, which the SYN did
# have, are on the record; H30's SYN had none.
test_H31()
{
	H31_strip cli syn
	H31_pair 5001 536 1460
	expect_eq "MSS of the SYN" "${T[c.mss]} ${T[s.mss]}" "- 1460"
	in_ns cli nft delete table inet strip
	H31_strip srv '(syn | ack)'
	H31_pair 5002 1460 536
	expect_eq "MSS of the SYN-ACK" "${T[c.mss]} ${T[s.mss]}" "1460 -"
	expect_mib cli RetransSegs=0 PassiveOpens=0
}

# H32_rejected PORT ERRNO END RST: by one SYN, there and back in 20 ms
H32_rejected()
{
	act_fails cli "$2" connect "c$1" "$SRV" "$1"
	act cli close "c$1"
	row_load history "RPORT=$1"
	WHO="record of :$1"
	CP=${R[LPORT]}
	trace_read
	trace_conn "$CP" "$1"
	expect_fields "END=$3" "ERRNO=$2" "RST=$4" SYN_RETR=0 HS_MS=- \
		ROLE=active "ISN_L=${T[c.isn]}" ISN_R=-
	expect_eq "SYNs to :$1" "${T[c.syn]}" 1
	expect_between SYN_SENT_MS "${R[SYN_SENT_MS]}" 20.000 25.000
}

H32_dropped()
{
	firewall srv tcp dport 5001 drop
	act_fails cli ETIMEDOUT connect d "$SRV" 5001 "$CLI" 40001
	act cli close d
	trace_read
	trace_conn 40001 5001
	expect_unanswered 40001 5001
}

# What a packet filter in front of a listener does to a SYN: that TCP never
# sees it, nor does the listener's row; and a RST of the filter is none of the
# host's TCP's. The answer takes 20 ms on the way, or it would come while
# connect() holds the socket (H25).
test_H32()
{
	syn_plan
	delay srv 20ms
	act srv listen l "$SRV" 5001 10
	firewall srv tcp dport 5002 reject with tcp reset
	H32_rejected 5002 ECONNREFUSED refused received
	firewall srv tcp dport 5003 reject with icmp port-unreachable
	H32_rejected 5003 ECONNREFUSED unreachable -
	firewall srv tcp dport 5004 reject with icmp admin-prohibited
	H32_rejected 5004 EHOSTUNREACH unreachable -
	H32_dropped
	expect_mib cli ActiveOpens=4 AttemptFails=4 TCPAbortOnTimeout=1 \
		"TCPSynRetrans=${#SYN_PLAN[@]}"
	expect_mib srv OutRsts=0 InSegs=0 ListenDrops=0
	expect_stats end_refused=1 end_unreachable=2 end_connect_timeout=1 \
		rst_sent=0 rst_received=1 syn_received=0 drop_other=0 \
		attempt_fails=4
}

run_tests \
	H03 "every SYN lost" \
	H05 "final ACK lost, the client silent" \
	H07 "final ACK lost, data follows" \
	H08 "final ACK carries data" \
	H19 "TCP_DEFER_ACCEPT: a silent client, and one that talks" \
	H30 "SYN of a living half-open comes again" \
	H31 "SYN and SYN-ACK without an MSS option" \
	H32 "firewall drops or rejects the SYN"
