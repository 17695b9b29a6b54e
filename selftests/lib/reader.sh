# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The reader, built with sanitizers: whatever they find fails the test.

# $READER, else what make built.
reader_find()
{
	local dir

	[ -z "${READER_READY-}" ] || return 0
	READER_READY=1
	for dir in "$PROGRAMS/asan" "$PROGRAMS" ""; do
		[ ! -x "${READER-$dir/tcplife}" ] || break
	done
	# The kernel tree's runner has stdbuf's library come first, which the
	# sanitizers take for their own place.
	unset LD_PRELOAD
	# The second process that finds it there need not copy it again.
	[ -e "$TMP/tcplife" ] || cp "${READER-$dir/tcplife}" "$TMP/tcplife" \
		2>/dev/null || READER_READY=
	[ -n "$READER_READY" ]
}

# reader_can WHAT: do what is not all of a test; or it says that nobody did.
reader_can()
{
	reader_find || { ktap_print_msg "SKIP $1: no reader"; return 1; }
}

# For tests that are about it; others run it as another user, too.
need_reader()
{
	reader_find || die "no reader: make reader"
	chmod 755 "$TMP"
}

# reads STATUS ARGUMENT...: runs the reader, which must exit so; what it said
# is in $TMP/out and $TMP/err. $AS is who runs it.
reads()
{
	local want=$1 status=0

	shift
	# shellcheck disable=SC2086 # a list of words
	ASAN_OPTIONS=exitcode=99 ${AS-} "$TMP/tcplife" "$@" \
		>"$TMP/out" 2>"$TMP/err" </dev/null || status=$?
	[ "$status" = "$want" ] || fail "tcplife $*: exit status $status," \
		"want $want: $(head -n 5 "$TMP/err")"
}

# refused ARGUMENT...: the command line is, and always in the same words
refused()
{
	reads 2 "$@"
	expect_eq "first words of tcplife $*" "$(cut -c 1-9 "$TMP/err" |
		head -n 1)" "tcplife: "
	expect_text err "^Usage: tcplife" "^Try 'tcplife( [a-z]+)*( --help)?'\.$"
	expect_eq "lines of tcplife $*" "$(wc -l <"$TMP/err")" 3
}

# reader_start NAME ARGUMENT...: in the background, until reader_stop; output in
# $TMP/NAME and $TMP/NAME.err
declare -A READING=()
reader_start()
{
	local name=$1

	shift
	# shellcheck disable=SC2086 # a list of words
	ASAN_OPTIONS=exitcode=99 ${AS-} "$TMP/tcplife" "$@" >"$TMP/$name" \
		2>"$TMP/$name.err" </dev/null &
	READING[$name]=$!
}

# Those that were started listen.
readers_wait()
{
	local name

	for name in "${!READING[@]}"; do
		wait_until 60 bound "${READING[$name]}" ||
			die "tcplife $name does not start: $(<"$TMP/$name.err")"
	done
	pass 1
}

# reader_stop NAME [SIGNAL [STATUS]]: what has no handler for SIGINT must be
# ended otherwise, as the shell has it ignored in the background.
reader_stop()
{
	local status=0

	[ "${2-INT}" = none ] || kill -s "${2-INT}" "${READING[$1]}"
	wait "${READING[$1]}" 2>/dev/null || status=$?
	expect_eq "exit status of $1" "$status" "${3-0}"
	unset "READING[$1]"
}

# ended NAME: by itself, or almost
ended()
{
	! [ -e "/proc/${READING[$1]}/exe" ]
}

# ends NAME SECONDS STATUS: and no later
ends()
{
	wait_until "$2" ended "$1" || {
		fail "$1 does not end in $2 s"
		kill -KILL "${READING[$1]}"
	}
	reader_stop "$1" none "$3"
}

# accounted NAME: events that it has seen or says are lost
accounted()
{
	sed -n 's/^tcplife: \([0-9]*\) [a-z]* seen.*, \([0-9]*\) lost in the kernel, \([0-9]*\) lost.*/\1 \2 \3/p' \
		"$TMP/$1.err" | awk '{ n = $1 + $2 + $3 } END { print n + 0 }'
}

# half_open PORT: a request for a new listener, and the RST that ends it
half_open()
{
	act srv listen h "$SRV" "$1" 10
	lose srv all 'tcp flags & (syn | rst) == rst'
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" "$1" S 1 0
	lose_no_more srv
	in_ns cli "$TMP/tcpraw" "$CLI" 7001 "$SRV" "$1" R 2 0
	act srv close h
}

# expect_audit: in none of the namespaces do the module's counters differ from
# the kernel's own
expect_audit()
{
	local end

	for end in $ENDS; do
		in_ns "$end" "$TMP/tcplife" audit >"$TMP/out" 2>&1 ||
			fail "audit of $end: $(grep -A 1 DIFFERS "$TMP/out" ||
				head -n 5 "$TMP/out")"
	done
}

