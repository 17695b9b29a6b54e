# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Four hosts around a router, for storm.sh, which sources this after lib.sh:
# hosts h1 to h4, host N with 10.7.N.1 and fd00:7:N::1, the router with ...254
# and ...fe on a device hN for each. The router alone loses, delays, reorders
# and doubles packets, so that a capture at a host has what that host sent and
# got.

STORM_HOSTS='h1 h2 h3 h4'
# The namespaces whose MIBs are summed up: lib/mib.sh.
ENDS=$STORM_HOSTS

# storm_link N: host hN and its wire to the router
storm_link()
{
	local ns=tcplife-h$1 host=02:00:00:00:00:0$1 router=02:00:00:00:01:0$1

	ip -batch - <<-END || die "cannot make h$1"
	netns add $ns
	link add eth0 address $host netns $ns type veth peer name h$1 address $router netns tcplife-mid
	END
	ip -n "$ns" -batch - <<-END || die "cannot set up h$1"
	link set lo up
	link set eth0 gso_max_segs 1
	link set eth0 addrgenmode none
	link set eth0 up
	addr add 10.7.$1.1/24 dev eth0
	addr add fd00:7:$1::1/64 dev eth0 nodad
	neigh replace 10.7.$1.254 lladdr $router dev eth0
	neigh replace fd00:7:$1::fe lladdr $router dev eth0
	route add default via 10.7.$1.254
	route add default via fd00:7:$1::fe
	END
	ip -n tcplife-mid -batch - <<-END || die "cannot set up the router"
	link set h$1 addrgenmode none
	link set h$1 up
	addr add 10.7.$1.254/24 dev h$1
	addr add fd00:7:$1::fe/64 dev h$1 nodad
	neigh replace 10.7.$1.1 lladdr $host dev h$1
	neigh replace fd00:7:$1::1 lladdr $host dev h$1
	END
}

storm_up()
{
	local i

	storm_down
	ip netns add tcplife-mid || die "cannot make the router"
	for i in 1 2 3 4; do
		storm_link "$i"
	done
	in_ns mid sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
}

storm_down()
{
	local host

	for host in $STORM_HOSTS mid; do
		[ ! -e "/run/netns/tcplife-$host" ] ||
			ip netns del "tcplife-$host"
	done
}

# What the seed decides here: bash's own generator is enough.
# draw N: 0 to N - 1 in $DRAWN
draw()
{
	DRAWN=$((RANDOM % $1))
}

# choose WORD...: one of them in $DRAWN
choose()
{
	draw $#
	shift "$DRAWN"
	DRAWN=$1
}

storm_sysctl()
{
	local host=$1 name=$2

	choose "${@:3}"
	act "$host" sysctl "$name" "$DRAWN"
	SETTINGS_OF+=" $name=$DRAWN"
}

storm_sysctls()
{
	local host

	for host in $STORM_HOSTS; do
		SETTINGS_OF=
		storm_sysctl "$host" tcp_syncookies 0 1 1 2
		storm_sysctl "$host" tcp_max_syn_backlog 16 128 1024
		storm_sysctl "$host" tcp_abort_on_overflow 0 0 0 1
		storm_sysctl "$host" tcp_tw_reuse 0 1 2
		storm_sysctl "$host" tcp_rfc1337 0 0 1
		storm_sysctl "$host" tcp_fastopen 1 3 3
		storm_sysctl "$host" tcp_max_tw_buckets 16 262144 262144 262144
		storm_sysctl "$host" tcp_timestamps 0 1 1 1
		storm_sysctl "$host" tcp_sack 0 1 1 1
		storm_sysctl "$host" tcp_window_scaling 0 1 1 1
		storm_sysctl "$host" tcp_ecn 0 1 2 2
		ktap_print_msg "$host:$SETTINGS_OF"
	done
}

# every LOW SPAN: of so many packets one; numgen counts, so it is the same one
# each time.
every()
{
	local mod

	draw "$2"
	mod=$((DRAWN + $1))
	draw "$mod"
	EVERY="numgen inc mod $mod == $DRAWN"
}

