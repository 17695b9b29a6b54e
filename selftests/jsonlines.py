#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Validate files of JSON lines against a JSON Schema.

    jsonlines.py SCHEMA FILE...
"""

import json
import sys

import jsonschema


def problems(validator, path):
    with open(path) as file:
        for number, line in enumerate(file, 1):
            for error in validator.iter_errors(json.loads(line)):
                yield '%s, line %d: %s' % (
                    path, number,
                    jsonschema.exceptions.best_match([error]).message[:300])


def main():
    with open(sys.argv[1]) as file:
        schema = json.load(file)
    validator = jsonschema.Draft7Validator(schema)
    lines = failed = 0
    for path in sys.argv[2:]:
        for problem in problems(validator, path):
            print(problem)
            failed += 1
        with open(path) as file:
            lines += len(file.readlines())
    print('%d lines, %d problems' % (lines, failed))
    sys.exit(bool(failed) or not lines)


main()
