#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# check: named
#
# Abuse (A51 to A79): kernels that lack a function or a tracepoint that we hook.
# Each in turn is one that no kernel has: the module under test, whose names are
# in its read-only data, has another one there.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

NO_TRACE=1

# rename FILE SYMBOL...: so that no kernel has it. The first letter is another
# one, in a string that is the whole of it, in data that is read only: not in the
# table of functions that the module calls.
rename()
{
	python3 - "$@" <<-'END'
	import subprocess
	import sys
	path, names = sys.argv[1], sys.argv[2:]
	data = bytearray(open(path, 'rb').read())
	said = subprocess.check_output(['readelf', '-SW', path], text=True)
	parts = [line.replace('[ ', '[').split() for line in said.split('\n')]
	parts = [(int(p[4], 16), int(p[5], 16)) for p in parts
	         if len(p) > 5 and p[1].startswith('.rodata')]
	for name in names:
	    old = b'\0' + name.encode() + b'\0'
	    found = [data.find(old, at - 1, at + size) for at, size in parts]
	    found = [at for at in found if at >= 0]
	    if not found:
	        sys.exit(f'no {name} in {path}')
	    for at in found:
	        data[at + 1] = ord('Z')
	open(path, 'wb').write(data)
	END
}

# hook_rows: symbol, and whether it is needed, a line each
hook_rows()
{
	awk '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ print $at["SYMBOL"], $at["NEED"], $at["EVENT"] }' "$PROC/hooks"
}

# fallbacks SYMBOL: what is hooked where it is not there
fallbacks()
{
	case $1 in
	tcp_rcv_spurious_retrans) echo tcp_data_queue ;;
	inet_twsk_hashdance_schedule) echo inet_twsk_hashdance ;;
	esac
}

# named SYMBOL: what the log calls it: the first of the functions that will do
named()
{
	case $1 in
	tcp_data_queue) echo tcp_rcv_spurious_retrans ;;
	inet_twsk_hashdance) echo inet_twsk_hashdance_schedule ;;
	*) echo "Z${1#?}" ;;
	esac
}

# Off, and its name in the log; all else works.
A78_optional()
{
	insmod "$TMP/lacks.ko" || { fail "not loaded without $1"; return; }
	dmesg | grep 'features off:' | grep -q "(no $(named "$1"))" ||
		fail "the log does not name $1: $(dmesg | grep 'off:')"
	expect_eq "$1 in $PROC/hooks" "$(awk -v event="$2" '
		$1 == event { print $4 }' "$PROC/hooks")" absent
	cat "$PROC"/* >"$TMP/out" || fail "files cannot be read without $1"
	load_start mix 32
	load_wait "done"
	wait "${AGENT_PID[load]}"
	unset "AGENT_PID[load]"
	stats_read
	expect_conserved
	((STAT[born] > 0)) || fail "no records without $1"
	rmmod tcplife || fail "cannot unload without $1"
}

# Refused, by name, and nothing is left behind.
A79_required()
{
	! insmod "$TMP/lacks.ko" 2>"$TMP/refused" ||
		{ fail "loaded without $1"; rmmod tcplife; return; }
	dmesg | grep -q "tcplife: this kernel has no $(named "$1") to hook" ||
		fail "the log does not name $1: $(dmesg | tail -n 1)"
	[ ! -e "$PROC" ] || fail "$PROC is there without $1"
	[ ! -e /sys/module/tcplife ] || fail "a module is there without $1"
}

# lacking NEED FUNCTION: for each row of that kind. In $ROWS all of them.
lacking()
{
	local symbol need event n=0

	[ -n "$MODULE" ] || skip "the module is not a file here"
	command -v python3 readelf strip >"$TMP/python" || skip "no python3, no binutils"
	hook_rows >"$TMP/rows"
	# Most of it is for debuggers.
	strip -g -o "$TMP/whole.ko" "$MODULE" || die "cannot strip the module"
	module_unload
	while read -r symbol need event; do
		[ "$need" = "$1" ] || continue
		cp "$TMP/whole.ko" "$TMP/lacks.ko"
		# shellcheck disable=SC2046 # a list of words
		rename "$TMP/lacks.ko" "$symbol" $(fallbacks "$symbol") ||
			die "cannot rename $symbol"
		dmesg -C
		"$2" "$symbol" "$event"
		expect_untainted
		n=$((n + 1))
	done <"$TMP/rows"
	((n > 5)) || fail "$n rows are $1"
	ktap_print_msg "without each of $n rows that are $1"
	# The hooks are all there when it is whole.
	pass 65
	load_anew
	traffic 32
	abused
}

test_A78()
{
	lacking optional A78_optional
}

test_A79()
{
	lacking required A79_required
}

run_tests \
	A78 "a kernel without an optional symbol, each in turn" \
	A79 "a kernel without a required symbol, each in turn"