# Losses by kind; now and then a port that is not heard of for hundreds of
# packets; duplicates; and slow lanes, which delay and so reorder.
storm_rules()
{
	local lane

	every 5 8;	echo "$SYN $EVERY counter drop"
	every 6 8;	echo "$SYNACK $EVERY counter drop"
	every 12 20;	echo "$BARE_ACK $EVERY counter drop"
	every 6 8;	echo "$FIN $EVERY counter drop"
	every 9 20;	echo "tcp flags & rst == rst $EVERY counter drop"
	every 30 30;	echo "meta l4proto tcp $EVERY counter drop"
	every 40 30;	echo "$SYN $EVERY counter reject with icmpx host-unreachable"
	draw 200
	echo "tcp dport 6005 numgen inc mod 500 < $((DRAWN + 100)) counter drop"
	echo "tcp sport 6005 numgen inc mod 500 < $((DRAWN + 100)) counter drop"
	for lane in 2 2 3 4; do
		every 7 9;	echo "$EVERY meta priority set 1:$lane"
	done
}

storm_duplicates()
{
	local i

	for i in 1 2 3 4; do
		every 15 15
		echo "ip daddr 10.7.$i.1 $EVERY dup to 10.7.$i.1 device h$i"
	done
}

storm_duplicates6()
{
	local i

	for i in 1 2 3 4; do
		every 15 15
		echo "ip6 daddr fd00:7:$i::1 $EVERY dup to fd00:7:$i::1 device h$i"
	done
}

storm_lanes()
{
	local i

	for i in 1 2 3 4; do
		cat <<-END
		qdisc add dev h$i root handle 1: prio bands 4 priomap 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
		qdisc add dev h$i parent 1:2 netem limit 10000 delay 10ms
		qdisc add dev h$i parent 1:3 netem limit 10000 delay 50ms
		qdisc add dev h$i parent 1:4 netem limit 10000 delay 700ms
		END
	done
}

storm_faults()
{
	storm_lanes | in_ns mid tc -batch - || die "cannot make slow lanes"
	in_ns mid nft -f - <<-END || die "cannot lose packets"
	table inet storm {
		chain f {
			type filter hook forward priority 0;
			$(storm_rules)
		}
	}
	table ip storm {
		chain f {
			type filter hook forward priority 10;
			$(storm_duplicates)
		}
	}
	table ip6 storm {
		chain f {
			type filter hook forward priority 10;
			$(storm_duplicates6)
		}
	}
	END
}

# A capture at each host. Not at once to the reader of each packet: a buffer
# that is large enough costs less.
storm_trace_start()
{
	nsenter --net="/run/netns/tcplife-$1" \
		tcpdump -i eth0 -n -Z root -s 128 -B 32768 \
		-w "$TMP/pcap.$1" tcp >"$TMP/tcpdump.$1" 2>&1 &
	TRACERS+=($!)
	wait_until 3600 grep -q listening "$TMP/tcpdump.$1" ||
		die "tcpdump does not start: $(<"$TMP/tcpdump.$1")"
}

storm_traces_stop()
{
	local host

	# The kernel hands over what it captured once a second.
	pass 2
	kill -TERM "${TRACERS[@]}"
	wait "${TRACERS[@]}"
	TRACERS=()
	for host in $STORM_HOSTS; do
		grep -q '^0 packets dropped by kernel' "$TMP/tcpdump.$host" ||
			fail "the capture of $host is not complete"
		"$TMP/pcapseg" "$TMP/pcap.$host" >"$TMP/trace.$host" ||
			die "cannot read the capture of $host"
	done
}

# What a run leaves behind for whoever looks for its fault.
storm_keep()
{
	local to=$SELFTESTS/../build/storm/${KERNEL:-here}-$SEED

	mkdir -p "$to" || return
	storm_views
	cp "$TMP"/{pcap.*,records,history,stats,mib,listeners,faults,complaints} \
		"$to" 2>/dev/null
	ktap_print_msg "seed $SEED: kept in build/storm/${to##*/}"
}

storm_views()
{
	[ -e "$PROC/stats" ] || return 0
	cat "$PROC/history" >"$TMP/history"
	cat "$PROC/stats" >"$TMP/stats"
	cat "$PROC/listeners" >"$TMP/listeners"
	mib_show >"$TMP/mib"
	in_ns mid nft list ruleset >"$TMP/faults"
}
