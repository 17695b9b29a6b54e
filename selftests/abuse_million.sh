#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -m 10G -t 14400
# check: named
#
# Abuse (A51 to A79): a million endpoints, their records alive at the same time.
# With less than all of it there is nothing to be seen: ABUSE=1. scripts/bench-scale
# measures the same, and more of it; here it must be so.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS='stretch'
NO_TRACE=1
MANY=1000000

# held N: so many endpoints from now on
held()
{
	echo "$1" >&"$HELD_IN"
	read -r _ <&"$HELD_OUT"
	pass 65
}

held_start()
{
	local tool

	for tool in held lists; do
		cp "$SELFTESTS/../build/selftests/bench/$tool" "$TMP" ||
			skip "no $tool: the top Makefile builds it"
	done
	echo $((2 * 1048576)) >/proc/sys/fs/nr_open
	echo $((4 * 1048576)) >/proc/sys/fs/file-max
	echo 1048576 >/proc/sys/net/ipv4/tcp_max_tw_buckets
	mkfifo "$TMP"/held.{in,out}
	exec {HELD_IN}<>"$TMP/held.in" {HELD_OUT}<>"$TMP/held.out"
	"$TMP/held" <&"$HELD_IN" >&"$HELD_OUT" &
	HELD=$!
}

# listed_ns WHAT: what one pass takes, and how many there are, in TOOK and LISTED
listed_ns()
{
	"$TMP/lists" "$1" >"$TMP/took" || die "cannot list $1"
	read -r _ LISTED _ TOOK _ <"$TMP/took"
}

# A83_linear: ten times as many take ten times as long, or twelve.
A83_linear()
{
	local what

	for what in "$PROC/connections" connection; do
		listed_ns "$what"
		expect_eq "rows of $what" "$LISTED" "$1"
		ktap_print_msg "$what: $LISTED in $((TOOK / 1000000)) ms"
		((TOOK / LISTED <= 12 * ${EACH[$what]-TOOK} / 10)) ||
			fail "$what: $((TOOK / LISTED)) ns for one of $1," \
				"${EACH[$what]} before"
		EACH[$what]=$((TOOK / LISTED))
	done
}

# shellcheck disable=SC2034 # by its name, in run_one()
ARGS_A83='max_connections=1048576'
test_A83()
{
	local before
	local -A EACH=()

	[ "$ABUSE" = 1 ] || skip "a million endpoints: ABUSE=1"
	memory_read
	((MEMORY[MemTotal] > 9000000)) || skip "it takes 9 GB"
	held_start
	held $((MANY / 10))
	A83_linear $((MANY / 10))
	held $MANY
	stats_read
	expect_eq "alive" "${STAT[alive]}" "$MANY"
	A83_linear $MANY
	memory_read
	before=${MEMORY[MemAvailable]}
	expect_short rmmod tcplife
	memory_read
	ktap_print_msg "$(((MEMORY[MemAvailable] - before) * 1024 / MANY))" \
		"bytes for a record, all told"
	expect_between "bytes for a record" \
		$(((MEMORY[MemAvailable] - before) * 1024 / MANY)) 424 600
	expect_short module_insert max_connections=1048576
	stats_start
	mib_start
	stats_read
	expect_eq "imported" "${STAT[now_established]}" "$MANY"
	kill "$HELD"
	wait "$HELD" 2>/dev/null
	pass 70
	expect_stats alive=0
	abused
}

run_tests A83 "$MANY records alive at the same time"
