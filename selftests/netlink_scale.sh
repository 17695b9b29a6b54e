#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -m 4G
#
# The netlink family and a hundred thousand records.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS
NO_TRACE=1
PAIRS=$(scaled 50000)

# Others come and go during the whole of the dump.
churn()
{
	while :; do
		act cli connect c "$SRV" 5001
		act cli close c
	done
}

# Who lived throughout is listed exactly once.
test_N41()
{
	local churn before after

	load_start hold "$PAIRS"
	load_wait open
	cat "$PROC/connections" >"$TMP/list"
	act srv listen l "$SRV" 5001 4000
	churn &
	churn=$!
	before=$(now)
	nl dump connection >"$TMP/dump" || fail "the dump is refused"
	after=$(now)
	kill "$churn"
	wait "$churn" 2>/dev/null
	N41_once
	stats_read
	((STAT[born] > 2 * PAIRS + 10)) || fail "nothing came and went"
	ktap_print_msg "$(wc -l <"$TMP/dump") records in $((after - before)) us," \
		"$((STAT[born] - 2 * PAIRS)) came meanwhile"
}

N41_once()
{
	awk 'NR > 1 && $NF { print $1 ($1 ~ /[.]/ ? "" : ".0") }' \
		"$TMP/list" | sort >"$TMP/lived"
	sort "$TMP/dump" >"$TMP/dumped"
	expect_eq "who lived throughout" "$(wc -l <"$TMP/lived")" $((2 * PAIRS))
	expect_eq "listed twice" "$(uniq -d "$TMP/dumped" | wc -l)" 0
	expect_eq "not listed" \
		"$(comm -23 "$TMP/lived" "$TMP/dumped" | wc -l)" 0
}

ARGS_N41=max_connections=200000

run_tests N41 "a dump of $((2 * PAIRS)) records while others come and go"
