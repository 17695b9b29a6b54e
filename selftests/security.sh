#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# Who may not: every file, every command and every group, tried by everyone; and
# what must not get out. Which there are is found out as the test runs.

. "$(dirname "$0")/lib.sh"

HELPERS="$NL_HELPERS nlrights tryfiles"
PARAMETERS=/sys/module/tcplife/parameters

# Those who have no right to anything here: as commands.
STRANGERS='as_nobody
as_nobody unshare -Ur
unshare -Ur
setpriv --bounding-set -all --inh-caps -all
setpriv --bounding-set -net_admin --inh-caps -net_admin
in_ns cli setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Ur
setpriv --reuid 1000 --regid 0 --clear-groups unshare -Ur
in_ns cli unshare -Ur'

# Each stranger in turn: strangers WHAT, which finds the words in "$@".
strangers()
{
	local words

	while read -r words; do
		# shellcheck disable=SC2086 # a list of words
		"$1" $words
	done <<<"$STRANGERS"
}

# What there is to be tried.
files_find()
{
	mapfile -t FILES < <(find "$PROC" "$PARAMETERS" -type f)
	mapfile -t PROC_FILES < <(find "$PROC" -type f)
	ktap_print_msg "${#FILES[@]} files"
	((${#PROC_FILES[@]} >= 7 && ${#FILES[@]} >= 10)) ||
		die "these are not all files: ${FILES[*]}"
	chmod 755 "$TMP"
}

# Files in /sys, unlike ours, can be read by whoever is user or group root of
# the host, in whatever user namespace.
X01_nothing()
{
	local -a files=("${FILES[@]}")

	[[ $* == *regid\ 1000* || $* == as_nobody* ]] ||
		files=("${PROC_FILES[@]}")
	expect_eq "ways into files for $*" \
		"$("$@" "$TMP/tryfiles" "${files[@]}")" tried
}

# Root of the host reads all, and changes nothing either.
test_X01()
{
	local words

	files_find
	expect_eq "ways into files for root" \
		"$("$TMP/tryfiles" "${FILES[@]}" | sort)" \
		"$({ printf 'open %s\n' "${FILES[@]}"
			printf 'read %s\n' "${FILES[@]}"
			echo tried; } | sort)"
	while read -r words; do
		# Without capabilities, but root: whose files these are.
		[[ $words != *--bounding-set* ]] || continue
		# shellcheck disable=SC2086 # a list of words
		X01_nothing $words
	done <<<"$STRANGERS"
	X01_nothing as_nobody unshare -Urn
	X01_nothing unshare -Urn
	X01_nothing as_nobody unshare -Urnpf --mount-proc
	X01_nothing unshare -Urnpf --mount-proc
	# Nothing that is not for this user is in what he sees of the module.
	expect_eq "what else of it is not as it was" \
		"$(find /sys/module/tcplife -perm /222 -type f |
			grep -v uevent)" ""
}

# What the same attempts end in for root, for whom all commands work.
rights_find()
{
	"$TMP/nlrights" try >"$TMP/root" || die "nlrights: $?"
	grep -v ' EOPNOTSUPP$' "$TMP/root" | grep -E '^(do|dump) ' >"$TMP/ops"
	expect_eq "commands and groups that the kernel lists" \
		"$(grep ^family "$TMP/root")" \
		"family $(wc -l <"$TMP/ops") $(grep -c '^join ' "$TMP/root")"
	expect_eq "what root may not" "$(grep EPERM "$TMP/root")" ""
	(($(wc -l <"$TMP/ops") >= 12 &&
		$(grep -c '^join ' "$TMP/root") >= 6)) ||
		die "these are not all: $(<"$TMP/ops")"
	ktap_print_msg "$(wc -l <"$TMP/ops") commands," \
		"$(grep -cE '^(join|bind) ' "$TMP/root") ways into groups"
	sed -E '/EOPNOTSUPP$|^(family|set)/!s/[^ ]+$/EPERM/' "$TMP/root" \
		>"$TMP/want"
	chmod 755 "$TMP"
}

# expect_rights WHO WANT PATTERN COMMAND...: as in that file, of these lines
expect_rights()
{
	local who=$1 want=$2 pattern=$3

	shift 3
	"$@" >"$TMP/got" 2>&1
	diff <(grep -E "$pattern" "$TMP/$want") \
		<(grep -E "$pattern" "$TMP/got") >"$TMP/diff" ||
		fail "$who: $(head -n 5 "$TMP/diff")"
}

X02_nothing()
{
	expect_rights "$*" want . "$@" "$TMP/nlrights" try
}

test_X02()
{
	connected 5001
	rights_find
	strangers X02_nothing
	# Who uses a socket needs the right, whoever opened it. The other way
	# round the kernel asks only if no address is given: NETLINK_SKB_DST.
	expect_rights "used by a user" want . "$TMP/nlrights" dropped 1000 try
	# Where a user has the right, it does not reach the filter of all.
	sed -E "s/^(do $(sed -n 's/^set //p' "$TMP/root")) .*/\1 EPERM/" \
		"$TMP/root" >"$TMP/owner"
	expect_rights "owner" owner . as_nobody unshare -Urn "$TMP/nlrights" try
	expect_eq "the filter after all that" "$(nl get event-filter | wc -l)" 1
}

# an_owner NAME: a user's network namespace with a connection over loopback,
# two endpoints; the user is root in a user namespace that owns it.
an_owner()
{
	mkfifo "$TMP/$1".{in,out}
	chown 1000 "$TMP/$1".{in,out}
	AGENT_UNDER="setpriv --reuid 1000 --regid 1000 --clear-groups \
		unshare -Urn" agent_start "$1" ../../proc/self/ns/net
	owner "$1" ip link set lo up
	act "$1" listen l 127.0.0.1 5001 10
	act "$1" connect c 127.0.0.1 5001
	act "$1" accept s l
}

