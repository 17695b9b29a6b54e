# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The netlink family, by the kernel's own command line and by nlclient.

# A test script that uses it says so: HELPERS="$NL_HELPERS".
# shellcheck disable=SC2034 # scripts use it
NL_HELPERS='nlclient'

# The kernel's netlink tool with our spec, in YNL: from a kernel tree, or where
# scripts/ynl unpacked it. What it prints is JSON.
ynl_find()
{
	local top tree

	top=$(cd "$SELFTESTS/.." && pwd)
	for tree in "$top/build/tools/ynl" "$top/../../.."; do
		YNL_DIR=$tree/tools/net/ynl
		YNL_SPEC=$tree/Documentation/netlink/specs/tcplife.yaml
		[ ! -e "$YNL_DIR/cli.py" ] || [ ! -e "$YNL_SPEC" ] || break
	done
	[ -e "$YNL_SPEC" ] || die "no ynl: scripts/ynl"
	# The schema is for whoever changes the spec: scripts/lint. And the
	# YAML is read by the half of its parser that is in C.
	mkdir -p "$TMP/python"
	echo 'import yaml; yaml.SafeLoader = yaml.CSafeLoader' \
		>"$TMP/python/sitecustomize.py"
	# Once for nothing, and from memory: while the guest waits for the host
	# to read all those files, its clock jumps from timer to timer.
	cp -r "$YNL_DIR" "$TMP/ynl" && YNL_DIR=$TMP/ynl
	cp "${YNL_SPEC%/*}"/{tcplife,nlctrl}.yaml "$TMP"
	YNL_SPEC=$TMP/tcplife.yaml
	YNL=(env "PYTHONPATH=$TMP/python" /usr/bin/python3 "$YNL_DIR/cli.py"
		--no-schema --spec "$YNL_SPEC" --output-json)
	"${YNL[@]}" --do stats-get >/dev/null || die "ynl does not run"
}

# nl ARGUMENT...: nlclient, in the initial namespace
nl()
{
	"$TMP/nlclient" "$@"
}

# Before 6.12 the kernel gives the start of a dump nothing to put words into:
# __netlink_dump_start() in net/netlink/af_netlink.c.
nl_mute_dumps()
{
	[ "$(printf '%s\n' 6.12 "$(uname -r)" | sort -V | head -n 1)" != 6.12 ]
}

# nl_refused ERRNO COMMAND...: it is, and says why
nl_refused()
{
	local errno=$1 said status=0

	shift
	said=$("$@" 2>&1 >/dev/null) || status=$?
	expect_eq "exit status of $*" "$status" 1
	! nl_mute_dumps || [[ " $* " != *" dump "* ]] || said+=mute
	[[ $said == "$errno: "?* ]] ||
		fail "$*: said '$said', not $errno and why"
}

# follow_start NAME GROUP [COMMAND...]: nlclient follows until follow_stop, its
# output in $TMP/NAME; COMMAND... is what runs it, a namespace for one. Its
# buffer is RCVBUF, or large.
declare -A FOLLOWER=()
follow_start()
{
	local name=$1 group=$2

	shift 2
	# shellcheck disable=SC2086 # one word or none
	"$@" "$TMP/nlclient" follow "$group" ${RCVBUF-} >"$TMP/$name" 2>&1 &
	FOLLOWER[$name]=$!
	wait_until 60 says "$name" following ||
		die "cannot follow $group: $(<"$TMP/$name")"
	# The module looks for readers once a tick.
	pass 0.01
}

# says FILE WORD: as its first line; without a process
says()
{
	local line=

	[ -e "$TMP/$1" ] && read -r line <"$TMP/$1" && [ "$line" = "$2" ]
}

# follow_stop NAME: what happened until now is in.
follow_stop()
{
	pass 0.1
	kill -KILL "${FOLLOWER[$1]}"
	wait "${FOLLOWER[$1]}" 2>/dev/null
	unset "FOLLOWER[$1]"
}

# bound PID: its netlink socket has a port, and so its group
bound()
{
	local -a lines
	local line proto port

	mapfile -t lines <"/proc/$1/net/netlink"
	for line in "${lines[@]}"; do
		read -r _ proto port _ <<<"$line"
		[ "$proto $port" != "16 $1" ] || return 0
	done
	return 1
}

# events NAME [PATTERN]: the events that it got, without messages
events()
{
	grep -vE '^(following|message)' "$TMP/$1" | grep -E "${2-}"
}

# expect_stream NAME: messages are numbered from one on without a gap, and
# have what they say.
expect_stream()
{
	awk -v name="$1" '
		/^following$/ { next }
		/^message / {
			if (last && $2 != last + 1)
				print name ": message " $2 " after " last
			if ($5 != events)
				print name ": message " $2 " lacks events"
			if ($3 != 0 || $4 != 0)
				print name ": " $3 " dropped, " $4 " filtered"
			last = $2; events = 0; next
		}
		/^[0-9a-f.]+ / { events++; next }
		{ print name ": " $0 }' "$TMP/$1" >"$TMP/complaints"
	[ ! -s "$TMP/complaints" ] || fail "$(head -n 3 "$TMP/complaints")"
}
