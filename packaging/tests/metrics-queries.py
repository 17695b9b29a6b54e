#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: metrics-queries.py rules|names|dashboard FIELDS FILE...

The queries of a dashboard (.json), of alert rules (.yml), and of a manual's
"code-block:: promql" (.rst). FIELDS is what `tcplife metrics --fields` prints.

rules      print all as recording rules, for promtool check rules
names      fail unless each metric that they name is one of FIELDS, and if there
           are no queries in one of the files
dashboard  print those of the dashboard, one a line
"""
import json
import re
import sys

import yaml

VARIABLES = {"$__rate_interval": "1m", "$job": ".*", "$instance": ".*",
             "$port": ".*"}


def of_dashboard(text):
    for panel in json.loads(text)["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"]
    for var in json.loads(text)["templating"]["list"]:
        if var["type"] == "query":
            yield re.match(r"label_values\((.*), \w+\)$",
                           var["query"]["query"]).group(1)


def of_rules(text):
    for group in yaml.safe_load(text)["groups"]:
        for rule in group["rules"]:
            yield rule["expr"]


def of_manual(text):
    for block in re.findall(r"code-block:: promql\n\n((?:   .*\n|\n)+)", text):
        for query in re.split(r"\n\n", block.strip()):
            yield " ".join(query.split())


def queries(name):
    of = {"json": of_dashboard, "yml": of_rules, "rst": of_manual}
    with open(name) as file:
        for expr in of[name.rsplit(".", 1)[1]](file.read()):
            for variable, value in VARIABLES.items():
                expr = expr.replace(variable, value)
            yield expr


def known(fields):
    """Names of series, those of histograms included."""
    with open(fields) as file:
        text = file.read()
    for name, kind in re.findall(r"^``(\w+)``\n +(\w+)", text, re.M):
        if kind == "Histogram":
            for end in "_bucket", "_sum", "_count":
                yield name + end
        else:
            yield name


def names(fields, files):
    bad = 0
    have = set(known(fields))
    for name in files:
        exprs = list(queries(name))
        used = {n for e in exprs for n in re.findall(r"tcplife_\w+", e)}
        if not have or not used:
            sys.exit(f"{name}: no queries")
        for unknown in sorted(used - have):
            print(f"{name}: there is no metric {unknown}")
            bad = 1
        print(f"# {name}: {len(exprs)} queries, {len(used)} metrics")
    sys.exit(bad)


def main():
    what, fields, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    if what == "names":
        names(fields, files)
    exprs = [e for name in files for e in queries(name)]
    if what == "dashboard":
        print("\n".join(exprs))
        return
    rules = [{"record": f"query:{i}", "expr": e} for i, e in enumerate(exprs)]
    yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}, sys.stdout)


main()
