#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# What must not get out, to root either: addresses of the kernel, and characters
# that a terminal obeys.

. "$(dirname "$0")/lib.sh"

HELPERS="$NL_HELPERS nlrights"

# expect_no_address WHAT text|binary FILE...
expect_no_address()
{
	local what=$1

	shift
	python3 "$TMP/kaddress.py" "$@" >"$TMP/scan" 2>&1 ||
		fail "$what: $(head -n 5 "$TMP/scan")"
	ktap_print_msg "$what: $(tail -n 1 "$TMP/scan")"
}

# expect_addresses WHAT text|binary FILE: so that none found means something
expect_addresses()
{
	! python3 "$TMP/kaddress.py" "$2" "$3" >"$TMP/scan" 2>&1 ||
		fail "no address found in $1"
	ktap_print_msg "$1: $(tail -n 1 "$TMP/scan")"
}

X04_scanner()
{
	grep -m 100 ' T ' /proc/kallsyms >"$TMP/kallsyms"
	expect_addresses /proc/kallsyms text "$TMP/kallsyms"
	cat /proc/modules >"$TMP/modules"
	expect_addresses /proc/modules text "$TMP/modules"
	# Of the direct map, of vmalloc, and as netlink would have it.
	printf 'cookie 18446612683318509824\n' >"$TMP/decimal"
	printf 'at 0xffffc90000123000: %%p\n' >"$TMP/vmalloc"
	expect_addresses "an address of vmalloc" text "$TMP/vmalloc"
	expect_addresses "a decimal number" text "$TMP/decimal"
	printf '\x14\0\1\0\0\x10\x32\x04\x80\x88\xff\xff\0\0\0\0' \
		>"$TMP/message"
	expect_addresses "a message" binary "$TMP/message"
}

# Records of all kinds, while all groups are followed.
X04_populate()
{
	"$TMP/nlrights" follow "$TMP/events.bin" >"$TMP/events" &
	FOLLOWER["events"]=$!
	wait_until 60 says events following || die "cannot follow"
	pass 0.1
	connected 5001
	connected 5002 x
	closed x
	refused_and_reset
	half_open 5003
	load_start mix 320
	load_wait "done"
	agent_stop load
	pass 40
	follow_stop events
}

test_X04()
{
	local file

	cp "$SELFTESTS/kaddress.py" "$TMP"
	X04_scanner
	module_unload
	dmesg -C
	for file in history=0 max_connections=0 attach=bogus history=many; do
		! module_insert "$file" 2>/dev/null || die "loaded with $file"
	done
	afresh
	X04_populate
	mkdir "$TMP/seen"
	for file in "$PROC"/*; do
		cat "$file" >"$TMP/seen/${file##*/}"
	done
	expect_no_address "files in /proc" text "$TMP"/seen/*
	"$TMP/nlrights" save "$TMP/answers.bin" >/dev/null
	act cli port c
	SAVE=$TMP/record nl get record "$(ss_cookie cli "$ANSWER" 5001)" \
		>/dev/null || fail "no record of c"
	expect_no_address "netlink" binary "$TMP"/{answers,events}.bin \
		"$TMP"/record-*
	[ "$(stat -c %s "$TMP/events.bin")" -gt 100000 ] ||
		fail "there were few events"
	X04_others
}

# What everybody may read of the module elsewhere; and its words in the log.
X04_others()
{
	as_nobody find /sys/module/tcplife -type f -readable \
		-exec cat {} + >"$TMP/sysfs" 2>/dev/null
	as_nobody grep -w tcplife /proc/modules /proc/kallsyms >>"$TMP/sysfs"
	expect_no_address "the rest, for everybody" text "$TMP/sysfs"
	afresh
	dmesg >"$TMP/dmesg"
	grep -q 'tcplife: unloaded' "$TMP/dmesg" ||
		fail "no word of the module in the log"
	expect_no_address "the log" text "$TMP/dmesg"
}

# expect_tame WHAT: what was printed has no control character but the end of a
# line and the tab: C0, or C1 as one byte or as UTF-8 has it
expect_tame()
{
	local c0='[\x00-\x08\x0b-\x1f\x7f]'
	local c1='\xc2[\x80-\x9f]|(?<![\x80-\xf4])[\x80-\x9f]'

	expect_eq "control characters from $1" \
		"$(grep -caP "$c0|$c1" "$TMP/out")" 0
	grep -q tame "$TMP/out" || fail "$1 does not tell the name"
}

# Whoever has a connection chooses its name, and root reads it on a terminal.
test_X07()
{
	local words

	need_reader
	connected 5001
	printf 'tame' >"$TMP/out"
	expect_tame "a tame name"
	act cli comm $'tame\e[31m\x7f'
	act srv comm $'tame\xc2\x9b31m\x9b1m'
	connected 5002 x
	act cli close cx
	act srv close sx
	connected 5003 y
	for words in list "list -j" listeners "listeners -j" \
		"show $(ss_cookie srv 5003 "$CP")" doctor; do
		# shellcheck disable=SC2086 # a list of words
		reads 0 $words
		[ "$words" != doctor ] || echo tame >>"$TMP/out"
		expect_tame "tcplife $words"
	done
	cat "$PROC"/{connections,listeners,history,timewait} >"$TMP/out"
	expect_tame /proc
}

run_tests \
	X04 "no kernel address gets out" \
	X07 "a name cannot write to the terminal of who reads it"
