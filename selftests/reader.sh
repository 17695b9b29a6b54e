#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The reader: each option of each subcommand, exit statuses, JSON, ladders.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS
COMMANDS='follow states halfopen list show listeners timewait stats top audit
	doctor filter record replay report'

# Who is wrong is told how to be right.
test_R01()
{
	local command

	need_reader
	for command in $COMMANDS; do
		reads 0 "$command" --help
		expect_text out "^Usage: tcplife" "Exit status"
		expect_eq "columns of the help of $command" \
			"$(awk 'length > 80' "$TMP/out" | wc -l)" 0
		refused "$command" --no-such-option
		expect_text err "no option --no-such-option"
	done
	reads 0 --version
	refused nonsense
	refused -Z
	refused list --sort nonsense
	refused list --sort
	refused list --state nonsense
	refused list --lo nonsense
	refused list --json=nonsense
	refused list --older -1
	refused list nonsense
	refused follow --count x
	refused follow -4 -6
	refused follow -L 70000
	refused follow -d 0
	refused filter --clear --failures
	refused filter --sample 0
	refused show
	reads 1 show fffffff
	AS='setpriv --reuid 1000 --regid 1000 --clear-groups' R01_nobody
	agents_stop
	net_down
	module_unload
	reads 3 list
	expect_text err "modprobe tcplife|insmod"
	reads 3 -c 1
	reads 3 stats
	module_load
}

R01_nobody()
{
	local command

	for command in "follow -c 1" states halfopen list listeners timewait \
		       stats audit doctor filter "show 1"; do
		# shellcheck disable=SC2086 # a list of words
		reads 1 $command
		expect_text err "root|CAP_NET_ADMIN"
	done
}

# One of each: closed by both, over IPv6, reset, refused.
traffic()
{
	connected 5001
	act cli send c 3000
	act srv recv s 3000
	closed ''
	refused_and_reset
}

# All at once, as each is a process that takes its time to start.
R02_start()
{
	reader_start plain
	reader_start timed -T -t -w
	reader_start csv -s -H
	reader_start json -j
	reader_start nowait -j --no-wait
	reader_start long -x
	reader_start pid --pid "${AGENT_PID[srv]}" -s -H
	reader_start local -L 5001,5002 -s -H
	reader_start remote -D 5009 -s -H
	reader_start four -4 -s -H
	reader_start six -6 -s -H
	reader_start netns -N "$(netns_of srv)" -s -H
	reader_start byname -N "$CLI_NS" -s -H
	reader_start failed --failures -s -H
	reader_start count -c 2 -s -H
	reader_start duration -d 20 -s -H
	readers_wait
}

test_R02()
{
	local name

	need_reader
	R02_start
	traffic
	pass 66
	reader_stop count none
	reader_stop duration none
	for name in "${!READING[@]}"; do
		reader_stop "$name"
	done
	for name in csv duration; do
		expect_lines "$name" '^[0-9]+,tl-(cli|srv),[46],' 5
	done
	expect_lines plain '^[0-9]+ +tl-(cli|srv) +' 5
	expect_lines timed '^[0-9]{2}:[0-9]{2}:[0-9]{2} +[0-9]+\.[0-9]+ ' 5
	expect_lines json '^\{"event":"record"' 5
	expect_lines nowait '^\{"event":"close"' 5
	expect_lines long '^ +[0-9a-f]+ +(fin|reset-sent|reset-received|refused) ' 5
	R02_filters
	R02_ends
}

R02_filters()
{
	expect_lines pid . 2
	expect_lines pid ',tl-srv,' 2
	expect_lines local ',5001,' 1
	expect_lines local . 1
	expect_lines remote ',5009,' 1
	expect_lines remote . 1
	expect_lines four ',4,' 3
	expect_lines four . 3
	expect_lines six ',6,' 2
	expect_lines six . 2
	expect_lines netns . 2
	expect_lines byname . 3
	expect_lines failed . 3
	expect_lines count . 2
	expect_lines csv '^[^,]*,[^,]*,4,10.7.0.1,[0-9]+,10.7.0.2,5001,2,0,' 1
}

# What is in 80 columns, and what is told at the end.
R02_ends()
{
	expect_eq "columns" "$(awk 'length > 80' "$TMP"/{plain,long} | wc -l)" 0
	expect_text csv.err '5 records seen, 0 lost in the kernel, 0 lost'
	expect_text count.err ' 2 records seen, 0 lost'
	expect_text failed.err ' 5 records seen \(3 shown\), 0 lost'
}

test_R03()
{
	need_reader
	reader_start plain states
	reader_start csv states -s -H
	reader_start json states -j
	reader_start timed states -T -t -w
	reader_start local states -L 5001 -s -H
	reader_start six states -6 -s -H
	reader_start wide states -w
	reader_start count states -c 3 -s -H
	readers_wait
	traffic
	pass 66
	reader_stop count none
	for name in "${!READING[@]}"; do
		reader_stop "$name"
	done
	# 6 and 5 as in N22; with a RST 3 and 3, and 2 of whom is refused.
	expect_lines csv . 19
	expect_lines json '^\{"event":"transition"' 19
	# With the line of headings.
	expect_lines plain ' -> ' 20
	expect_eq "columns" "$(awk 'length > 80' "$TMP/plain" | wc -l)" 0
	expect_text wide '^COOKIE +PID +COMM +IP +LADDR +LPORT +RADDR ' \
		' tl-cli +4 +10.7.0.1 +[0-9]+ +10.7.0.2 +5001 +SYN_SENT '
	expect_lines local . 5
	expect_lines count . 3
	expect_lines six . 6
	expect_text plain 'FIN_WAIT2 +-> TIME_WAIT' 'TIME_WAIT +-> CLOSE '
	expect_lines timed '^[0-9]{2}:[0-9]{2}:[0-9]{2} ' 19
}

