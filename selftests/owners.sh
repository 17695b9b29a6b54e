#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Whose a connection is: rows H26 and H28 of the lifecycle catalogue.

. "$(dirname "$0")/lib.sh"

# owned NAME ACCEPTOR LISTENER: NAME is accepted by that agent from a listener
# of this name; CP is its port.
owned()
{
	tell "$2" accept "s$1" "$3"
	act cli connect "c$1" "$SRV" 5001
	finish "$2" accept
	act cli port "c$1"
	CP=$ANSWER
}

# ended_by NAME CLOSER: the client closes first, so that the end comes at once.
ended_by()
{
	act cli close "c$1"
	act "$2" eof "s$1"
	act "$2" close "s$1"
	record history srv 5001 "$CP"
	expect_fields END=fin FIRST_FIN=remote "CLOSER=${AGENT_PID[$2]}" \
		"CLOSER_COMM=tl-$2"
}

# gone NAME: a child without connections. Not told to exit: that would reset
# what its parent has open.
gone()
{
	kill -KILL "${AGENT_PID[$1]}"
	unset "AGENT_PID[$1]"
}

# A worker that was there before the connection, with a user of its own: the
# owner is who called accept(), __inet_accept(), not who called listen().
H28_prefork()
{
	owned 1 worker l
	record connections srv 5001 "$CP"
	expect_fields "PID=${AGENT_PID[worker]}" COMM=tl-worker UID=1003
	expect_listener 5001 "PID=${AGENT_PID[srv]}" COMM=tl-srv ACCEPTS=1
	ended_by 1 worker
	expect_fields "PID=${AGENT_PID[worker]}" UID=1003
}

# A child that was forked for the connection: the parent accepted it, and its
# close() is of its copy only and moves nothing.
H28_fork()
{
	owned 2 srv l
	agent_fork srv child
	act srv close s2
	record connections srv 5001 "$CP"
	expect_fields STATE=ESTABLISHED FIRST_FIN=- "PID=${AGENT_PID[srv]}" \
		COMM=tl-srv UID=0
	ended_by 2 child
	expect_fields "PID=${AGENT_PID[srv]}" COMM=tl-srv UID=0
	gone child
}

# Given to the worker by SCM_RIGHTS. The owner stays who accepted.
H28_passed()
{
	owned 3 srv l
	act srv give s3 ours
	act srv close s3
	expect_state srv 5001 "$CP" 01
	act worker take s3 theirs
	ended_by 3 worker
	expect_fields "PID=${AGENT_PID[srv]}" COMM=tl-srv UID=0
}

# The same on the side that connected; who connected is the owner.
H28_client()
{
	owned 4 srv l
	agent_fork cli heir
	act cli close c4
	act srv set s4 linger 0
	act srv close s4
	act_fails heir ECONNRESET eof c4
	act heir close c4
	record history cli "$CP" 5001
	expect_fields END=reset-received "PID=${AGENT_PID[cli]}" COMM=tl-cli
	gone heir
}

# The listener of a parent that has closed it is still its own.
H28_listener()
{
	act srv close l
	owned 5 worker l
	expect_listener 5001 "PID=${AGENT_PID[srv]}" COMM=tl-srv ACCEPTS=5
	ended_by 5 worker
	act worker close l
	expect_stats now_listen=0
}

test_H28()
{
	act srv listen l "$SRV" 5001 10
	act srv pair ours theirs
	agent_fork srv worker
	act worker uid 1003
	H28_prefork
	H28_fork
	H28_passed
	H28_client
	H28_listener
	expect_mib srv PassiveOpens=5 EstabResets=1
	expect_stats accepted=5 born=10 ended=6 alive=4 now_time_wait=4 \
		end_fin=4 end_reset_sent=1 end_reset_received=1
	gone worker
}

# A second way between the two, for a second subflow.
H26_paths()
{
	SECOND=10.7.0.3
	in_ns srv ip neigh replace "$SECOND" lladdr 02:00:00:00:00:01 dev eth0
	in_ns cli ip addr add "$SECOND/24" dev eth0
	in_ns cli ip mptcp limits set subflows 2
	in_ns srv ip mptcp limits set subflows 2
	in_ns cli ip mptcp endpoint add "$SECOND" subflow
}

# The join is made when the first subflow has carried data both ways.
H26_connect()
{
	act srv socket l m
	act srv listen l "$SRV" 5001 10
	act cli socket c m
	owned "" srv l
	act cli send c 100
	act srv recv s 100
	act srv send s 200
	act cli recv c 200
	wait_until 5 row_load connections "LADDR=$SECOND" STATE=ESTABLISHED ||
		die "no second subflow"
	CP2=${R[LPORT]}
	pass 0.5
}

H26_first()
{
	trace_conn "$CP" 5001
	record connections cli "$CP" 5001
	expect_fields ROLE=active "PID=${AGENT_PID[cli]}" COMM=tl-cli \
		"ISN_L=${T[c.isn]}" "ISN_R=${T[s.isn]}" \
		"COOKIE=$(ss_cookie cli "$CP" 5001)"
	record connections srv 5001 "$CP"
	expect_fields ROLE=passive PID=- COMM=- ACCEPT_MS=- SYNQ=0 ACCQ=0 \
		"ISN_L=${T[s.isn]}" "ISN_R=${T[c.isn]}" \
		"COOKIE=$(ss_cookie srv 5001 "$CP")"
}

H26_join()
{
	trace_conn "$CP2" 5001 "$SECOND" "$SRV"
	record connections cli "$CP2" 5001
	expect_fields ROLE=active "LADDR=$SECOND" "ISN_L=${T[c.isn]}" \
		"ISN_R=${T[s.isn]}" "COOKIE=$(ss_cookie cli "$CP2" 5001)"
	[[ ${R[COMM]} == \[kworker/* ]] || fail "owner of a join: ${R[COMM]}"
	record connections srv 5001 "$CP2"
	expect_fields ROLE=passive STATE=ESTABLISHED PID=- ACCEPT_MS=- SYNQ=- \
		ACCQ=- HS_MS=- SYNACK_RETR=- "ISN_L=${T[s.isn]}" \
		"ISN_R=${T[c.isn]}" "MSS=${T[c.mss]}" \
		"WSCALE=${T[s.wscale]}/${T[c.wscale]}" OPTS=sack,ts \
		"WIN_L=${T[s.win]}" "COOKIE=$(ss_cookie srv 5001 "$CP2")"
}

test_H26()
{
	H26_paths
	H26_connect
	H26_first
	H26_join
	expect_mib cli ActiveOpens=2 PassiveOpens=0
	expect_mib srv ActiveOpens=0 PassiveOpens=2
	expect_stats born=4 alive=4 now_established=4 active_opens=2 \
		passive_opens=2 syn_queued=2 halfopen_established=2 \
		halfopen_now=0
	expect_listener 5001 SYNS=2 HO_ESTAB=2 ACCQ=0 ACCQ_MAX=1 SYNQ_MAX=1
	act cli close c
	act srv eof s
	act srv close s
	pass 65
	expect_stats born=4 ended=4 alive=0 end_fin=4
}

run_tests \
	H26 "MPTCP: each subflow is a record" \
	H28 "fork, prefork, and sockets passed on"
