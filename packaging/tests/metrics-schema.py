#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Usage: metrics-schema.py DASHBOARD FOLDER

Hold a dashboard against the JSON schemas in FOLDER: dashboard.json, and for each
kind of panel KIND.json, of its options.
"""
import json
import sys

import jsonschema


def load(name):
    with open(name) as file:
        return json.load(file)


def errors(what, schema, value):
    jsonschema.Draft7Validator.check_schema(schema)
    bad = 0
    for error in jsonschema.Draft7Validator(schema).iter_errors(value):
        where = "/".join(str(part) for part in error.absolute_path)
        print(f"{what}: {where}: {error.message}")
        bad += 1
    return bad


def main():
    name, folder = sys.argv[1:]
    dashboard = load(name)
    bad = errors("dashboard", load(f"{folder}/dashboard.json"), dashboard)
    panels = [p for p in dashboard["panels"] if p["type"] != "row"]
    for panel in panels:
        bad += errors(panel["title"], load(f"{folder}/{panel['type']}.json"),
                      panel["options"])
    places = [tuple(sorted(p["gridPos"].items())) for p in dashboard["panels"]]
    ids = [p["id"] for p in dashboard["panels"]]
    if len(set(places)) != len(places) or len(set(ids)) != len(ids):
        print("two panels have the same place or number")
        bad += 1
    print(f"# {len(panels)} panels")
    sys.exit(bad or not panels)


main()
