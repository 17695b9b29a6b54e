#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tcplife replay and tcplife report, of recordings that are there: by a browser,
# cut off anywhere, and with a million connections.

. "$(dirname "$0")/lib.sh"

CORPUS=selftests/corpus-recordings
MAKER=selftests/lib/recordings.py

# need PROGRAM...: skip without one.
need()
{
	local program

	for program; do
		command -v "$program" >/dev/null ||
			die "$program is missing: scripts/setup report"
	done
}

# replayed STATUS FILE ARGUMENT...: as nobody, who has no rights; to $TMP/out.
replayed()
{
	local want=$1 status=0

	shift
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		build/tcplife replay "$@" >"$TMP/out" 2>"$TMP/err" ||
		status=$?
	expect_eq "status of replay $*: $(head -n 2 "$TMP/err")" \
		"$status" "$want"
}

lines()
{
	grep -cE -e "$1" "$TMP/out"
}

test_Q01()
{
	need npm
	expect_success "uPlot is npm's" packaging/npm/uplot --check
	! grep -q '"resolved"' packaging/npm/package-lock.json ||
		fail "the lock file names a registry"
}

# What the commands say of it was compared with what they said when it was made;
# the numbers are of that demo.
test_Q02()
{
	local demo=$TMP/demo.rec cookie

	chmod 755 "$TMP"
	install -m 644 "$CORPUS/demo.rec" "$demo"
	replayed 0 "$demo"
	expect_eq "lines of follow" "$(wc -l <"$TMP/out")" 279
	replayed 0 "$demo" -s -L 7000
	expect_eq "lines with local port 7000" "$(wc -l <"$TMP/out")" 5
	replayed 0 "$demo" follow -j
	expect_eq "lines of JSON" "$(lines '^\{"event":"close"')" 278
	replayed 0 "$demo" list --history --end refused
	expect_eq "refused" "$(lines '^refused .* 9 +wrong-por')" 1
	expect_eq "lines with refused" "$(wc -l <"$TMP/out")" 2
	# When the recording ended, and when it was cut off.
	expect_line "$TMP/out" '^refused +[1-9][0-9.]*s '
	head -c 60000 "$demo" >"$TMP/half.rec"
	chmod 644 "$TMP/half.rec"
	replayed 0 "$TMP/half.rec" list --history --end refused
	expect_line "$TMP/out" '^refused +[1-9][0-9.]*s '
	replayed 0 "$demo" list --state FIN_WAIT2,CLOSE_WAIT
	expect_eq "FIN_WAIT2 and CLOSE_WAIT" "$(lines '_WAIT2? .* 7000 ')" 2
	expect_eq "lines of states" "$(wc -l <"$TMP/out")" 3
	replayed 0 "$demo" list --older 1000
	expect_eq "lines of the older" "$(wc -l <"$TMP/out")" 1
	cookie=$(build/tcplife replay "$demo" list --history -w 2>/dev/null |
		awk '/refused/ { print $1 }')
	replayed 0 "$demo" show "$cookie"
	expect_line "$TMP/out" '^connection '"$cookie"', active'
	replayed 1 "$demo" show 7fffffff
	replayed 0 "$demo" listeners -L 7000
	expect_line "$TMP/out" 'SYNs dropped: 2 accept queue full'
	expect_eq "listeners" "$(lines backlog)" 1
	replayed 1 "$demo" doctor --check -j
	expect_line "$TMP/out" '"accept-queue-overflow","rank":1,"count":2,'
	replayed 0 "$demo" stats -j
	expect_line "$TMP/out" '"drop_accq_full":2[,}]'
	replayed 0 "$demo" audit
	expect_eq "counters that differ" "$(lines DIFFERS)" 0
	replayed 0 "$demo" timewait
	replayed 2 "$demo" top
	replayed 2 "$demo" stats -i 1
	Q02_broken "$demo"
}

# Other bytes than were written are told, and what was before is good.
Q02_broken()
{
	local size

	size=$(stat -c %s "$1")
	printf '\x55\xaa\x55\xaa' |
		dd of="$1" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
	replayed 1 "$1" -j
	expect_line "$TMP/err" 'broken \(.*\): read as far as it is whole'
	(($(lines '^\{"event":"close"') < 278)) || fail "more than is whole"
}

# What a report says that is wrong.
findings_of()
{
	grep -ao '"findings":\[.*"worst":\[' "$@"
}

findings()
{
	build/tcplife report "$1" 2>/dev/null | findings_of
}

test_Q03()
{
	expect_success "cut off" "$MAKER" cut "$CORPUS/demo.rec" build/tcplife
	tail -n 1 "$TMP/log" | sed 's/^/# /'
	# What the doctor needs of the host, and the records, are there.
	head -c 60000 "$CORPUS/demo.rec" >"$TMP/cut.rec"
	expect_eq "findings of one that is cut off" \
		"$(findings "$TMP/cut.rec")" "$(findings "$CORPUS/demo.rec")"
	findings "$CORPUS/demo.rec" | grep -q overflow || fail "nothing found"
}

