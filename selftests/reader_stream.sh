#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The reader's streams: what is in them, and what is said of it as JSON.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS

# What becomes of a socket after close() may be a failure.
test_R23()
{
	need_reader
	reader_start failed --failures -s -H
	reader_start nowait --failures --no-wait -s -H
	R23_start
	readers_wait
	R23_traffic
	pass 66
	ends duration 1 0
	for name in "${!READING[@]}"; do
		reader_stop "$name"
	done
	expect_lines failed ',5003,' 1
	expect_lines nowait ',5003,' 0
	expect_lines nowait . 3
	expect_lines failed . 4
	R23_expect
	R23_listeners
	R23_netns
}

R23_start()
{
	reader_start pid states --pid "${AGENT_PID[srv]}" -s -H
	reader_start remote states -D 5009 -s -H
	reader_start four states -4 -s -H
	reader_start server states -N "$SRV_NS" -s -H
	reader_start client states -N "$(netns_of cli)" -s -H
	reader_start duration states -d 20 -s -H
}

# Closed by both, over IPv6 and reset, refused; and one whose peer does not
# close.
R23_traffic()
{
	connected 5001
	closed ''
	refused_and_reset
	connected 5003 w
	act cli shut cw w
	act srv eof sw
	pass 1
	act cli close cw
}

# The client: 6 and 3 and 2 and 5, as a timewait socket in FIN_WAIT2 is in that
# state still. The server: 5 and 3 and 0 and 3; with an owner 3 and 1 and 1.
R23_expect()
{
	expect_lines client . 16
	expect_lines server . 11
	expect_lines four . 21
	expect_lines remote . 2
	expect_lines remote ',5009,' 2
	expect_lines pid . 5
	expect_lines pid ',tl-srv,' 5
	# The two timewait sockets end later.
	expect_lines duration . 25
}

R23_listeners()
{
	local cookie

	reads 0 listeners -L 5003 -j
	cookie=$(sed -n 's/.*"cookie":"\([0-9a-f]*\)".*/\1/p' "$TMP/out")
	reads 0 listeners --cookie "$cookie" -j
	expect_lines out . 1
	expect_lines out '"lport":5003,' 1
	reads 0 listeners --cookie fffffff -j
	expect_lines out . 0
	reads 0 filter -4
	expect_text out '^  family +IPv4$'
	expect_lines out '^  ' 1
	reads 0 filter --clear
}

# Its name is a number, and no inode.
R23_netns()
{
	: >/run/netns/7
	mount --bind "/run/netns/$SRV_NS" /run/netns/7
	reads 0 listeners -j -N 7
	expect_lines out . 3
	umount /run/netns/7
	rm /run/netns/7
	reads 0 listeners -j -N 7
	expect_lines out . 0
	reads 2 listeners -N blub
	expect_text err 'blub: No such file'
}

# valid FILE...: as the schema says
valid()
{
	"$SELFTESTS/jsonlines.py" "$SELFTESTS/../reader/schema.json" "$@" \
		>"$TMP/valid" ||
		fail "not as the schema says: $(head -n 5 "$TMP/valid")"
}

test_R24()
{
	local command

	need_reader
	reader_start rates stats -i 1 -j
	act srv listen slow "$SRV" 5001 1
	act cli burst b 8 "$SRV" 5001
	pass 8
	reader_stop rates TERM 143
	for command in audit doctor stats; do
		reads 0 "$command" -j
		cp "$TMP/out" "$TMP/$command"
		valid "$TMP/$command"
	done
	expect_lines doctor '^\{"finding":"' "$(wc -l <"$TMP/doctor")"
	expect_lines stats '"interval"' 0
	R24_rates
	R24_documentation
	R24_replay
}

# The first line is totals; the mean of the others is a second.
R24_rates()
{
	local lines

	lines=$(wc -l <"$TMP/rates")
	((lines > 5)) || fail "stats -i -j does not repeat"
	valid "$TMP/rates"
	expect_lines rates '"interval":(0\.9|1\.[01])' $((lines - 1))
	expect_eq "interval in the first line" \
		"$(head -n 1 "$TMP/rates" | grep -c interval)" 0
}

# What is written down is what the program says.
R24_documentation()
{
	reads 0 --schema
	cmp -s "$TMP/out" "$SELFTESTS/../reader/schema.json" ||
		fail "reader/schema.json is not tcplife --schema"
	reads 0 --fields
	sed -n '/^Records (``tcplife -j``/,$p' \
		"$SELFTESTS/../Documentation/tcplife.rst" >"$TMP/fields"
	expect_eq "keys in tcplife.rst" "$(diff "$TMP/fields" "$TMP/out")" ""
}

