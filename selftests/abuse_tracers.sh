#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 3600
# check: named
#
# Abuse (A75 to A77): other tracers beside us, as abuse_others.sh. Not by each
# make check: to start one takes minutes here, and their packages are those of
# `scripts/setup bench-peers`, perf's is linux-perf.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS=$NL_HELPERS
NO_TRACE=1

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
	A75 "bpftrace beside us, by kprobes and trampolines" \
	A76 "perf counts our tracepoints" \
	A77 "bcc's tcplife beside us"
