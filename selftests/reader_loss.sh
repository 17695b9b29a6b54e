#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The reader's streams: what is lost of them, on the way in and on the way out.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS

# Stopped while more comes than its socket holds: it says so and goes on, and how
# much that was as soon as it can. What it has seen and lost is all that another
# one has seen, whose buffer is large.
test_R15()
{
	NO_TRACE=1
	need_reader
	own_namespace
	own_reader slow states -s -H
	reader_start all states -s -H -N "pid:$OWNER"
	readers_wait
	kill -STOP "${READING[slow]}"
	own_load mix 3200
	load_wait "done"
	kill -CONT "${READING[slow]}"
	pass 3
	expect_text slow.err "the socket's buffer was full" \
		'lost [0-9]+ transitions in the socket, in [0-9]+ messages: too slow'
	agent_stop load
	pass 1
	kill -INT "${READING[slow]}" "${READING[all]}"
	reader_stop slow none
	reader_stop all none
	kill "$OWNER"
	ktap_print_msg "$(tail -n 1 "$TMP/slow.err")"
	expect_ne "lost in the socket" "$(lost_in slow socket)" 0
	expect_text all.err ' 0 lost in the kernel, 0 lost in the socket'
	expect_eq "seen and lost" "$(accounted slow)" "$(wc -l <"$TMP/all")"
	R15_kernel
	afresh
}

# More at once than the queue of a CPU holds, as in N26.
R15_kernel()
{
	reader_start kernel states -s -H
	readers_wait
	load_start quick 3000
	load_wait open
	pass 0.5
	agent_stop load
	reader_stop kernel
	ktap_print_msg "$(tail -n 1 "$TMP/kernel.err")"
	expect_text kernel.err 'lost [0-9]+ transitions in the kernel: its queue'
	expect_ne "lost in the kernel" "$(lost_in kernel kernel)" 0
	expect_eq "lost in the socket" "$(lost_in kernel socket)" 0
	expect_eq "seen and lost" "$(accounted kernel)" 6000
}

# It says that the module is gone, and ends; also one that was stopped, and whose
# buffer was too full for the news.
test_R16()
{
	local name

	need_reader
	own_namespace
	reader_start follow -s -H
	reader_start rates stats -i 1
	reader_start queues listeners -i 1
	own_reader slow states -s -H
	readers_wait
	connected 5001
	act cli set c linger 0
	act cli close c
	act srv close s
	pass 1
	kill -STOP "${READING[slow]}"
	own_load mix 3200
	load_wait "done"
	agent_stop load
	module_unload || fail "cannot unload under the reader"
	kill -CONT "${READING[slow]}"
	for name in follow rates queues slow; do
		ends "$name" 5 3
		expect_text "$name.err" 'modprobe tcplife, or insmod'
	done
	kill "$OWNER"
	expect_lines follow ',5001,' 2
	expect_text follow.err ' records seen, 0 lost in the kernel, 0 lost in'
	ktap_print_msg "$(tail -n 2 "$TMP/slow.err" | head -n 1)"
	expect_text slow.err ' seen, 0 lost in the kernel, at least [0-9]+ lost in'
	module_load
	stats_start
	mib_start
}

# full ARGUMENT...: nothing of what it says can be written
full()
{
	local status=0

	"$TMP/tcplife" "$@" >/dev/full 2>"$TMP/err" </dev/null || status=$?
	expect_eq "exit status of $* on a full disk" "$status" 1
	expect_text err 'No space left'
}

# piped NAME ARGUMENT...: as reader_start, with a pipe for its output, which
# $CONSUMER reads
declare -A PIPED=()
piped()
{
	mkfifo "$TMP/$1"
	"${CONSUMER[@]}" <"$TMP/$1" >"$TMP/$1.out" &
	PIPED[$1]=$!
	reader_start "$@"
}

# An end of each connection that begins.
short_life()
{
	connected "$1" "${2-}"
	act cli set "c${2-}" linger 0
	act cli close "c${2-}"
	act srv close "s${2-}"
}

test_R22()
{
	need_reader
	R22_full
	R22_nobody
	R22_stuck
	R22_slow
}

R22_full()
{
	full help
	full --help
	full --version
	full top --help
	full --fields
	full --schema
	full stats
	full states
	CONSUMER=(true)
	reader_start record --record /dev/full -s -H
	"$TMP/tcplife" -s -H >/dev/full 2>"$TMP/disk.err" </dev/null &
	READING[disk]=$!
	readers_wait
	short_life 5001
	ends record 5 1
	ends disk 5 1
	expect_text record.err '/dev/full: No space left'
	expect_text disk.err 'stdout: No space left' ' record'
	"$TMP/tcplife" show - <"$TMP" 2>"$TMP/err" &&
		fail "a folder is a record"
	expect_text err 'standard input: Is a directory'
}

# The other end of the pipe goes away: that is an end like others.
R22_nobody()
{
	CONSUMER=(sleep 100000)
	piped nobody states -j
	readers_wait
	kill "${PIPED[nobody]}"
	ends nobody 5 0
}

# It is there, and reads nothing: what cannot be written is told, soon.
R22_stuck()
{
	CONSUMER=(sleep 100000)
	piped stuck states -j
	readers_wait
	load_start mix 160
	load_wait "done"
	agent_stop load
	pass 1
	kill -INT "${READING[stuck]}"
	ends stuck 4 1
	expect_text stuck.err 'nobody reads: [0-9]{3,} bytes were not written' \
		' seen, 0 lost in the kernel'
	kill "${PIPED[stuck]}"
}

# It is slower than the events: what came by the signal is written to the last
# byte, and what did not is lost.
R22_slow()
{
	local shown summary

	CONSUMER=(python3 -c 'import os, time
while block := os.read(0, 4096): os.write(1, block); time.sleep(0.02)')
	piped trickle states -j
	reader_start all states -s -H
	readers_wait
	load_start mix 1600
	load_wait "done"
	kill -INT "${READING[trickle]}" "${READING[all]}"
	ends trickle 8 0
	reader_stop all none
	wait "${PIPED[trickle]}"
	summary=$(tail -n 1 "$TMP/trickle.err")
	ktap_print_msg "$summary"
	shown=$(sed -n 's/.*: \([0-9]*\) transitions seen.*/\1/p' \
		<<<"$summary")
	expect_lines trickle.out '^\{"event":"transition".*\}$' "$shown"
	expect_lines trickle.out . "$shown"
	expect_eq "seen and lost" "$(accounted trickle)" "$(wc -l <"$TMP/all")"
	expect_text all.err ' 0 lost in the kernel, 0 lost in the socket'
}

run_tests \
	R15 "a stopped reader says what it lost and goes on" \
	R16 "the module can go while somebody follows" \
	R22 "what cannot be written is told, what can be is"
