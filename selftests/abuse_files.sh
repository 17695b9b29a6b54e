#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 7200
#
# Abuse (A51 to A79): what can be said to the netlink family, and how the files
# can be read. M08 has partial reads that are told from each other.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS="$NL_HELPERS nlfuzz procread"
NO_TRACE=1
MESSAGES=$(size 1000000 50000)
READS=$(size 1000000 10000)
PROCESSES=100

# Something of each kind, so that what is asked has an answer.
populate()
{
	connected 5001
	connected 5002 x
	act cli close cx
	act srv eof sx
	act srv close sx
	refused_and_reset
	pass 1
}

# Messages that are almost right. The VM looks into the kernel's log.
test_A60()
{
	local seed=${SEED-$RANDOM} born

	populate
	stats_read
	born=${STAT[born]}
	"$TMP/nlfuzz" "$MESSAGES" "$seed" >"$TMP/fuzz" || fail "nlfuzz: $?"
	ktap_print_msg "$(tr '\n' ' ' <"$TMP/fuzz")"
	expect_eq "accepted and refused" \
		"$(grep -cE '^(ok|EINVAL) [1-9]' "$TMP/fuzz")" 2
	act cli set c linger 0
	act cli close c
	act srv close s
	nl set
	expect_eq "connections" "$(nl dump connection | wc -l)" 0
	expect_stats "born=$born"
	abused
}

# A history of one record stands still: all of it is compared.
# shellcheck disable=SC2034 # by its name, in run_one()
ARGS_A61='history=1'
test_A61()
{
	populate
	expect_eq "rows of history" "$(rows history)" 1
	"$TMP/procread" same "$PROCESSES" "$ABUSE" "$PROC/history" \
		>"$TMP/read" 2>&1 || fail "$(head -n 3 "$TMP/read")"
	ktap_print_msg "history of $(wc -c <"$PROC/history") bytes:" \
		"$(tail -n 1 "$TMP/read")"
	abused
}

# And the rest, while it changes.
test_A62()
{
	local seed=${SEED-$RANDOM}

	populate
	load_start mix 0
	"$TMP/procread" any "$PROCESSES" "$READS" "$seed" \
		"$PROC"/{stats,connections,timewait,listeners,history,latency,hooks} \
		>"$TMP/read" 2>&1 || fail "$(head -n 3 "$TMP/read")"
	ktap_print_msg "seed $seed: $(tail -n 1 "$TMP/read")"
	agent_stop load
	pass 65
	abused
}

run_tests \
	A60 "the family survives $MESSAGES mutated messages" \
	A61 "reads of every size at every offset by $PROCESSES processes" \
	A62 "$READS absurd reads by $PROCESSES processes, of what changes"
