# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module's tables. Columns are addressed by name, through the header.

# row_load FILE COLUMN=VALUE...: the one row that matches, in R[COLUMN].
# Returns 1 for none; more than one is a failure.
row_load()
{
	local -a lines header row
	local line found=0 file=$1

	shift
	mapfile -t lines <"$PROC/$file"
	read -r -a header <<<"${lines[0]}"
	declare -gA R=()
	for line in "${lines[@]:1}"; do
		# Most of thousands of rows need not be taken apart.
		[[ " $line " == *" ${1#*=} "* ]] || continue
		read -r -a row <<<"$line"
		row_matches "$@" || continue
		found=$((found + 1))
		row_keep
	done
	[ "$found" -le 1 ] || fail "$file has $found rows with $*"
	[ "$found" -gt 0 ]
}

# Of row_load: its header and row.
row_matches()
{
	local pair i

	for pair; do
		for i in "${!header[@]}"; do
			[ "${header[i]}" != "${pair%%=*}" ] || break
		done
		[ "${row[i]}" = "${pair#*=}" ] || return
	done
}

row_keep()
{
	local i

	[ "${#row[@]}" = "${#header[@]}" ] ||
		fail "$file: a row of ${#row[@]} columns, ${#header[@]} in the header"
	for i in "${!header[@]}"; do
		R[${header[i]}]=${row[i]}
	done
}

# col FILE COLUMN=VALUE NAME: one field
col()
{
	row_load "$1" "$2" && echo "${R[$3]-absent}"
}

has_row()
{
	row_load "$@"
}

# rows FILE: how many
rows()
{
	local -a lines

	mapfile -t lines <"$PROC/$1"
	echo $((${#lines[@]} - 1))
}

# record FILE AGENT LPORT RPORT [COLUMN=VALUE...]: R is the record of that
# endpoint, or the test fails. So it does if ss knows another socket there.
record()
{
	local file=$1 side=$2 lport=$3 rport=$4

	shift 4
	WHO="$file $side"
	row_load "$file" "LPORT=$lport" "RPORT=$rport" \
		"NETNS=$(netns_of "$side")" "$@" || {
		fail "$file has no record of $side :$lport to :$rport $*"
		return
	}
	[ "$file" = history ] || expect_socket "$side" "$lport" "$rport"
}

# expect_socket AGENT LPORT RPORT: R is of the socket that ss has there. In CLOSE
# it has none. The row was read before, so the time that ss takes is not in it.
expect_socket()
{
	local cookie

	cookie=$(ss_cookie "$@")
	[ "$cookie${R[STATE]}" = CLOSE ] ||
		expect_eq "$WHO COOKIE" "${R[COOKIE]%.*}" "$cookie"
}

# expect_no_record FILE LPORT RPORT
expect_no_record()
{
	! row_load "$1" "LPORT=$2" "RPORT=$3" ||
		fail "$1 has a record of :$2 to :$3"
}

# expect_fields COLUMN=VALUE...: of R
expect_fields()
{
	local pair

	for pair; do
		expect_eq "$WHO ${pair%%=*}" "${R[${pair%%=*}]-absent}" \
			"${pair#*=}"
	done
}

# expect_listener PORT COLUMN=VALUE...
expect_listener()
{
	WHO="listener :$1"
	row_load listeners "LPORT=$1" || { fail "no $WHO"; return; }
	expect_accept_queue
	expect_requests
	shift
	expect_fields "$@"
}

# ss_listener AGENT PORT COOKIE: its accept queue and the limit of that
ss_listener()
{
	in_netns_of "$1" ss -tlnOHe "sport = :$2" | awk -v sk="sk:$3" '
		{ for (i = 6; i <= NF; i++) if ($i == sk) print $2, $3 }'
}

# Of the listener in R, by ss. Where no agent is in its namespace, there is nobody
# to ask.
expect_accept_queue()
{
	local agent

	agent=$(agent_in "${R[NETNS]}") || return 0
	expect_eq "$WHO ACCQ and BACKLOG" "${R[ACCQ]} ${R[BACKLOG]}" \
		"$(ss_listener "$agent" "${R[LPORT]}" "${R[COOKIE]}")"
}

# As many as ss has for its port, which must be no other listener's.
expect_requests()
{
	local agent

	agent=$(agent_in "${R[NETNS]}") || return 0
	expect_eq "$WHO SYNQ" "${R[SYNQ]}" "$(in_netns_of "$agent" \
		ss -tnOH state syn-recv "sport = :${R[LPORT]}" | wc -l)"
}

# expect_field_ms COLUMN US [TOLERANCE-US]: of R, against the capture
expect_field_ms()
{
	expect_ms "$WHO $1" "${R[$1]-absent}" "$2" "${3-$TOLERANCE}"
}

# The third witness: cookies of the sockets that are there.
# ss_cookie AGENT LPORT RPORT
ss_cookie()
{
	in_netns_of "$1" ss -tanOHe "sport = :$2 and dport = :$3" |
		sed -n 's/.* sk:\([0-9a-f]*\).*/\1/p'
}

# ss_kill cli|srv FILTER...: some kernels can.
ss_kill()
{
	local side=$1

	shift
	in_ns "$side" ss -tKOHn "$@" >/dev/null || die "ss -K"
}

# one_record cli|srv LPORT RPORT COLUMN=VALUE...: it is established, and there is
# no other; its cookie is what ss says
one_record()
{
	record connections "${@:1:3}"
	expect_fields STATE=ESTABLISHED "COOKIE=$(ss_cookie "${@:1:3}")" \
		"${@:4}"
}

netns_of()
{
	stat -L -c %i "/proc/${AGENT_PID[$1]}/ns/net"
}

# in_netns_of AGENT COMMAND...
in_netns_of()
{
	local pid=${AGENT_PID[$1]}

	shift
	nsenter --net="/proc/$pid/ns/net" "$@"
}

# agent_in NETNS: one of those that are
agent_in()
{
	local agent

	for agent in "${!AGENT_PID[@]}"; do
		[ "$(netns_of "$agent")" != "$1" ] || { echo "$agent"; return; }
	done
	return 1
}

records_show()
{
	local file

	[ -e "$PROC/stats" ] || return 0
	for file in connections timewait history listeners; do
		echo "$file, $(rows "$file") rows:"
		head -n 9 "$PROC/$file"
	done
	grep -v ' 0$' "$PROC/stats"
}

# connect_ended RADDR RPORT COLUMN=VALUE...: what came of a connect()
connect_ended()
{
	WHO="history $1:$2"
	row_load history "RADDR=$1" "RPORT=$2" || fail "no $WHO"
	expect_fields ROLE=active "PID=${AGENT_PID[cli]}" HS_MS=- RST=- \
		ESTABLISHED_MS=- ISN_R=- FIRST_FIN=- ACCEPT_MS=- "${@:3}"
}

# connect_fails NAME ERRNO ADDR PORT
connect_fails()
{
	act_fails cli "$2" connect "$1" "$3" "$4"
	act cli close "$1"
}
