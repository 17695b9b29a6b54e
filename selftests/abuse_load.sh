#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: --clock wall -c 2 -t 14400
#
# Abuse (ids A51 to A79): insmod and rmmod, over and over, on two CPUs, whatever
# else is going on; and CPUs that come and go.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS=$NL_HELPERS
NO_TRACE=1
# A page that is lost each time is to be more than LEAK_KB.
CYCLES=$(size 1000 17)
# What nobody leaks shows by the page, whatever else there is.
LEAK_KB=64

# Dumps, followers and readers of files, over and over, whether the module is
# there or not.
readers_start()
{
	local what

	READERS=()
	for what in connection history; do
		while :; do nl dump "$what"; pass 0.05; done >/dev/null 2>&1 &
		READERS+=($!)
	done
	for what in records states; do
		while :; do
			timeout 0.5 "$TMP/nlclient" follow "$what"
		done >/dev/null 2>&1 &
		READERS+=($!)
	done
	while :; do cat "$PROC"/*; pass 0.01; done >/dev/null 2>&1 &
	READERS+=($!)
}

# kB of vmalloc(), but for the stacks of tasks, of which there are now more and now
# fewer, and for what is on its way out.
vmalloc_kb()
{
	vmalloc_callers | awk '{ n += $2 } END { print n }'
}

# By who asked for it, each with his kB.
vmalloc_callers()
{
	awk '!/ (kernel_clone|copy_process|dup_task_struct)\+/ &&
	     !/unpurged/ { sub(/\+.*/, "", $3); n[$3] += $2 / 1024 }
	     END { for (who in n) print who, n[who] }' /proc/vmallocinfo | sort
}

# The module's own memory, while it is not there: sets VMALLOC and MEMORY.
memory_without()
{
	unload_at_last || die "cannot unload"
	pass 1
	VMALLOC=$(vmalloc_kb)
	[ ! -e "$TMP/vmalloc" ] || vmalloc_callers | diff "$TMP/vmalloc" - |
		sed 's/^/# /'
	vmalloc_callers >"$TMP/vmalloc"
	memory_read
}

# Every other time there is no moment between, so that loads meet the ends of
# unloads, and the next time a moment that is never the same.
A51_cycle()
{
	(($1 % 2)) || pass "0.$((RANDOM % 400 + 100))"
	stats_read
	expect_eq "hooks_missed in cycle $1" "${STAT[hooks_missed]}" 0
	unload_at_last || die "cannot unload in cycle $1"
	(($1 % 2)) || pass "0.0$((RANDOM % 90 + 10))"
	module_load
}

test_A51()
{
	local i vmalloc percpu

	memory_without
	vmalloc=$VMALLOC percpu=${MEMORY[Percpu]}
	module_load
	load_start mix 0
	readers_start
	for ((i = 0; i < CYCLES && FAILED == 0; i++)); do
		A51_cycle "$i"
	done
	ktap_print_msg "$i cycles"
	jobs_stop "${READERS[@]}"
	agent_stop load
	memory_without
	expect_between "kB of vmalloc()" "$VMALLOC" 0 $((vmalloc + LEAK_KB))
	expect_between "kB of the CPUs" "${MEMORY[Percpu]}" 0 \
		$((percpu + LEAK_KB))
	load_anew
	traffic 320
	abused
}

cpu_online()
{
	echo "$1" >/sys/devices/system/cpu/cpu1/online
}

# The second CPU goes and comes back. What it has counted, queued and kept ready
# must not go with it.
A52_cycle()
{
	cpu_online 0 || die "cannot take the CPU away in cycle $1"
	pass "0.$((RANDOM % 400 + 100))"
	cpu_online 1 || die "the CPU does not come back in cycle $1"
	pass "0.$((RANDOM % 400 + 100))"
}

# Followers get each end, told by whatever CPU, or are told how many they missed.
A52_told()
{
	local told dropped

	dropped=$(awk '/^message/ { n = $3 } END { print n + 0 }' \
		"$TMP/records")
	told=$(events records '^[0-9a-f]+\.' | wc -l)
	stats_read
	expect_eq "told and dropped" $((told + dropped)) "${STAT[ended]}"
	ktap_print_msg "$told told, $dropped dropped"
}

test_A52()
{
	local i

	[ -w /sys/devices/system/cpu/cpu1/online ] ||
		skip "no second CPU that can go"
	follow_start records records
	while :; do cat "$PROC"/*; done >/dev/null 2>&1 &
	READERS=($!)
	load_start mix 0
	for ((i = 0; i < $(size 200 5); i++)); do
		A52_cycle "$i"
	done
	agent_stop load
	jobs_stop "${READERS[@]}"
	pass 1
	follow_stop records
	A52_told
	traffic 320
	abused
}

# A CPU that is not there when the module is loaded, and comes then; and one that
# is not there when it is unloaded.
test_A53()
{
	[ -w /sys/devices/system/cpu/cpu1/online ] ||
		skip "no second CPU that can go"
	unload_at_last || die "cannot unload"
	cpu_online 0
	load_anew
	cpu_online 1
	traffic 320
	abused
	expect_sound
	cpu_online 0
	unload_at_last || die "cannot unload"
	cpu_online 1
	load_anew
	traffic 320
	abused
}

# slow_others: somebody's kprobe on what writes into a connection takes 3 ms, in
# which packets arrive that were on their way, and timers fire.
slow_others()
{
	delay cli 1ms
	delay srv 1ms
	abuser_insert symbols=tcp_sendmsg kprobe=1 spin_us=3000
	load_start mix "$(size 3200 160)"
	load_wait "done"
	wait "${AGENT_PID[load]}"
	unset "AGENT_PID[load]"
	(($(</sys/module/abuser/parameters/hits) > 10)) ||
		fail "nobody was slow: nothing is tested"
	rmmod abuser
	stats_read
	expect_conserved
	ktap_print_msg "${1}: hooks_missed ${STAT[hooks_missed]}"
}

# A kprobe that is hit while a handler of another one runs on that CPU is not
# called. With ours on kprobes that happens, and each is counted where it was
# missed; on ftrace, none is.
test_A69()
{
	local missed

	slow_others ftrace
	expect_eq "missed on ftrace" "${STAT[hooks_missed]}" 0
	abused
	expect_sound
	unload_at_last || die "cannot unload"
	MODULE_ARGS=attach=kprobe
	load_anew
	slow_others kprobes
	missed=${STAT[hooks_missed]}
	((missed > 0)) || fail "none was missed: nothing is tested"
	expect_eq "missed, by row" "$(awk '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ n += $at["MISSED"] }
		END { print n }' "$PROC/hooks")" "$missed"
	ktap_print_msg "$(awk '$6 > 0 { print $3, $6 }' "$PROC/hooks" |
		tr '\n' ' ')"
	expect_untainted
	unload_at_last || die "cannot unload"
	MODULE_ARGS=
	load_anew
	traffic 320
	abused
}

run_tests \
	A51 "insmod and rmmod $CYCLES times under traffic and readers" \
	A52 "a CPU goes and comes back under traffic" \
	A53 "a CPU is not there at insmod, and another time at rmmod" \
	A69 "what kprobes miss is counted, and ftrace misses nothing"
