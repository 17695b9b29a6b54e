# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own counters, the second witness, read where the process that
# is in the namespace sees them, and the module's counters beside them.

declare -A MIB=() MIB_BEFORE=() STAT=() STAT_BEFORE=() MEMORY=()
# The agents in whose namespaces the sockets are.
ENDS='cli srv'

# mib_file AGENT FILE: MIB[AGENT.NAME] of the Tcp: and TcpExt: lines. Files that
# change are read by mapfile: read goes back to the end of each line, and what
# is there by then is another text.
mib_file()
{
	local -a lines names values
	local i j key

	mapfile -t lines <"/proc/${AGENT_PID[$1]}/net/$2"
	for ((i = 0; i < ${#lines[@]}; i += 2)); do
		[[ ${lines[i]} == Tcp* ]] || continue
		read -r -a names <<<"${lines[i]}"
		read -r -a values <<<"${lines[i + 1]}"
		for ((j = 1; j < ${#names[@]}; j++)); do
			key=$1.${names[j]}
			MIB[$key]=$((values[j] - ${MIB_BEFORE[$key]-0}))
		done
	done
}

mib_read()
{
	local agent

	for agent in $ENDS; do
		mib_file "$agent" snmp
		mib_file "$agent" netstat
	done
}

# From here on counters are differences.
mib_start()
{
	local key

	MIB_BEFORE=()
	mib_read
	for key in "${!MIB[@]}"; do
		MIB_BEFORE[$key]=${MIB[$key]}
	done
}

# expect_mib cli|srv NAME=VALUE...
expect_mib()
{
	local agent=$1 pair

	shift
	mib_read
	for pair; do
		expect_eq "MIB of $agent: ${pair%%=*}" \
			"${MIB[$agent.${pair%%=*}]-absent}" "${pair#*=}"
	done
}

# mib_adopt NAME: what its namespace has counted is the client's, for the twins,
# as nobody will be able to read it.
mib_adopt()
{
	local key

	mib_file "$1" snmp
	mib_file "$1" netstat
	for key in "${!MIB[@]}"; do
		[[ $key != "$1".* ]] || MIB_BEFORE[cli.${key#*.}]=$((
			${MIB_BEFORE[cli.${key#*.}]-0} - ${MIB[$key]}))
	done
}

mib_show()
{
	local key

	mib_read 2>/dev/null
	for key in "${!MIB[@]}"; do
		[ "${MIB[$key]}" = 0 ] || echo "$key ${MIB[$key]}"
	done | grep -v -e RtoM -e MaxConn -e CurrEstab | sort
}

# MEMORY[NAME]: kB, as /proc/meminfo has them. Caches of objects are emptied
# first, and free pages that wait at a CPU (pcp lists) count as free.
memory_read()
{
	local -a lines
	local line name kb

	for name in /sys/kernel/slab/*/shrink; do
		echo 1 >"$name"
	done
	mapfile -t lines </proc/meminfo
	for line in "${lines[@]}"; do
		read -r name kb _ <<<"$line"
		MEMORY[${name%:}]=$kb
	done
	MEMORY[MemAvailable]=$((MEMORY[MemAvailable] +
		$(awk '$1 == "count:" { n += $2 } END { print n * 4 }' \
			/proc/zoneinfo)))
}

# less NAME KB: how many kB less than that there are now, if any
less()
{
	local kb=$(($2 - ${MEMORY[$1]}))

	echo $((kb > 0 ? kb : 0))
}

stats_read()
{
	local -a lines
	local line

	mapfile -t lines <"$PROC/stats"
	for line in "${lines[@]}"; do
		STAT[${line% *}]=${line#* }
	done
}

stats_start()
{
	local name

	stats_read
	for name in "${!STAT[@]}"; do
		STAT_BEFORE[$name]=${STAT[$name]}
	done
}

# expect_stats NAME=VALUE...
expect_stats()
{
	local pair

	stats_read
	for pair; do
		[ -n "${STAT[${pair%%=*}]-}" ] ||
			fail "stats has no ${pair%%=*}"
		sum_stats "${pair%%=*}"
		expect_eq "stats ${pair%%=*}" "$SUM" "${pair#*=}"
	done
}

# Counters and their twins: what the namespaces' MIBs moved together. Nothing
# of ours is TCPAbortFailed's.
TWINS='active_opens	ActiveOpens
passive_opens	PassiveOpens
attempt_fails	AttemptFails
estab_resets	EstabResets
rst_sent	OutRsts
retrans_syn+retrans_synack	TCPSynRetrans
retrans_syn+retrans_synack+retrans_fin+retrans_data	RetransSegs
cookies_sent	SyncookiesSent
cookies_valid	SyncookiesRecv
cookies_failed	SyncookiesFailed
cookies_wanted	TCPReqQFullDoCookies
drop_synq_full	TCPReqQFullDrop
drop_accq_full+ack_ignored	ListenOverflows
drop_synq_full+drop_max_syn_backlog+drop_accq_full+drop_other+ack_ignored+halfopen_unreachable	ListenDrops
halfopen_embryonic_reset+halfopen_overflow_reset	EmbryonicRsts
tw_entered	TW+TWKilled
tw_entered_short	TWKilled
tw_overflow	TCPTimeWaitOverflow
tw_exit_reused	TWRecycled
keepalive_probes	TCPKeepAlive
window_probes	TCPWinProbe
timeouts_syn+timeouts_synack+timeouts_data	TCPTimeouts
abort_linger+abort_late_data	TCPAbortOnData
abort_unread	TCPAbortOnClose
abort_linger2	TCPAbortOnLinger
abort_memory	TCPAbortOnMemory
abort_timeout	TCPAbortOnTimeout
tfo_active	TCPFastOpenActive
tfo_active_fail	TCPFastOpenActiveFail
tfo_passive	TCPFastOpenPassive
tfo_passive_fail	TCPFastOpenPassiveFail
paws_active	PAWSActive
paws_old	PAWSEstab'

# SUM of counters joined by +, how much they moved: ours, theirs.
sum_stats()
{
	local name

	SUM=0
	for name in ${1//+/ }; do
		SUM=$((SUM + ${STAT[$name]-0} - ${STAT_BEFORE[$name]-0}))
	done
}

sum_mib()
{
	local name agent

	SUM=0
	for name in ${1//+/ }; do
		for agent in $ENDS; do
			SUM=$((SUM + ${MIB[$agent.$name]-0}))
		done
	done
}

# MIB and STAT of one moment: a timer that fires between the two files is in one
# of them only. So the kernel's do not move while ours are read, or, where
# segments never rest, it is tried five times.
twins_read()
{
	local before try

	mib_read
	for try in 1 2 3 4 5; do
		before=${MIB[*]}
		stats_read
		mib_read
		[ "$before" != "${MIB[*]}" ] || break
	done
}

expect_twins()
{
	local ours theirs sum

	twins_read
	while read -r ours theirs; do
		sum_stats "$ours"
		sum=$SUM
		sum_mib "$theirs"
		expect_eq "$ours (twin $theirs)" "$sum" "$SUM"
	done <<<"$TWINS"
}

# Live records by state are all live records.
sum_states()
{
	local state sum=0

	for state in syn_sent syn_recv established fin_wait1 fin_wait2 \
		     closing time_wait close_wait last_ack close; do
		sum=$((sum + ${STAT[now_$state]}))
	done
	echo "$sum"
}

expect_conserved()
{
	local alive=${STAT[alive]} ended=${STAT[ended]}

	expect_eq "alive + ended" $((alive + ended)) "${STAT[born]}"
}

# As many as are alive. Timewait sockets go on to end, many at a tick of the
# timer wheel: as few as are left behind the lists, then.
expect_listed()
{
	local alive=${STAT[alive]} listed left

	listed=$(($(rows connections) + $(rows timewait)))
	stats_read
	left=${STAT[alive]}
	expect_between "connections and timewait listed" "$listed" \
		"$((left < alive ? left : alive))" "$alive"
}

# Records are conserved, nothing was missed, nothing is unexplained. A test
# about losses says how many it wants in LOST_TABLE and LOST_POOL.
expect_sound()
{
	[ -e "$PROC/stats" ] || return 0
	expect_twins
	expect_conserved
	expect_eq "records by state" "$(sum_states)" "${STAT[alive]}"
	expect_stats hooks_missed=0 end_unknown=0 halfopen_unknown=0 \
		"lost_table_full=${LOST_TABLE-0}" \
		"lost_pool_empty=${LOST_POOL-0}"
	expect_listed
}
