#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Usage: packaging/tests/metrics.sh
#
# What belongs to tcplife metrics and needs no module: alert rules, dashboard,
# manual, and examples of log pipelines. KTAP. TESTS="E01 E03" chooses.

# shellcheck disable=SC2317 # run_tests calls the tests
set -eu
TESTS_DIR=$(cd "$(dirname "$0")" && pwd -P)
. "$TESTS_DIR/lib-metrics"

RULES=$TOP/packaging/prometheus/tcplife.rules.yml
DASHBOARD=$TOP/packaging/grafana/tcplife.json
MANUAL=$TOP/Documentation/metrics.rst
SCHEMA=$BUILD/grafana-schema

test_E01()
{
	says "$PROMTOOL" check rules "$RULES"
	says "$PROMTOOL" test rules "${RULES%.yml}.test.yml"
	# A rule without a test that fires, and one that does not, is none.
	sed -n 's/ *- alert: //p' "$RULES" | while read -r alert; do
		grep -q "alertname: $alert" "${RULES%.yml}.test.yml" || echo "$alert"
	done >"$TMP/untested"
	expect_eq "alerts without a test" "$(xargs <"$TMP/untested")" ""
}

# Grafana's own types of the dashboard and of panels' options, as JSON schemas.
# In a folder that is whole when it has its name.
schemas()
{
	local kind types tmp=$SCHEMA.tmp

	! cmp -s "$TESTS_DIR/grafana/package-lock.json" \
		"$SCHEMA/package-lock.json" || return 0
	rm -rf "$tmp" "$SCHEMA"
	mkdir -p "$tmp"
	cp "$TESTS_DIR"/grafana/package*.json "$tmp"
	(cd "$tmp" && npm ci --ignore-scripts --no-audit --no-fund) \
		>"$TMP/npm" 2>&1 || return "$KSFT_SKIP"
	types=$tmp/node_modules/@grafana/schema/dist/types/raw
	schema "$tmp" dashboard Dashboard "$types/dashboard/x/types.gen.d.ts"
	for kind in $(kinds); do
		schema "$tmp" "$kind" Options \
			"$types/composable/$kind/panelcfg/x/types.gen.d.ts"
	done
	rm -rf "$tmp/node_modules"
	mv "$tmp" "$SCHEMA"
}

# schema FOLDER NAME TYPE FILE
schema()
{
	node "$1/node_modules/ts-json-schema-generator/bin/ts-json-schema-generator.js" \
		--no-type-check --type "$3" --path "$4" -o "$1/$2.json" ||
		die "no schema $2"
}

# Of panels, rows aside.
kinds()
{
	python3 -c 'import json, sys
print(*{p["type"] for p in json.load(sys.stdin)["panels"]} - {"row"})' \
		<"$DASHBOARD"
}

test_E02()
{
	schemas || {
		ktap_print_msg "$(tail -n 3 "$TMP/npm")"
		exit "$KSFT_SKIP"
	}
	says "$TESTS_DIR/metrics-schema.py" "$DASHBOARD" "$SCHEMA"
}

test_E03()
{
	says "$TESTS_DIR/metrics-queries.py" names "$TMP/fields" \
		"$DASHBOARD" "$RULES" "$MANUAL"
	"$TESTS_DIR/metrics-queries.py" rules "$TMP/fields" "$DASHBOARD" \
		"$RULES" "$MANUAL" >"$TMP/queries.yml"
	says "$PROMTOOL" check rules "$TMP/queries.yml"
}

# What the manual says of each metric is what the program says.
test_E04()
{
	sed -n '/^``tcplife_up``$/,$p' "$MANUAL" >"$TMP/list"
	tail -n +2 "$TMP/fields" | diff "$TMP/list" - >"$TMP/out" ||
		fail "Documentation/metrics.rst: $(head -n 5 "$TMP/out")"
	expect_eq "first line" "$(head -n 1 "$TMP/list" | tr -d '\140')" \
		tcplife_up
	ktap_print_msg "$(grep -c '^``' "$TMP/list") metrics"
}

# Who does not serve does not pay for the library that does, nor need it.
test_E05()
{
	local status=0

	ldd "$BUILD/tcplife" >"$TMP/needs"
	! grep -q "microhttpd\|gnutls" "$TMP/needs" ||
		fail "needs $(grep "microhttpd\|gnutls" "$TMP/needs")"
	mkdir "$TMP/broken"
	: >"$TMP/broken/libmicrohttpd.so.12"
	LD_LIBRARY_PATH=$TMP/broken timeout 10 "$BUILD/tcplife" metrics \
		--listen 9743 >"$TMP/out" 2>&1 || status=$?
	expect_eq "status without the library" "$status" 1
	grep -q "^tcplife: --listen needs libmicrohttpd: ." "$TMP/out" ||
		fail "without the library: $(<"$TMP/out")"
}

main()
{
	case ${1-} in
	-h | --help) print_help; exit ;;
	esac
	run_tests E01 "alerts fire at what they are for, and at nothing less" \
		E02 "the dashboard is one by Grafana's own types" \
		E03 "queries are well-formed and name what is exported" \
		E04 "the manual has each metric, and no other" \
		E05 "only a server loads the library that serves"
}

main "$@"
