#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# Recordings: what is in them, how they end, and that what is replayed is what a
# reader saw. What needs no module is in packaging/tests/report.sh.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS

# recorded STATUS ARGUMENT...: by a recorder that must exit so
recorded()
{
	local status=$1

	shift
	rm -f "$TMP/rec"
	reads "$status" record -o "$TMP/rec" "$@"
}

header()
{
	zstd -dcq "$TMP/rec" | grep -aoE '\{"tcplife_recording"[^}]*\}'
}

# The exit status is that of the command, as a shell has it; 127 and 126 tell
# that it was not run.
test_R50()
{
	need_reader
	recorded 0 -- true
	recorded 7 -- sh -c 'exit 7'
	recorded 137 -- sh -c 'kill -KILL $$'
	recorded 127 -- /nowhere/at/all
	expect_text err '/nowhere/at/all: No such file'
	recorded 126 -- /etc/passwd
	reads 2 record
	expect_text err 'where to\?'
	reads 1 record -o /nowhere/rec -- touch "$TMP/ran"
	expect_text err '/nowhere/rec: No such file'
	[ ! -e "$TMP/ran" ] || fail "the command runs without a recording"
	reads 1 record -o /dev/full -- true
	expect_text err '/dev/full: No space left'
	recorded 0 -d 2
	reads 143 record -o "$TMP/rec" -d 2 -- sleep 1000
	R50_header
	R50_failures
	R50_signals
	R50_unload
}

# Who talked to whom is for root; the name of the host is for who asks.
R50_header()
{
	local release

	recorded 0 -- true
	expect_eq "mode" "$(stat -c %a "$TMP/rec")" 600
	chmod 644 "$TMP/rec"
	reads 0 record -o "$TMP/rec" -- true
	expect_eq "mode of one that was there" "$(stat -c %a "$TMP/rec")" 600
	expect_eq "headers" "$(header | wc -l)" 1
	header >"$TMP/header"
	# A release may have a plus.
	release=$(uname -r | sed 's/[+.]/\\&/g')
	expect_text header "\"kernel\":\"$release\"" '"module":"[0-9.]+"' \
		'"clock_offset":[0-9]+' '"command":"true"'
	expect_lines header hostname 0
	recorded 0 --hostname -- true
	header >"$TMP/header"
	expect_text header "\"hostname\":\"$(uname -n)\""
}

# A command is not ended because it cannot be recorded; a user can end it then.
R50_failures()
{
	# shellcheck disable=SC2016 # for that shell
	reads 1 record -o /dev/full -- sh -c 'sleep 5; : >"$0"' "$TMP/whole"
	expect_text err '/dev/full: No space left'
	[ -e "$TMP/whole" ] || fail "a full disk ended the command"
	reader_start failed record -o /dev/full -- sleep 1000
	wait_until 60 grep -q 'No space left' "$TMP/failed.err" ||
		die "it does not say that the disk is full"
	[ -e "/proc/${READING[failed]}/exe" ] || fail "it did not wait"
	reader_stop failed INT 1
	reads 1 record -o /dev/full -d 4 -- sleep 1000
}

# Nor because the module goes.
R50_unload()
{
	# shellcheck disable=SC2016 # for that shell
	reader_start left record -o "$TMP/rec" -- \
		sh -c 'sleep 20; : >"$0"' "$TMP/goes-on"
	readers_wait
	pass 3
	module_unload
	wait_until 60 grep -q 'module' "$TMP/left.err" ||
		die "it does not say that the module has gone"
	[ ! -e "$TMP/goes-on" ] || fail "it says so when the command has ended"
	pass 20
	reader_stop left none 3
	[ -e "$TMP/goes-on" ] || fail "rmmod ended the command"
}

# ^C ends all of it, and what is in the file is whole.
R50_signals()
{
	reader_start idle record -o "$TMP/rec"
	readers_wait
	reader_stop idle
	reads 0 replay "$TMP/rec" -j
	expect_lines err 'cut off' 0
	reader_start command record -o "$TMP/rec" -- sleep 1000
	readers_wait
	expect_eq "the command" "$(pgrep -cx sleep -P "${READING[command]}")" 1
	reader_stop command INT 143
	reads 0 replay "$TMP/rec" -j
	expect_lines err 'cut off' 0
	# One that does not mind is killed when that is asked for once more.
	# shellcheck disable=SC2016 # for that shell
	reader_start stubborn record -o "$TMP/rec" -- \
		sh -c 'trap "" TERM; : >"$0"; while :; do sleep 1; done' \
		"$TMP/traps"
	wait_until 60 test -e "$TMP/traps" || die "the command does not run"
	kill -INT "${READING[stubborn]}"
	pass 3
	[ -e "/proc/${READING[stubborn]}/exe" ] || fail "it did not wait"
	reader_stop stubborn INT 137
}

