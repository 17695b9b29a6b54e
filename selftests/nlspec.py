#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare the policy that the kernel has for the family with the spec.

    nlspec.py YNL-FOLDER SPEC

Prints a line for each difference. Attributes of network byte order are not
among what the kernel tells.
"""

import os
import sys

sys.path.insert(0, sys.argv[1])
from lib import SpecFamily, YnlFamily  # noqa: E402

problems = []
checked = 0


def expect(what, got, want):
    global checked
    checked += 1
    if got != want:
        problems.append('%s: %s in the kernel, %s in the spec' %
                        (what, got, want))


def told(attr):
    return attr.get('byte-order') != 'big-endian'


def check_attr(where, spec, attr, got, tables):
    kind = {'nest': 'nested'}.get(attr['type'], attr['type'])
    expect(where + ' type', got['type'], kind)
    checks = attr.yaml.get('checks', {})
    if kind == 'nested':
        check_table(where, spec, spec.attr_sets[attr['nested-attributes']],
                    None, tables, got['policy-idx'])
    if 'exact-len' in checks:
        expect(where + ' length', (got['min-length'], got['max-length']),
               (checks['exact-len'],) * 2)
    if 'max' in checks:
        expect(where + ' maximum', got.get('max-value-u'), checks['max'])
    if attr.get('enum-as-flags'):
        mask = sum(1 << e.value for e in
                   spec.consts[attr['enum']].entries.values())
        # In 6.12's nlctrl.yaml the numbers of mask and pad are swapped.
        told_mask = int.from_bytes(got.get('pad', b''), sys.byteorder)
        expect(where + ' mask', got.get('mask', told_mask), mask)


def check_table(where, spec, attr_set, names, tables, index):
    """Those of the set that are named, or all, and no other."""
    want = {attr.value: attr for name, attr in attr_set.items()
            if told(attr) and (names is None or name in names)}
    got = tables.get(index, {})
    expect(where + ' attributes', sorted(got), sorted(want))
    for value in sorted(set(want) & set(got)):
        check_attr('%s, %s' % (where, want[value].name), spec, want[value],
                   got[value], tables)


def kernel_policy(nlctrl):
    tables, ops = {}, {}
    for msg in nlctrl.dump('getpolicy', {'family-name': 'tcplife'}):
        if 'op-policy' in msg:
            op = msg['op-policy']
            ops[op['op-id']] = op
        if 'policy' in msg:
            attr = msg['policy']
            tables.setdefault(attr['policy-id'], {})[attr['attr-id']] = attr
    return tables, ops


def main():
    path = sys.argv[2]
    spec = SpecFamily(path, '')
    nlctrl = YnlFamily(os.path.join(os.path.dirname(path), 'nlctrl.yaml'), '',
                       process_unknown=True)
    tables, ops = kernel_policy(nlctrl)
    for op in spec.msgs.values():
        for mode in ('do', 'dump'):
            if mode not in op.yaml:
                continue
            where = '%s, %s' % (op.name, mode)
            names = op.yaml[mode].get('request', {}).get('attributes', [])
            index = ops.get(op.req_value, {}).get(mode)
            if index is None and names:
                problems.append(where + ': no policy in the kernel')
                continue
            check_table(where, spec, op.attr_set, names, tables, index)
    for problem in problems:
        print(problem)
    print('%d checks' % checked)
    sys.exit(bool(problems) or checked < 50)


main()