# lists N ARGUMENT...: so many lines
lists()
{
	local want=$1

	shift
	reads 0 list -H "$@"
	expect_eq "lines of list $*" "$(wc -l <"$TMP/out")" "$want"
}

# expect_lines FILE PATTERN N: so many lines match
expect_lines()
{
	expect_eq "$1: lines with $2" "$(grep -cE -e "$2" "$TMP/$1")" "$3"
}

# expect_text FILE PATTERN...
expect_text()
{
	local file=$1 pattern

	shift
	for pattern; do
		grep -qE -e "$pattern" "$TMP/$file" ||
			fail "$file has no '$pattern': $(head -n 4 "$TMP/$file")"
	done
}

# found RULE...: by doctor, and no others
found()
{
	reads 1 doctor --check
	reads 0 doctor -j
	expect_eq "findings" "$(sed -n 's/.*"finding":"\([^"]*\)".*/\1/p' \
		"$TMP/out" | sort | tr '\n' ' ')" \
		"$(printf '%s\n' "$@" | sort | tr '\n' ' ')"
}

# A terminal of 80 columns and 24 lines, under a server of its own.
tmux_do()
{
	tmux -f /dev/null -S "$TMP/tmux" "$@"
}

tmux_start()
{
	command -v tmux >/dev/null || skip_all "no tmux"
	tmux_do new-session -d -x 80 -y 24 -s top \
		"TERM=screen '$TMP/tcplife' top -i 1 2>'$TMP/top.err'; echo ended \$?; cat"
}

# screen_has PATTERN: now
screen_has()
{
	tmux_do capture-pane -p -t top >"$TMP/screen"
	grep -qE -e "$1" "$TMP/screen"
}

# screen PATTERN...: it comes to show each, soon
screen()
{
	local pattern

	for pattern; do
		wait_until 60 screen_has "$pattern" || {
			fail "top does not show '$pattern'"
			ktap_print_msg "$(sed 's/^/# /' "$TMP/screen")"
		}
	done
}

# Cookies of all records, in the order of their sockets' birth: hexadecimal numbers
# of any length.
cookies_by_birth()
{
	awk 'FNR > 1 { sub(/[.].*/, "", $1); print length($1), $1 }' \
		"$PROC"/{connections,timewait,history} |
		sort -u -k 1,1n -k 2,2 | cut -d ' ' -f 2
}

# ladders ID: all records there are, as the reader draws them, without what
# differs from run to run, are those that somebody looked at. Without a reader,
# as in a kernel tree, there is nothing to look at.
ladders()
{
	local want=$SELFTESTS/ladders/$1.txt cookie new

	reader_can "ladders/$1.txt" || return 0
	cookies_by_birth | while read -r cookie; do
		reads 0 show --relative "$cookie"
		cat "$TMP/out"
		echo
	done >"$TMP/ladders"
	cmp -s "$TMP/ladders" "$want" || {
		new=$SELFTESTS/../build/ladders
		mkdir -p "$new" && cp "$TMP/ladders" "$new/$1-${KERNEL-}.txt"
		fail "ladders are not those of ladders/$1.txt:" \
			"$(diff "$want" "$TMP/ladders" 2>&1 | head -n 20)"
	}
}

# audited cli|srv LINE...: nothing differs there, and lines match.
audited()
{
	local side=$1

	shift
	reader_find || die "no reader: make reader"
	AS="nsenter --net=/run/netns/tcplife-$side" reads 0 audit
	expect_text out "$@"
	! grep -q DIFFERS "$TMP/out" || fail "$(grep -A 1 DIFFERS "$TMP/out")"
	expect_eq "columns" "$(awk 'length > 80' "$TMP/out" | wc -l)" 0
}

# A user's own namespace: there the reader may not have a larger buffer than
# the administrator allows. Its process is $OWNER.
own_namespace()
{
	unshare -Urn sh -c 'ip link set lo up && ip addr add 10.7.0.2/24 dev lo
		exec sleep 100000' &
	OWNER=$!
	wait_until 60 own_address || die "no namespace"
}

own_address()
{
	nsenter -t "$OWNER" -U -n --preserve-credentials ip -o addr show dev lo |
		grep -q 10.7.0.2
} 2>/dev/null

# own_reader NAME ARGUMENT...: in it
own_reader()
{
	AS="nsenter -t $OWNER -U -n --preserve-credentials" reader_start "$@"
}

own_load()
{
	CLI_NS=../../proc/$OWNER/ns/net SRV_NS=../../proc/$OWNER/ns/net \
		load_start "$@"
}

# lost_in NAME kernel|socket: as its last line says
lost_in()
{
	tail -n 1 "$TMP/$1.err" |
		sed -n "s/.*, \(at least \)*\([0-9]*\) lost in the $2.*/\2/p"
}
