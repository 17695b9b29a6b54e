#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What audit.sh is about, for the counters of segments that are refused, and of
# resets that answer or do not.

. "$(dirname "$0")/lib.sh"

# Drop what a namespace sends, which its TCP notices.
unsendable()
{
	in_ns "$1" nft -f - <<-END || die "cannot refuse packets"
	table inet unsendable {
		chain out {
			type filter hook output priority 0;
			$2 drop
		}
	}
	END
}

sendable()
{
	in_ns "$1" nft delete table inet unsendable
}

# One of two times that are half a circle apart is older than any other, so one
# of two such segments out of the window is refused by PAWS. A RST is, too, if
# the last good segment came within a minute.
A07_pair()
{
	local from=$1 time

	shift
	for time in 1000 2147484648; do
		in_ns "$from" "$TMP/tcpraw" "$@" 1 $time 1
	done
}

# What PAWS refuses is PAWSEstab, unless the kernel has a name of its own for
# it; that has no twin here. pure and tw are 1 if it has none for an ACK without
# data of what has come (tcp_disordered_ack_check()), or for what comes in
# TIME_WAIT.
A07_names()
{
	mib_read
	pure=$((! ${MIB[srv.PAWSOldAck]+1} + 0))
	tw=$((! ${MIB[cli.PAWSTimewait]+1}+0))
}

A07_established()
{
	local ahead

	trace_read
	trace_conn "$CP" 5001
	for ahead in -1000000 1000000000; do
		A07_pair cli "$CLI" "$CP" "$SRV" 5001 A \
			$(((${T[c.isn]} + ahead) & 0xffffffff)) 99
		[ $ahead -gt 0 ] || expect_mib srv PAWSEstab="$pure"
	done
	expect_mib srv PAWSEstab=$((pure + 1))
	expect_stats paws_old=$((pure + 1))
}

A07_timewait()
{
	act cli close c
	act srv eof s
	act srv close s
	pass 1
	expect_state cli "$CP" 5001 06
	lose cli all 'tcp flags & rst == rst tcp option timestamp missing'
	A07_pair srv "$SRV" 5001 "$CLI" "$CP" A 99 99
	expect_mib cli PAWSEstab="$tw"
	A07_pair srv "$SRV" 5001 "$CLI" "$CP" R 99 99
	lose_no_more cli
	expect_state cli "$CP" 5001 06
	expect_mib cli PAWSEstab=$((2 * tw))
}

A07_request()
{
	act srv listen h "$SRV" 5002 10
	lose srv all 'tcp flags & rst == rst tcp option timestamp missing'
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5002 S 1 0 1 1000 0
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5002 F 2 0 1 500 0
	expect_mib srv PAWSEstab=$((pure + 2))
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5002 R 2 0 1 500 0
	expect_mib srv PAWSEstab=$((pure + 3)) EmbryonicRsts=0
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5002 R 2 0 1 1500 0
	expect_mib srv PAWSEstab=$((pure + 3)) EmbryonicRsts=1
	lose_no_more srv
}

# An answer to a SYN that echoes what no SYN said, and a RST that does.
A07_active()
{
	lose srv all "$SYN"
	act cli start e "$SRV" 5003
	act cli port e
	CP=$ANSWER
	trace_read
	trace_conn "$CP" 5003
	in_ns srv "$TMP/tcpraw" "$SRV" 5003 "$CLI" "$CP" SA 1 \
		$((${T[c.isn]} + 1)) 1 1 12345
	in_ns srv "$TMP/tcpraw" "$SRV" 5003 "$CLI" "$CP" RA 1 \
		$((${T[c.isn]} + 1)) 1 1 12345
	lose_no_more srv
	# The other two are for segments that tcpraw sent.
	expect_mib cli PAWSActive=2 OutRsts=3
}

test_A07()
{
	local pure tw n

	A07_names
	connected 5001
	A07_established
	A07_timewait
	A07_request
	A07_active
	n=$((2 * tw))
	expect_stats paws_old=$((pure + 3 + n)) paws_active=2
	audited cli "^PAWSEstab .* $n +$n +0 exact\$" \
		'^PAWSActive .* 2 +2 +0 exact$'
	n=$((pure + 3))
	audited srv "^PAWSEstab .* $n +$n +0 exact\$"
}

# A signed segment that comes where no socket is: without a listener nobody has
# the key, and no RST goes out: tcp_v4_send_reset(). The hook is before that, and
# says so.
test_A10()
{
	act srv listen l "$SRV" 5001 10
	act srv md5 l "$CLI" secret
	tell srv accept s l
	act cli socket c 4
	act cli md5 c "$SRV" secret
	act cli connect c "$SRV" 5001
	finish srv accept
	act srv close l
	lose cli all 'tcp flags & rst == rst'
	in_ns srv ss -K -tn "sport = :5001" >"$TMP/killed"
	pass 0.1
	act cli send c 10
	pass 0.1
	act cli set c linger 0
	act cli close c
	lose_no_more cli
	TWINS=$(grep -v OutRsts <<<"$TWINS")
	expect_mib srv OutRsts=1 TCPMD5Failure=0
	expect_stats rst_sent=3 rst_signed=1
	audited srv '^OutRsts +rst_sent +1 +2 +1 bound$' \
		'segments with a signature may get no RST'
}

# Segments that no socket waits for, with options that cannot be parsed: one that
# is longer than the rest, one of no length, a signature of a wrong size, two
# signatures, TCP-AO without one; and TCP-AO that nobody knows. From 6.7 on these
# get no RST; before, the last signature of a right size decides. The others have
# nothing that is wrong, or it stands where fewer bytes are left than a signature
# has.
test_A13()
{
	local nops=01010101010101010101010101010101
	local sig=1312$nops options answered

	for options in "0828$nops" "0800$nops$nops" "1304$nops$nops" \
		"$sig$sig" "1d040101$nops" "1d10$nops" 081e0101 \
		"020405b4$nops"; do
		in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5001 A 1 1 1 \
			options "$options"
	done
	pass 0.1
	mib_read
	answered=${MIB[srv.OutRsts]}
	expect_between OutRsts "$answered" 2 7
	TWINS=$(grep -v OutRsts <<<"$TWINS")
	expect_stats rst_sent=8 "rst_signed=$((8 - answered))"
}

# tcp_send_active_reset() counts a RST before it tries; that it failed, it tells
# nobody.
test_A09()
{
	audited cli '^TCPAbortFailed +- +0 +- +- bound$'
	connected 5001
	act cli set c linger 0
	unsendable cli 'tcp flags & rst == rst'
	act cli close c
	sendable cli
	expect_mib cli TCPAbortFailed=1 OutRsts=1 TCPAbortOnData=1
	audited cli '^TCPAbortFailed +- +1 +- +- bound$' \
		'not counted here: ' '^OutRsts +rst_sent +1 +1 +0 exact$'
}

run_tests \
	A07 "old timestamps, in each state that looks" \
	A09 "a RST that cannot be sent" \
	A10 "segments with a signature, where no socket is" \
	A13 "segments whose options cannot be parsed"
