#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The files in /proc/tcplife as files: who may read them, and how.

. "$(dirname "$0")/lib.sh"

FILES='stats connections timewait listeners history latency hooks'

# Some records of every kind.
populate()
{
	connected 5001
	act cli close c
	act srv eof s
	act srv close s
	load_start hold 30
	load_wait open
	act_fails cli ECONNREFUSED connect r "$SRV" 4999
	act cli close r
}

test_M06()
{
	local file

	for file in $FILES; do
		expect_eq "mode of $file" "$(stat -c '%a %u %g' "$PROC/$file")" \
			"440 0 0"
		! setpriv --reuid 1000 --regid 1000 --clear-groups \
			head -c 1 "$PROC/$file" >/dev/null 2>&1 ||
			fail "$file is readable by others"
	done
}

# netns_column [cli|srv] FILE: the namespaces listed in it, to a reader there
netns_column()
{
	local reader=()

	[ $# = 1 ] || { reader=(in_ns "$1"); shift; }
	"${reader[@]}" cat "$PROC/$1" | awk '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == "NETNS") n = i }
		NR > 1 { print $n }' | sort -u | tr '\n' ' '
}

test_M07()
{
	local file cli srv

	populate
	# A TIME_WAIT and a finished record on both sides.
	M07_server_first
	cli=$(netns_of cli) srv=$(netns_of srv)
	for file in connections timewait history listeners; do
		expect_eq "$file to cli" "$(netns_column cli $file)" \
			"$([ $file = listeners ] || echo "$cli ")"
		expect_eq "$file to srv" "$(netns_column srv $file)" "$srv "
	done
	expect_eq "connections to all" "$(netns_column connections)" \
		"$(printf '%s\n' "$cli" "$srv" | sort | tr '\n' ' ')"
	M07_stranger
}

M07_server_first()
{
	connected 5002 x
	act srv close sx
	act cli eof cx
	act cli close cx
}

# A namespace of its own has no rows and no counts.
M07_stranger()
{
	local file

	for file in connections timewait history listeners; do
		expect_eq "$file to a stranger" \
			"$(unshare -n cat "$PROC/$file" | wc -l)" 1
	done
	expect_eq "stats to a stranger" "$(unshare -n cat "$PROC/stats" |
		grep -E '^(born|alive|ended|active_opens) ' |
		grep -v ' 0$')" ""
}

# Without the columns that time changes.
still()
{
	awk 'NR == 1 {
		for (i = 1; i <= NF; i++)
			if ($i == "STATE_MS" || $i == "AGE_MS")
				moving[i] = 1
	} {
		for (i = 1; i <= NF; i++)
			printf "%s ", i in moving ? "" : $i
		print ""
	}'
}

test_M08()
{
	local file size

	populate
	for file in connections timewait listeners history latency; do
		still <"$PROC/$file" >"$TMP/whole"
		for size in 1 7 100000; do
			dd if="$PROC/$file" bs="$size" status=none | still |
				cmp -s - "$TMP/whole" ||
				fail "$file read by $size bytes differs"
		done
	done
	M08_seek
	M08_twice
}

# History stands still: any place in it has what the whole has there.
M08_seek()
{
	local at

	cat "$PROC/history" >"$TMP/whole"
	for at in 1 100 333 5 0; do
		dd if="$PROC/history" bs=1 skip="$at" count=50 status=none |
			cmp -s - <(tail -c "+$((at + 1))" "$TMP/whole" |
				head -c 50) || fail "history differs at $at"
	done
}

# Two readers, a line each in turn, do not disturb each other.
M08_twice()
{
	local a b one two

	exec {one}<"$PROC/history" {two}<"$PROC/history"
	while read -r a <&"$one"; do
		read -r b <&"$two"
		expect_eq "line of the second reader" "$b" "$a"
	done
	exec {one}<&- {two}<&-
}

# A reader stops in the middle of a listing while all of it goes and other
# records come; then it goes on, and another one is still there at rmmod.
test_M09()
{
	local reader stuck

	populate
	exec {reader}<"$PROC/connections" {stuck}<"$PROC/connections"
	dd bs=300 count=1 status=none <&"$reader" >"$TMP/pieces"
	dd bs=300 count=1 status=none <&"$stuck" >/dev/null
	agent_stop load
	load_start mix 320
	load_wait "done"
	cat <&"$reader" >>"$TMP/pieces"
	M09_whole_rows
	pass 70
	expect_sound
	module_unload || fail "cannot unload under a reader"
	! cat <&"$stuck" >/dev/null 2>&1 ||
		fail "a file of a module that is gone can be read"
	exec {reader}<&- {stuck}<&-
}

# Whatever came and went: the pieces fit together.
M09_whole_rows()
{
	expect_eq "columns of a late row" \
		"$(awk '{ print NF }' "$TMP/pieces" | sort -u)" \
		"$(head -n 1 "$PROC/connections" | wc -w)"
}

run_tests \
	M06 "files are unreadable by others than root" \
	M07 "a reader in a namespace sees that namespace only" \
	M08 "partial reads, seeks and two readers give the same" \
	M09 "a reader that never finishes"
