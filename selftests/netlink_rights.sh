#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The netlink family: who may, and what is wrong with a request.

. "$(dirname "$0")/lib.sh"

HELPERS="$NL_HELPERS nlpolicy"

# Each request once, as nlclient's arguments.
READS='dump connection
dump timewait
dump listener
dump history
dump hook
get stats
get latency
get mib
get event-filter
get group
get record 1'
GROUP_NAMES='records closes states halfopen records-compact closes-compact'

# every_read WHAT COMMAND...: WHAT is refused, or answered; COMMAND is who asks.
every_read()
{
	local what=$1 words

	shift
	while read -r words; do
		# shellcheck disable=SC2086 # a list of words
		"$what" "$@" "$TMP/nlclient" $words
	done <<<"$READS"
}

refused()
{
	nl_refused EPERM "$@"
}

# A record that nobody has is not found, by those who may look.
answered()
{
	local said

	said=$("$@" 2>&1 >/dev/null) || [[ $said == ENOENT:\ ?* ]] ||
		fail "$* is refused: $said"
}

# A group cannot be joined; setsockopt() has no words for why.
no_group()
{
	local group

	for group in $GROUP_NAMES; do
		expect_eq "$* joins $group" "$("$@" "$TMP/nlclient" \
			follow "$group" 2>&1)" "EPERM: join"
	done
}

populate()
{
	chmod 755 "$TMP"
	connected 5001
	connected 5002 x
	act cli close cx
	act srv eof sx
	act srv close sx
}

test_N11()
{
	populate
	every_read answered
	answered "$TMP/nlclient" set sample=1
	every_read refused as_nobody
	refused as_nobody "$TMP/nlclient" set sample=7
	no_group as_nobody
	# An ordinary user's root: of a user namespace, not of this network's.
	every_read refused as_nobody unshare -Ur
	refused as_nobody unshare -Ur "$TMP/nlclient" set sample=7
	no_group as_nobody unshare -Ur
	every_read refused in_ns cli setpriv --reuid 1000 --clear-groups \
		unshare -Ur
	nl get event-filter >"$TMP/filter"
	expect_eq "the filter after all that" "$(wc -l <"$TMP/filter")" 1
}

# expect_rows WHAT "N N N" COMMAND...: so many connections, timewait sockets and
# records in the history
expect_rows()
{
	local what=$1 want=$2 table

	shift 2
	expect_eq "connections, timewait and history of $what" \
		"$(for table in connection timewait history; do
			"$@" "$TMP/nlclient" dump "$table" | wc -l
		done | paste -sd ' ')" "$want"
}

# Each namespace sees what is its own.
test_N12()
{
	local cookie

	ynl_find
	populate
	cookie=$(ss_cookie srv 5001 "$CP")
	expect_rows all "2 1 1" env
	expect_rows cli "1 1 0" in_ns cli
	expect_rows srv "1 0 1" in_ns srv
	expect_rows "a namespace of a user" "0 0 0" as_nobody unshare -Urn
	every_read answered as_nobody unshare -Urn
	refused as_nobody unshare -Urn "$TMP/nlclient" set sample=7
	nl_refused ENOENT in_ns cli "$TMP/nlclient" get record "$cookie"
	answered in_ns srv "$TMP/nlclient" get record "$cookie"
	N12_sums
	N12_events
}

# stat_of NAME COMMAND...: a counter, by ynl
stat_of()
{
	local name=$1

	shift
	"$@" "${YNL[@]}" --do stats-get |
		sed "s/.*\"$name\": \([0-9]*\).*/\1/"
}

N12_sums()
{
	expect_eq "born of all" "$(stat_of born)" 4
	expect_eq "born of srv" "$(stat_of born in_ns srv)" 2
	expect_eq "born of a stranger" "$(stat_of born unshare -n)" 0
}

