# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# KTAP output, under the names of kselftest/ktap_helpers.sh, which kernels
# before 6.8 and folders outside the tree do not have; and expectations.

KTAP_TESTNO=1
KTAP_PASS=0
KTAP_FAIL=0
KTAP_SKIP=0
KTAP_PLAN=0

ktap_print_header()
{
	echo "TAP version 13"
}

ktap_print_msg()
{
	echo "# $*"
}

ktap_set_plan()
{
	KTAP_PLAN=$1
	echo "1..$1"
}

ktap_skip_all()
{
	echo "1..0 # SKIP $*"
}

skip_all()
{
	ktap_skip_all "$*"
	exit "$KSFT_SKIP"
}

# ktap_line RESULT DESCRIPTION [DIRECTIVE]
ktap_line()
{
	echo "$1 $KTAP_TESTNO $2${3:+ # $3}"
	KTAP_TESTNO=$((KTAP_TESTNO + 1))
}

ktap_test_pass()
{
	KTAP_PASS=$((KTAP_PASS + 1))
	ktap_line ok "$@"
}

ktap_test_fail()
{
	KTAP_FAIL=$((KTAP_FAIL + 1))
	ktap_line "not ok" "$@"
}

ktap_test_skip()
{
	KTAP_SKIP=$((KTAP_SKIP + 1))
	ktap_line ok "$1" "SKIP${2:+ $2}"
}

# ktap_test_result DESCRIPTION COMMAND...
ktap_test_result()
{
	local description=$1 status=0

	shift
	"$@" || status=$?
	case $status in
	0) ktap_test_pass "$description" ;;
	"$KSFT_SKIP") ktap_test_skip "$description" ;;
	*) ktap_test_fail "$description" ;;
	esac
}

ktap_finished()
{
	echo "# Totals: pass:$KTAP_PASS fail:$KTAP_FAIL xfail:0 xpass:0" \
	     "skip:$KTAP_SKIP error:0"
	[ $((KTAP_PASS + KTAP_SKIP)) = "$KTAP_PLAN" ] || exit 1
	exit 0
}

# wanted ID: $TESTS names it, or nothing. A kernel tree's runner has a TESTS of its
# own.
wanted()
{
	local wanted=${TCPLIFE_TESTS-${TESTS-}}

	[ -z "$wanted" ] || [[ " $wanted " == *" $1 "* ]]
}

# run_tests ID TITLE...: those that are wanted. Who sources this has prepare, what
# all of them need, and run_one ID.
run_tests()
{
	local -a ids=() names=()
	local i

	for ((; $#; )); do
		# Or it would pass.
		declare -F "test_$1" >/dev/null || die "there is no test_$1"
		! wanted "$1" || { ids+=("$1") names+=("$1 $2"); }
		shift 2
	done
	[ ${#ids[@]} != 0 ] || skip_all "none of its tests is wanted"
	prepare
	ktap_print_header
	ktap_set_plan "${#ids[@]}"
	for i in "${!ids[@]}"; do
		ktap_test_result "${names[i]}" run_one "${ids[i]}"
	done
	ktap_finished
}

# An expectation is not met; the test goes on. Told once more after the views,
# which are long.
FAILED=0
declare -a FAILURES=()
fail()
{
	ktap_print_msg "$*"
	FAILED=$((FAILED + 1))
	FAILURES+=("$*")
}

# The test cannot go on.
die()
{
	fail "$@"
	exit 1
}

# expect_eq WHAT GOT WANT
expect_eq()
{
	[ "$2" = "$3" ] || fail "$1: got $2, want $3"
}

# expect_ne WHAT GOT UNWANTED
expect_ne()
{
	[ "$2" != "$3" ] || fail "$1: got $2"
}

# A time in ms or s with decimals as an integer of thousandths or millionths in
# $DIGITS, for bash knows no fractions. Returns 1 for what is no number.
digits()
{
	DIGITS=
	case $1 in
	*[!0-9.]* | '') return 1 ;;
	esac
	DIGITS=$((10#${1/./}))
}

# expect_between WHAT GOT LOW HIGH: all with as many decimals.
expect_between()
{
	local got low high

	digits "$3"
	low=$DIGITS
	digits "$4"
	high=$DIGITS
	digits "$2"
	got=$DIGITS
	if [ -z "$got" ] || ((got < low || got > high)); then
		fail "$1: got $2, want $3 to $4"
	fi
}

# expect_ms WHAT GOT-MS WANT-US [TOLERANCE-US]: a column in ms against a time
# of the capture in us. The two clocks are read a few thousand instructions
# apart.
expect_ms()
{
	local got tolerance=${4:-$TOLERANCE}

	digits "$2"
	got=$DIGITS
	if [ -z "$got" ] ||
	   ((got < $3 - tolerance || got > $3 + tolerance)); then
		fail "$1: got $2 ms, want $(thousandths "$3") +- $tolerance us"
	fi
}

# thousandths NUMBER, millionths NUMBER: the way back from digits
thousandths()
{
	printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
}

millionths()
{
	printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000))
}
