#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and unloading: rows H27 and T30 of the lifecycle catalogue, and what
# the parameters do.

. "$(dirname "$0")/lib.sh"

HELPERS=stretch

# load_again [PARAMETER=VALUE]...: counters start anew with the module.
load_again()
{
	MODULE_ARGS=$*
	module_load
	STAT_BEFORE=()
	mib_start
}

# H27_open PORT: one accepted connection each, handles by port
H27_open()
{
	act srv listen "l$1" "$SRV" "$1" 10
	act cli connect "c$1" "$SRV" "$1"
	act srv accept "s$1" "l$1"
	act cli port "c$1"
	PORT[$1]=$ANSWER
}

# All that can be open: ESTABLISHED; FIN_WAIT2 in a timewait socket and
# CLOSE_WAIT; TIME_WAIT; a child not yet accepted; a half-open.
H27_before()
{
	local port

	for port in 5001 5002 5003; do
		H27_open "$port"
	done
	act cli close c5002
	act srv eof s5002
	act cli close c5003
	act srv eof s5003
	act srv close s5003
	act srv listen l5004 "$SRV" 5004 10
	act cli connect c5004 "$SRV" 5004
	act cli port c5004
	PORT[5004]=$ANSWER
	act srv listen l5005 "$SRV" 5005 10
	lose srv 3 "$BARE_ACK"
	act cli connect c5005 "$SRV" 5005
	act cli port c5005
	PORT[5005]=$ANSWER
}

# H27_row FILE cli|srv LPORT RPORT STATE: what was before is not known.
H27_row()
{
	record "$1" "$2" "$3" "$4"
	expect_fields "STATE=$5" "COOKIE=$(ss_cookie "$2" "$3" "$4")" PID=- \
		COMM=-
	[ "$1" = connections ] || return 0
	expect_fields ROLE=pre-existing FLAGS=imported HS_MS=- ACCEPT_MS=- \
		UID=- CGROUP=- ISN_L=- ISN_R=- SYNQ=- ACCQ=- SYN_RETR=- \
		SYNACK_RETR=-
}

H27_imported()
{
	H27_row connections cli "${PORT[5001]}" 5001 ESTABLISHED
	H27_row connections srv 5001 "${PORT[5001]}" ESTABLISHED
	H27_row timewait cli "${PORT[5002]}" 5002 FIN_WAIT2
	H27_row connections srv 5002 "${PORT[5002]}" CLOSE_WAIT
	H27_row timewait cli "${PORT[5003]}" 5003 TIME_WAIT
	H27_row connections cli "${PORT[5004]}" 5004 ESTABLISHED
	H27_row connections srv 5004 "${PORT[5004]}" ESTABLISHED
	H27_row connections cli "${PORT[5005]}" 5005 ESTABLISHED
	expect_no_record connections 5005 "${PORT[5005]}"
	expect_stats born=8 imported=8 alive=8 ended=0 now_established=5 \
		now_fin_wait2=1 now_time_wait=1 now_close_wait=1 \
		active_opens=0 passive_opens=0 tw_entered=0
	expect_eq "listeners" "$(rows listeners)" 5
	expect_listener 5004 ACCQ=1 SYNQ=0 ACCEPTS=0
	expect_listener 5005 ACCQ=0 SYNQ=1
}

# The half-open that was there is a connection seen from its promotion on, and
# its request knew when it began.
H27_promoted()
{
	wait_until 10 has_state srv 5005 "${PORT[5005]}" 01 ||
		fail "the half-open does not complete"
	trace_read
	trace_conn "${PORT[5005]}" 5005
	record connections srv 5005 "${PORT[5005]}"
	expect_fields ROLE=passive STATE=ESTABLISHED "ISN_L=${T[s.isn]}" \
		"ISN_R=${T[c.isn]}" "SYNACK_RETR=$((${T[s.synack]} - 1))" \
		"COOKIE=$(ss_cookie srv 5005 "${PORT[5005]}")"
	expect_stats born=9 imported=8 passive_opens=1 syn_received=0
}

H27_close()
{
	act srv accept s5004 l5004
	act cli send c5001 10
	act srv recv s5001 10
	act cli close c5001
	act srv eof s5001
	act srv close s5001
	act srv close s5002
	act cli close c5004
	act srv eof s5004
	act srv close s5004
	pass 63
	trace_read
}

