#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The event filter: what it keeps from the readers of the groups, and from
# nobody else.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS
NO_TRACE=1
ALL='c1 c2 c3 c9 s1 s2 s3'

# Seven ends of four connections: 1 with FINs, 2 with a RST, 3 over IPv6, and 9
# that is refused. c is the client's end, s the server's.
traffic()
{
	local i

	for i in 1 2 3; do
		tell srv accept "s$i" "l$i"
		act cli connect "c$i" "$([ $i = 3 ] && echo "$SRV6" ||
			echo "$SRV")" "500$i"
		finish srv accept
	done
	act_fails cli ECONNREFUSED connect c9 "$SRV" 5009
	act cli set c2 linger 0
	for i in 1 2 3; do
		act cli close "c$i"
		act srv close "s$i"
	done
	act cli close c9
}

listen_all()
{
	act srv listen l1 "$SRV" 5001 10
	act srv listen l2 "$SRV" 5002 10
	act srv listen l3 "$SRV6" 5003 10
}

# ends NAME: of whom there was an event
ends()
{
	events "$1" | awk '
		$2 > 5000 && $2 < 5010 { print "s" $2 - 5000 }
		$3 > 5000 && $3 < 5010 { print "c" $3 - 5000 }' | sort |
		paste -sd ' '
}

# shows "END..." FILTER...: traffic under a filter, followed by somebody new.
# Ends that leave a timewait socket, c1 and c3, are counted when that ends.
shows()
{
	local want=$1 before counted

	shift
	nl set "$@" || die "cannot set $*"
	stats_read
	before=${STAT[events_filtered]}
	follow_start closes closes
	traffic
	follow_stop closes
	expect_eq "ends with $*" "$(ends closes)" "$want"
	counted=$(tr ' ' '\n' <<<"$want" | grep -cv -e '^$' -e c1 -e c3)
	BORN=$((BORN + 7))
	expect_stats "born=$BORN" events_dropped=0
	expect_eq "filtered with $*" $((STAT[events_filtered] - before)) \
		$((5 - counted))
}

# told_filtered NAME: in its last message
told_filtered()
{
	awk '/^message/ { n = $4 } END { print n }' "$TMP/$1"
}

test_N31()
{
	local srv BORN=0

	listen_all
	srv=$(netns_of srv)
	shows "$ALL" sample=1
	shows "s1 s2 s3" netns="$srv"
	shows "c1 c2 c9 s1 s2" family=1
	shows "c3 s3" family=2
	shows "s1" local-port=5001
	shows "s1 s2" local-port=5001 local-port=5002
	shows "c3 c9" remote-port=5003 remote-port=5009
	shows "c1 c2 c3 c9" roles=1
	shows "s1 s2 s3" roles=2
	shows "c2 c9 s2" failures=1
	shows "c9" failures=1 roles=1 remote-port=5009 family=1
	shows "" local-port=1
	shows "$ALL"
	# It has kept nothing from the history.
	pass 65
	expect_eq "history" "$(rows history)" "$BORN"
}

# One connection in so many, by its cookie: of each all events or none.
test_N32()
{
	nl set sample=4
	follow_start states states
	follow_start closes closes
	load_start mix 320
	load_wait "done"
	follow_stop states
	follow_stop closes
	# Not the other way: who has no route changes no state.
	N32_part states closes
	nl set
	expect_eq "the filter" "$(nl get event-filter)" "attr 10 0"
}

# N32_part NAME NAME: who is in the one is in the other
N32_part()
{
	local name

	for name; do
		events "$name" | cut -d ' ' -f 1 | sort -u >"$TMP/$name.ids"
	done
	expect_eq "in $1 but not in $2" \
		"$(comm -23 "$TMP/$1.ids" "$TMP/$2.ids" | wc -l)" 0
	expect_between "in $1" "$(wc -l <"$TMP/$1.ids")" 80 220
}

# Each group has a count of its own of what was kept from it, and it is there
# for whoever joins later.
N33_GROUPS='records closes states halfopen records-compact closes-compact'
test_N33()
{
	local group

	listen_all
	nl set local-port=5001
	for group in $N33_GROUPS; do
		follow_start "$group" "$group"
	done
	traffic
	pass 65
	traffic
	pass 1
	N33_last
	for group in $N33_GROUPS; do
		follow_stop "$group"
	done
	# Of the second time, c1 and c3 are in TIME_WAIT.
	for group in records closes records-compact closes-compact; do
		expect_eq "filtered from $group" "$(told_filtered "$group")" 11
		expect_eq "ends in $group" "$(ends "$group")" "s1 s1 s1"
	done
	expect_eq "halfopen" "$(events halfopen)" ""
}

# One that passes, so that there is a message with the counts.
N33_last()
{
	tell srv accept s1 l1
	act cli connect c1 "$SRV" 5001
	finish srv accept
	act cli set c1 linger 0
	act cli close c1
	act srv close s1
}

run_tests \
	N31 "each criterion of the event filter, and what it leaves alone" \
	N32 "a sample of connections has all their events" \
	N33 "what is filtered is counted for each group"
