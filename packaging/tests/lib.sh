# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests in this folder share: they need no VM, or more than those in
# selftests/ have. Each script sources this and ends with run_tests, as there.

. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
# shellcheck disable=SC2034 # ktap.sh uses it
KSFT_SKIP=4
. "$TOP/selftests/lib/ktap.sh"

# The expectation that lines were printed: none was, as each is a fault.
# expect_silent WHAT COMMAND...
expect_silent()
{
	local what=$1 said

	shift
	if ! said=$("$@" 2>&1) || [ -n "$said" ]; then
		fail "$what: $said"
	fi
}

# expect_success WHAT COMMAND...
expect_success()
{
	local what=$1

	shift
	"$@" >"$TMP/log" 2>&1 ||
		fail "$what: status $?: $(tail -n 20 "$TMP/log")"
}

# expect_line FILE PATTERN: a line of it matches
expect_line()
{
	grep -qE -e "$2" "$1" || fail "no line '$2' in $1"
}

# What a test has started ends with it; some start something.
cleanup()
{
	:
}

# run_one ID: in a subshell, so that a test that dies takes nothing along.
run_one()
(
	FAILED=0
	trap cleanup EXIT
	"test_$1"
	[ "$FAILED" = 0 ]
)

# The reader, and $TMP.
workplace()
{
	cd "$TOP" || exit
	mkdir -p "$BUILD"
	make -s -j "$(nproc)" -C reader
	TMP=$(mktemp -d "$BUILD/packaging.XXXXXX")
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$TMP'" EXIT
}

# Others may need more.
prepare()
{
	workplace
}
