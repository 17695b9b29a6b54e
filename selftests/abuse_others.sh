#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 3600
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
COUNT=$(($(size 3200 160) / 16 * 16))
declare -A HITS=() HITS_BEFORE=() THEIRS=()

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

# What TIME_WAIT brings later is in it.
round()
{
	traffic "$COUNT"
	pass 65
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
	local symbol sum=0

	hooks_read
	for symbol in $PATCHED; do
		sum=$((sum + HITS[$symbol]))
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

# A76_program: bpftrace counts functions, by kprobe and by BPF's own trampoline,
# which is entered by a call that ftrace makes, and tracepoints of ours.
A76_program()
{
	cat <<-'END'
	kprobe:tcp_connect, kprobe:__inet_accept, kprobe:tcp_time_wait
	{ @[func] = count(); }
	kfunc:vmlinux:tcp_connect { @trampoline = count(); }
	tracepoint:sock:inet_sock_set_state /args->protocol == 6/
	{ @["inet_sock_set_state"] = count(); }
	END
}

# seen NAME: what bpftrace has counted under it
seen()
{
	sed -n "s/^@.*\<$1\>.*: \([0-9]*\)$/\1/p" "$TMP/seen"
}

bpftrace_start()
{
	A76_program >"$TMP/program.bt"
	bpftrace -o "$TMP/seen" "$TMP/program.bt" >"$TMP/bpftrace" 2>&1 &
	BPFTRACE=$!
	wait_until 3600 grep -q Attaching "$TMP/seen" ||
		skip "bpftrace does not start: $(tail -n 1 "$TMP/bpftrace")"
	pass 5
}

bpftrace_stop()
{
	kill -INT "$BPFTRACE"
	wait "$BPFTRACE"
	hooks_read
	for symbol in tcp_connect __inet_accept tcp_time_wait \
		      inet_sock_set_state; do
		expect_eq "bpftrace: $symbol" "$(seen "$symbol")" \
			"${HITS[$symbol]}"
	done
	expect_eq "bpftrace: trampoline" "$(seen trampoline)" \
		"${HITS[tcp_connect]}"
}

test_A75()
{
	[ "$ABUSE" = 1 ] || skip "bpftrace takes long: ABUSE=1"
	command -v bpftrace >/dev/null || skip "no bpftrace"
	bpftrace_start
	hooks_start
	round
	bpftrace_stop
	abused
	unload_at_last || die "cannot unload"
	bpftrace_start
	load_anew
	hooks_start
	round
	bpftrace_stop
	abused
}

# perf counts tracepoints of ours and puts a probe on a function of ours.
test_A76()
{
	local perf=$TMP/counted symbol

	command -v perf >/dev/null || skip "no perf"
	perf stat -a -x , -o "$perf" -e tcp:tcp_destroy_sock \
		-e sock:inet_sock_set_state -- sleep 1 2>/dev/null ||
		skip "perf does not run here: $(tail -n 1 "$perf")"
	hooks_start
	perf stat -a -x , -o "$perf" -e tcp:tcp_destroy_sock \
		-e sock:inet_sock_set_state -- sleep 100 &
	pass 2
	traffic "$COUNT"
	wait $!
	hooks_read
	for symbol in tcp_destroy_sock inet_sock_set_state; do
		expect_eq "perf: $symbol" \
			"$(grep ":$symbol" "$perf" | cut -d , -f 1)" \
			"${HITS[$symbol]}"
	done
	abused
}

# tcplife of bcc tells each end of a connection that ended, as we do.
test_A77()
{
	[ "$ABUSE" = 1 ] || skip "bcc takes long: ABUSE=1"
	command -v tcplife-bpfcc >/dev/null || skip "no tcplife-bpfcc"
	PYTHONUNBUFFERED=1 tcplife-bpfcc >"$TMP/seen" 2>"$TMP/bcc" &
	BCC=$!
	wait_until 3600 grep -q PID "$TMP/seen" ||
		skip "bcc does not start: $(tail -n 1 "$TMP/bcc")"
	hooks_start
	round
	kill -INT "$BCC"
	wait "$BCC"
	stats_read
	ktap_print_msg "bcc's tcplife: $(($(wc -l <"$TMP/seen") - 1)) lines;" \
		"${STAT[ended]} records"
	(($(wc -l <"$TMP/seen") > COUNT)) || fail "bcc's tcplife sees little"
	abused
}

run_tests \
	A70 "a probe of tracefs on each function, before and after us" \
	A71 "the function tracer on each function, before and after us" \
	A72 "a livepatch on each function, before and after us" \
	A73 "somebody else's kprobe on each function, before and after us" \
	A74 "a probe on each function where we have kprobes, too" \
	A75 "bpftrace beside us, by kprobes and trampolines" \
	A76 "perf counts our tracepoints" \
	A77 "bcc's tcplife beside us"