# H27_end cli|srv LPORT RPORT COLUMN=VALUE...
H27_end()
{
	record history "$1" "$2" "$3"
	expect_fields ROLE=pre-existing END=fin ERRNO=- HS_MS=- SYN_SENT_MS=- \
		SYN_RECV_MS=- ISN_L=- "${@:4}"
}

H27_ended()
{
	trace_conn "${PORT[5001]}" 5001
	H27_end cli "${PORT[5001]}" 5001 FIRST_FIN=local TW_EXIT=expired \
		"FIN_L=${T[c.finseq]}" "FIN_R=${T[s.finseq]}" PID=- \
		"CLOSER=${AGENT_PID[cli]}"
	H27_end srv 5001 "${PORT[5001]}" FIRST_FIN=remote TW_EXIT=- \
		"FIN_L=${T[s.finseq]}" "FIN_R=${T[c.finseq]}"
	trace_conn "${PORT[5002]}" 5002
	H27_end cli "${PORT[5002]}" 5002 TW_EXIT=expired FIRST_FIN=local \
		"FIN_L=${T[c.finseq]}" "FIN_R=${T[s.finseq]}"
	H27_end srv 5002 "${PORT[5002]}" FIRST_FIN=remote \
		"FIN_L=${T[s.finseq]}" "FIN_R=${T[c.finseq]}"
	expect_field_ms LAST_ACK_MS "$(gap s.finacked s.fin.1)"
	H27_end cli "${PORT[5003]}" 5003 TW_EXIT=expired
	# accept() was after the load: the owner is known.
	H27_end srv 5004 "${PORT[5004]}" "PID=${AGENT_PID[srv]}" COMM=tl-srv \
		FIRST_FIN=remote
	expect_stats ended=7 alive=2 end_fin=7 accepted=1 tw_exit_expired=4
}

test_H27()
{
	local -A PORT=()

	module_unload
	H27_before
	load_again
	H27_imported
	H27_promoted
	H27_close
	H27_ended
}

# One connection stays open through it all, while others come and go: each load
# finds it.
T30_cycle()
{
	module_unload || return
	pass 0.1
	load_again history=100000
	record connections cli "$CP" 5001
	expect_fields ROLE=pre-existing STATE=ESTABLISHED \
		"COOKIE=$(ss_cookie cli "$CP" 5001)"
	record connections srv 5001 "$CP"
	expect_fields ROLE=pre-existing
	pass 0.1
	stats_read
	[ "${STAT[passive_opens]}" != 0 ] || fail "no traffic"
	expect_conserved
}

T30_no_twice()
{
	local file

	for file in connections timewait; do
		expect_eq "twice in $file" "$(awk 'FNR > 1 { print $1 }' \
			"$PROC/$file" | sort | uniq -d)" ""
	done
}

# Memory while the module is not there.
T30_memory()
{
	module_unload || return
	pass 1
	memory_read
	load_again
}

# What five loads took, five rmmods gave back. What vmalloc() has and what the
# CPUs have each are counted by the page, and little else moves them; records
# are in the rest, and so is what the traffic left.
T30_no_leak()
{
	# All is over, TIME_WAIT, too.
	pass 65
	T30_memory
	expect_between "kB less" "$(less MemAvailable "$1")" 0 600
	expect_between "kB of vmalloc()" "${MEMORY[VmallocUsed]}" 0 $(($2 + 100))
	expect_between "kB of the CPUs" "${MEMORY[Percpu]}" 0 $(($3 + 20))
}

# The load is stopped before counters are compared with their twins: those
# cannot be read at the moment of the load.
test_T30()
{
	local -a before
	local i

	act cli sysctl tcp_max_tw_buckets 262144
	act srv sysctl tcp_max_tw_buckets 262144
	connected 5001
	trace_kill
	T30_memory
	before=("${MEMORY[MemAvailable]}" "${MEMORY[VmallocUsed]}"
		"${MEMORY[Percpu]}")
	load_start mix 0
	for i in 1 2 3 4 5; do
		T30_cycle
		T30_no_twice
	done
	agent_stop load
	T30_no_leak "${before[@]}"
	stats_start
	mib_start
	act cli close c
	act srv eof s
	act srv close s
	pass 65
	stats_read
	expect_eq "alive at the end" "${STAT[alive]}" 0
	expect_eq "established at the end" "${STAT[now_established]}" 0
	record history cli "$CP" 5001
	expect_fields END=fin TW_EXIT=expired FIRST_FIN=local
}

