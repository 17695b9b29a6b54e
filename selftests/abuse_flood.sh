#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 7200
# check: named
#
# Abuse (A51 to A79): SYNs that nobody finishes, as fast as they can be sent, and
# 100 real connections a second to the same port. H15 has what becomes of each
# of the SYNs; here is what becomes of the others.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

HELPERS='tcpflood tcppaced'
NO_TRACE=1
SYNS=$(size 1000000)
REAL=100
# Instructions that a SYN may cost more with the module; Documentation/
# performance.rst has the hooks that see it: 165 for the SYN, 111 when it is
# queued, 102 when it is given up, and its time-outs. ns: two each.
SYN_NS=$((2 * 1000))

# flood_timed COUNT: sets TOOK, in ns
flood_timed()
{
	local began

	began=$(now)
	flood 6000 "$1"
	TOOK=$((($(now) - began) * 1000))
}

# Answers go to where the SYNs came from, and to nobody.
flood_route()
{
	local to

	for to in 10.8.0.0/13 10.16.0.0/13; do
		in_ns srv ip route add "$to" via "$CLI" || die "no route"
	done
}

paced_start()
{
	local in out

	exec {in}<>"$TMP/load.in" {out}<>"$TMP/load.out"
	"$TMP/tcppaced" "$CLI_NS" "$SRV_NS" "$REAL" <&"$in" >&"$out" \
		{in}>&- {out}>&- &
	AGENT_PID[load]=$! AGENT_IN[load]=$in AGENT_OUT[load]=$out
	load_wait ready
}

paced_stop()
{
	tell load stop
	answer load
	read -r _ STARTED ESTABLISHED FAILED_TO <<<"$ANSWER"
	[ "${ANSWER%% *}" = "done" ] || die "tcppaced: $ANSWER"
	ktap_print_msg "$STARTED connections: $ESTABLISHED established," \
		"$FAILED_TO not"
}

# lives ROLE LPORT|RPORT: records of it that ended with that port
lives()
{
	awk -v role="$1" -v port="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["ROLE"] == role && $at[port] == 6000 { n++ }
		END { print n + 0 }' "$PROC/history"
}

# Each that connected has a record, and each that was let in. What was let in and
# could not be accepted does not exist for its client, either.
flood_recorded()
{
	local passive

	pass 200
	expect_stats alive=0 halfopen_now=0 halfopen_unknown=0 \
		"active_opens=$STARTED"
	sum_stats passive_opens
	passive=$SUM
	expect_between "passive opens" "$passive" "$ESTABLISHED" "$STARTED"
	expect_eq "records of clients" "$(lives active RPORT)" "$STARTED"
	expect_eq "records of servers" "$(lives passive LPORT)" "$passive"
}

# Slabs, pages of the CPUs and of vmalloc(): what a SYN took is given back.
flood_memory()
{
	memory_read
	ktap_print_msg "kB of slabs $1 then ${MEMORY[SUnreclaim]}, of the CPUs" \
		"$2 ${MEMORY[Percpu]}, of vmalloc() $3 ${MEMORY[VmallocUsed]}"
	expect_between "kB of slabs" "${MEMORY[SUnreclaim]}" 0 $(($1 + 1000))
	expect_between "kB of the CPUs" "${MEMORY[Percpu]}" 0 $(($2 + 20))
	expect_between "kB of vmalloc()" "${MEMORY[VmallocUsed]}" 0 $(($3 + 20))
}

# flood_once COOKIES: both at once, and the sums
flood_once()
{
	local slabs percpu vmalloc

	act srv sysctl tcp_syncookies "$1"
	act cli sysctl tcp_syn_retries 7
	flood_route
	paced_start
	# Whatever is made once is made by the first ones.
	flood_timed 1000
	pass 200
	stats_start
	mib_start
	memory_read
	slabs=${MEMORY[SUnreclaim]} percpu=${MEMORY[Percpu]}
	vmalloc=${MEMORY[VmallocUsed]}
	tell load go
	flood_timed "$SYNS"
	ktap_print_msg "$SYNS SYNs in $((TOOK / 1000000)) ms"
	paced_stop
	flood_recorded
	flood_memory "$slabs" "$percpu" "$vmalloc"
	abused
}

# shellcheck disable=SC2034 # by their names, in run_one()
ARGS_A57='history=100000' ARGS_A58='history=100000'

# With cookies everybody gets in.
test_A57()
{
	FLOODED=0
	flood_once 1
	expect_eq "not let in" "$FAILED_TO" 0
	mib_read
	[ "${MIB[srv.SyncookiesRecv]}" != 0 ] || fail "no cookie was needed"
}

# Without, few do, or late; and their clients have their records.
test_A58()
{
	FLOODED=0
	flood_once 0
	mib_read
	[ "${MIB[srv.TCPReqQFullDrop]}" != 0 ] || fail "nothing was dropped"
}

# A59_cost: ns that a SYN takes. The first ones are for warming up, and what they
# leave is over.
A59_cost()
{
	flood_timed 1000
	pass 100
	flood_timed "$COUNT"
	pass 100
	COST=$((TOOK / COUNT))
}

# As A57, without anybody real: with the module and without.
test_A59()
{
	local with

	FLOODED=0 COUNT=$(size 100000 2000)
	flood_route
	act srv listen l "$SRV" 6000 128
	A59_cost
	with=$COST
	abused
	module_unload
	A59_cost
	ktap_print_msg "ns for a SYN: $COST without, $with with the module"
	expect_between "ns more for a SYN" \
		"$((with > COST ? with - COST : 0))" 0 "$SYN_NS"
	load_anew
}

run_tests \
	A57 "$SYNS SYNs with cookies, and $REAL connections a second" \
	A58 "$SYNS SYNs without cookies, and $REAL connections a second" \
	A59 "what a SYN of a flood costs"