# same ARGUMENT...: what is replayed is what the module says
same()
{
	reads 0 "$@"
	cp "$TMP/out" "$TMP/live"
	reads 0 replay "$TMP/rec" "$@"
	"$SELFTESTS/jsonsame.py" "$TMP/out" "$TMP/live" >"$TMP/same" ||
		fail "$*: $(head -n 5 "$TMP/same")"
	[ -s "$TMP/live" ] || fail "$*: nothing to compare"
}

# All that a reader says of a load, and of what is left of it.
test_R51()
{
	need_reader
	reader_start live -j
	reader_start recorder record -o "$TMP/rec" -i 0.5
	readers_wait
	load_start mix 320
	load_wait "done"
	refused_and_reset
	connected 5001
	act srv listen full "$SRV" 5002 1
	act cli burst b 4 "$SRV" 5002
	# Until nothing moves: those that found no room give up.
	pass 145
	act cli shut c w
	pass 2
	R51_compare
	reader_stop recorder
	reader_stop live
	reads 0 replay "$TMP/rec" -j
	expect_eq "the last line" "$(<"$TMP/err")" \
		"$(tail -n 1 "$TMP/recorder.err")"
	"$SELFTESTS/jsonsame.py" "$TMP/out" "$TMP/live" >"$TMP/same" ||
		fail "records: $(head -n 5 "$TMP/same")"
	(($(wc -l <"$TMP/live") > 300)) || fail "too few records"
	R51_again
}

# As they are now: nothing moves until the recorder has ended.
R51_compare()
{
	local what

	for what in list listeners doctor; do
		reads 0 "$what" -j
		cp "$TMP/out" "$TMP/live-$what"
	done
	reads 0 list --history -j
	sort "$TMP/out" >"$TMP/live-history"
}

R51_again()
{
	local what

	for what in list listeners doctor; do
		reads 0 replay "$TMP/rec" "$what" -j
		"$SELFTESTS/jsonsame.py" "$TMP/out" "$TMP/live-$what" \
			>"$TMP/same" || fail "$what: $(head -n 5 "$TMP/same")"
	done
	[ -s "$TMP/live-list" ] || fail "nobody is alive"
	[ -s "$TMP/live-listeners" ] || fail "nobody listens"
	[ -s "$TMP/live-doctor" ] || fail "nothing is found"
	reads 0 replay "$TMP/rec" list --history -j
	expect_eq "records in the history" "$(wc -l <"$TMP/out")" \
		"$(wc -l <"$TMP/live-history")"
	reads 0 replay "$TMP/rec" list --history -j --end refused
	expect_lines out '"end":"refused"' \
		"$(grep -c '"end":"refused"' "$TMP/live-history")"
	reads 0 replay "$TMP/rec" audit
	expect_lines out DIFFERS 0
	same stats -j
	reads 0 report "$TMP/rec" -o "$TMP/page"
	expect_text page '^<script type="application/json" id="data"' \
		'"address":'
}

# What a stopped recorder lost is told again whenever it is replayed.
test_R52()
{
	NO_TRACE=1
	need_reader
	own_namespace
	own_reader recorder record -o "$TMP/rec" --no-wait
	readers_wait
	kill -STOP "${READING[recorder]}"
	own_load mix 3200
	load_wait "done"
	kill -CONT "${READING[recorder]}"
	pass 3
	agent_stop load
	pass 1
	reader_stop recorder
	kill "$OWNER"
	expect_ne "lost in the socket" "$(lost_in recorder socket)" 0
	reads 0 replay "$TMP/rec" -j --no-wait
	expect_eq "the last line" "$(tail -n 1 "$TMP/err")" \
		"$(tail -n 1 "$TMP/recorder.err")"
	ktap_print_msg "$(tail -n 1 "$TMP/recorder.err")"
	# The kernel's counters of that namespace are gone.
	afresh
}

# The TIME_WAIT that a command leaves is waited for, but with --no-wait.
test_R53()
{
	local from

	need_reader
	act srv listen l "$SRV" 5001 10
	# One that is there before, and is over before the command's.
	act cli connect e "$SRV" 5001
	act srv accept f l
	act cli close e
	act srv eof f
	act srv close f
	pass 30
	from=$(date +%s)
	recorded 0 -- ip netns exec tcplife-cli bash -c \
		"exec 3<>/dev/tcp/$SRV/5001"
	(($(date +%s) - from >= 59)) || fail "it did not wait for TIME_WAIT"
	reads 0 replay "$TMP/rec" -j -D 5001
	expect_lines out '"tw_exit":"expired"' 2
	from=$(date +%s)
	recorded 0 --no-wait -- ip netns exec tcplife-cli bash -c \
		"exec 3<>/dev/tcp/$SRV/5001"
	(($(date +%s) - from < 10)) || fail "it waited"
	reads 0 replay "$TMP/rec" -j -D 5001
	expect_lines out '^\{"event":"close"' 1
}

run_tests \
	R50 "how a recording ends, and what it says of the host" \
	R51 "what is replayed is what was seen" \
	R52 "losses of a recording" \
	R53 "a recording waits for TIME_WAIT, or not"
