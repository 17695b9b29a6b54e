#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Usage: packaging/tests/metrics-vm.sh
#
# tcplife metrics in VMs under load, with Debian's Prometheus on the host, which
# scrapes them over loopback; and rsyslog with lines of JSON. What Prometheus
# says is held against the kernel's own counters and the module's records.
# KTAP. TESTS="E10 E11" and KERNEL=6.12 choose.

# shellcheck disable=SC2317 # run_tests calls the tests
set -eu
TESTS_DIR=$(cd "$(dirname "$0")" && pwd -P)
. "$TESTS_DIR/lib-metrics"

KERNEL=${KERNEL:-6.1}
PROMETHEUS=$BUILD/tools-metrics/usr/bin/prometheus
RULES=$TOP/packaging/prometheus/tcplife.rules.yml
# Shared with the guests.
WORK=$BUILD/metrics

declare -A VMS=()
declare -a PORTS=()
prometheus='' api=''

# -- machines --

# ports N: so many that are free, in $PORTS. Nobody else takes them at once: the
# kernel gives out others first.
ports()
{
	mapfile -t PORTS < <(/usr/bin/python3 -c 'import socket, sys
socks = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
for s in socks:
    print(s.getsockname()[1])' "$1")
}

# vm_start NAME PORT TRAFFIC...
vm_start()
{
	local name=$1 port=$2

	shift 2
	rm -rf "${WORK:?}/$name"
	mkdir -p "$WORK/$name"
	"$TOP/scripts/vm" -k "$KERNEL" -c 1 -m 512M --clock wall -t 900 \
		--forward "$port:9743" -- packaging/tests/metrics-guest \
		"build/metrics/$name" "$@" >"$WORK/$name.log" 2>&1 &
	VMS[$name]=$!
}

# until_true SECONDS COMMAND...
until_true()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS < end)) || return
		sleep 0.5
	done
}

# signed NAME SIGN: a guest has left it, or is no more
signed()
{
	[ -e "$WORK/$1/$2" ] || ! kill -0 "${VMS[$1]}" 2>/dev/null
}

# vms_reach SIGN SECONDS
vms_reach()
{
	local name

	for name in "${!VMS[@]}"; do
		until_true "$2" signed "$name" "$1" || :
		[ -e "$WORK/$name/$1" ] ||
			die "$name has no $1: $(tail -n 5 "$WORK/$name.log")"
	done
}

vms_sign()
{
	local name

	for name in "${!VMS[@]}"; do
		: >"$WORK/$name/$1"
	done
}

# vms_stop: all must end well
vms_stop()
{
	local name

	vms_sign stop
	for name in "${!VMS[@]}"; do
		wait "${VMS[$name]}" ||
			fail "$name: $(tail -n 5 "$WORK/$name.log")"
		unset "VMS[$name]"
	done
}

# -- Prometheus --

