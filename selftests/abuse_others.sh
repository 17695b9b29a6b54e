#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 3600
# check: named
#
# Abuse (A51 to A79): others who watch the same functions at the same time. Each
# must see what it should, and so must we, whoever came first and whoever goes
# first. What it should: every hit that our own hooks count; and what those count
# is what the kernel's MIB says, in every test.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS=$NL_HELPERS
NO_TRACE=1
TRACING=/sys/kernel/tracing
declare -A THEIRS=()

# symbols KIND...: that we have hooked so
symbols()
{
	awk -v kinds=" $* " '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		index(kinds, " " $at["KIND"] " ") && $at["STATUS"] == "attached" {
			print $at["SYMBOL"]
		}' \
		"$PROC/hooks"
}

# Functions for others to sit on: what mod_timer_pending() is called for is
# mostly not ours, and its calls between two readings would be.
functions()
{
	symbols ftrace kprobe | grep -vx mod_timer_pending
}

# expect_same WHO: for each function that THEIRS has, as many as we
expect_same()
{
	local symbol moved=0

	hooks_read
	for symbol in "${!THEIRS[@]}"; do
		expect_eq "$1: hits of $symbol" "${THEIRS[$symbol]}" \
			"${HITS[$symbol]-none}"
		moved=$((moved + THEIRS[$symbol]))
	done
	((moved > COUNT)) || fail "$1 saw $moved hits in all"
	ktap_print_msg "$1: ${#THEIRS[@]} functions, $moved hits"
}

# Each other watcher has a NAME_start FUNCTION..., a NAME_read that sets THEIRS
# to what it counted since then, and a NAME_stop.

probes_start()
{
	local symbol

	for symbol; do
		echo "p:abuse/$symbol $symbol" || return
	done >>"$TRACING/kprobe_events" || die "no probes"
	echo 1 >"$TRACING/events/abuse/enable"
}

probes_read()
{
	local name hits missed

	THEIRS=()
	while read -r name hits missed; do
		[ -e "$TRACING/events/abuse/$name" ] || continue
		THEIRS[$name]=$hits
		expect_eq "missed by the probe on $name" "$missed" 0
	done <"$TRACING/kprobe_profile"
}

probes_stop()
{
	echo 0 >"$TRACING/events/abuse/enable"
	echo '-:abuse/' >>"$TRACING/kprobe_events" || fail "probes do not go"
}

# The function tracer, which is not asked to keep what it sees for long.
tracer_start()
{
	printf '%s\n' "$@" >"$TRACING/set_ftrace_filter"
	echo 65536 >"$TRACING/buffer_size_kb"
	echo >"$TRACING/trace"
	echo function >"$TRACING/current_tracer" || die "no function tracer"
}

tracer_read()
{
	local symbol hits

	THEIRS=()
	while read -r hits symbol; do
		THEIRS[$symbol]=$hits
	done < <(sed -n 's/.*: \([a-z0-9_]*\) <-.*/\1/p' "$TRACING/trace" |
		sort | uniq -c)
}

tracer_stop()
{
	echo nop >"$TRACING/current_tracer"
	echo >"$TRACING/set_ftrace_filter"
	echo >"$TRACING/trace"
	echo 1408 >"$TRACING/buffer_size_kb"
}

# As a livepatch sits there: one on all, so what it has is a sum.
patch_start()
{
	abuser_insert "symbols=$(echo "$@" | tr ' ' ,)" "$PATCH"
	PATCHED="$*"
}

# The sum in place of one of them, and of ours, too.
patch_read()
{
	local symbol hits sum=0

	hooks_read
	for symbol in $PATCHED; do
		hits=${HITS[$symbol]}
		sum=$((sum + hits))
	done
	THEIRS=()
	expect_eq "hits by abuser" "$(</sys/module/abuser/parameters/hits)" \
		"$sum"
	for symbol in $PATCHED; do
		THEIRS[$symbol]=${HITS[$symbol]}
	done
}

patch_stop()
{
	rmmod abuser || fail "abuser does not go"
}

# we_first NAME: they come later and go before us, and we stay the same
we_first()
{
	# shellcheck disable=SC2046 # a list of words
	"$1_start" $(functions)
	hooks_start
	round
	"$1_read"
	expect_same "$1, after us"
	"$1_stop"
	hooks_start
	round
	hooks_read
	((HITS[tcp_connect] >= COUNT / 2)) || fail "blind after $1 went"
	expect_sound
	abused
}

# they_first NAME: we come later and go before them, and they stay the same
they_first()
{
	local list

	list=$(functions)
	unload_at_last || die "cannot unload"
	# shellcheck disable=SC2086 # a list of words
	"$1_start" $list
	load_anew
	hooks_start
	round
	"$1_read"
	expect_same "$1, before us"
	expect_sound
	abused
	unload_at_last || die "cannot unload"
	round
	"$1_stop"
	load_anew
	round
	abused
}

test_A70() { we_first probes; they_first probes; }
test_A71() { we_first tracer; they_first tracer; }
test_A72() { PATCH=kprobe=0; we_first patch; they_first patch; }
test_A73() { PATCH=kprobe=1; we_first patch; they_first patch; }

# And with our own on kprobes, which share theirs on the same function.
# shellcheck disable=SC2034 # by its name, in run_one()
ARGS_A74='attach=kprobe'
test_A74() { we_first probes; they_first probes; }

run_tests \
	A70 "a probe of tracefs on each function, before and after us" \
	A71 "the function tracer on each function, before and after us" \
	A72 "a livepatch on each function, before and after us" \
	A73 "somebody else's kprobe on each function, before and after us" \
	A74 "a probe on each function where we have kprobes, too"
