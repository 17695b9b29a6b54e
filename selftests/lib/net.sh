# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two network namespaces joined by a veth pair, and ways to lose packets.
#
#	cli eth0  10.7.0.1  fd00:7::1  fe80::1  ----  srv eth0  ...2
#
# In cli is also a device behind which is nobody: what goes to 10.7.0.99 is lost
# without a word.
#
# Both are new for each test: no metrics, timewait sockets or counters of the
# one before. Neighbours are permanent, so no test pays for their resolution.

CLI_NS=tcplife-cli
SRV_NS=tcplife-srv
CLI=10.7.0.1
SRV=10.7.0.2
CLI6=fd00:7::1
SRV6=fd00:7::2
CLI_LL=fe80::1 SRV_LL=fe80::2

# net_end SELF PEER NETNS: one end's set-up. One segment a packet,
# so that the capture has what TCP sent, without ethtool's help.
net_end()
{
	local v6=1

	# Without it there are no such lines, but those that are empty.
	[ -e /proc/sys/net/ipv6 ] || v6=
	ip -n "$3" -batch - <<-END || die "cannot set up $3"
	link set lo up
	link set eth0 address 02:00:00:00:00:0$1
	link set eth0 gso_max_segs 1
	${v6:+link set eth0 addrgenmode none}
	link set eth0 up
	addr add 10.7.0.$1/24 dev eth0
	${v6:+addr add fd00:7::$1/64 dev eth0 nodad}
	${v6:+addr add fe80::$1/64 dev eth0 nodad}
	neigh replace 10.7.0.$2 lladdr 02:00:00:00:00:0$2 dev eth0
	${v6:+neigh replace fd00:7::$2 lladdr 02:00:00:00:00:0$2 dev eth0}
	${v6:+neigh replace fe80::$2 lladdr 02:00:00:00:00:0$2 dev eth0}
	END
}

net_up()
{
	net_down
	ip -batch - <<-END || die "cannot make the namespaces"
	netns add $CLI_NS
	netns add $SRV_NS
	link add eth0 netns $CLI_NS type veth peer name eth0 netns $SRV_NS
	END
	net_end 1 2 "$CLI_NS"
	net_end 2 1 "$SRV_NS"
	ip -n "$CLI_NS" -batch - <<-END || die "cannot make a dead end"
	link add nobody type dummy
	link set nobody up
	route add 10.7.0.99 dev nobody src $CLI
	END
}

net_down()
{
	[ -e "/run/netns/$CLI_NS" ] || [ -e "/run/netns/$SRV_NS" ] || return 0
	ip -force -batch - <<-END 2>/dev/null
	netns del $CLI_NS
	netns del $SRV_NS
	END
}

# in_ns cli|srv COMMAND...
in_ns()
{
	local ns=tcplife-$1

	shift
	nsenter --net="/run/netns/$ns" "$@"
}

# as_nobody COMMAND...: by a user who has no rights
as_nobody()
{
	setpriv --reuid 1000 --regid 1000 --clear-groups "$@"
}

# lose cli|srv COUNT|all MATCH...: lose the first COUNT packets that match
# where they arrive. The sender must not notice: a drop on its way out would
# be an error to its TCP. The capture has lost packets too.
lose()
{
	local ns=$1 count=$2 first=''

	shift 2
	[ "$count" = all ] || first="numgen inc mod 1000000 < $count"
	in_ns "$ns" nft -f - <<-END || die "cannot lose packets"
	table inet lose {
		chain in {
			type filter hook prerouting priority raw;
			$* $first counter drop
		}
	}
	END
}

# lost cli|srv: how many so far
lost()
{
	in_ns "$1" nft list table inet lose |
		sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'
}

lose_no_more()
{
	in_ns "$1" nft delete table inet lose
}

# firewall cli|srv RULE...: one more rule for what comes in, behind the capture
firewall()
{
	local ns=$1

	shift
	in_ns "$ns" nft -f - <<-END || die "no firewall"
	table inet firewall {
		chain in {
			type filter hook input priority 0;
			$*
		}
	}
	END
}

# unreachable cli|srv PORT: ICMP says so
unreachable()
{
	firewall "$1" tcp dport "$2" reject with icmpx port-unreachable
}

# flood PORT COUNT: SYNs from so many new addresses, whose answers go nowhere. They
# would fill the capture. $FLOODED is how many there were so far.
flood()
{
	in_ns cli "$TMP/tcpflood" "$SRV" "$1" "$FLOODED" "$2" ||
		die "cannot flood"
	FLOODED=$((FLOODED + $2))
}

# A path that takes time, so that things may cross on it.
delay()
{
	in_ns "$1" tc qdisc replace dev eth0 root netem delay "$2" ||
		die "cannot delay packets"
}

# What of the segments is what, for lose().
{
	SYN='tcp flags & (syn | ack) == syn'
	SYNACK='tcp flags & (syn | ack) == (syn | ack)'
	FIN='tcp flags & fin == fin'
	BARE_ACK='tcp flags & (fin | syn | rst | psh | ack) == ack'
}

