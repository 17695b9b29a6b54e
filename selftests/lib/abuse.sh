# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For the tests of abuse, abuse_*.sh, which source this after lib.sh. Each has a
# full size, of which ABUSE says how much is done: 1 all of it, 20 a twentieth
# (a kernel that watches), and a hundredth when nobody says.

ABUSE=${ABUSE:-100}

# size FULL [LEAST]
size()
{
	local n=$(($1 / ABUSE))

	echo $((n < ${2-1} ? ${2-1} : n))
}

# skip WHY: this test alone
skip()
{
	ktap_print_msg "SKIP $*"
	exit "$KSFT_SKIP"
}

# A WARNING, an oops: the VM looks for more in the kernel's log.
TAINT_MASK=$((1 << 7 | 1 << 9))

expect_untainted()
{
	expect_eq "taint: something was reported" \
		$(($(</proc/sys/kernel/tainted) & TAINT_MASK)) 0
}

# What each of these tests ends with, besides what run_one() looks at: the
# module's counters are the kernel's, and the kernel has nothing to report.
abused()
{
	expect_untainted
	! reader_can "the audit" || expect_audit
}

# Counters that were lost with the module begin anew.
load_anew()
{
	module_load
	stats_start
	mib_start
}

# A dump that is under way keeps the module, so ask again; 10 s are enough.
unload_at_last()
{
	wait_until 10 rmmod tcplife 2>/dev/null
}

# jobs_stop PID...: what runs in the background, and shall not
jobs_stop()
{
	kill "$@" 2>/dev/null
	wait "$@" 2>/dev/null
}

# traffic COUNT: so many connections of all kinds, from begin to end
traffic()
{
	load_start mix "$1"
	load_wait "done"
	wait "${AGENT_PID[load]}"
	unset "AGENT_PID[load]"
}

# abuser_insert PARAMETER...: scripts/check builds it
abuser_insert()
{
	local built=$SELFTESTS/../build/abuser/${KERNEL-none}/abuser.ko

	[ -e "$built" ] || skip "no abuser.ko"
	cp "$built" "$TMP"
	insmod "$TMP/abuser.ko" "$@" || die "abuser does not load"
}

# Hits of our hooks, for those who have hooks of their own.
COUNT=$(($(size 3200 160) / 16 * 16))
declare -A HITS=() HITS_BEFORE=()

# hooks_read: HITS[FUNCTION] since hooks_start
hooks_read()
{
	local symbol hits

	HITS=()
	while read -r symbol hits; do
		HITS[$symbol]=$((hits - ${HITS_BEFORE[$symbol]-0}))
	done < <(awk '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ print $at["SYMBOL"], $at["HITS"] }' \
			"$PROC/hooks")
}

hooks_start()
{
	local symbol

	HITS_BEFORE=()
	hooks_read
	for symbol in "${!HITS[@]}"; do
		HITS_BEFORE[$symbol]=${HITS[$symbol]}
	done
}

# What TIME_WAIT brings later is in it.
round()
{
	traffic "$COUNT"
	pass 65
}
