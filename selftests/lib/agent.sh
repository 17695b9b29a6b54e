# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Agents: tcpact processes, one a namespace or more, that do what they are
# told and answer when it is done. Here is no polling and no process a step.

declare -A AGENT_PID=() AGENT_IN=() AGENT_OUT=()

# agent_start NAME NETNS: run by $AGENT_UNDER, if that is set
agent_start()
{
	local in out

	# Read and write, so that no open waits for the other side.
	exec {in}<>"$TMP/$1.in" {out}<>"$TMP/$1.out"
	# shellcheck disable=SC2086 # a list of words
	${AGENT_UNDER-} "$TMP/tcpact" "$2" <&"$in" >&"$out" {in}>&- {out}>&- &
	AGENT_PID[$1]=$! AGENT_IN[$1]=$in AGENT_OUT[$1]=$out
	act "$1" comm "tl-$1"
}

# tell NAME COMMAND...: without waiting for the answer
tell()
{
	local name=$1

	shift
	echo "$*" >&"${AGENT_IN[$name]}"
}

# answer NAME: the one that is due, "ok ..." or "err ...", in $ANSWER. No
# scenario lasts three hours.
answer()
{
	read -r -t 10800 ANSWER <&"${AGENT_OUT[$1]}" ||
		die "$1 does not answer"
}

# finish NAME: the answer must be that it worked; $ANSWER is its value.
finish()
{
	answer "$1"
	case $ANSWER in
	ok*) ANSWER=${ANSWER#ok } ;;
	*) die "$1: ${2-it} failed: $ANSWER" ;;
	esac
}

# act NAME COMMAND...: must work
act()
{
	tell "$@"
	finish "$1" "${*:2}"
}

# act_fails NAME ERRNO COMMAND...: must fail so
act_fails()
{
	local name=$1 errno=$2

	shift 2
	tell "$name" "$@"
	answer "$name"
	expect_eq "$name: $*" "$ANSWER" "err $errno"
}

# agent_fork NAME CHILD: a child process, with all sockets that NAME has
agent_fork()
{
	local in out

	mkfifo "$TMP/$2.in" "$TMP/$2.out"
	exec {in}<>"$TMP/$2.in" {out}<>"$TMP/$2.out"
	act "$1" fork "$TMP/$2.in" "$TMP/$2.out"
	AGENT_PID[$2]=$ANSWER AGENT_IN[$2]=$in AGENT_OUT[$2]=$out
	act "$2" comm "tl-$2"
}

# an_agent NAME [NETNS]: one more, in the client's namespace if in no other
an_agent()
{
	mkfifo "$TMP/$1".{in,out}
	agent_start "$1" "${2-$CLI_NS}"
}

# agent_kill NAME: by SIGKILL, so that the kernel closes its sockets
agent_kill()
{
	kill -KILL "${AGENT_PID[$1]}"
	wait "${AGENT_PID[$1]}" 2>/dev/null
	unset "AGENT_PID[$1]"
}

# First it resets what it has open: a FIN would be sent again and again to a
# namespace that is gone, and be seen by the next test.
agent_stop()
{
	tell "$1" exit
	read -r -t 2 <&"${AGENT_OUT[$1]}" || :
	kill -KILL "${AGENT_PID[$1]}" 2>/dev/null
	wait "${AGENT_PID[$1]}" 2>/dev/null
	unset "AGENT_PID[$1]"
}

agents_stop()
{
	local name

	for name in "${!AGENT_PID[@]}"; do
		agent_stop "$name"
	done
}

# connected PORT [SUFFIX]: an accepted connection on a listener of its own: c of
# cli, s and l of srv. $CP is the client's port.
connected()
{
	act srv listen "l${2-}" "$SRV" "$1" 10
	tell srv accept "s${2-}" "l${2-}"
	act cli connect "c${2-}" "$SRV" "$1"
	finish srv accept
	act cli port "c${2-}"
	CP=$ANSWER
}

# closed SUFFIX: by the client first, which is in TIME_WAIT then
closed()
{
	act cli close "c$1"
	act srv eof "s$1"
	act srv close "s$1"
}

# refused_and_reset: one connection over IPv6, to port 5006, that its client
# resets, and one to port 5009 that is refused
refused_and_reset()
{
	act srv listen l6 "$SRV6" 5006 10
	tell srv accept s6 l6
	act cli connect c6 "$SRV6" 5006
	finish srv accept
	act cli set c6 linger 0
	act cli close c6
	act srv close s6
	no_answer 5009
}

# no_answer PORT: a connect() that is refused
no_answer()
{
	act_fails cli ECONNREFUSED connect "r$1" "$SRV" "$1"
	act cli close "r$1"
}

# crossed DELAY: two connect()s whose SYNs cross, each DELAY on the way: c of cli
# at port 5002, s of srv at 5001.
crossed()
{
	delay cli "$1"
	delay srv "$1"
	act cli start c "$SRV" 5001 "$CLI" 5002
	act srv start s "$CLI" 5002 "$SRV" 5001
}

# served SUFFIX PORT [LPORT]: one more connection to the listener l, accepted as
# sSUFFIX; cSUFFIX comes from a given port, if so. Sets CP.
served()
{
	tell srv accept "s$1" l
	act cli connect "c$1" "$SRV" "$2" ${3+"$CLI" "$3"}
	finish srv accept
	act cli port "c$1"
	CP=$ANSWER
}

# one_timewait: of two connections c (5001) and cx (5002) the client closes both
# first, and has room for one timewait socket. The second is ended without; $CP
# is its port, $FIRST_CP the port of the first.
one_timewait()
{
	connected 5001
	FIRST_CP=$CP
	connected 5002 x
	act cli sysctl tcp_max_tw_buckets 1
	act cli close c
	# Once its FIN is acknowledged, which may take a while, it is in.
	wait_until 5 has_state cli "$FIRST_CP" 5001 05
	act cli shut cx w
	act srv eof sx
	act srv close sx
	act cli eof cx
	act cli close cx
	pass 1
}

# load_start MODE COUNT [TIMEWAIT]: tcpload between the two namespaces, as an agent that
# says "done" or "open" when it is.
load_start()
{
	local in out

	exec {in}<>"$TMP/load.in" {out}<>"$TMP/load.out"
	"$TMP/tcpload" "$1" "$CLI_NS" "$SRV_NS" "${@:2}" <&"$in" >&"$out" \
		{in}>&- {out}>&- &
	AGENT_PID[load]=$! AGENT_IN[load]=$in AGENT_OUT[load]=$out
}

# load_wait WORD
load_wait()
{
	answer load
	[ "$ANSWER" = "$1" ] || die "tcpload: $ANSWER"
}
