#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# What the reader shows of what it has gathered: while things change, in numbers
# that can be worked out beforehand, and from another namespace.

. "$(dirname "$0")/lib.sh"

HELPERS="$NL_HELPERS hold"

# gone SUFFIX: with a RST, so that nothing is left of it
gone()
{
	act cli set "c$1" linger 0
	act cli close "c$1"
	act srv close "s$1"
}

# reserve PORTS: the kernel does not give them out by itself in cli
reserve()
{
	in_ns cli sh -c "echo $1 >/proc/sys/net/ipv4/ip_local_reserved_ports" ||
		die "cannot reserve $1"
}

# held N SUFFIX ARGUMENT...: the connection of that SUFFIX becomes a timewait
# socket before the reader's Nth request; what the reader says is in $TMP/held
held()
{
	local n=$1 suffix=$2

	shift 2
	rm -f "$TMP"/at{,.go}
	mkfifo "$TMP/at.go"
	AS="${AS-} $TMP/hold $n $TMP/at" reader_start held "$@"
	wait_until 60 says at held || die "tcplife $* is not held"
	closed "$suffix"
	pass 1
	: >"$TMP/at.go"
	reader_stop held none
}

# The first request asks for the family, the others are dumps.
test_R25()
{
	local port

	need_reader
	for port in 5001 5002 5003 5004; do
		connected "$port" "$port"
	done
	held 3 5001 list -H -D 5001
	expect_lines held . 1
	held 3 5002 list -j -D 5002
	expect_lines held '"event"' 1
	held 3 5003 list -H -D 5003 --sort age
	expect_lines held . 1
	held 3 5004 timewait -H -D 5004
	expect_lines held . 1
	expect_lines held '^ +1 +0 .* -> 10.7.0.2:5004$' 1
}

# Nine ports, of which two are in TIME_WAIT and one is in use; 50000 is none of
# them.
test_R26()
{
	need_reader
	act cli sysctl ip_local_port_range 40000 40009
	reserve 40009
	act srv listen l "$SRV" 5001 10
	served 1 5001
	served 2 5001
	served 3 5001
	served 4 5001 50000
	served 5 5001
	closed 1
	closed 2
	act srv close s5
	act cli eof c5
	act cli close c5
	pass 1
	AS="nsenter --net=/run/netns/$CLI_NS" reads 0 timewait
	expect_text out '^TIME_WAIT +OPEN +PORTS_LEFT +ADDRESSES$'
	expect_lines out '^ +2 +2 +6  10.7.0.1 -> 10.7.0.2:5001$' 1
	# From elsewhere the range is not known.
	reads 0 timewait -H
	expect_lines out '^ +2 +2 +-  10.7.0.1 -> 10.7.0.2:5001$' 1
	expect_lines out '^ +1 +2 +-  10.7.0.2:5001 <- 10.7.0.1$' 1
	expect_lines out . 2
}

# A tenth of the ports is left, or more than that: of ten, then of twelve without
# two; one of them in TIME_WAIT, and told twice.
test_R27()
{
	local AS="nsenter --net=/run/netns/$CLI_NS" i

	need_reader
	act cli sysctl ip_local_port_range 40000 40009
	act srv listen l "$SRV" 5001 20
	for i in 1 2 3 4 5 6 7 8; do
		served "$i" 5001
	done
	reads 0 doctor --check
	# After the family: counters, listeners, hooks, leaks, connections.
	held 7 1 doctor --check
	served 9 5001
	found no-local-port
	expect_text out 'in use for 10.7.0.2:5001: 9 of 10,' \
		'now 40000 to 40009\); net.ipv4.tcp_tw_reuse 1 \(now 2\)'
	act cli sysctl tcp_tw_reuse 1
	reads 0 doctor --check
	act cli sysctl tcp_tw_reuse 0
	act cli sysctl ip_local_port_range 40000 40011
	reads 0 doctor --check
	reserve 40010,40011
	found no-local-port
	expect_text out '9 of 10,' 'now 40000 to 40011'
	act cli sysctl ip_local_port_range 30000 50000
	reads 0 doctor --check
}

# Twenty connections that waited for accept() for seconds, and five that did
# not; twelve that were refused.
test_R28()
{
	local i

	need_reader
	act srv listen l "$SRV" 5001 64
	act cli burst b 20 "$SRV" 5001
	pass 2
	for ((i = 0; i < 20; i++)); do
		act srv accept "t$i" l
	done
	for i in 1 2 3 4 5; do
		served "$i" 5001
	done
	found slow-accept
	expect_text out '"count":20,.*tl-srv .* 10.7.0.2:5001 in netns' \
		'conn.* waited 1\.[0-9]+ s or more .*, of 25; 0 wait now'
	for ((i = 0; i < 9; i++)); do
		no_answer 5009
	done
	found slow-accept
	for i in 5008 5009 5009; do
		no_answer "$i"
	done
	found slow-accept refused
	expect_text out '"count":12,.* 12 of 37\.' \
		"most .11. went to 10.7.0.2:5009, the last one by tl-cli .pid ${AGENT_PID[cli]}."
}

