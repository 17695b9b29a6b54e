#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 7200
# check: named
#
# Abuse (A51 to A79): no memory. Needs a kernel that fails on purpose, with
# CONFIG_FAILSLAB and, for the N-th allocation, CONFIG_FAULT_INJECTION_DEBUG_FS:
# scripts/kernel get debug.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS="$NL_HELPERS failnth"
NO_TRACE=1
FAULTS=/sys/kernel/debug
TIMES=1000000
# More allocations than insmod makes until nothing of it fails.
MOST=20000

need_faults()
{
	[ -e "$FAULTS/failslab" ] || skip "this kernel has no failslab"
	module_unload
	hooked >"$TMP/hooked"
}

# Functions that somebody has hooked. Those who did have no name any more when
# their module is gone.
hooked()
{
	cut -d ' ' -f 1 /sys/kernel/tracing/enabled_functions | sort
	cut -d ' ' -f 1 "$FAULTS/kprobes/list" | sort
}

# faults KIND SETTING=VALUE...
faults()
{
	local kind=$1 pair

	[ -e "$FAULTS/$kind" ] || return 0
	shift
	for pair; do
		[ ! -e "$FAULTS/$kind/${pair%%=*}" ] ||
			echo "${pair#*=}" >"$FAULTS/$kind/${pair%%=*}"
	done
}

# faults_on PERCENT TASK-FILTER: of objects and of pages, those that may wait
# included. The filter comes first: until then our own writes might fail.
faults_on()
{
	local kind

	for kind in failslab fail_page_alloc; do
		faults "$kind" "task-filter=$2" times=-1 interval=1 space=0 \
			verbose=0 ignore-gfp-wait=N ignore-gfp-highmem=N \
			min-order=0
	done
	faults failslab times="$TIMES" "probability=$1"
	faults fail_page_alloc "probability=$1"
}

# How many objects were refused since then.
faults_made()
{
	echo $((TIMES - $(<"$FAULTS/failslab/times")))
}

faults_off()
{
	faults failslab probability=0 task-filter=N
	faults fail_page_alloc probability=0 task-filter=N
}

# nothing_left WHAT: after a load that failed
nothing_left()
{
	[ ! -e "$PROC" ] || fail "$1: $PROC is there"
	[ ! -e /sys/module/tcplife ] || fail "$1: a module is there"
	! grep -q '\[tcplife\]' /proc/kallsyms || fail "$1: symbols are there"
	hooked | cmp -s - "$TMP/hooked" || fail "$1: functions are hooked"
}

# A80_nth N: sets ERROR and LEFT, see failnth.c
A80_nth()
{
	dmesg -C
	read -r ERROR LEFT < <("$TMP/failnth" "$1" "$MODULE") ||
		die "failnth $1 says nothing"
	case $ERROR in
	ok)
		[ -e "$PROC" ] || fail "allocation $1: not there, no error"
		rmmod tcplife || die "cannot unload after allocation $1"
		;;
	ENOMEM)
		nothing_left "allocation $1"
		! dmesg | grep -q 'tcplife: not loaded: ' ||
			named=$((named + 1))
		;;
	*) fail "allocation $1: $ERROR" ;;
	esac
	expect_untainted
}

# With each allocation of load missing in turn, it is refused and leaves nothing,
# or works. Of a scaled one, some are tried.
test_A80()
{
	local n=0 loaded=0 refused=0 named=0

	need_faults
	[ -e /proc/self/fail-nth ] || skip "no /proc/self/fail-nth"
	strip -g -o "$TMP/small.ko" "$MODULE" && MODULE=$TMP/small.ko
	faults failslab ignore-gfp-wait=N verbose=0
	faults fail_page_alloc ignore-gfp-wait=N ignore-gfp-highmem=N \
		min-order=0 verbose=0
	for ((LEFT = 0; LEFT == 0 && n < MOST && FAILED == 0; )); do
		n=$((n + 1 + RANDOM % ABUSE))
		A80_nth "$n"
		[ "$ERROR" = ok ] && loaded=$((loaded + 1)) ||
			refused=$((refused + 1))
	done
	((n < MOST)) || fail "of $MOST allocations each failed"
	((refused > 10 && named > 0)) || fail "too few: nothing is tested"
	ktap_print_msg "$n allocations: loaded $loaded times, refused" \
		"$refused times, $named of them by us"
	load_anew
	traffic 32
	abused
}

