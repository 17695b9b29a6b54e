#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The netlink family: what it tells, once each, soon, and to whom.

. "$(dirname "$0")/lib.sh"

HELPERS=$NL_HELPERS

# expect_once NAME FILE: each record of the file is once among the events.
expect_once()
{
	events "$1" | cut -d ' ' -f 1 | sed 's/\.0$//' | sort >"$TMP/$1.ids"
	awk 'NR > 1 { print $1 }' "$PROC/$2" | sort >"$TMP/$2.ids"
	cmp -s "$TMP/$1.ids" "$TMP/$2.ids" ||
		fail "$1: $(wc -l <"$TMP/$1.ids") events," \
			"$(uniq "$TMP/$1.ids" | wc -l) different," \
			"$2 has $(wc -l <"$TMP/$2.ids")"
}

# Of all kinds: 580 endpoints of 320 connections.
N21_GROUPS='records closes records-compact closes-compact'
test_N21()
{
	local group

	NO_TRACE=1
	for group in $N21_GROUPS; do
		follow_start "$group" "$group"
	done
	load_start mix 320
	load_wait "done"
	pass 65
	for group in $N21_GROUPS; do
		follow_stop "$group"
	done
	expect_stats ended=580 events_dropped=0 events_filtered=0
	for group in $N21_GROUPS; do
		expect_once "$group" history
		expect_stream "$group"
	done
	expect_eq "records with the end of a timewait socket" "$(events records | awk '$5' | wc -l)" \
		"${STAT[tw_entered]}"
}

# states NAME LPORT RPORT: the transitions of an endpoint, as OLD>NEW; a t
# marks those of a timewait socket. By its cookie: a socket that connects is in
# SYN_SENT before it has a port.
states()
{
	events "$1" >"$TMP/all"
	awk -v l="$2" -v r="$3" '
		FNR == NR { if ($2 == l && $3 == r) who = $1; next }
		$1 == who {
			printf "%s%d>%d", sep, $4, $5
			if ($6 == "timewait")
				printf "t"
			sep = " "
		}' "$TMP/all" "$TMP/all"
}

# The numbers are those of the kernel: 1 ESTABLISHED, 2 SYN_SENT, 3 SYN_RECV,
# 4 FIN_WAIT1, 5 FIN_WAIT2, 6 TIME_WAIT, 7 CLOSE, 8 CLOSE_WAIT, 9 LAST_ACK,
# 10 LISTEN, 11 CLOSING.
test_N22()
{
	follow_start states states
	connected 5001
	act cli close c
	act srv eof s
	pass 1
	act srv close s
	pass 62.3
	follow_stop states
	expect_eq "states of the client" "$(states states "$CP" 5001)" \
		"7>2 2>1 1>4 4>5 5>6t 6>7t"
	expect_eq "states of the server" "$(states states 5001 "$CP")" \
		"10>3 3>1 1>8 8>9 9>7"
	expect_stream states
}

# At a low rate an event is told within 10 ms; here, 20 of each group.
test_N23()
{
	local group i

	for group in records closes states; do
		follow_start "$group" "$group"
	done
	for ((i = 0; i < 10; i++)); do
		connected $((5000 + i)) "$i"
		pass 0.3
		act cli set "c$i" linger 0
		act cli close "c$i"
		act srv close "s$i"
		pass 0.2
	done
	for group in records closes states; do
		follow_stop "$group"
		N23_ages "$group"
	done
}

N23_ages()
{
	local oldest

	oldest=$(events "$1" | awk '{ print $NF }' | sort -n | tail -n 1)
	((oldest <= 10000)) || fail "$1: an event came $oldest us late"
	(($(events "$1" | wc -l) >= 20)) || fail "$1: too few events"
}

