#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -m 4G -t 7200
# check: named
#
# Abuse (A51 to A79): loaded and unloaded in a crowd, and what its parameters
# allow.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS=stretch
NO_TRACE=1
CONNECTIONS=$(size 100000)
TIMEWAITS=$(size 50000)

# The module comes to a host that has been at work for long: both ends of each
# connection are here.
A54_crowd()
{
	unload_at_last || die "cannot unload"
	act cli sysctl tcp_max_tw_buckets 262144
	load_start hold "$CONNECTIONS" "$TIMEWAITS"
	load_wait open
	expect_short module_insert max_connections=400000 history=400000
	STAT_BEFORE=()
	mib_start
}

A54_imported()
{
	stats_read
	expect_eq "established" "${STAT[now_established]}" \
		$((2 * CONNECTIONS))
	# The first may be over by now.
	expect_eq "timewait, over or not" \
		$((STAT[now_time_wait] + STAT[tw_exit_expired])) "$TIMEWAITS"
	expect_eq "rows" "$(rows connections)" $((2 * CONNECTIONS))
}

# In TIME_WAIT for a minute before it is loaded, some would not be there.
test_A54()
{
	A54_crowd
	stats_read
	expect_between "timewait sockets imported" \
		$((STAT[imported] - 2 * CONNECTIONS)) \
		$((TIMEWAITS / 2)) "$TIMEWAITS"
	TIMEWAITS=$((STAT[imported] - 2 * CONNECTIONS))
	A54_imported
	expect_sound
	expect_short rmmod tcplife
	expect_short module_insert max_connections=400000 history=400000
	STAT_BEFORE=()
	mib_start
	stats_read
	expect_eq "imported again" "${STAT[now_established]}" \
		$((2 * CONNECTIONS))
	agent_stop load
	pass 65
	expect_stats alive=0 end_unknown=0 lost_table_full=0
	abused
}

# Of a connection without a record it is not known how close() finds it: the audit
# allows for as many as were lost (reader/twins.c), and so do we.
aborts_may_be_lost()
{
	local ours pair

	TWINS=$(grep -v -e TCPAbortOnClose -e TCPAbortOnData <<<"$TWINS")
	twins_read
	for pair in abort_unread:TCPAbortOnClose \
		    abort_linger+abort_late_data:TCPAbortOnData; do
		sum_stats "${pair%:*}"
		ours=$SUM
		sum_mib "${pair#*:}"
		expect_between "${pair%:*}" "$ours" \
			$((SUM > LOST_TABLE ? SUM - LOST_TABLE : 0)) "$SUM"
	done
}

# What is not there when the table is full is counted, and nothing else happens:
# 100 records, and connections that come and go and mostly find no room.
# shellcheck disable=SC2034 # by its name, in run_one()
ARGS_A55='max_connections=100 history=1'
test_A55()
{
	local count

	count=$(($(size 20000 320) / 16 * 16))
	load_start mix "$count"
	load_wait "done"
	stats_read
	LOST_TABLE=${STAT[lost_table_full]}
	((LOST_TABLE > 0)) || fail "the table was never full: nothing is tested"
	expect_eq "born and lost" $((STAT[born] + LOST_TABLE)) \
		$((29 * count / 16))
	expect_between "rows of history" "$(rows history)" 0 1
	expect_between "alive" "${STAT[alive]}" 0 100
	ktap_print_msg "${STAT[born]} born, $LOST_TABLE lost"
	aborts_may_be_lost
	pass 65
	expect_stats alive=0
	abused
}

# parameters: their names, as modinfo has them
parameters()
{
	modinfo -F parm "${MODULE:-tcplife}" | cut -d : -f 1
}

# allowed PARAMETER: both bounds. One that is not here fails the test.
allowed()
{
	case $1 in
	max_connections | history) echo 1 2 1048575 1048576 ;;
	attach) echo auto ftrace kprobe ;;
	*) return 1 ;;
	esac
}

# Beyond them, and what is none. The kernel itself takes no value longer than
# 1024, and cuts at a blank.
forbidden()
{
	case $1 in
	max_connections | history)
		echo 0 -1 1048577 4294967295 4294967296 4294967297 \
			18446744073709551616 0x100001 1e3 many 1. "''" ;;
	attach) echo 0 Auto autos ftrac kprobes "''" \
		"$(printf 'x%.0s' {1..1000})" ;;
	esac
}

# A56_works PARAMETER=VALUE: with it connections are recorded, or counted as lost
A56_works()
{
	local twins

	module_insert "$1" || { fail "not loaded with $1"; return; }
	expect_eq "$1 as it can be read" \
		"$(<"/sys/module/tcplife/parameters/${1%%=*}")" "${1#*=}"
	stats_start
	mib_start
	traffic 32
	stats_read
	LOST_TABLE=${STAT[lost_table_full]}
	expect_eq "$1: born and lost" $((STAT[born] + LOST_TABLE)) 58
	twins=$TWINS
	case $1 in
	max_connections=[12]) aborts_may_be_lost ;;
	*) expect_eq "$1: lost" "$LOST_TABLE" 0 ;;
	esac
	expect_sound
	TWINS=$twins
	abused
	module_unload
	# Its timewait sockets would be the next one's.
	pass 65
}

A56_refused()
{
	local value=${1#*=}

	[ "$value" != "''" ] || set -- "${1%%=*}="
	dmesg -C
	! module_insert "$1" 2>/dev/null ||
		{ fail "loaded with $1"; module_unload; return; }
	dmesg | grep tcplife: | grep -q "${1%%=*}" ||
		fail "$1: the log does not say why: $(dmesg | tail -n 1)"
	[ ! -e "$PROC" ] || fail "$PROC is there after $1"
	[ ! -e /sys/module/tcplife ] || fail "the module is there after $1"
	expect_untainted
}

test_A56()
{
	local name value values

	module_unload
	expect_ne "parameters" "$(parameters)" ""
	for name in $(parameters); do
		values=$(allowed "$name") ||
			die "no bounds are known for parameter $name"
		for value in $values; do
			A56_works "$name=$value"
		done
		for value in $(forbidden "$name"); do
			A56_refused "$name=$value"
		done
	done
	LOST_TABLE=0
	load_anew
}

run_tests \
	A54 "insmod and rmmod with $CONNECTIONS connections and $TIMEWAITS timewait sockets open" \
	A55 "a table of 100 and a history of 1 under churn" \
	A56 "each parameter at both bounds and beyond"
