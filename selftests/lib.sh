# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What all tests share; sourced by them. A test script defines test_ID
# functions and ends with
#
#	run_tests ID 'description' ID 'description' ...
#
# Each test runs in a subshell with a module loaded for it, two network
# namespaces and a capture of its own, and ends at the first step that cannot
# be taken (die) or after all its expectations, each of which may fail.

# Messages are parsed here and there, and locales are files to be read.
export LC_ALL=C

SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KSFT_SKIP=4

# Where the top Makefile puts what it builds, for the machine at hand.
PROGRAMS=${PROGRAMS-$SELFTESTS/../build}

for part in ktap memory module net agent trace mib record netlink \
	reader shot; do
	. "$SELFTESTS/lib/$part.sh"
done

# scaled NUMBER: how much of it is to be done: all, or the part that $SCALE says,
# where a kernel that watches takes its time; a multiple of 16, as tcpload has so
# many scenarios.
scaled()
{
	echo $((${SCALE:-1} > 1 ? $1 / SCALE / 16 * 16 : $1))
}

# us that what a record says may be off from what a capture says: between the two
# is some work, which a kernel that watches takes longer for.
# shellcheck disable=SC2034 # lib/ktap.sh and lib/record.sh look at it
TOLERANCE=$((${SCALE:-1} > 1 ? 6000 : 1500))

# What the kernel loads on demand is loaded before a clock matters, by a test
# that uses a bit of everything, once a boot.
WARM=/run/tcplife-selftests.warm

warm_up()
{
	[ ! -e "$WARM" ] || return 0
	memory_mount
	hash -r
	(run_one warm)
	: >"$WARM"
} >/dev/null 2>&1

test_warm()
{
	lose cli 1 "$FIN"
	lost cli
	lose_no_more cli
	delay cli 1ms
	unreachable cli 1
	connected 5001
	ss_cookie cli "$CP" 5001
	in_ns cli "$TMP/tcpraw" "$CLI" 9 "$SRV" 9 A 1 1
	act cli close c
	trace_conn "$CP" 5001
	netns_of cli
	show_views
}

# The helpers run from tmpfs, for the same reason; a script that needs more than
# the usual ones names them in HELPERS. Where they were built:
# beside the scripts by kselftest, in $PROGRAMS/selftests by the top Makefile.
find_helpers()
{
	local dir tool

	for dir in "$OUTPUT" "$SELFTESTS" "$PROGRAMS/selftests"; do
		[ -x "$dir/tcpact" ] && [ -x "$dir/pcapseg" ] && break
	done
	for tool in tcpact tcpload tcpraw pcapseg ${HELPERS-}; do
		cp "$dir/$tool" "$TMP/$tool" 2>/dev/null ||
			skip_all "no $tool: make -C selftests"
	done
	cp "$SELFTESTS/lib/trace.awk" "$TMP"
}

need_tools()
{
	local tool

	[ "$(id -u)" = 0 ] || skip_all "needs root"
	for tool in ip nft ss tc tcpdump; do
		command -v "$tool" >/dev/null || skip_all "no $tool"
	done
}

# As much as tcp_init() of 6.1 and 6.12 lets a receive buffer grow to: later
# kernels have more, and the window scale follows it.
RMEM='4096 131072 6291456'

set_up()
{
	trap tear_down EXIT
	module_load
	module_await_others
	net_up
	agent_start cli "$CLI_NS"
	agent_start srv "$SRV_NS"
	act cli sysctl tcp_rmem "$RMEM"
	act srv sysctl tcp_rmem "$RMEM"
	stats_start
	mib_start
	trace_start
}

# Requests outlive their listener until their timers fire, 32 s later at most
# (reqsk_timer_handler()), and their ends would be the next test's.
requests_left()
{
	[ -e "$PROC/stats" ] || return
	stats_read
	[ "${STAT[halfopen_now]}" != 0 ]
}

# What every test must leave behind, whatever it was about, but one that
# unloads the module: losses none, the sums right.
tear_down()
{
	local status=$? left=

	trap - EXIT
	[ "$status" = 0 ] && [ "$FAILED" != 0 ] && status=1
	[ "$status" = 0 ] || [ "$status" = "$KSFT_SKIP" ] || show_views
	! requests_left || left=1
	let_clock_go
	agents_stop
	[ -z "$left" ] || pass 36
	trace_kill
	net_down
	module_unload || status=1
	exit "$status"
}

# run_one ID: in a subshell, so that a test that dies takes nothing along.
run_one()
(
	local args=ARGS_$1

	FAILED=0
	MODULE_ARGS=${!args-}
	set_up
	"test_$1"
	shot "$1"
	expect_sound
)

# What is the matter is known before the plan is: nothing, or a skip.
prepare()
{
	need_tools
	TMP=$(mktemp -d "${TMPDIR:-/tmp}/tcplife.XXXXXX")
	trap 'rm -rf "$TMP"' EXIT
	mkfifo "$TMP"/{cli,srv,load}.{in,out} "$TMP/never" "$TMP/tcpdump"
	find_helpers
	module_find
	warm_up
}