# owner NAME COMMAND...: by that user
owner()
{
	nsenter -t "${AGENT_PID[$1]}" -U -n "${@:2}"
}

# in_net NAME COMMAND...: in that network namespace, by the host's root
in_net()
{
	nsenter -t "${AGENT_PID[$1]}" -n "${@:2}"
}

n_connections()
{
	"$@" "$TMP/nlclient" dump connection | wc -l
}

# Of the namespaces of others the owner of one sees none, wherever he goes.
test_X03()
{
	connected 5001
	chmod 755 "$TMP"
	rights_find
	an_owner one
	an_owner two
	expect_eq "all connections" "$(n_connections env)" 6
	expect_eq "connections of an owner" "$(n_connections owner one)" 2
	expect_eq "those of another" "$(n_connections owner two)" 2
	expect_eq "in his network, of the host's root" \
		"$(n_connections in_net one)" 2
	expect_eq "connections in a new one of his" \
		"$(n_connections owner one unshare -n)" 0
	# Root of a user namespace that does not own the network.
	X02_nothing owner one unshare -Ur
	X02_nothing in_net one unshare -Ur
	X02_nothing in_net one setpriv --reuid 1000 --clear-groups unshare -Ur
	! owner one nsenter --net="/proc/${AGENT_PID[two]}/ns/net" true \
		2>/dev/null || fail "an owner enters the other's namespace"
	X03_cookies
	agent_stop one
	agent_stop two
	afresh
}

# A record's cookie, known or guessed, is no way to it either.
X03_cookies()
{
	local cookie

	cookie=$(ss_cookie cli "$CP" 5001)
	nl_refused ENOENT owner one "$TMP/nlclient" get record "$cookie"
	cookie=$(owner two ss -tHne state established sport = :5001 |
		sed -n 's/.* sk:\([0-9a-f]*\).*/\1/p')
	nl_refused ENOENT owner one "$TMP/nlclient" get record "$cookie"
	owner two "$TMP/nlclient" get record "$cookie" >/dev/null ||
		fail "the owner of $cookie does not see it"
}

# percpu NUMBER: memory for each CPU that a control group has to answer for with
# so many network namespaces in it
percpu()
{
	local group=/sys/fs/cgroup/tcplife-test i
	local -a pids=()

	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir "$group"
	for ((i = 0; i < $1; i++)); do
		sh -c "echo \$\$ >$group/cgroup.procs
			exec setpriv --pdeathsig KILL unshare -Urn \
			sleep 1000000" &
		pids+=($!)
	done
	# The kernel sums up every two seconds.
	pass 5
	awk '$1 == "percpu" { print $2 }' "$group/memory.stat"
	kill -KILL "${pids[@]}"
	wait "${pids[@]}" 2>/dev/null
	pass 5
	rmdir "$group"
}

# A namespace has counters of its own: so what it costs is counted where it was
# made, and what bounds that control group bounds it. Each has some 2.8 KB.
test_X05()
{
	local with without

	grep -qw memory /sys/fs/cgroup/cgroup.controllers ||
		die "no control groups that count memory"
	with=$(percpu 20)
	module_unload
	without=$(percpu 20)
	ktap_print_msg "20 namespaces: $without, with the module $with bytes"
	((with - without >= 20 * 2800)) ||
		fail "the counters of 20 namespaces are nobody's: $with" \
			"bytes, without the module $without"
	afresh
}

# stalled NAME COMMAND...: a dump that has begun and waits
stalled()
{
	local name=$1

	shift
	mkfifo "$TMP/$name.go"
	"$@" "$TMP/nlrights" stall <>"$TMP/$name.go" >"$TMP/$name" &
	FOLLOWER["$name"]=$!
	wait_until 60 grep -q stalled "$TMP/$name" || die "$name does not begin"
}

# Dumps of those outside and inside of a namespace, who stop in the middle while
# everyone in there is killed. A socket keeps its namespace; when that is gone,
# too, its memory must not be used: the VM looks into the log.
test_X06()
{
	local i

	chmod 755 "$TMP"
	an_owner dying
	for ((i = 0; i < 30; i++)); do
		act dying connect "c$i" 127.0.0.1 5001
		act dying accept "s$i" l
	done
	stalled outside env
	# Not by owner(): what is killed is to be the program, not a shell.
	stalled inside nsenter -t "${AGENT_PID[dying]}" -U -n
	stalled gone nsenter -t "${AGENT_PID[dying]}" -U -n
	agent_kill dying
	follow_stop gone
	pass 1
	X06_ended inside
	# Nobody is left in it.
	pass 70
	X06_ended outside
	expect_eq "those who are left in the table" "$(n_connections env)" 0
	afresh
}

# It goes on to its end: it had a few, all of the rest that still lived, and no
# error.
X06_ended()
{
	local first all error

	echo >"$TMP/$1.go"
	wait "${FOLLOWER[$1]}"
	read -r _ first all error <<<"$(tr '\n' ' ' <"$TMP/$1")"
	expect_eq "how the dump from $1 ends" "$error" 0
	((first > 0 && first < 62 && all >= first && all <= 62)) ||
		fail "records from $1: $first at first, $all in all"
}

run_tests \
	X01 "no other user reads or changes a file" \
	X02 "no other user asks, configures or joins by netlink" \
	X03 "who owns a namespace sees that one and no other" \
	X05 "what a user's namespace costs is charged to him" \
	X06 "dumps that go on while a namespace dies"