test_R29()
{
	need_reader
	connected 5001
	closed ''
	connected 5002 x
	gone x
	no_answer 5009
	pass 66
	lists 0
	lists 5 --history
	expect_lines out '^(fin|refused|reset-(sent|received)) +[0-9ms.]+ +10\.' 5
	expect_text out '^reset-sent .* 10.7.0.2 +5002 +tl-cli$' \
		'^refused .* 10.7.0.2 +5009 +tl-cli$'
	# What is in TIME_WAIT for a minute ends last.
	expect_eq "the last" "$(tail -n 1 "$TMP/out" | cut -c 1-4)" "fin "
	lists 1 --history --end refused
	expect_lines out '^refused ' 1
	lists 3 --history --end fin,refused
	lists 1 --history --end FIN -N "$SRV_NS"
	lists 0 --history --end user-timeout
	lists 3 --history --role active
	lists 2 --history -L 5001,5002
	lists 5 --history --sort ago -w
	expect_eq "the latest" "$(cut -d ' ' -f 2 <(tr -s ' ' <"$TMP/out") |
		head -n 1)" fin
	R29_more
}

R29_more()
{
	reads 0 list --history --sort -end
	expect_text out '^END +AGO +LADDR +LPORT +RADDR +RPORT +COMM$'
	expect_eq "columns" "$(awk 'length > 80' "$TMP/out" | wc -l)" 0
	reads 0 list --history -w
	expect_text out '^COOKIE +END +AGO .* PID +COMM$' \
		"^[0-9a-f]+ +refused .* ${AGENT_PID[cli]} +tl-cli$"
	reads 0 list --history -j
	cp "$TMP/out" "$TMP/history"
	expect_lines history '^\{"event":"history",.*"end":"' 5
	"$SELFTESTS/jsonlines.py" "$SELFTESTS/../reader/schema.json" \
		"$TMP/history" >"$TMP/valid" || fail "$(head -n 5 "$TMP/valid")"
	reads 0 list --history -j --end refused
	expect_lines out '"end":"refused"' 1
	expect_lines out . 1
	reads 2 list --end fin
	expect_text err '--history'
	reads 2 list --history --state TIME_WAIT
	reads 2 list --history --older 5
	reads 2 list --history --end nonsense
	expect_text err 'nonsense'
}

# What was there before the module is pre-existing.
test_R31()
{
	local cookie

	need_reader
	connected 5001 x
	connected 5002 y
	module_unload
	module_load
	stats_start
	mib_start
	connected 5003 z
	lists 6
	lists 4 --role pre-existing
	lists 1 --role passive
	expect_text out ' 10.7.0.2 +5003 .* tl-srv$'
	lists 1 --role active
	expect_text out ' 10.7.0.2 +5003 .* tl-cli$'
	lists 5 --role pre-existing,passive
	closed z
	pass 1
	reads 0 list -j
	expect_lines out '^\{"event":"connection",.*"role":"pre-existing"' 4
	expect_lines out '^\{"event":"timewait",.*"state":"TIME_WAIT"' 1
	expect_lines out . 5
	cookie=$(in_ns srv ss -tlnOHe 'sport = :5002' |
		sed -n 's/.* sk:\([0-9a-f]*\).*/\1/p')
	reads 0 listeners --cookie "$cookie" -j
	expect_lines out . 1
	expect_text out "\"cookie\":\"$cookie\",.*\"lport\":5002,"
	reads 0 listeners --cookie ffffff
	expect_text out '^No socket listens here'
	reads 0 filter -4
	expect_text out 'family +IPv4$'
	expect_lines out '^  ' 1
	reads 0 filter --clear
}

# Each command, from the namespace of the client: what is the server's is not
# there.
test_R32()
{
	local AS="nsenter --net=/run/netns/$CLI_NS"
	local theirs ours

	need_reader
	connected 5001
	ours=$(ss_cookie cli "$CP" 5001)
	theirs=$(ss_cookie srv 5001 "$CP")
	lists 1
	expect_text out ' 10.7.0.2 +5001 .* tl-cli$'
	reads 0 show "$ours"
	reads 1 show "$theirs"
	expect_text err 'neither open nor'
	reads 0 listeners
	expect_text out '^No socket listens here'
	reads 0 stats
	expect_text out '^born +1 ' '^active_opens +1 |  active_opens +1$'
	reads 0 audit
	reads 0 doctor
	expect_text out 'open or in TIME_WAIT: 1, ended: 0, listeners: 0'
	reads 0 filter
	reads 1 filter --clear
	# It has asked the module by then.
	reads 2 top
	expect_text err 'top needs a terminal'
	R32_events
	AS='setpriv --reuid 1000 --regid 1000 --clear-groups' reads 1 top
	expect_text err 'CAP_NET_ADMIN|root'
}

R32_events()
{
	reader_start ends -s -H --no-wait
	reader_start changes states -s -H
	reader_start died halfopen -s -H
	AS='' reader_start all halfopen -s -H
	readers_wait
	half_open 5002
	closed ''
	pass 1
	reads 0 timewait -H
	expect_lines out ' -> 10.7.0.2:5001$' 1
	expect_lines out . 1
	for name in ends changes died all; do
		reader_stop "$name"
	done
	expect_lines ends . 1
	expect_lines ends ',10.7.0.2,5001,' 1
	expect_lines changes ',10.7.0.2,5001,' 3
	expect_lines changes . 3
	expect_lines died . 0
	expect_lines all . 1
}

run_tests \
	R25 "what becomes a timewait socket meanwhile is shown once" \
	R26 "timewait says how many ports are left" \
	R27 "doctor finds that the local ports run out" \
	R28 "doctor finds a slow acceptor and a storm of refusals" \
	R29 "list --history, and --end" \
	R31 "options of list, listeners and filter that no other test has" \
	R32 "each command from another namespace, and top as a user"