# Messages from a file: whole ones, one with a length above 2^31, one that is
# cut, and none.
R24_replay()
{
	local corpus=$SELFTESTS/corpus

	reads 0 states -j --replay "$corpus/states-0.msg"
	expect_lines out '^\{"event":"transition"' 10
	valid "$TMP/out"
	cp "$corpus/states-0.msg" "$TMP/long.msg"
	printf '\xff' | dd of="$TMP/long.msg" bs=1 seek=3 conv=notrunc 2>/dev/null
	head -c -8 "$corpus/states-0.msg" >"$TMP/cut.msg"
	reads 1 states -j --replay "$TMP/long.msg"
	expect_text err 'long.msg: not all of it are messages'
	reads 1 states -j --replay "$TMP/cut.msg"
	expect_text err 'cut.msg: not all of it are messages'
	reads 1 states -j --replay "$TMP"
	expect_text err 'Is a directory'
	reads 1 states -j --replay "$TMP/nowhere"
}

# forms_start NAME GROUP OPTION [COMMAND...]: starts the reader, which asks for the
# compact form, and nlclient, which gets the same records as attributes.
forms_start()
{
	local name=$1 group=$2 option=$3

	shift 3
	AS="$*" reader_start "$name" -j "$option"
	SAVE=$TMP/$name follow_start "$name-$group" "$group" "$@"
}

# What the reader says of the attributes is what it says of the compact form.
forms_stop()
{
	local name=$1 group=$2 option=$3

	follow_stop "$name-$group"
	reader_stop "$name"
	printf '%s\n' "$TMP/$name"-*.msg | sort -V | xargs cat >"$TMP/$name.msg"
	reads 0 -j "$option" --replay "$TMP/$name.msg"
	"$SELFTESTS/jsonsame.py" "$TMP/out" "$TMP/$name" >"$TMP/same" ||
		fail "$name: $(head -n 5 "$TMP/same")"
	ktap_print_msg "$name: $(tail -n 1 "$TMP/same")"
}

# Of each message alone it is the same: nothing is left of those before.
forms_alone()
{
	local message

	printf '%s\n' "$TMP/$1"-*.msg | sort -V | while read -r message; do
		reads 0 -j --replay "$message"
		cat "$TMP/out"
	done >"$TMP/alone"
	"$SELFTESTS/jsonsame.py" "$TMP/alone" "$TMP/$1" >"$TMP/same" ||
		fail "$1, alone: $(head -n 5 "$TMP/same")"
}

# Records of all kinds, to all, and to a namespace that does not know the pids
# of most.
test_R33()
{
	need_reader
	NO_TRACE=1
	forms_start all records -j
	forms_start closes closes --no-wait
	forms_start inside records -j nsenter --net=/run/netns/tcplife-cli
	readers_wait
	load_start mix 320
	load_wait "done"
	refused_and_reset
	connected 5001
	act cli close c
	act srv close s
	pass 66
	forms_stop all records -j
	forms_alone all
	forms_stop closes closes --no-wait
	forms_stop inside records -j
	(($(wc -l <"$TMP/all") > 580)) || fail "too few records"
	(($(wc -l <"$TMP/inside") > 0)) || fail "none in the namespace"
	R33_versions
}

# Two records: the second one of an older module, without what came later; the
# first one of a later module, with what we do not know.
R33_versions()
{
	local corpus=$SELFTESTS/corpus

	reads 0 -j --replay "$corpus/records-compact-0.msg"
	expect_lines out '"since_last_ack":.*"closer_comm":"load"' 2
	cp "$TMP/out" "$TMP/whole"
	reads 0 -j --replay "$corpus/records-compact-1.msg"
	expect_lines out '"since_last_ack":' 2
	expect_lines out '"closer_comm":' 1
	valid "$TMP/out"
	reads 0 -j --replay "$corpus/records-compact-2.msg"
	cmp -s "$TMP/out" "$TMP/whole" || fail "a longer record is another"
}

# called NAME: a process of that name connects and goes
called()
{
	# shellcheck disable=SC2016 # it is for that process to expand
	in_ns cli bash -c 'printf %s "$1" >/proc/$$/comm
		exec 3<>"/dev/tcp/$2/5001"' - "$1" "$SRV"
}

# A process may have any bytes for a name. What is not UTF-8 is longer in JSON
# than a name that is kept may be, and what begins like it is another one.
test_R34()
{
	local odd=$'\xff' bad='\\ufffd'

	need_reader
	act srv listen l "$SRV" 5001 10
	reader_start names --no-wait -j
	readers_wait
	called plain
	called "$odd$odd$odd$odd$odd$odd$odd"
	called "$odd$odd$odd$odd$odd$odd$odd$odd$odd"
	called "a\"b\\"
	pass 2
	reader_stop names
	valid "$TMP/names"
	expect_lines names '"role":"active"' 4
	expect_lines names '"role":"active".*"comm":"plain"' 1
	expect_lines names "\"role\":\"active\".*\"comm\":\"($bad){7}\"" 1
	expect_lines names "\"role\":\"active\".*\"comm\":\"($bad){9}\"" 1
	expect_lines names '"role":"active".*"comm":"a\\"b\\\\"' 1
}

run_tests \
	R23 "failures after close(), and more options of streams" \
	R24 "JSON of audit, doctor and stats, and its documentation" \
	R33 "records have the same JSON in both forms" \
	R34 "names of processes that are no text"