# Events, too; messages are numbered for each namespace.
N12_events()
{
	follow_start all records
	follow_start cli records in_ns cli
	follow_start compact records-compact in_ns cli
	follow_start stranger records unshare -n
	act cli set c linger 0
	act cli close c
	act srv close s
	follow_stop all
	follow_stop cli
	follow_stop compact
	follow_stop stranger
	expect_eq "records for all" "$(events all | wc -l)" 2
	expect_eq "records for cli" "$(events cli | cut -d ' ' -f 3)" 5001
	expect_eq "the same, compact" "$(events compact | cut -d ' ' -f 3)" 5001
	expect_eq "records for a stranger" "$(events stranger)" ""
	expect_stream cli
	expect_stream compact
}

# numbers FILE KEY: the different values that it has there
numbers()
{
	grep -oE "[\"']$2[\"']: [0-9]+" "$TMP/$1" | sed 's/.* //' | sort -un |
		paste -sd ' '
}

# What is printed of an owner is what the reader calls it: in a pid namespace
# that does not know it, nothing; in its own, the number that it has there.
test_N13()
{
	ynl_find
	populate
	"${YNL[@]}" --dump connection-get >"$TMP/seen"
	grep -q "\"pid\": ${AGENT_PID[cli]}," "$TMP/seen" ||
		fail "the initial namespace does not see the pid"
	unshare -pf "${YNL[@]}" --dump connection-get >"$TMP/seen"
	! grep -q '"pid":' "$TMP/seen" ||
		fail "a pid namespace sees pids that are not its own"
	grep -q '"comm": "tl-cli"' "$TMP/seen" ||
		fail "a pid namespace does not see the name"
	N13_own
	N13_events
}

# inner_pid NAME: of the child of unshare, who is the agent
inner_pid()
{
	read -r INNER <"/proc/${AGENT_PID[$1]}/task/${AGENT_PID[$1]}/children"
	INNER=${INNER% }
}

# An agent of the client's namespace that is the first process of a pid
# namespace.
N13_own()
{
	mkfifo "$TMP"/inner.{in,out}
	AGENT_UNDER='unshare -pf --kill-child' agent_start inner "$CLI_NS"
	inner_pid inner
	act inner connect ci "$SRV" 5001
	act srv accept si l
	nsenter -t "$INNER" -p "${YNL[@]}" --dump connection-get >"$TMP/seen"
	expect_eq "pids in its own pid namespace" "$(numbers seen pid)" 1
	"${YNL[@]}" --dump connection-get >"$TMP/seen"
	expect_eq "pids in the initial one" "$(numbers seen pid)" \
		"$(printf '%s\n' "$INNER" "${AGENT_PID[cli]}" \
			"${AGENT_PID[srv]}" | sort -n | paste -sd ' ')"
}

# Events are the same for all who read in a network namespace: elsewhere than in
# the initial one they have the pid in its own pid namespace, and which that is;
# of processes of the initial pid namespace they have none.
N13_events()
{
	local -a pids=()
	local pid

	"${YNL[@]}" --subscribe closes --sleep 20 >"$TMP/all" 2>&1 &
	pids+=($!)
	nsenter --net="/run/netns/$CLI_NS" "${YNL[@]}" --subscribe closes \
		--sleep 20 >"$TMP/own" 2>&1 &
	pids+=($!)
	for pid in "${pids[@]}"; do
		wait_until 60 bound "$pid" || die "ynl does not subscribe"
	done
	pass 1
	for pid in inner:ci cli:c; do
		act "${pid%:*}" set "${pid#*:}" linger 0
		act "${pid%:*}" close "${pid#*:}"
		act srv close "s${pid#*:c}"
	done
	wait "${pids[@]}"
	expect_eq "pids of events in its network namespace" \
		"$(numbers own pid)" 1
	expect_eq "and of which pid namespace" "$(numbers own pid-ns)" \
		"$(stat -L -c %i "/proc/$INNER/ns/pid")"
	expect_eq "names in them" "$(grep -oE 'tl-(cli|srv|inner)' "$TMP/own" |
		sort -u | paste -sd ' ')" "tl-cli tl-inner"
	expect_eq "pid namespaces in the initial network namespace" \
		"$(numbers all pid-ns)" ""
	expect_eq "pids in it" "$(numbers all pid)" \
		"$(printf '%s\n' "$INNER" "${AGENT_PID[cli]}" \
			"${AGENT_PID[srv]}" | sort -n | paste -sd ' ')"
}

