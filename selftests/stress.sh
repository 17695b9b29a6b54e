#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: --clock wall -c 2
#
# Two CPUs in a hurry. Here time is the host's: nothing is measured.

. "$(dirname "$0")/lib.sh"

NO_TRACE=1
COUNT=$(scaled 8000)

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

run_tests M13 "conservation on two CPUs, under readers"
