#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Usage: packaging/tests/manual.sh
#
# The manual: the pages in packaging/man, Documentation/ as HTML, and each command
# line that README.md and the pages show. TESTS="D01 D08" in the environment
# chooses. D08 needs a minute: it boots one VM for all of them.

set -eu
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/selftests/lib/ktap.sh"

KSFT_SKIP=4
TESTS=${TESTS-}
KERNEL=6.1
HERE=packaging/tests
PAGES=(packaging/man/*.[0-9])

# told WHAT: each line of the log is a failure.
told()
{
	local line

	while IFS= read -r line; do
		fail "$1: $line"
	done <"$log"
}

# silent WHAT COMMAND...: it has to work, and to print nothing.
silent()
{
	local what=$1 status=0

	shift
	"$@" >"$log" 2>&1 || status=$?
	told "$what"
	[ "$status" = 0 ] || fail "$what: exit status $status"
}

# works WHAT COMMAND...: what it prints matters only if it does not.
works()
{
	local what=$1 status=0

	shift
	"$@" >"$log" 2>&1 || status=$?
	[ "$status" != 0 ] || return 0
	told "$what"
	fail "$what: exit status $status"
}

# A page looks for the others beside it.
lint()
(
	cd packaging/man
	mandoc -Tlint -- *.[0-9]
)

# Lines that do not fit a terminal. In ASCII, as awk counts bytes.
too_wide()
{
	local page

	for page in "${PAGES[@]}"; do
		mandoc -Tascii -O width=80 "$page" | col -bx |
			awk -v page="$page" 'length > 80 { print page ": " $0 }'
	done
}

test_D01()
{
	[ ${#PAGES[@]} -ge 4 ] || fail "${#PAGES[@]} pages"
	silent "mandoc -Tlint" lint
	silent "wider than 80 columns" too_wide
}

test_D02()
{
	silent drift "$HERE/manpages.py" options "$BUILD/tcplife"
}

test_D03()
{
	silent drift "$HERE/manpages.py" module
}

test_D04()
{
	silent drift "$HERE/manpages.py" words
}

test_D05()
{
	silent drift "$HERE/manpages.py" findings
}

# From nothing, for what is up to date is not looked at again.
test_D06()
{
	local f

	rm -rf "$BUILD/html" "$BUILD/doctrees"
	works "make htmldocs" scripts/htmldocs
	for f in Documentation/*.rst; do
		f=${f##*/}
		[ -s "$BUILD/html/${f%.rst}.html" ] || fail "no page of $f"
	done
	silent links "$HERE/htmllinks.py" "$BUILD/html"
	grep -q tcplife_end "$BUILD/html/uapi.html" ||
		fail "no kernel-doc in uapi.html"
}

test_D07()
{
	silent "command lines" "$HERE/commands.py" list
}

test_D08()
{
	local out=$BUILD/manual

	rm -rf "$out"
	mkdir -p "$out"
	"$HERE/commands.py" plan >"$out/plan"
	works "the VM" scripts/vm -k "$KERNEL" \
		--options-of "$HERE/manual-guest" "$HERE/manual-guest" "$out"
	silent "command lines" "$HERE/commands.py" compare "$out"
}

# run_one ID, in a subshell, as a test may die.
run_one()
(
	FAILED=0
	"test_$1"
	[ "$FAILED" = 0 ]
)

# wanted ID
wanted()
{
	[ -z "$TESTS" ] || [[ " $TESTS " == *" $1 "* ]]
}

run_tests()
{
	local -a names=()
	local name

	for name; do
		! wanted "${name%% *}" || names+=("$name")
	done
	[ ${#names[@]} != 0 ] || skip_all "none of its tests is wanted"
	ktap_print_header
	ktap_set_plan ${#names[@]}
	for name in "${names[@]}"; do
		ktap_test_result "$name" run_one "${name%% *}"
	done
	ktap_finished
}

main()
{
	case ${1-} in
	-h | --help) print_help; exit ;;
	esac
	cd "$TOP"
	scripts/setup docs
	scripts/build -q "$KERNEL" >/dev/null
	make_programs "$KERNEL"
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	run_tests \
		"D01 mandoc has no complaint about the pages" \
		"D02 each option is in tcplife.8, and no other" \
		"D03 parameters, files, groups and hooks are in tcplife.4" \
		"D04 each word of an end, and each state, is in tcplife.7" \
		"D05 each finding is in tcplife-doctor.8, in its order" \
		"D06 the documentation becomes HTML whose links lead somewhere" \
		"D07 it is known of each command line how it is tried" \
		"D08 each command line prints what is there"
}

main "$@"
