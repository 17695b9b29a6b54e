#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tcplife metrics: that pages say what the module says, in both formats and by
# HTTP, and what is refused. packaging/tests has Prometheus.

. "$(dirname "$0")/lib.sh"

OPEN='Accept: application/openmetrics-text; version=1.0.0'

# series NAME[{LABELS}]: its number on the page in $TMP/out
series()
{
	awk -v name="$1" '{ n = $NF; sub(/ [^ ]*$/, "") } $0 == name { print n }' \
		"$TMP/out"
}

# expect_series NAME NUMBER
expect_series()
{
	expect_eq "$1" "$(series "$1")" "$2"
}

# parses FORMAT: the page in $TMP/out, by Prometheus' client for Python: strict
# about OpenMetrics
parses()
{
	local from=prometheus_client.${1:+$1.}parser

	/usr/bin/python3 - "$from" <"$TMP/out" 3<&0 <<-'EOF' || fail "${1:-text} does not parse"
	import importlib, os, sys
	parse = importlib.import_module(sys.argv[1])
	page = os.fdopen(3).read()
	names = [f.name for f in parse.text_string_to_metric_families(page)]
	assert len(names) > 60 and len(set(names)) == len(names), names
	EOF
}

serves()
{
	in_ns cli curl -s -o "$TMP/out" "$URL"
}

# It serves from here on, in the server's namespace and to the client's: in others
# nobody watches what the kernel counts.
exporter()
{
	URL=http://$SRV:9743/metrics
	AS="nsenter --net=/run/netns/$SRV_NS" \
		reader_start exporter metrics --listen "$SRV:9743"
	wait_until 60 serves || die "no exporter: $(<"$TMP/exporter.err")"
}

# Two accepted, one that waits, one that is refused, and what proc has of each.
R40_traffic()
{
	act srv listen a "$SRV" 5001 10
	act cli connect x "$SRV" 5001
	act cli connect y "$SRV" 5001
	act cli connect z "$SRV" 5001
	pass 0.02
	act srv accept s a
	act srv accept t a
	act_fails cli ECONNREFUSED connect r "$SRV" 5009
	act cli close r
	pass 0.1
}

R40_numbers()
{
	local at="address=\"$SRV\",port=\"5001\""

	row_load listeners LPORT=5001
	expect_series "tcplife_listener_accepted_total{$at}" 2
	expect_series "tcplife_listener_accept_queue_length{$at}" 1
	expect_series "tcplife_listener_accept_queue_highest{$at}" 3
	expect_series "tcplife_listener_backlog{$at}" 10
	expect_series "tcplife_listener_info{$at,comm=\"tl-srv\"}" 1
	expect_series "tcplife_listener_accept_wait_seconds_count{$at}" 2
	expect_series "tcplife_listener_accept_wait_seconds_bucket{$at,le=\"+Inf\"}" 2
	expect_series "tcplife_accept_wait_seconds_count" 2
	expect_series "tcplife_accept_wait_seconds_sum" \
		"$(series "tcplife_listener_accept_wait_seconds_sum{$at}")"
	expect_between "longest wait" "$(series "tcplife_listener_accept_wait_longest_seconds{$at}")" \
		0.020000000 0.500000000
	expect_series 'tcplife_records_ended_total{end="refused"}' 1
	expect_series 'tcplife_opens_total{role="active"}' 4
	expect_series 'tcplife_connections{state="ESTABLISHED"}' 6
	expect_series tcplife_listeners_left_out 0
}

# Each number of /proc/tcplife/stats that is not 0 is on the page: their sums are
# the same, as each counter is one series.
R40_sums()
{
	local sum

	sum=$(awk '$1 != "ended" && $1 != "hooks_missed" { n += $2 } END { print n }' \
		"$PROC/stats")
	expect_eq "sum of all counters" "$(awk -v skip="tcplife_(listener_|listeners_left|exporter|hooks_m|local_p|up|build)" '
		/^#/ || /_seconds/ || $1 ~ "^" skip { next }
		{ n += $NF } END { print n }' "$TMP/out")" "$sum"
}

test_R40()
{
	need_reader
	R40_traffic
	# CAP_NET_ADMIN is enough, and nobody else.
	chmod 755 "$TMP"
	AS='setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps +net_admin --ambient-caps +net_admin --bounding-set -all,+net_admin' \
		reads 0 metrics
	R40_numbers
	parses ''
	reads 0 metrics --openmetrics
	parses openmetrics
	R40_numbers
	reads 0 metrics
	R40_sums
	reads 0 metrics -L 5002
	expect_lines out '^tcplife_listener_' 0
	expect_series tcplife_listeners_left_out 0
	reads 0 metrics -N "$CLI_NS"
	expect_lines out '^tcplife_listener_' 0
	expect_series 'tcplife_opens_total{role="active"}' 4
	expect_series 'tcplife_opens_total{role="passive"}' 0
	expect_lines out '^tcplife_local_ports' 0
	act srv listen b "$SRV" 5002 10
	reads 0 metrics --max-listeners 1
	expect_lines out '^tcplife_listener_accepted_total' 1
	expect_series tcplife_listeners_left_out 1
	AS='setpriv --reuid 65534 --regid 65534 --clear-groups' reads 1 metrics
	expect_eq "page for nobody" "$(wc -c <"$TMP/out")" 0
	refused metrics --listen 65536
	refused metrics --listen 0
	refused metrics --listen localhost
	refused metrics --max-listeners 0
	refused metrics -j
}

