#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 3600
#
# The random storm: connections that do what a seed says, through a router that
# loses, delays and doubles what the seed says. Nothing is known of what must
# happen; what is checked is that the sums are right and that each record is
# what the captures show. STORM_SEEDS="77 78" are other seeds than the five.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/storm.sh"

HELPERS='tcpstorm'
NO_TRACE=1
COUNT=${STORM_COUNT:-$(scaled 1000)}
SECONDS_OF_STORM=60

set_up()
{
	local host

	trap tear_down EXIT
	TRACERS=()
	MODULE_ARGS='history=100000 max_connections=100000'
	module_load
	module_await_others
	storm_up
	for host in $STORM_HOSTS; do
		rm -f "$TMP/$host".*
		mkfifo "$TMP/$host".{in,out}
		agent_start "$host" "tcplife-$host"
	done
	stats_start
	mib_start
}

tear_down()
{
	local status=$?

	trap - EXIT
	[ "$status" = 0 ] && [ "$FAILED" != 0 ] && status=1
	[ "$status" = 0 ] || [ "$status" = "$KSFT_SKIP" ] || storm_keep
	[ ${#TRACERS[@]} = 0 ] || kill -KILL "${TRACERS[@]}"
	[ -z "${READING[records]-}" ] || kill -KILL "${READING[records]}"
	agents_stop
	storm_down
	module_unload || status=1
	exit "$status"
}

# What is loaded on demand is, before the first connection.
warm_up()
{
	memory_mount 2>/dev/null
}

# Nothing lives any more, not even a timewait socket or a request.
storm_over()
{
	stats_read
	((STAT[alive] == 0 && STAT[halfopen_now] == 0))
}

# The longest wait is for somebody whose peer is gone: 20 minutes.
storm_await_end()
{
	local deadline=$((SECONDS + 7200))

	until storm_over; do
		((SECONDS < deadline)) || return
		pass 5
	done
}

storm_run()
{
	local took=$SECONDS

	"$TMP/tcpstorm" "$SEED" "$COUNT" "$SECONDS_OF_STORM" \
		tcplife-h{1,2,3,4} >"$TMP/actions" || die "tcpstorm failed"
	ktap_print_msg "$(<"$TMP/actions")"
	storm_await_end ||
		fail "${STAT[alive]} alive, ${STAT[halfopen_now]} half-open"
	ktap_print_msg "seed $SEED: ${STAT[born]} records," \
		"$((SECONDS - took)) s of the guest"
}

# expect_captured: each record is what the captures show.
expect_captured()
{
	local host
	local -a args=()

	expect_eq "records told" "$(wc -l <"$TMP/records")" "${STAT[born]}"
	for host in 1 2 3 4; do
		args+=("10.7.$host.1" "fd00:7:$host::1" "$TMP/trace.h$host")
	done
	/usr/bin/python3 "$SELFTESTS/stormcheck.py" "$TMP/records" \
		"${args[@]}" >"$TMP/complaints" 2>&1 ||
		fail "$(head -n 200 "$TMP/complaints")"
	ktap_print_msg "seed $SEED: $(tail -n 1 "$TMP/complaints")"
}

# storm SEED
storm()
{
	local host

	SEED=$1
	RANDOM=$SEED
	READER=${READER-$PROGRAMS/tcplife}
	if ! reader_find || ! command -v python3 >"$TMP/python"; then
		ktap_print_msg "no reader, or no python3"
		exit "$KSFT_SKIP"
	fi
	storm_sysctls
	storm_faults
	for host in $STORM_HOSTS; do
		storm_trace_start "$host"
	done
	reader_start records -j
	readers_wait
	storm_run
	reader_stop records
	storm_traces_stop
	expect_audit
	expect_captured
}

# storm_ids SEED...: in $STORM, for run_tests
storm_ids()
{
	local seed

	STORM=()
	for seed; do
		eval "test_S$seed() { storm $seed; }"
		STORM+=("S$seed" "a storm of $COUNT connections, seed $seed")
	done
}

if [ -n "${STORM_SEEDS-}" ]; then
	# shellcheck disable=SC2086 # a list of words
	storm_ids $STORM_SEEDS
	run_tests "${STORM[@]}"
fi

test_S01() { storm 1; }
test_S02() { storm 2; }
test_S03() { storm 3; }
test_S04() { storm 4; }
test_S05() { storm 5; }

run_tests \
	S01 "a storm of $COUNT connections, seed 1" \
	S02 "a storm of $COUNT connections, seed 2" \
	S03 "a storm of $COUNT connections, seed 3" \
	S04 "a storm of $COUNT connections, seed 4" \
	S05 "a storm of $COUNT connections, seed 5"
