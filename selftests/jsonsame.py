#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare two files of JSON lines that should say the same.

    jsonsame.py FILE FILE

Keys, their order and all values must be equal, but that a time of the wall
clock may be a microsecond off: how far the clocks are apart is measured for
each message, to the nanosecond, and then rounded. Prints each difference.
"""

import itertools
import json
import sys
from decimal import Decimal

WALL = Decimal(10 ** 6)
ROUNDED = Decimal('0.000001')


def is_time(value):
    return isinstance(value, Decimal) and value > WALL


def same(one, other):
    if is_time(one) and is_time(other):
        return abs(one - other) <= ROUNDED
    return one == other


def lines(path):
    with open(path) as file:
        for line in file:
            yield json.loads(line, object_pairs_hook=list,
                             parse_float=Decimal)


def main():
    n = fields = differences = 0
    for pair in itertools.zip_longest(*map(lines, sys.argv[1:3])):
        n += 1
        one, other = (obj or [] for obj in pair)
        for left, right in itertools.zip_longest(one, other):
            fields += 1
            if not left or not right or left[0] != right[0] or \
                    not same(left[1], right[1]):
                print('line %d: %s, %s' % (n, left, right))
                differences += 1
    print('%d lines, %d fields, %d differences' % (n, fields, differences))
    sys.exit(bool(differences) or not n)


main()