# status CURL-ARGUMENT...: of the answer
status()
{
	in_ns cli curl -s -o "$TMP/body" -D "$TMP/head" -w '%{http_code}' "$@"
}

R41_answers()
{
	expect_eq GET "$(status "$URL")" 200
	grep -qi '^content-type: text/plain; version=0.0.4' "$TMP/head" ||
		fail "type of text: $(<"$TMP/head")"
	expect_eq OpenMetrics "$(status -H "$OPEN" "$URL")" 200
	grep -qi '^content-type: application/openmetrics-text; version=1.0.0' \
		"$TMP/head" || fail "type of OpenMetrics: $(<"$TMP/head")"
	expect_eq "last line" "$(tail -n 1 "$TMP/body")" "# EOF"
	status -H "$OPEN;q=0, text/plain" "$URL" >"$TMP/status"
	! grep -q EOF "$TMP/body" || fail "OpenMetrics in spite of q=0"
	status -H "$OPEN, text/plain;q=0" "$URL" >"$TMP/status"
	grep -q EOF "$TMP/body" || fail "no OpenMetrics: the q is another's"
	expect_eq HEAD "$(status -I "$URL")" 200
	expect_eq "body of HEAD" "$(grep -c tcplife_ "$TMP/body")" 0
	expect_eq "another path" "$(status "${URL%metrics}")" 404
	expect_eq "a path below" "$(status "$URL/x")" 404
	expect_eq POST "$(status -d x "$URL")" 405
	grep -qi '^allow: GET, HEAD' "$TMP/head" || fail "no Allow"
	expect_eq DELETE "$(status -X DELETE "$URL")" 405
	expect_eq "a long header" \
		"$(status -H "X: $(head -c 20000 /dev/zero | tr '\0' x)" "$URL")" 431
	expect_eq GET "$(status "$URL")" 200
	cp "$TMP/body" "$TMP/out"
	expect_series tcplife_exporter_requests_refused_total 4
	expect_series tcplife_exporter_scrape_errors_total 0
	parses ''
}

# As many as may be connected say TEXT each second: the next one waits until they are
# cut off, and is then served.
R41_crowd()
{
	local from crowd

	# One process, so that it can be killed.
	nsenter --net=/run/netns/tcplife-cli /usr/bin/python3 -c 'import socket, sys, time
crowd = [socket.create_connection((sys.argv[1], 9743)) for i in range(16)]
open(sys.argv[3], "w")
while True:
	for s in crowd:
		try:
			s.send(sys.argv[2].encode())
		except OSError:
			pass
	time.sleep(1)' "$SRV" "$1" "$TMP/crowd" &
	crowd=$!
	wait_until 60 test -e "$TMP/crowd" || die "no crowd"
	from=$(now)
	expect_eq "GET behind those who say '$1'" "$(status -m 60 "$URL")" 200
	expect_between "how long it waited, in us" $(($(now) - from)) \
		4000000 30000000
	kill "$crowd"
	wait "$crowd" 2>/dev/null || :
	rm "$TMP/crowd"
}

test_R41()
{
	need_reader
	exporter
	R41_answers
	R41_crowd ''
	R41_crowd G
	AS="nsenter --net=/run/netns/$SRV_NS" \
		reads 1 metrics --listen "$SRV:9743"
	expect_text err 'cannot listen: Address already in use'
	reader_stop exporter TERM
	expect_eq "what it said" "$(<"$TMP/exporter.err")" ""
}

# A page of now: one that took long is given again for a while.
R42_new()
{
	expect_eq GET "$(status "$URL")" 200
	cp "$TMP/body" "$TMP/out"
	[ "$(series tcplife_exporter_scrapes_total)" != "$SCRAPES" ]
}

R42_page()
{
	wait_until 60 R42_new || fail "the same page for a minute"
	SCRAPES=$(series tcplife_exporter_scrapes_total)
}

# Two sockets on one port: nothing falls when one of them is closed. Then the
# module goes, and comes back.
test_R42()
{
	local at="address=\"$SRV\",port=\"5001\""

	need_reader
	act srv socket a 4
	act srv set a reuseport 1
	act srv listen a "$SRV" 5001 10
	act srv socket b 4
	act srv set b reuseport 1
	act srv listen b "$SRV" 5001 10
	act cli burst c 8 "$SRV" 5001
	pass 0.1
	exporter
	SCRAPES=
	R42_page
	expect_series "tcplife_listener_sockets{$at}" 2
	expect_series "tcplife_listener_syns_received_total{$at}" 8
	act srv close a
	R42_page
	expect_series "tcplife_listener_sockets{$at}" 1
	expect_series "tcplife_listener_syns_received_total{$at}" 8
	module_unload
	R42_page
	expect_series tcplife_up 0
	expect_series tcplife_exporter_scrape_errors_total 1
	expect_lines out '^tcplife_(records|listener)' 0
	reads 3 metrics
	expect_eq "page without a module" "$(wc -c <"$TMP/out")" 0
	module_load
	stats_start
	mib_start
	# At once: that it is gone is never told again.
	R42_new || fail "a page of when it was gone"
	expect_series tcplife_up 1
	expect_series tcplife_exporter_scrape_errors_total 1
	expect_series "tcplife_listener_syns_received_total{$at}" 0
	reader_stop exporter INT
}

run_tests R40 "pages of metrics say what the module says, in both formats" \
	R41 "metrics are served by HTTP, and nothing else is" \
	R42 "counters of metrics do not fall but when the module is loaded again"
