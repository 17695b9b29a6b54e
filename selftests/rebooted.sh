#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The peer was rebooted, and only one side has the connection: rows T19 and T36
# of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# crash cli|srv SOCKET: its host forgets it, and nobody hears of it
crash()
{
	local other=cli

	[ "$1" = srv ] || other=srv
	lose "$other" 1 'tcp flags & rst == rst'
	act "$1" set "$2" linger 0
	act "$1" close "$2"
	expect_eq "RSTs lost" "$(lost "$other")" 1
	lose_no_more "$other"
}

# T19_end PORT KEEPALIVES: the client is told.
T19_end()
{
	trace_conn "$CP" "$1"
	expect_eq "RSTs" "${T[c.rst]-0}+${T[s.rst]}" 0+2
	record history cli "$CP" "$1"
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received TX=0 \
		FIRST_FIN=- DATA_RETR=0 RST_WHY=- "KEEPALIVES=$2"
	expect_field_ms ESTABLISHED_MS "$(gap s.rst.2 s.synack.1)"
	record history srv "$1" "$CP"
	expect_fields END=reset-sent RST_WHY=linger
}

# Half-open: the client alone has the connection. A segment that has no socket
# is answered by a RST with its ACK as sequence number (tcp_v4_send_reset()), so
# it is exactly what the client expects next. That may be data, or the first
# keepalive probe.
test_T19()
{
	connected 5001
	crash srv s
	expect_state cli "$CP" 5001 01
	act cli send c 10
	act_fails cli ECONNRESET wait c err 10
	act cli close c
	T19_end 5001 0
	expect_mib srv OutRsts=2
	connected 5002 x
	act cli set cx keepalive 1
	crash srv sx
	act_fails cli ECONNRESET wait cx err 8000
	act cli close cx
	trace_read
	T19_end 5002 1
	expect_between "ms in ESTABLISHED" "${R[ESTABLISHED_MS]}" 0.001 60000.000
	expect_mib cli TCPKeepAlive=1 EstabResets=2 OutRsts=0
	expect_mib srv OutRsts=4 EstabResets=2
	expect_stats end_reset_received=2 rst_received=2 rst_sent=4 \
		keepalive_probes=1
}

# The second SYN, the challenge, the RST with the challenge's ACK as its number,
# and the SYN again: when, and the numbers.
T36_segments()
{
	local -a seg

	mapfile -t seg < <(awk -v cp="$CP" '
		($3 == cp || $5 == cp) && $6 ~ /S/ && $6 !~ /A/ && ++syns == 2 {
			on = 1
		}
		on && ($3 == cp || $5 == cp) {
			print $6, $7, $8
		}' "$TMP/trace")
	read -r _ SYN2 _ <<<"${seg[0]}"
	read -r _ _ ACK2 <<<"${seg[1]}"
	expect_eq "segments" "$(printf '%s\n' "${seg[@]:0:6}" |
		awk '{ printf "%s ", $1 }')" "S A R S SA A "
	expect_eq "number of the RST" "${seg[2]% *}" "R $ACK2"
	expect_eq "number of the SYN again" "${seg[3]% *}" "S $SYN2"
	read -r _ SYNACK2 _ <<<"${seg[4]}"
	expect_between "ms from the RST to the SYN" \
		"$(thousandths "$(gap c.syn.3 c.rst.2)")" 4.000 20.000
}

T36_records()
{
	record history srv 5001 "$CP" "COOKIE=$OLD"
	expect_fields END=reset-received ERRNO=ECONNRESET RST=received \
		FIRST_FIN=- RX=10 "ISN_R=${T[c.isn]}"
	expect_field_ms ESTABLISHED_MS "$(gap c.rst.2 c.ack.1)"
	record connections srv 5001 "$CP"
	expect_fields STATE=ESTABLISHED "ISN_R=$SYN2" "ISN_L=$SYNACK2" \
		"COOKIE=$(ss_cookie srv 5001 "$CP")" "PID=${AGENT_PID[srv]}"
	expect_ne "cookie of the new life" "${R[COOKIE]}" "$OLD"
	record connections cli "$CP" 5001
	expect_fields STATE=ESTABLISHED "ISN_L=$SYN2" "ISN_R=$SYNACK2" \
		SYN_RETR=1
	expect_field_ms HS_MS "$(gap s.synack.2 c.syn.2)"
}

# The old endpoint challenges the SYN, wherever its number lies (RFC 5961,
# tcp_validate_incoming()). The challenge is no answer to the SYN: the client
# resets what it came from and does not wait a second to send its SYN again,
# but TCP_TIMEOUT_MIN, two ticks (tcp_rcv_synsent_state_process()).
test_T36()
{
	local OLD SYN2 ACK2 SYNACK2

	connected 5001
	act cli send c 10
	act srv recv s 10
	pass 1
	crash cli c
	expect_state srv 5001 "$CP" 01
	OLD=$(ss_cookie srv 5001 "$CP")
	tell srv accept s2 l
	act cli connect c2 "$SRV" 5001 "$CLI" "$CP"
	finish srv accept
	act_fails srv ECONNRESET eof s
	act srv close s
	trace_read
	trace_conn "$CP" 5001
	T36_segments
	expect_mib srv TCPSYNChallenge=1 TCPChallengeACK=1 EstabResets=1 \
		PassiveOpens=2 ListenDrops=0 OutRsts=0
	expect_mib cli OutRsts=2 TCPSynRetrans=1 TCPTimeouts=1
	T36_records
	expect_stats end_reset_received=1 end_reset_sent=1 rst_sent=2 \
		rst_received=1 retrans_syn=1 retrans_synack=0 alive=2
}

run_tests \
	T19 "peer rebooted: RST to the next segment" \
	T36 "peer rebooted, and connects from the same port"