# in_users COMMAND...: in the namespaces of that user, who is root there
in_users()
{
	nsenter -t "${AGENT_PID[user]}" -U -n "$@"
}

# A network namespace of an ordinary user, with a connection of that user's, who
# is 0 there and 1000 here, and one of a user who has no number there.
test_N17()
{
	local own=../../proc/self/ns/net name port=5000

	ynl_find
	chmod 755 "$TMP"
	mkfifo "$TMP"/user.{in,out}
	chown 1000 "$TMP"/user.{in,out}
	AGENT_UNDER='setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Urn' \
		agent_start user "$own"
	in_users ip link set lo up
	an_agent host "../../proc/${AGENT_PID[user]}/ns/net"
	for name in user host; do
		port=$((port + 1))
		act "$name" listen l 127.0.0.1 "$port" 10
		act "$name" connect c 127.0.0.1 "$port"
		act "$name" accept s l
	done
	"${YNL[@]}" --dump connection-get >"$TMP/seen"
	expect_eq "connections" "$(grep -o '"cookie"' "$TMP/seen" | wc -l)" 4
	expect_eq "uids here" "$(numbers seen uid)" "0 1000"
	in_users "${YNL[@]}" --dump connection-get >"$TMP/seen"
	expect_eq "connections there" \
		"$(grep -o '"cookie"' "$TMP/seen" | wc -l)" 4
	expect_eq "uids there" "$(grep -oE '"uid": [0-9]+' "$TMP/seen" |
		sort | uniq -c | tr -s ' ')" ' 2 "uid": 0'
	N17_listeners
}

N17_listeners()
{
	in_users "${YNL[@]}" --dump listener-get >"$TMP/seen"
	expect_eq "listeners there" \
		"$(grep -o '"cookie"' "$TMP/seen" | wc -l)" 2
	expect_eq "their uids there" "$(numbers seen uid)" 0
	"${YNL[@]}" --dump listener-get >"$TMP/seen"
	expect_eq "their uids here" "$(numbers seen uid)" "0 1000"
	agent_stop host
	agent_stop user
	afresh
}

# Every attribute of a request wrong in every way.
test_N14()
{
	populate
	"$TMP/nlpolicy" "$(! nl_mute_dumps || echo mute-dumps)" >"$TMP/policy" ||
		fail "$(<"$TMP/policy")"
	ktap_print_msg "$(tail -n 1 "$TMP/policy")"
	nl_refused E2BIG nl set local-port={1..17}
	nl_refused EINVAL nl dump connection local-ipv4=1.1.1.1 local-ipv6=::1
	nl_refused EINVAL nl dump listener remote-port=1
	nl_refused EINVAL nl get record
	answered "$TMP/nlclient" set local-port={1..16}
}

# What the kernel says of the policy is what the spec says.
test_N15()
{
	ynl_find
	python3 "$SELFTESTS/nlspec.py" "$YNL_DIR" "$YNL_SPEC" \
		>"$TMP/policy" 2>&1 || fail "$(<"$TMP/policy")"
	ktap_print_msg "$(<"$TMP/policy")"
}

run_tests \
	N11 "who may not read by netlink is told why" \
	N12 "a reader in a namespace gets its own, events included" \
	N13 "pids are those of the reader's pid namespace" \
	N14 "attributes that are wrong are refused and named" \
	N15 "the policy in the kernel is that of the spec" \
	N17 "uids are those of the reader's user namespace"
