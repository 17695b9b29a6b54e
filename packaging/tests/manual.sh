#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Usage: packaging/tests/manual.sh
#
# The manual: the pages in packaging/man, Documentation/ as HTML, and each command
# line that README.md and the pages show. TESTS="D01 D08" in the environment
# chooses. D08 needs a minute: it boots one VM for all of them.

. "$(dirname "$0")/lib.sh"

KERNEL=6.1
HERE=packaging/tests

# A page looks for the others beside it.
lint()
(
	cd packaging/man || exit
	mandoc -Tlint -- *.[0-9]
)

# Lines that do not fit a terminal. In ASCII, as awk counts bytes.
too_wide()
{
	local page

	for page in packaging/man/*.[0-9]; do
		mandoc -Tascii -O width=80 "$page" | col -bx |
			awk -v page="$page" 'length > 80 { print page ": " $0 }'
	done
}

test_D01()
{
	expect_eq "pages" "$(cd packaging/man && echo *)" \
		"tcplife-doctor.8 tcplife.4 tcplife.7 tcplife.8"
	expect_silent "mandoc -Tlint" lint
	expect_silent "wider than 80 columns" too_wide
}

test_D02()
{
	expect_silent drift "$HERE/manpages.py" options "$BUILD/tcplife"
}

test_D03()
{
	expect_silent drift "$HERE/manpages.py" module
}

test_D04()
{
	expect_silent drift "$HERE/manpages.py" words
}

test_D05()
{
	expect_silent drift "$HERE/manpages.py" findings
}

# From nothing, for what is up to date is not looked at again.
test_D06()
{
	local f

	rm -rf "$BUILD/html" "$BUILD/doctrees"
	expect_success "make htmldocs" scripts/htmldocs
	for f in Documentation/*.rst; do
		f=${f##*/}
		[ -s "$BUILD/html/${f%.rst}.html" ] || fail "no page of $f"
	done
	expect_silent links "$HERE/htmllinks.py" "$BUILD/html"
	grep -q tcplife_end "$BUILD/html/uapi.html" ||
		fail "no kernel-doc in uapi.html"
}

test_D07()
{
	expect_silent "command lines" "$HERE/commands.py" list
}

test_D08()
{
	local out=$BUILD/manual

	rm -rf "$out"
	mkdir -p "$out"
	"$HERE/commands.py" plan >"$out/plan"
	scripts/build -q "$KERNEL" >/dev/null || die "no module"
	expect_success "the VM" scripts/vm -k "$KERNEL" \
		--options-of "$HERE/manual-guest" "$HERE/manual-guest" "$out"
	expect_silent "command lines" "$HERE/commands.py" compare "$out"
}

case ${1-} in
-h | --help) print_help; exit ;;
esac
"$TOP/scripts/setup" docs || exit
run_tests \
	D01 "mandoc has no complaint about the pages" \
	D02 "each option is in tcplife.8, and no other" \
	D03 "parameters, files, groups and hooks are in tcplife.4" \
	D04 "each word of an end, and each state, is in tcplife.7" \
	D05 "each finding is in tcplife-doctor.8, in its order" \
	D06 "the documentation becomes HTML whose links lead somewhere" \
	D07 "it is known of each command line how it is tried" \
	D08 "each command line prints what is there"
