#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The netlink family: requests and dumps, by clients that are not ours, and by
# everybody who may not. Events are in netlink_events.sh.

. "$(dirname "$0")/lib.sh"

# Live ones of both roles, states and families, a timewait socket, history.
populate()
{
	connected 5001
	act cli close c
	act srv eof s
	act srv close s
	connected 5002 x
	act cli send cx 100
	act srv recv sx 100
	connected 5003 y
	act srv close sy
	act srv listen l6 "$SRV6" 5006 10
	tell srv accept s6 l6
	act cli connect c6 "$SRV6" 5006
	finish srv accept
	act_fails cli ECONNREFUSED connect r "$SRV" 4999
	act cli close r
	act cli start n 10.7.0.99 4998
}

# ynl_compare WHAT MODE OPERATION: with /proc as it is right after it
ynl_compare()
{
	"${YNL[@]}" "--$2" "$3" >"$TMP/$1.json" ||
		die "ynl --$2 $3: $(<"$TMP/$1.json")"
	cp "$PROC/$1" "$TMP/$1.txt"
	COMPARE+=("$1=$TMP/$1.json=$TMP/$1.txt")
}

test_N01()
{
	local -a COMPARE=()
	local what

	ynl_find
	hold_clock
	populate
	ynl_compare timewait dump timewait-get
	ynl_compare connections dump connection-get
	ynl_compare history dump history-get
	ynl_compare listeners dump listener-get
	ynl_compare hooks dump hook-get
	ynl_compare stats 'do' stats-get
	ynl_compare latency 'do' latency-get
	let_clock_go
	python3 "$SELFTESTS/nlcompare.py" "${COMPARE[@]}" >"$TMP/compared" ||
		fail "netlink and /proc differ: $(head -n 20 "$TMP/compared")"
	for what in timewait connections history listeners hooks stats latency; do
		grep -q "^# $what: [1-9]" "$TMP/compared" ||
			fail "$what: nothing was compared"
	done
	ktap_print_msg "$(sed 's/# //' "$TMP/compared" | tr '\n' ';')"
}

# The rest of the operations: one record, the kernel's counters, the filter.
test_N02()
{
	local cookie

	ynl_find
	connected 5001
	cookie=$((16#$(ss_cookie cli "$CP" 5001)))
	"${YNL[@]}" --do record-get --json "{\"cookie\": $cookie}" >"$TMP/one"
	for want in "\"cookie\": $cookie" "\"local-port\": $CP" \
		    '"remote-port": 5001' '"comm": "tl-cli"' \
		    '"state": "established"' '"role": "active"'; do
		grep -qF "$want" "$TMP/one" || fail "record-get lacks $want"
	done
	"${YNL[@]}" --do mib-get >"$TMP/mib"
	N02_mib
	"${YNL[@]}" --do event-filter-set --json \
		'{"event-filter": {"local-port": [5001, 5002], "failures": 1,
		"roles": ["passive"], "sample": 1}}' >/dev/null ||
		fail "event-filter-set fails"
	"${YNL[@]}" --do event-filter-get >"$TMP/filter"
	for want in '"local-port": [5001, 5002]' '"failures": true' \
		    '"roles": ["passive"]'; do
		grep -qF "$want" "$TMP/filter" ||
			fail "event-filter-get lacks $want: $(<"$TMP/filter")"
	done
}

# Each counter once, all of them the kernel's own.
N02_mib()
{
	local name

	grep -o '"name": "[A-Za-z0-9]*"' "$TMP/mib" | cut -d '"' -f 4 |
		sort >"$TMP/names"
	expect_eq "counters in mib-get twice" "$(uniq -d "$TMP/names")" ""
	grep -qx TcpActiveOpens "$TMP/names" || fail "no TcpActiveOpens"
	while read -r name; do
		grep -hw "${name#Tcp}" /proc/net/snmp /proc/net/netstat ||
			grep -hw "${name#TcpExt}" /proc/net/netstat ||
			fail "mib-get: no counter $name in the kernel"
	done <"$TMP/names" >/dev/null
}

