#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -m 1G
#
# Lockdown and signatures. What is done here cannot be undone before the next
# boot, so the script has options, and by that a VM, of its own.

. "$(dirname "$0")/lib.sh"

HELPERS="$NL_HELPERS"
LOCKDOWN=/sys/kernel/security/lockdown

# X11_works MODE PORT: connections are seen, by all ways, and no hook has gone.
X11_works()
{
	expect_eq "lockdown" "$(sed 's/.*\[\(.*\)\].*/\1/' "$LOCKDOWN")" "$1"
	connected "$2" "$2"
	record connections cli "$CP" "$2"
	expect_fields ROLE=active STATE=ESTABLISHED
	nl dump connection >"$TMP/dump" || fail "no dump with $1"
	expect_eq "connections with $1" "$(wc -l <"$TMP/dump")" \
		$((2 * ($2 - 5000)))
	expect_eq "hooks that are not attached" \
		"$(awk 'NR > 1 && $4 != "attached"' "$PROC/hooks")" ""
	expect_stats hooks_missed=0
}

# X11_refused ERROR PATTERN: the module, that nobody has signed, is not loaded
# again; the kernel asks for the signature before it looks whether it is there.
X11_refused()
{
	dmesg -C
	! insmod "$MODULE" 2>"$TMP/refused" || fail "the module was loaded"
	grep -q "$1" "$TMP/refused" || fail "insmod: $(<"$TMP/refused")"
	dmesg | grep -q "$2" || fail "the log: $(dmesg | tail -n 2)"
}

test_X11()
{
	local mode port=5000

	[ -n "$MODULE" ] || die "no file to load again"
	[ -e "$LOCKDOWN" ] ||
		mount -t securityfs securityfs "${LOCKDOWN%/*}" ||
		die "no securityfs"
	[ -e "$LOCKDOWN" ] || die "this kernel knows no lockdown"
	for mode in integrity confidentiality; do
		echo "$mode" >"$LOCKDOWN" || die "no lockdown"
		port=$((port + 1))
		X11_works "$mode" "$port"
		X11_refused "Operation not permitted" \
			"unsigned module loading is restricted"
	done
	echo 1 >/sys/module/module/parameters/sig_enforce
	X11_refused "Key was rejected by service" \
		"unsigned module is rejected"
}

run_tests X11 "locked down: what is loaded works, what is unsigned is refused"
