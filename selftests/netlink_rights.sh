#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The netlink family: who may, and what is wrong with a request.

. "$(dirname "$0")/lib.sh"

HELPERS="$NL_HELPERS nlpolicy nlfuzz"

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
get record 1'
GROUP_NAMES='records closes states halfopen'

as_nobody()
{
	setpriv --reuid 1000 --regid 1000 --clear-groups "$@"
}

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
	follow_start stranger records unshare -n
	act cli set c linger 0
	act cli close c
	act srv close s
	follow_stop all
	follow_stop cli
	follow_stop stranger
	expect_eq "records for all" "$(events all | wc -l)" 2
	expect_eq "records for cli" "$(events cli | cut -d ' ' -f 3)" 5001
	expect_eq "records for a stranger" "$(events stranger)" ""
	expect_stream cli
}

# What is printed of an owner is what the reader calls it: in a pid namespace
# that does not know it, nothing.
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

# Messages that are almost right. The VM looks into the kernel's log.
test_N16()
{
	local seed=${SEED-$RANDOM}

	populate
	pass 1
	"$TMP/nlfuzz" 100000 "$seed" >"$TMP/fuzz" || fail "nlfuzz: $?"
	ktap_print_msg "$(tr '\n' ' ' <"$TMP/fuzz")"
	expect_eq "accepted and refused" \
		"$(grep -cE '^(ok|EINVAL) [1-9]' "$TMP/fuzz")" 2
	act cli set c linger 0
	act cli close c
	act srv close s
	nl set
	expect_eq "connections" "$(nl dump connection | wc -l)" 0
	expect_stats born=4
}

run_tests \
	N11 "who may not read by netlink is told why" \
	N12 "a reader in a namespace gets its own, events included" \
	N13 "pids are those of the reader's pid namespace" \
	N14 "attributes that are wrong are refused and named" \
	N15 "the policy in the kernel is that of the spec" \
	N16 "the family survives 100,000 mutated messages"