# What a load takes: bytes of objects, SPACE, and pages, PAGES. Nothing fails before
# so much is spent.
A81_measure()
{
	local much=1000000000

	faults_on 1 Y
	faults failslab space="$much"
	faults fail_page_alloc space="$much"
	insmod_faulty || die "a load fails that has $much bytes"
	SPACE=$((much - $(<"$FAULTS/failslab/space")))
	PAGES=$((much - $(<"$FAULTS/fail_page_alloc/space")))
	faults_off
	rmmod tcplife || die "cannot unload"
	ktap_print_msg "a load takes $SPACE bytes and $PAGES pages"
}

# A81_load PERCENT: from a point of the load on that is left to chance, or not at
# all, allocations fail with that probability; from its beginning on not even
# insmod would begin.
A81_load()
{
	local part=$((RANDOM % 150))

	dmesg -C
	faults_on "$1" Y
	faults failslab space=$((SPACE * part / 100))
	faults fail_page_alloc space=$((PAGES * part / 100))
	insmod_faulty
	faults_off
	! dmesg | grep -q 'tcplife: not loaded: ' || named=$((named + 1))
	if [ -e "$PROC" ]; then
		loaded=$((loaded + 1))
		rmmod tcplife || fail "cannot unload"
	else
		refused=$((refused + 1))
		nothing_left "at $1 %"
	fi
	expect_untainted
}

# insmod at each probability: works or is refused, and leaves nothing.
test_A81()
{
	local percent i loaded=0 refused=0 named=0

	need_faults
	A81_measure
	for percent in 1 2 5 10 20 50; do
		for ((i = 0; i < $(size 100 5); i++)); do
			A81_load "$percent"
		done
	done
	ktap_print_msg "loaded $loaded times, refused $refused times," \
		"$named of them by us"
	((loaded > 0 && named > 0)) || fail "one of both never happened"
	load_anew
	traffic 32
	abused
}

# The task that may fail is insmod's alone.
insmod_faulty()
{
	bash -c 'echo 1 >/proc/self/make-it-fail; exec insmod "$0"' "$MODULE" \
		2>/dev/null
}

# Kernel threads, those to come included: our workers are among them.
threads_fail()
{
	local comm name

	echo "$1" >/proc/2/make-it-fail
	for comm in /proc/[0-9]*/comm; do
		read -r name <"$comm" || continue
		[[ $name != kworker/* ]] ||
			echo "$1" >"${comm%/*}/make-it-fail"
	done 2>/dev/null
}

# A program whose allocations may fail: reads "$@"
fails_to_read()
{
	bash -c 'echo 1 >/proc/self/make-it-fail; exec timeout 0.3 "$@"' \
		sh "$@" >/dev/null 2>&1
}

# What we allocate while connections come and go is asked for by our worker and
# by readers. No connection suffers. What has no record is counted as lost; readers
# get what there is or an error.
test_A82()
{
	local percent reader

	need_faults
	MODULE_ARGS='max_connections=100000 history=100000'
	load_anew
	while :; do
		fails_to_read cat "$PROC"/*
		fails_to_read "$TMP/nlclient" dump connection
		fails_to_read "$TMP/nlclient" follow records
	done &
	reader=$!
	threads_fail 1
	for percent in 1 5 20 50; do
		faults_on "$percent" Y
		load_start quick 12000
		load_wait open
		agent_stop load
		traffic "$(size 16000 160)"
		(($(faults_made) > 0)) ||
			fail "at $percent % nothing failed: nothing is tested"
	done
	faults_off
	threads_fail 0
	jobs_stop "$reader"
	pass 65
	stats_read
	LOST_TABLE=${STAT[lost_table_full]} LOST_POOL=${STAT[lost_pool_empty]}
	expect_stats alive=0
	ktap_print_msg "${STAT[born]} born, $((LOST_TABLE + LOST_POOL)) lost"
	abused
}

run_tests \
	A80 "each allocation of insmod fails in turn" \
	A81 "allocations of insmod fail at 1 to 50 %" \
	A82 "allocations fail at 1 to 50 % under traffic"
