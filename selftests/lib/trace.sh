# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The capture, the first of the independent witnesses.

# Packets are cut short so that the buffer holds thousands. On the client's side of the wire: what it sent whether or not it arrived,
# and what the server sent. A test about another device names it in TRACE_DEV,
# and in TRACE_MARK an address to which that is the way, and starts it again.
trace_start()
{
	local line

	[ -z "${NO_TRACE-}" ] || return 0
	nsenter --net="/run/netns/$CLI_NS" tcpdump -i "${TRACE_DEV-eth0}" -n \
		-U -Z root -s 200 --immediate-mode -B 4096 -w "$TMP/pcap" \
		'tcp or udp port 9' 2>"$TMP/tcpdump" &
	TRACE_PID=$! TRACED=
	exec {TRACE_LOG}<>"$TMP/tcpdump"
	# It says so when its socket is open. A virtual clock may run ahead
	# while the host's disk is asked for something, so be patient.
	while read -r -t 3600 line <&"$TRACE_LOG"; do
		[[ $line != *listening* ]] || return 0
	done
	die "tcpdump does not start"
}

trace_kill()
{
	[ -n "${TRACE_PID-}" ] || return 0
	kill -KILL "$TRACE_PID" 2>/dev/null
	wait "$TRACE_PID" 2>/dev/null
	TRACE_PID=
}

trace_has()
{
	grep -qa "$1" "$TMP/pcap"
}

# All that was on the wire until now, as segments, in $TMP/trace. A datagram
# sent after it tells when the capture has it all.
trace_read()
{
	local mark

	[ -n "${TRACE_PID-}" ] || return 0
	mark=mark-$(now)
	act cli mark "${TRACE_MARK-$SRV}" "$mark"
	wait_until 60 trace_has "$mark" || die "the capture is not complete"
	"$TMP/pcapseg" "$TMP/pcap" >"$TMP/trace" || die "cannot read the capture"
	TRACED=1
}

# trace_conn CLI-PORT SRV-PORT [CLI-ADDR SRV-ADDR]: the story of a connection
# as the capture tells it, in T. Keys begin with c. or s., the sender's side:
#
#	isn win mss wscale sack ts	of its SYN or SYN-ACK
#	syndata			bytes in that
#	syn synack ack fin rst data	how many of each; .1 .2 ... when, in us
#	finseq finacked		FIN's sequence number; when first acknowledged
#	bytes retr segs		payload, data segments sent again, segments
#
# A bare ack has no data and no other flag.
trace_conn()
{
	local key value

	[ -n "$TRACED" ] || trace_read
	declare -gA T=()
	while read -r key value; do
		T[$key]=$value
	done < <(awk -v cp="$1" -v sp="$2" -v ca="${3-$CLI}" -v sa="${4-$SRV}" \
		-f "$TMP/trace.awk" "$TMP/trace")
	[ -n "${T[c.segs]-}" ] || fail "the capture has nothing of :$1 to :$2"
}

# trace_since US: forgets what was before: the next trace_conn tells of the next
# connection between the same ports.
trace_since()
{
	[ -n "$TRACED" ] || trace_read
	awk -v from="$(millionths "$1")" '$1 >= from' "$TMP/trace" \
		>"$TMP/trace.since"
	mv "$TMP/trace.since" "$TMP/trace"
}

# gap LATER EARLIER: us between two of T's times
gap()
{
	echo $((${T[$1]-0} - ${T[$2]-0}))
}

# expect_gaps WHAT KEY TOLERANCE-MS MS...: times KEY.1 KEY.2 ... are so apart
expect_gaps()
{
	local what=$1 key=$2 tolerance=$3 i=1 want got

	shift 3
	expect_eq "$what: how many" "${T[$key]-0}" $(($# + 1))
	for want; do
		got=$(gap "$key.$((i + 1))" "$key.$i")
		((got >= want * 1000 - tolerance * 1000 &&
			got <= want * 1000 + tolerance * 1000)) ||
			fail "$what: gap $i is $got us, want $want ms"
		i=$((i + 1))
	done
}

# expect_timer_gaps WHAT KEY MS...: times KEY.1 KEY.2 ... are so apart, as timers
# are: never early, and late by as much as the timer wheel is coarse so far
# ahead. Its levels: kernel/time/timer.c, at 250 Hz.
expect_timer_gaps()
{
	local what=$1 key=$2 i=1 want got late

	shift 2
	expect_eq "$what: how many" "${T[$key]-0}" $(($# + 1))
	for want; do
		got=$(gap "$key.$((i + 1))" "$key.$i")
		case $((want < 252 ? 0 : want < 2016 ? 1 : want < 16128 ? 2 : 3)) in
		0) late=4 ;;
		1) late=32 ;;
		2) late=256 ;;
		3) late=2048 ;;
		esac
		# A little for what the timer then does, and for a tick.
		((got >= want * 1000 && got <= (want + late + 10) * 1000)) ||
			fail "$what: gap $i is $got us, want $want ms"
		i=$((i + 1))
	done
}

# When SYNs are sent again, in ms from one to the next: RTOs from 1 s on, each
# twice the last, as often as tcp_syn_retries says. From 6.5 on the first
# tcp_syn_linear_timeouts of them do not grow and do not count:
# tcp_retransmit_timer(), tcp_write_timeout(). $GIVE_UP is the sum in s, with
# the wait after the last.
syn_plan()
{
	SYN_PLAN=(1000 2000 4000 8000 16000 32000) GIVE_UP=127
	if [ -e /proc/sys/net/ipv4/tcp_syn_linear_timeouts ]; then
		SYN_PLAN=(1000 1000 1000 1000 "${SYN_PLAN[@]}") GIVE_UP=131
	fi
}

# wire_count FLAGS SRV-PORT: segments with just these flags to or from a port
wire_count()
{
	awk -v flags="$1" -v port="$2" \
		'$6 == flags && ($3 == port || $5 == port)' "$TMP/trace" |
		wc -l
}

sockets_show()
{
	local ns

	for ns in $(ip netns list | cut -d ' ' -f 1); do
		echo "in $ns:"
		ip netns exec "$ns" ss -tanoHe | head -n 9
	done
}

# The views of what happened, one under the other, for whoever reads a failure.
show_views()
{
	ktap_print_msg "--- capture"
	trace_dump | head -n 50 | sed 's/^/# /'
	ktap_print_msg "--- MIB"
	mib_show | sed 's/^/# /'
	ktap_print_msg "--- records"
	records_show | sed 's/^/# /'
	ktap_print_msg "--- sockets (ss)"
	sockets_show | sed 's/^/# /'
	[ ${#FAILURES[@]} = 0 ] ||
		printf '# not met: %s\n' "${FAILURES[@]}"
}

trace_dump()
{
	[ -s "$TMP/pcap" ] || return 0
	"$TMP/pcapseg" "$TMP/pcap" 2>&1
}