# Lists: what is there is there to stay.
R04_populate()
{
	traffic
	connected 5002 x
	connected 5003 y
	act srv close sy
	pass 3
}

test_R04()
{
	local cookie

	need_reader
	R04_populate
	cookie=$(ss_cookie srv 5002 "$(R04_port x)")
	lists 5
	lists 3 -D 5001,5002,5003 --role active
	lists 1 -L 5002
	lists 2 -D 5002,5003
	lists 0 -6
	lists 5 -4
	lists 1 --state CLOSE_WAIT
	lists 3 --state TIME_WAIT,CLOSE_WAIT,FIN_WAIT2
	lists 0 --older 100
	lists 5 --older 0
	lists 5 --older 1
	lists 2 --pid "${AGENT_PID[srv]}"
	lists 2 --local "$SRV"
	lists 1 --local "$SRV:5002"
	lists 3 --remote "$SRV"
	lists 1 --cookie "$cookie"
	lists 3 -N "$CLI_NS"
	reads 0 list --sort -lport -H
	expect_eq "ports, sorted" "$(awk '{ print $4 }' "$TMP/out")" \
		"$(awk '{ print $4 }' "$TMP/out" | sort -rn)"
	reads 0 list -w
	expect_text out "^COOKIE" "^$cookie "
	R04_others
}

R04_port()
{
	act cli port "c$1"
	echo "$ANSWER"
}

R04_others()
{
	reads 0 listeners
	expect_eq "columns" "$(awk 'length > 80' "$TMP/out" | wc -l)" 0
	expect_text out '10.7.0.2:5001  tl-srv' 'accept queue' 'accepted 1'
	reads 0 listeners -L 5002 -j
	expect_lines out '"lport":5002' 1
	reads 0 listeners --local "[$SRV6]:5006" -N "$SRV_NS"
	expect_text out 'fd00:7::2\]?:5006'
	reads 0 timewait
	expect_text out '5001'
	reads 0 timewait -H -D 5001 -4 -N "$CLI_NS" --remote "$SRV"
	expect_lines out . 1
	reader_start again listeners -i 1 -L 5001
	pass 20
	reader_stop again TERM 143
	(($(grep -c 10.7.0.2:5001 "$TMP/again") > 3)) ||
		fail "listeners -i does not repeat"
	reads 0 stats
	expect_text out '^born +9'
	reads 0 stats -j
	expect_text out '"born":9,'
	reader_start rates stats -i 2
	pass 20
	reader_stop rates TERM 143
	expect_text rates .
}

# Every kind of line that the reader calls JSON, against its schema.
test_R05()
{
	local command n

	need_reader
	reader_start follow -j
	reader_start nowait -j --no-wait
	reader_start states states -j
	reader_start halfopen halfopen -j
	readers_wait
	half_open 5001
	load_start mix 32
	load_wait "done"
	R04_populate
	for command in list listeners stats; do
		reads 0 "$command" -j
		cp "$TMP/out" "$TMP/$command"
	done
	pass 66
	for command in follow nowait states halfopen; do
		reader_stop "$command"
	done
	expect_lines halfopen '"end":"embryonic-reset"' 1
	"$SELFTESTS/jsonlines.py" "$SELFTESTS/../reader/schema.json" \
		"$TMP"/{follow,nowait,states,halfopen,list,listeners} \
		>"$TMP/valid" ||
		fail "not as the schema says: $(head -n 5 "$TMP/valid")"
	n=$(wc -l <"$TMP/follow")
	((n >= 58 + 5)) || fail "$n lines of follow"
	ktap_print_msg "$(tail -n 1 "$TMP/valid")"
	R05_again
}

# What was recorded is drawn again, and the JSON of doctor and audit is JSON.
R05_again()
{
	local cookie

	cookie=$(sed -n 's/.*"cookie":"\([0-9a-f]*\)".*"end":"fin".*/\1/p' \
		"$TMP/follow" | head -n 1)
	reads 0 show --relative "$cookie"
	cp "$TMP/out" "$TMP/live"
	"$TMP/tcplife" show --relative - "$cookie" <"$TMP/follow" >"$TMP/drawn" ||
		fail "show does not read JSON"
	expect_eq "a ladder from JSON" "$(diff "$TMP/live" "$TMP/drawn")" ""
	for command in audit doctor; do
		reads 0 "$command" -j
		! [ -s "$TMP/out" ] || python3 -c 'import json, sys
for line in sys.stdin: json.loads(line)' <"$TMP/out" ||
			fail "$command -j is no JSON"
	done
}

# A simultaneous open: catalogue row H20.
test_R06()
{
	crossed 50ms
	wait_until 5 has_state cli 5002 5001 01 || fail "not established"
	pass 1
	record connections cli 5002 5001
	expect_fields ROLE=active FLAGS=simopen
	expect_stats active_opens=2 passive_opens=0
	ladders H20
}

run_tests \
	R01 "exit statuses, help, and words for who is wrong" \
	R02 "each option of follow" \
	R03 "each option of states" \
	R04 "each option of list, listeners, timewait and stats" \
	R05 "JSON is as its schema says, and can be drawn" \
	R06 "H20 simultaneous open, as a ladder"
