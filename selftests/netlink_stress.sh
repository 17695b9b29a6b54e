#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: --clock wall -c 2
#
# The netlink family on two CPUs, followed at the highest rate that there is. That it
# can be unloaded under its readers is A51's.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS
NO_TRACE=1
# A minute of it for make check-long.
COUNT=${LONG:+48000}
COUNT=$(scaled "${COUNT:-4000}")

# tcplife -j, of whose lines only the names of the lives are kept.
N52_reader_start()
{
	reader_find || return 0
	mkfifo "$TMP/all"
	grep -o '"cookie":"[^"]*","generation":[0-9]*' <"$TMP/all" \
		>"$TMP/lives" &
	NAMES=$!
	reader_start all -j
	readers_wait
}

N52_reader_stop()
{
	[ -n "${NAMES-}" ] || return 0
	reader_stop all
	wait "$NAMES"
	stats_read
	expect_eq "seen by tcplife, or lost" "$(accounted all)" "${STAT[ended]}"
	expect_eq "lines of tcplife" "$(wc -l <"$TMP/lives")" \
		"$(sed -n 's/^tcplife: \([0-9]*\) .*/\1/p' "$TMP/all.err" |
			tail -n 1)"
	expect_eq "lives told twice" "$(sort "$TMP/lives" | uniq -d)" ""
	ktap_print_msg "$(tail -n 1 "$TMP/all.err")"
}

# As quick as it goes, for a while: each end is told or counted as dropped.
test_N52()
{
	local group told dropped began ends=$((COUNT * 29 / 16))

	N52_reader_start
	for group in records closes states records-compact; do
		follow_start "$group" "$group"
	done
	began=$(now)
	load_start mix "$COUNT"
	load_wait "done"
	ktap_print_msg "$COUNT connections in $((($(now) - began) / 1000)) ms"
	pass 62.5
	for group in records closes states records-compact; do
		follow_stop "$group"
	done
	N52_reader_stop
	stats_read
	# A listener may close before the last ACK of a handshake is there.
	expect_between "ended" "${STAT[ended]}" $((ends - COUNT / 160)) "$ends"
	for group in records closes records-compact; do
		dropped=$(awk '/^message/ { n = $3 } END { print n }' \
			"$TMP/$group")
		told=$(events "$group" '^[0-9a-f]+\.' | cut -d ' ' -f 1 |
			sort -u | wc -l)
		expect_eq "$group told and dropped" $((told + dropped)) \
			"${STAT[ended]}"
		expect_eq "$group told" "$told" \
			"$(events "$group" '^[0-9a-f]+\.' | wc -l)"
		ktap_print_msg "$group: $told told, $dropped dropped"
	done
	expect_eq "ENOBUFS" "$(grep -c ENOBUFS "$TMP/records")" 0
}

run_tests N52 "each end of $COUNT connections is told or counted, on two CPUs"