# peak FILE COMMAND...: writes its seconds and the KB that it had at most.
peak()
{
	python3 -c 'import os, resource, subprocess, sys, time
t = time.time()
status = subprocess.run(sys.argv[2:], stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
open(sys.argv[1], "w").write(f"{time.time() - t:.1f} {used}\n")
sys.exit(status)' "$@"
}

test_Q04()
{
	local seconds kb size

	"$MAKER" make "$TMP/million.rec" 20000 load 50
	expect_success "a report of a million" peak "$TMP/peak" build/tcplife \
		report "$TMP/million.rec" -o "$TMP/million.html"
	read -r seconds kb <"$TMP/peak"
	size=$(stat -c %s "$TMP/million.html")
	echo "# 1,000,000 records: $seconds s, $kb KB, a page of $size bytes"
	((kb < 65536)) || fail "it took $kb KB of memory"
	((size < 2000000)) || fail "the page has $size bytes"
	grep -q '"records":1000000' "$TMP/million.html" ||
		fail "it is not of a million records"
}

# looked_at NAME: the page of $TMP/NAME.rec.
looked_at()
{
	local shots=$BUILD/check/report-$1

	mkdir -p "$shots"
	build/tcplife report "$TMP/$1.rec" -o "$TMP/$1.html" 2>/dev/null ||
		fail "no report of $1"
	node packaging/tests/report.mjs "$TMP/$1.html" "$shots" >"$TMP/seen" ||
		fail "the browser: $(tail -n 5 "$TMP/seen")"
	expect_eq "faults of the page of $1" "$(grep -v '^#' "$TMP/seen")" ""
}

# The ladder of the page is that of tcplife show.
test_Q05()
{
	local cookie

	need node chromium npm
	[ -d build/npm/node_modules/playwright-core ] ||
		packaging/npm/uplot --check || die "no playwright-core"
	cp "$CORPUS/demo.rec" "$TMP/demo.rec"
	looked_at demo
	sed -n 's/^#ladder //p' "$TMP/seen" | head -n 1 | python3 -c \
		'import json, sys; print(json.load(sys.stdin), end="")' \
		>"$TMP/ladder"
	cookie=$(sed -n 's/^connection \([0-9a-f]*\),.*/\1/p' "$TMP/ladder")
	build/tcplife replay "$TMP/demo.rec" show "$cookie" >"$TMP/show" \
		2>/dev/null || fail "no connection $cookie"
	expect_eq "lines that tcplife show does not have" \
		"$(grep -vxFf "$TMP/show" "$TMP/ladder")" ""
	[ "$(wc -l <"$TMP/ladder")" -gt 8 ] || fail "a short ladder"
}

# A process may call itself anything; 15 bytes of it are kept.
test_Q06()
{
	local name

	need node chromium npm
	for name in '<script>alert(1' '</script><b>x' '"><img src=x o'; do
		"$MAKER" make "$TMP/names.rec" 400 "$name"
		looked_at names
		! grep -qF "$name" "$TMP/names.html" ||
			fail "$name is in the page as it is"
	done
}

# Here is no module. What was recorded before is not lost by an attempt.
test_Q07()
{
	local file

	[ ! -e /proc/tcplife ] || skip_all "the module is loaded here"
	cp "$CORPUS/demo.rec" "$TMP/old.rec"
	for file in old new; do
		! build/tcplife record -o "$TMP/$file.rec" -- true \
			2>"$TMP/err" || fail "it records"
		expect_line "$TMP/err" 'the module is not loaded'
	done
	cmp "$CORPUS/demo.rec" "$TMP/old.rec" || fail "the old one is another"
	[ ! -e "$TMP/new.rec" ] || fail "an empty one is there"
}

# More listeners than a report shows: of those that dropped most one counts from 0
# again, and the others come last.
test_Q08()
{
	local count

	"$MAKER" listeners "$TMP/many.rec" 200
	expect_success "a report of 200 listeners" build/tcplife report \
		"$TMP/many.rec" -o "$TMP/many.html"
	grep -ao '"address":"10.0.0.1:[0-9]*' "$TMP/many.html" |
		sort >"$TMP/shown"
	expect_eq "listeners that are shown" "$(wc -l <"$TMP/shown")" 48
	expect_eq "the first and the last of them" \
		"$(sed -n 's/.*://; 1p; $p' "$TMP/shown" | xargs)" "2000 2199"
	grep -q '"left_out":152' "$TMP/many.html" ||
		fail "it does not say how many are left out"
	for count in 398 500; do
		findings_of "$TMP/many.html" | grep -q "\"count\":$count," ||
			fail "the doctor does not see who dropped $count"
	done
}

run_tests \
	Q01 "uPlot in the tree is the one that npm has" \
	Q02 "replay, as nobody and without the module" \
	Q03 "a recording that is cut off anywhere" \
	Q04 "a report of a million connections" \
	Q05 "the report in a browser" \
	Q06 "names of processes in the report" \
	Q07 "a recording that cannot be made" \
	Q08 "a report where there are more listeners than it shows"