# ynl_subscribe GROUP: in the background; it sleeps while things happen.
ynl_subscribe()
{
	"${YNL[@]}" --subscribe "$1" --sleep 75 >"$TMP/ynl-$1" 2>&1 &
	SUBSCRIBED+=($!)
}

# The kernel's tool gets all events of a connection and of a dead request.
test_N03()
{
	local -a SUBSCRIBED=()
	local group pid

	ynl_find
	for group in records closes states halfopen records-compact; do
		ynl_subscribe "$group"
	done
	for pid in "${SUBSCRIBED[@]}"; do
		wait_until 60 bound "$pid" || die "ynl does not subscribe"
	done
	pass 1
	connected 5001
	act cli close c
	act srv eof s
	act srv close s
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5001 S 1 0
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" 5001 R 2 0
	wait "${SUBSCRIBED[@]}"
	expect_count records '"cookie"' 2
	expect_count closes '"cookie"' 2
	expect_count states '"old-state"' 11
	expect_count halfopen '"embryonic-reset"' 1
	expect_count records-compact '"compact"' 2
}

# expect_count GROUP WORD N: so often in what ynl got
expect_count()
{
	expect_eq "ynl, group $1, $2" \
		"$(grep -o "$2" "$TMP/ynl-$1" | wc -l)" "$3"
}

test_N04()
{
	local pid

	load_start hold 40
	load_wait open
	"$SELFTESTS/nlpyroute.py" dump | sort >"$TMP/pyroute" ||
		fail "pyroute2 cannot dump"
	cookies connections | cmp -s - "$TMP/pyroute" ||
		fail "pyroute2 lists other connections than /proc"
	"$SELFTESTS/nlpyroute.py" follow 2 >"$TMP/followed" &
	pid=$!
	wait_until 60 says followed following ||
		die "pyroute2 does not follow: $(<"$TMP/followed")"
	connected 5001
	act cli set c linger 0
	act cli close c
	act srv close s
	wait "$pid" || fail "pyroute2 cannot follow"
	tail -n +2 "$TMP/followed" | sort | cmp -s - <(cookies history) ||
		fail "pyroute2 got other records than history has"
}