# prometheus_start PORT NAME=PORT...: who it is to scrape, one each second, several
# less often: a scrape that takes longer than the interval fails, and they share
# this machine's CPUs.
prometheus_start()
{
	local port=$1 target every

	api=http://127.0.0.1:$port/api/v1
	shift
	every=$(($# == 1 ? 1 : 5))s
	{
		echo "global: { scrape_interval: $every, evaluation_interval: 1s }"
		echo "rule_files: [ '$RULES' ]"
		echo "scrape_configs:"
		echo "  - job_name: tcplife"
		echo "    static_configs:"
		for target; do
			echo "      - targets: [ '127.0.0.1:${target#*=}' ]"
			echo "        labels: { instance: '${target%=*}' }"
		done
	} >"$TMP/prometheus.yml"
	# What another test's said would be valid for five minutes more.
	rm -rf "$TMP/tsdb"
	"$PROMETHEUS" --config.file="$TMP/prometheus.yml" \
		--storage.tsdb.path="$TMP/tsdb" --log.level=warn \
		--web.listen-address="127.0.0.1:$port" \
		>"$TMP/prometheus.log" 2>&1 &
	prometheus=$!
	until_true 30 curl -sf -o "$TMP/out" "$api/status/buildinfo" ||
		die "no Prometheus: $(tail -n 3 "$TMP/prometheus.log")"
}

# ask QUERY: a line for each series, "LABEL=VALUE... NUMBER", without its name
ask()
{
	curl -sG "$api/query" --data-urlencode "query=$1" |
		/usr/bin/python3 -c 'import json, sys
answer = json.load(sys.stdin)
if answer["status"] != "success":
    sys.exit(answer["error"])
for series in answer["data"]["result"]:
    print(*sorted(f"{k}={v}" for k, v in series["metric"].items()
                  if k not in ("__name__", "job")), series["value"][1])'
}

# number QUERY: of the only series, whatever its labels are
number()
{
	ask "$1" | awk '{ print $NF }'
}

# What Prometheus says of those who do not answer.
scrape_errors()
{
	curl -s "$api/targets" | grep -o '"lastError":"[^"]*"' | sort | uniq -c
}

# scraped N: each of the machines, so often at least
scraped()
{
	local least

	least=$(number 'min(count_over_time(tcplife_up[10m]))')
	[ "${least:-0}" -ge "$1" ] &&
		[ "$(number 'count(tcplife_up == 1)')" = "${#VMS[@]}" ]
}

# More scrapes of each, so that what happened last is in them.
scraped_again()
{
	local n

	n=$(number 'max(count_over_time(tcplife_up[10m]))')
	until_true 120 scraped $((n + 3)) || die "no more scrapes"
}

# near WHAT GOT WANT PERCENT
near()
{
	awk -v got="$2" -v want="$3" -v percent="$4" 'BEGIN {
		off = got > want ? got - want : want - got
		exit !(got != "" && want > 0 && off * 100 <= want * percent) }' ||
		fail "$1: got $2, want $3, by $4 %"
}

# mib NAME COUNTER: what the kernel counted there under load
mib()
{
	awk -v name="TcpExt$2" '$1 == name { print $2 }' "$WORK/$1/mib"
}

# true_waits NAME: how many were accepted at 7000, the 99th percentile of their
# waits and the mean, in seconds, by the records.
true_waits()
{
	/usr/bin/python3 -c 'import json, sys
waits = sorted(r["accept_wait_ms"] / 1000 for r in map(json.loads, sys.stdin)
               if "accept_wait_ms" in r)
print(len(waits), waits[len(waits) * 99 // 100], sum(waits) / len(waits))' <"$WORK/$1/records"
}

# -- tests --

FULL='reason="accept-queue-full"'

E10_drops()
{
	local want got

	want=$(mib one ListenOverflows)
	got=$(number "sum(tcplife_syns_dropped_total{$FULL}) + sum(tcplife_acks_ignored_total)")
	ktap_print_msg "overflows: $got, the kernel's own: $want"
	((want > 5)) || fail "only $want overflows"
	expect_eq overflows "$got" "$want"
	expect_eq "overflows of the listener" "$(number "sum(tcplife_listener_syns_dropped_total{port=\"7000\",$FULL}) + sum(tcplife_listener_acks_ignored_total{port=\"7000\"})")" "$want"
	# The rate, times its window: Prometheus extrapolates to its ends.
	near "rate of overflows" "$(number "300 * (sum(rate(tcplife_listener_syns_dropped_total{port=\"7000\",$FULL}[5m])) + sum(rate(tcplife_listener_acks_ignored_total{port=\"7000\"}[5m])))")" \
		"$want" 15
	[ -n "$(ask 'ALERTS{alertname="TcplifeAcceptQueueOverflow",port="7000"}')" ] ||
		fail "no alert for it"
}

# A bucket ends at twice what it begins at.
E10_waits()
{
	local n want mean got

	read -r n want mean < <(true_waits one)
	got=$(number 'histogram_quantile(0.99, sum by (le) (rate(tcplife_listener_accept_wait_seconds_bucket{port="7000"}[5m])))')
	ktap_print_msg "p99 of $n waits: $got, by records: $want"
	awk -v got="$got" -v want="$want" \
		'BEGIN { exit !(want > 0 && got >= want / 2 && got <= want * 2) }' ||
		fail "p99 of accept waits: got $got, want about $want"
	((n > 50)) || fail "only $n waits"
	expect_eq "waits of the listener" "$(number 'tcplife_listener_accept_wait_seconds_count{port="7000"}')" "$n"
	near "mean of the waits" "$(number 'tcplife_listener_accept_wait_seconds_sum{port="7000"} / tcplife_listener_accept_wait_seconds_count{port="7000"}')" \
		"$mean" 0.1
	# Of all listeners, the exporter's own included.
	near "sum of all waits" "$(number 'tcplife_accept_wait_seconds_sum')" \
		"$(number 'sum(tcplife_listener_accept_wait_seconds_sum)')" 0.1
}

# Each query of the dashboard is one that Prometheus can answer from this.
E10_dashboard()
{
	local query n=0 some=0 answer

	"$TESTS_DIR/metrics-queries.py" dashboard /dev/null \
		"$TOP/packaging/grafana/tcplife.json" >"$TMP/queries"
	while IFS= read -r query; do
		answer=$(ask "$query" 2>&1) || fail "$query: $answer"
		n=$((n + 1))
		[ -z "$answer" ] || some=$((some + 1))
	done <"$TMP/queries"
	ktap_print_msg "$n queries of the dashboard, $some with an answer"
	((some > n / 2)) || fail "most queries have no answer"
}

# The pages, by another parser and by Prometheus' own checker.
E10_pages()
{
	local url=http://127.0.0.1:$1/metrics

	curl -sf "$url" >"$TMP/page"
	"$PROMTOOL" check metrics <"$TMP/page" >"$TMP/out" 2>&1 ||
		fail "promtool: $(<"$TMP/out")"
	expect_eq "what promtool says" "$(<"$TMP/out")" ""
	curl -sf -H 'Accept: application/openmetrics-text;version=1.0.0' "$url" |
		/usr/bin/python3 -c 'import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print("#", len(list(text_string_to_metric_families(sys.stdin.read()))),
      "families of OpenMetrics")' || fail "no OpenMetrics"
	# Prometheus asks for OpenMetrics by itself; text has no units.
	curl -sf "$api/metadata?metric=tcplife_handshake_seconds" |
		grep -q '"unit":"seconds"' || fail "Prometheus has no unit"
}

test_E10()
{
	ports 2
	vm_start one "${PORTS[0]}" 7000 4 0.02 12 8
	prometheus_start "${PORTS[1]}" "one=${PORTS[0]}"
	vms_reach ready 120
	until_true 200 scraped 3 || die "no scrapes: $(scrape_errors)"
	vms_sign go
	vms_reach "done" 120
	scraped_again
	E10_drops
	E10_waits
	E10_dashboard
	E10_pages "${PORTS[0]}"
	expect_eq "errors of the exporter" \
		"$(number tcplife_exporter_scrape_errors_total)" 0
	vms_stop
}

# Three kernels. Only the second one has a server that is too slow.
test_E11()
{
	local worst

	ports 4
	vm_start alpha "${PORTS[0]}" 7000 64 0 2 8
	vm_start beta "${PORTS[1]}" 7001 1 0.05 8 8
	vm_start gamma "${PORTS[2]}" 7000 64 0 2 8
	prometheus_start "${PORTS[3]}" "alpha=${PORTS[0]}" \
		"beta=${PORTS[1]}" "gamma=${PORTS[2]}"
	vms_reach ready 200
	until_true 200 scraped 3 || die "no scrapes: $(scrape_errors)"
	vms_sign go
	vms_reach "done" 200
	scraped_again
	worst=$("$TESTS_DIR/metrics-queries.py" dashboard /dev/null \
		"$TOP/Documentation/metrics.rst" | grep '^topk(1,')
	ask "$worst" >"$TMP/worst"
	ktap_print_msg "worst of the fleet: $(<"$TMP/worst")"
	expect_eq "the worst listener" "$(cut -d ' ' -f 1-3 "$TMP/worst")" \
		"address=127.0.0.1 instance=beta port=7001"
	expect_eq "machines" "$(number 'count(tcplife_up == 1)')" 3
	expect_eq "that have dropped" "$(ask 'sum by (instance) (tcplife_syns_dropped_total) + sum by (instance) (tcplife_acks_ignored_total) > 0' |
		cut -d ' ' -f 1)" instance=beta
	vms_stop
}

# rsyslog's own example configuration, in a VM.
test_E12()
{
	mkdir -p "$WORK/log"
	rm -f "$WORK"/log/*
	"$TOP/scripts/vm" -k "$KERNEL" -m 512M -t 300 -- \
		packaging/tests/rsyslog-guest build/metrics/log \
		>"$WORK/log.log" 2>&1 ||
		die "$(tail -n 5 "$WORK/log.log")"
	ktap_print_msg "$(wc -l <"$WORK/log/records") records, $(wc -l <"$WORK/log/failed") of them failed"
	sort "$WORK/log/records" >"$TMP/records"
	sort "$WORK/log/passed" | cmp "$TMP/records" - ||
		fail "rsyslog passed others on: $(wc -l <"$WORK/log/passed")"
	(($(wc -l <"$WORK/log/records") >= 40)) || fail "too few records"
	expect_eq "those that failed" \
		"$(sort -u "$WORK/log/failed" | head -n 3)" "refused 127.0.0.1:9"
}

cleanup()
{
	[ -z "$prometheus" ] || kill "$prometheus" 2>/dev/null || :
	[ ${#VMS[@]} = 0 ] || kill "${VMS[@]}" 2>/dev/null || :
	wait
}

main()
{
	case ${1-} in
	-h | --help) print_help; exit ;;
	esac
	"$TOP/scripts/kernel" get "$KERNEL"
	"$TOP/scripts/build" -q "$KERNEL"
	mkdir -p "$WORK"
	run_tests E10 "Prometheus tells a load test's drops and p99 of accept waits" \
		E11 "the worst listener of three machines is found" \
		E12 "rsyslog passes each record on"
}

main "$@"
