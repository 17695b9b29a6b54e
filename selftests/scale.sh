#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -m 4G
#
# A hundred thousand live records: listed in one pass, in linear time.

. "$(dirname "$0")/lib.sh"

NO_TRACE=1
PAIRS=$(scaled 50000)

# list_time: us of CPU that one pass over all connections takes; $LISTED rows.
# Not by the clock, which jumps whenever the guest waits for the host's files.
list_time()
{
	local TIMEFORMAT='%3U %3S' user system

	{ time cat "$PROC/connections" >"$TMP/list"; } 2>"$TMP/took"
	read -r user system <"$TMP/took"
	TOOK=$((10#${user/./}000 + 10#${system/./}000))
	LISTED=$(($(wc -l <"$TMP/list") - 1))
}

# M10_size PAIRS: opens so many, lists them twice, the first to warm up.
M10_size()
{
	load_start hold "$1"
	load_wait open
	list_time
	list_time
	expect_eq "rows of $1 connections" "$LISTED" $((2 * $1))
	expect_eq "different rows of $1 connections" \
		"$(awk 'NR > 1 { print $1 }' "$TMP/list" | sort -u | wc -l)" \
		$((2 * $1))
	stats_read
	expect_eq "alive" "${STAT[alive]}" $((2 * $1))
}

# The whole is torn down by force, rmmod with all records alive included.
test_M10()
{
	local few

	M10_size "$((PAIRS / 10))"
	few=$TOOK
	agent_stop load
	pass 65
	M10_size "$PAIRS"
	# Ten times the rows: ten times the time, give or take the caches.
	((TOOK <= 15 * few)) ||
		fail "$LISTED rows took $TOOK us, a tenth of them $few us"
	ktap_print_msg "a tenth: $few us, $LISTED rows: $TOOK us"
}

ARGS_M10=max_connections=200000

run_tests M10 "$((2 * PAIRS)) live records are listed in linear time"
