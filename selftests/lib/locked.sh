# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Kernels that are locked down: what still works, and what they refuse.

LOCKDOWN=/sys/kernel/security/lockdown

locked_mount()
{
	[ -e "$LOCKDOWN" ] ||
		mount -t securityfs securityfs "${LOCKDOWN%/*}" ||
		die "no securityfs"
	[ -e "$LOCKDOWN" ] || die "this kernel knows no lockdown"
}

# locked_works MODE PORT [COUNT]: a connection is seen, by all ways, as the
# COUNT-th that is there (1), and no hook has gone.
locked_works()
{
	expect_eq "lockdown" "$(sed 's/.*\[\(.*\)\].*/\1/' "$LOCKDOWN")" "$1"
	connected "$2" "$2"
	record connections cli "$CP" "$2"
	expect_fields ROLE=active STATE=ESTABLISHED
	nl dump connection >"$TMP/dump" || fail "no dump with $1"
	expect_eq "connections with $1" "$(wc -l <"$TMP/dump")" \
		$((2 * ${3:-1}))
	expect_eq "hooks that are not attached" \
		"$(awk 'NR > 1 && $4 != "attached"' "$PROC/hooks")" ""
	expect_stats hooks_missed=0
}

# locked_refuses FILE ERROR [PATTERN]: insmod fails with that error, and the log says
# so, where it says something. The kernel asks for the signature before it looks
# whether the module is there.
locked_refuses()
{
	dmesg -C
	! insmod "$1" 2>"$TMP/refused" || fail "$1 was loaded"
	grep -q "$2" "$TMP/refused" || fail "insmod: $(<"$TMP/refused")"
	[ -z "${3-}" ] || dmesg | grep -q "$3" ||
		fail "the log: $(dmesg | tail -n 2)"
}