# cookies FILE [AWK-CONDITION]: without generations, sorted; a column in the
# condition is [NAME].
cookies()
{
	local condition=${2-1}

	# shellcheck disable=SC2016 # the $ is for awk
	condition=${condition//'['/'$col["'}
	condition=${condition//']'/'"]'}
	awk "NR == 1 {
		for (i = 1; i <= NF; i++)
			col[\$i] = i
		next
	}
	{ sub(/[.].*/, \"\", \$1) }
	$condition { print \$1 }" "$PROC/$1" | sort
}

# nl_cookies TABLE FILTER...: of a dump
nl_cookies()
{
	nl dump "$@" | sed 's/\..*//' | sort
}

# same_set FILE TABLE CONDITION FILTER...: what the filter lets pass is what awk
# would have chosen, and neither nothing nor everything.
same_set()
{
	local file=$1 table=$2 condition=$3 got want

	shift 3
	got=$(nl_cookies "$table" "$@")
	want=$(cookies "$file" "$condition")
	expect_eq "$table with $*" "$got" "$want"
	expect_ne "$table with $*" "$got" ""
	expect_ne "$table with $*" "$got" "$(cookies "$file")"
}

test_N05()
{
	local cli srv one

	populate
	pass 20
	connected 5007 z
	pass 2
	cli=$(netns_of cli) srv=$(netns_of srv)
	one=$(cookies connections '[LPORT] == 5002')
	N05_table connections connection 5002
	N05_table history history 5001
	same_set connections connection '[STATE] == "ESTABLISHED"' \
		states=2
	same_set connections connection \
		'[STATE] ~ /^(CLOSE_WAIT|SYN_SENT)$/' \
		states=$((1 << 8 | 1 << 2))
	same_set connections connection '[STATE_MS] > 10000' \
		older-than=10000000000
	same_set connections connection '[ROLE] == "active"' roles=1
	same_set connections connection "[COOKIE] == \"$one\"" cookie="0x$one"
	same_set connections connection \
		'[LPORT] == 5002 && [STATE] == "ESTABLISHED"' \
		local-port=5002 states=2 local-ipv4="$SRV" netns="$srv"
	same_set connections connection '[LADDR] == "fd00:7::1"' \
		local-ipv6="$CLI6"
	same_set connections connection '[RADDR] == "fd00:7::1"' \
		remote-ipv6="$CLI6"
	same_set history history '[END] == "refused"' ends=$((1 << 2))
	same_set listeners listener '[LPORT] == 5002' local-port=5002
	same_set listeners listener '[LADDR] ~ /:/' local-ipv6="$SRV6"
	N05_timewait
	N05_nothing
}

# N05_table FILE TABLE PORT: what all records have
N05_table()
{
	same_set "$1" "$2" "[NETNS] == $cli" netns="$cli"
	same_set "$1" "$2" '[LPORT] < 5100 && [LADDR] == "10.7.0.2"' \
		local-ipv4="$SRV"
	same_set "$1" "$2" '[RADDR] == "10.7.0.2"' remote-ipv4="$SRV"
	same_set "$1" "$2" "[LPORT] == $3" local-port="$3"
}

# There are two: both ends were closed first by one of them.
N05_timewait()
{
	same_set timewait timewait '[STATE] == "TIME_WAIT"' \
		states=$((1 << 6))
	same_set timewait timewait '[LPORT] == 5003' local-port=5003
	same_set timewait timewait '[RPORT] == 5001' remote-port=5001
	same_set timewait timewait '[RPORT] == 5001' port=5001
}

# What matches nothing is an empty list, not an error.
N05_nothing()
{
	local table

	for table in connection timewait listener history; do
		expect_eq "$table of a port that nobody has" \
			"$(nl dump "$table" local-port=1 2>&1)" ""
	done
}

# Dumps in the face of change: N06 of few, N20 of many.
test_N06()
{
	N05_nothing
	expect_eq "no connections" "$(nl dump connection 2>&1)" ""
	connected 5001
	expect_eq "connections" "$(nl_cookies connection)" \
		"$(cookies connections)"
	expect_eq "one of them" \
		"$(nl dump connection local-port=5001 | wc -l)" 1
	act cli set c linger 0
	act cli close c
	act srv close s
	N06_lives
}

# Two lives of one socket are two records of one cookie.
N06_lives()
{
	local cookie

	act_fails cli ECONNREFUSED connect r "$SRV" 4999
	act_fails cli ECONNREFUSED connect r "$SRV" 4998
	act cli close r
	cookie=$(cookies history '[RPORT] == 4998')
	expect_eq "lives in the dump" "$(nl dump history cookie="0x$cookie" |
		sed 's/.*\.//' | tr '\n' ' ')" "0 1 "
	expect_eq "the last life" "$(nl get record "$cookie" | head -n 1)" \
		"$cookie.1"
	expect_eq "the first life" "$(nl get record "$cookie" 0 | head -n 1)" \
		"$cookie.0"
	nl_refused ENOENT nl get record "$cookie" 2
	nl_refused ENOENT nl get record 123456
}

HELPERS=$NL_HELPERS
run_tests \
	N01 "the kernel's netlink tool lists what /proc lists" \
	N02 "the kernel's netlink tool gets one record, the MIB, the filter" \
	N03 "the kernel's netlink tool follows all groups" \
	N04 "pyroute2 lists and follows" \
	N05 "each filter of a dump, chosen in the kernel" \
	N06 "dumps of nothing and one, and lives of one socket"