# Requests that die, and why: a RST, no answer, a listener that closes.
test_N24()
{
	follow_start halfopen halfopen
	act srv sysctl tcp_synack_retries 1
	act srv listen l "$SRV" 5001 10
	act srv listen m "$SRV" 5002 10
	lose srv all 'tcp flags & (syn | rst) == rst'
	raw 7001 5001 S 1
	lose_no_more srv
	raw 7001 5001 R 2
	lose srv all 'tcp flags & (syn | rst) == rst'
	raw 7002 5001 S 1
	raw 7003 5002 S 1
	act srv close m
	pass 10
	follow_stop halfopen
	# LPORT RPORT END RETRANSMITS
	expect_eq "dead requests" "$(events halfopen | cut -d ' ' -f 2-5 |
		sort | tr '\n' ',')" \
		"5001 7001 7 0,5001 7002 6 1,5002 7003 8 0,"
	expect_stream halfopen
	expect_eq "alive" "$(nl dump connection | wc -l)" 0
}

# raw SPORT DPORT FLAGS SEQ: a segment from the client's address
raw()
{
	in_ns cli "$TMP/tcpraw" "$CLI" "$1" "$SRV" "$2" "$3" "$4" 0
}

# Two readers, one of them stopped, with a small buffer: it is told what it
# lost when it goes on, and the other one loses nothing.
test_N25()
{
	local lost last

	NO_TRACE=1
	follow_start fast closes
	RCVBUF=8192 follow_start slow closes
	kill -STOP "${FOLLOWER[slow]}"
	load_start mix 1600
	load_wait "done"
	pass 0.1
	kill -CONT "${FOLLOWER[slow]}"
	pass 0.1
	connected 4000
	act cli set c linger 0
	act cli close c
	act srv close s
	follow_stop fast
	follow_stop slow
	expect_stats born=2902 events_dropped=0
	expect_eq "closes for the fast one" "$(events fast '^[0-9a-f]+\.' |
		sort -u | wc -l)" 2902
	expect_stream fast
	expect_eq "ENOBUFS for the slow one" "$(grep -c ENOBUFS "$TMP/slow")" 1
	# The sequence number tells how much.
	last=$(awk '/^message/ { n = $2 } END { print n }' "$TMP/fast")
	expect_eq "the last message of the slow one" \
		"$(awk '/^message/ { n = $2 } END { print n }' "$TMP/slow")" \
		"$last"
	lost=$((last - $(grep -c ^message "$TMP/slow")))
	((lost > 0)) || fail "the slow one lost nothing"
	ktap_print_msg "$last messages, the slow one lost $lost"
}

# More at once than the queue of a CPU holds, while the worker has to wait:
# what does not fit is counted and told.
test_N26()
{
	local got dropped

	NO_TRACE=1
	follow_start states states
	load_start quick 3000
	load_wait open
	pass 0.5
	agent_stop load
	follow_stop states
	got=$(events states '^[^ ]+ [^ ]+ [^ ]+ 7 2 ' | wc -l)
	dropped=$(awk '/^message/ { n = $3 } END { print n }' "$TMP/states")
	stats_read
	expect_eq "dropped, in stats and in the last message" \
		"${STAT[events_dropped]}" "$dropped"
	expect_eq "transitions told and dropped" \
		"$(($(events states | wc -l) + dropped))" 6000
	((dropped > 0)) || fail "the queue takes $got"
	ktap_print_msg "$got of 3000 SYN_SENT told, $dropped events dropped"
}

# Nobody listens: nothing is queued, nothing counted as lost.
test_N27()
{
	NO_TRACE=1
	load_start quick 3000
	load_wait open
	agent_stop load
	expect_stats events_dropped=0 events_filtered=0 born=3000
}

run_tests \
	N21 "580 endpoints, each once among records and among closes" \
	N22 "states tells a whole life, timewait included" \
	N23 "an event is told within 10 ms" \
	N24 "halfopen tells who died of what" \
	N25 "a stopped reader learns what it lost, another loses nothing" \
	N26 "what overruns a queue is counted" \
	N27 "without readers nothing is queued"
