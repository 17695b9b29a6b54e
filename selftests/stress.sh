#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: --clock wall -c 2
#
# Two CPUs in a hurry. Here time is the host's: nothing is measured.

. "$(dirname "$0")/lib.sh"

NO_TRACE=1
CYCLES=$((100 / ${SCALE:-1}))
COUNT=$(scaled 8000)

# The kernel's log is the verdict that the VM adds: an oops or a warning fails
# the whole run.
test_M05()
{
	local i

	load_start mix 0
	for ((i = 0; i < CYCLES; i++)); do
		module_unload || die "in cycle $i"
		module_load
	done
	stats_read
	expect_eq hooks_missed "${STAT[hooks_missed]}" 0
	agent_stop load
	module_unload
	module_load
	stats_start
	mib_start
}

# The two ends on different CPUs, readers beside them, then the sums.
test_M13()
{
	local reader

	while :; do cat "$PROC"/* >/dev/null; done &
	reader=$!
	load_start mix "$COUNT"
	load_wait "done"
	kill "$reader"
	wait "$reader" 2>/dev/null
	expect_stats "accepted=$((COUNT * 11 / 16))"
}

run_tests \
	M05 "insmod and rmmod $CYCLES times under traffic" \
	M13 "conservation on two CPUs, under readers"
