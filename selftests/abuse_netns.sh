#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 7200
#
# Abuse (A51 to A79): network namespaces that come and go with all that is in
# them. rebooted.sh has what becomes of single connections.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS="$NL_HELPERS netnsload"
NO_TRACE=1
NAMESPACES=$(size 1000 20)

# Nobody can read the counters of a kernel's namespace that is gone, so there are
# no twins here: each connection has two ends, and that is what is counted.
no_twins()
{
	TWINS=
}

nothing_alive()
{
	stats_read
	((STAT[alive] == 0))
}

# netns_load [FILE]: and the sums. What is in TIME_WAIT goes with its namespace.
netns_load()
{
	local each

	no_twins
	each=$("$TMP/netnsload" "$NAMESPACES" "$@") || die "netnsload failed"
	wait_until 30 nothing_alive || fail "${STAT[alive]} are alive"
	expect_stats "born=$((2 * each * NAMESPACES))" \
		"ended=$((2 * each * NAMESPACES))" halfopen_now=0 \
		now_listen=0 end_unknown=0
	sum_stats tw_exit_netns_gone
	((SUM > 2 * NAMESPACES)) ||
		fail "of timewait sockets $SUM went with their namespace"
	expect_eq "rows" "$(rows connections) $(rows timewait)" "0 0"
	ktap_print_msg "$NAMESPACES namespaces: ${STAT[born]} records, of" \
		"timewait sockets $SUM went with their namespace"
}

# shellcheck disable=SC2034 # by their names, in run_one()
ARGS_A63='history=100000' ARGS_A64='history=100000'

test_A63()
{
	netns_load
	expect_untainted
}

# Somebody reads a file in each, and goes on when its namespace has nobody else,
# or never does.
test_A64()
{
	netns_load "$PROC/connections"
	netns_load_again "$PROC/history"
	expect_untainted
}

# netns_load_again FILE: from here on
netns_load_again()
{
	stats_start
	netns_load "$@"
}

# Subscribers, and dumps that their reader leaves at the first message: with the
# socket the namespace goes.
test_A65()
{
	netns_load netlink
	expect_untainted
}

run_tests \
	A63 "$NAMESPACES namespaces come and go with live connections" \
	A64 "a file that is being read keeps its namespace" \
	A65 "a subscriber with a dump under way leaves its namespace"