# Time passes: the scenario says so. A read that nothing ends, no process.
pass()
{
	read -r -t "$1" <>"$TMP/never" || :
}

# While a task waits for the host to read a file, and nothing else runs, a virtual
# clock jumps from timer to timer: minutes may pass. Not from here on, until
# let_clock_go: something runs whenever nothing else does.
hold_clock()
{
	chrt --idle 0 bash -c 'while :; do :; done' &
	CLOCK_HELD=$!
}

let_clock_go()
{
	[ -z "${CLOCK_HELD-}" ] || kill "$CLOCK_HELD" 2>/dev/null || :
	CLOCK_HELD=
}

# Microseconds since the epoch, the capture's clock.
now()
{
	echo "${EPOCHREALTIME/[.,]/}"
}

# pass_until US: to that time of the capture's clock.
pass_until()
{
	local left

	left=$(($1 - $(now)))
	((left <= 0)) || pass "$(millionths "$left")"
}

# wait_until SECONDS COMMAND...: until it holds. Returns what it said last.
wait_until()
{
	local deadline=$(($(now) + $1 * 1000000))

	shift
	until "$@"; do
		(($(now) < deadline)) || return
		pass 0.05
	done
}

# sock_state cli|srv LPORT RPORT: what the kernel itself says, by its number
# (01 ESTABLISHED ... 05 FIN_WAIT2 06 TIME_WAIT), nothing if there is none.
# Looks into the namespace by way of the process that is in it.
sock_state()
{
	local want_l want_r local_ remote state file line
	local -a lines

	printf -v want_l :%04X "$2"
	printf -v want_r :%04X "$3"
	for file in "/proc/${AGENT_PID[$1]}/net/"tcp{,6}; do
		[ -e "$file" ] || continue
		mapfile -t lines <"$file"
		for line in "${lines[@]:1}"; do
			read -r _ local_ remote state _ <<<"$line"
			[ "${local_: -5}${remote: -5}" != "$want_l$want_r" ] ||
				echo "$state"
		done
	done
}

# has_state cli|srv LPORT RPORT STATE
has_state()
{
	[ "$(sock_state "$1" "$2" "$3")" = "$4" ]
}

# expect_state cli|srv LPORT RPORT STATE
expect_state()
{
	expect_eq "state of $1 :$2" "$(sock_state "$1" "$2" "$3")" "$4"
}

# limited NAME VALUE COMMAND...: these limits are the machine's, not a
# namespace's, so they are put back whatever becomes of the command.
limited()
{
	local file=/proc/sys/net/ipv4/$1 value=$2 was

	shift 2
	was=$(<"$file")
	echo "$value" >"$file"
	("$@") || FAILED=$((FAILED + 1))
	echo "$was" >"$file"
}

# p9_start ADDR PORT: in the server's namespace, as much of a 9P server as it
# takes to mount its root. When p9_break tells it so, it answers what nobody has
# asked: the client then speaks to it no more, but the connection stays.
p9_start()
{
	command -v python3 >/dev/null || die "no python3"
	nsenter --net="/run/netns/$SRV_NS" setpriv --pdeathsig KILL \
		python3 - "$1" "$2" >"$TMP/p9" <<-'END' &
	import signal, socket, struct, sys
	listener = socket.socket()
	listener.setsockopt(socket.IPPROTO_IP, 15, 1)    # IP_FREEBIND
	listener.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
	                    struct.pack("ii", 1, 0))
	listener.bind((sys.argv[1], int(sys.argv[2])))
	listener.listen(1)
	print("up", flush=True)
	s = listener.accept()[0]
	signal.signal(signal.SIGUSR1,
	              lambda *_: s.sendall(struct.pack("<IBH", 7, 1, 999)))
	qid = bytes([0x80]) + bytes(12)
	attr = struct.pack("<Q13s3I15Q", 0x7ff, qid, 0o40755, 0, 0, 2, 0, 0,
	                   4096, *[0] * 11)
	while head := s.recv(7, socket.MSG_WAITALL):
	    size, kind, tag = struct.unpack("<IBH", head)
	    body = s.recv(size - 7, socket.MSG_WAITALL)
	    kind, body = {100: (101, body), 104: (105, qid), 24: (25, attr)}.get(
	        kind, (7, struct.pack("<I", 95)))    # Rlerror: EOPNOTSUPP
	    s.sendall(struct.pack("<IBH", 7 + len(body), kind, tag) + body)
	END
	P9_PID=$!
	wait_until 600 grep -q up "$TMP/p9" || die "the 9P server does not start"
}

p9_break()
{
	kill -USR1 "$P9_PID"
	pass 0.5
}

# What it has open is reset.
p9_stop()
{
	kill -KILL "$P9_PID"
	wait "$P9_PID" 2>/dev/null
}
