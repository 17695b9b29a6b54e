#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -m 1G
#
# Lockdown and signatures. What is done here cannot be undone before the next
# boot, so the script has options, and by that a VM, of its own.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/locked.sh"

HELPERS="$NL_HELPERS"

test_X11()
{
	local mode port=5000

	[ -n "$MODULE" ] || die "no file to load again"
	locked_mount
	for mode in integrity confidentiality; do
		echo "$mode" >"$LOCKDOWN" || die "no lockdown"
		port=$((port + 1))
		locked_works "$mode" "$port" $((port - 5000))
		locked_refuses "$MODULE" "Operation not permitted" \
			"unsigned module loading is restricted"
	done
	echo 1 >/sys/module/module/parameters/sig_enforce
	locked_refuses "$MODULE" "Key was rejected by service" \
		"unsigned module is rejected"
}

run_tests X11 "locked down: what is loaded works, what is unsigned is refused"