# 8 connections have 16 ends; 10 fit.
test_M02()
{
	local i

	module_unload
	load_again max_connections=10
	expect_eq max_connections \
		"$(</sys/module/tcplife/parameters/max_connections)" 10
	act srv listen l "$SRV" 5001 100
	for i in 1 2 3 4 5 6 7 8; do
		act cli connect "c$i" "$SRV" 5001
		act srv accept "s$i" l
	done
	expect_stats alive=10 lost_table_full=6 lost_pool_empty=0 born=10 \
		active_opens=8 passive_opens=8 accepted=8
	M02_harmless
	LOST_TABLE=6
}

# All connections work; those without a record leave no trace, and there is
# room for new ones afterwards.
M02_harmless()
{
	local i

	for i in 1 2 3 4 5 6 7 8; do
		act cli send "c$i" 10
		act srv recv "s$i" 10
		act cli close "c$i"
		act srv eof "s$i"
		act srv close "s$i"
	done
	pass 63
	expect_stats alive=0 ended=10 end_fin=10 tw_entered=8 \
		tw_exit_expired=8
	connected 5002 x
	record connections cli "$CP" 5002
	record connections srv 5002 "$CP"
}

# The pool has some thousands of records ready and is refilled by a worker that
# does not get the only CPU.
test_M03()
{
	module_unload
	load_again max_connections=100000
	load_start quick 12000
	load_wait open
	stats_read
	LOST_POOL=${STAT[lost_pool_empty]}
	((LOST_POOL > 0)) || fail "the pool was not empty: nothing is tested"
	expect_stats "born=$((12000 - LOST_POOL))" lost_table_full=0 \
		active_opens=12000
	agent_stop load
	expect_stats alive=0 "end_closed_in_handshake=$((12000 - LOST_POOL))"
	pass 1
	connected 5001
	record connections cli "$CP" 5001
	record connections srv 5001 "$CP"
}

# refuse PARAMETER=VALUE PATTERN: not loaded, nothing left behind, and the log
# names what would have been right.
refuse()
{
	dmesg -C
	! module_insert "$1" 2>/dev/null ||
		{ fail "loaded with $1"; module_unload; return; }
	dmesg | grep tcplife: | grep "${1%%=*}" | grep -Eq "$2" ||
		fail "$1: no message with $2: $(dmesg | tail -n 1)"
	[ ! -e "$PROC" ] || fail "$PROC is there after $1"
	[ ! -e /sys/module/tcplife ] || fail "the module is there after $1"
}

test_M04()
{
	local value

	module_unload
	for value in 1048577 4294967295; do
		refuse "max_connections=$value" '[0-9]+.*1048576'
		refuse "history=$value" '[0-9]+.*1048576'
	done
	refuse history=0 '[0-9]+.*1048576'
	refuse attach=bogus 'auto.*ftrace.*kprobe'
	refuse max_connections=-1 '1048576'
	refuse history=many '1048576'
	load_again attach=ftrace history=100
	expect_eq history "$(</sys/module/tcplife/parameters/history)" 100
	expect_eq attach "$(</sys/module/tcplife/parameters/attach)" ftrace
	! echo 5 2>/dev/null >/sys/module/tcplife/parameters/history ||
		fail "history can be written"
}

# Without a place to reschedule at, 40,000 endpoints would take twice as long.
test_M14()
{
	trace_kill
	load_start hold 20000
	load_wait open
	expect_short rmmod tcplife
	expect_short module_insert max_connections=100000
	STAT_BEFORE=()
	mib_start
	stats_read
	expect_eq "imported" "${STAT[imported]}" 40000
}

run_tests \
	H27 "connections, timewait sockets and listeners open before insmod" \
	T30 "rmmod and insmod in the middle of traffic" \
	M02 "table full: counted, nothing else harmed" \
	M03 "pool empty: counted, nothing else harmed" \
	M04 "bad parameters refused with their range" \
	M14 "insmod and rmmod with 40,000 endpoints open let others run"
