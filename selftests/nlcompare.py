#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare what the kernel's netlink tool printed with /proc/tcplife.

    nlcompare.py WHAT=JSON=TEXT...

WHAT is connections, timewait, history, listeners, stats, latency or hooks;
JSON is what cli.py --output-json printed, TEXT a copy of the file of that
name. Prints a line for each difference. Times until now are left out.
"""

import errno
import json
import sys

MOVING = {'STATE_MS', 'AGE_MS'}
DURATIONS = ['syn-sent', 'syn-recv', 'established', 'fin-wait1', 'fin-wait2',
             'closing', 'time-wait', 'close-wait', 'last-ack']
STATES = DURATIONS + ['close']
PLAIN = {
    'NETNS': 'netns', 'LPORT': 'local-port', 'RPORT': 'remote-port',
    'END': 'end', 'PID': 'pid', 'UID': 'uid', 'CGROUP': 'cgroup',
    'CLOSER': 'closer-pid', 'SYN_RETR': 'syn-retransmits',
    'SYNACK_RETR': 'synack-retransmits', 'SYNQ': 'synq', 'ACCQ': 'accq',
    'ISN_L': 'isn-local', 'ISN_R': 'isn-remote', 'MSS': 'mss',
    'WIN_L': 'window-local', 'WIN_R': 'window-remote',
    'FIRST_FIN': 'first-fin', 'FIN_L': 'fin-local', 'FIN_R': 'fin-remote',
    'FIN_RETR': 'fin-retransmits', 'FIN_DUP': 'fin-duplicates',
    'HALF_BYTES': 'half-close-bytes', 'RST_WHY': 'rst-why',
    'TW_RESTARTS': 'tw-restarts', 'TW_EXIT': 'tw-exit', 'TX': 'bytes-acked',
    'RX': 'bytes-received', 'SEGS_OUT': 'segs-out', 'SEGS_IN': 'segs-in',
    'DATA_RETR': 'data-retransmits', 'MINRTT_US': 'min-rtt',
    'SRTT_US': 'srtt', 'SNDBUF': 'sndbuf', 'RCVBUF': 'rcvbuf',
    'KEEPALIVES': 'keepalives', 'PROBES': 'probes',
    'SYN_DATA': 'syn-data',
}
OPTIONS = {'sack': 'sack', 'timestamps': 'ts', 'ecn': 'ecn'}
FLAGS = ['syncookie', 'tfo', 'data-in-syn', 'data-in-ack', 'simopen',
         'imported', 'fin-with-ack']
LISTENER = {
    'NETNS': 'netns', 'LPORT': 'local-port', 'PID': 'pid',
    'ASKED': 'backlog-asked', 'BACKLOG': 'backlog', 'SYNQ': 'synq',
    'SYNQ_MAX': 'synq-max', 'ACCQ': 'accq', 'ACCQ_MAX': 'accq-max',
    'ACK_IGN': 'ack-ignored',
}


def text(value):
    return '-' if value is None or value == 'none' else str(value)


def ms(nanoseconds):
    if nanoseconds is None:
        return '-'
    return '%d.%03d' % divmod(nanoseconds // 1000, 1000)


def gap(rec, begin, end):
    if begin not in rec or end not in rec:
        return None
    return rec[end] - rec[begin]


def comm(rec, prefix=''):
    name = rec.get(prefix + 'comm')
    if name is None:
        return '-'
    return '[%s]' % name if rec.get(prefix + 'kthread') else name


def address(rec, side):
    return text(rec.get(side + '-ipv4', rec.get(side + '-ipv6')))


def words(rec, names):
    return ','.join(names[n] for n in names if n in rec.get('flags', ())) \
        or '-'


def duration(rec, state, now):
    """As the module has it: until the next state began."""
    begin = rec.get('since-' + state)
    if begin is None:
        return '-'
    ends = [rec.get('ended', now)]
    for other in STATES:
        since = rec.get('since-' + other, 0)
        if since > begin and \
                (other != 'close' or 'timewait' not in rec.get('flags', ())):
            ends.append(since)
    return ms(min(ends) - begin)


def reset(rec):
    sent, received = ('rst-' + way in rec.get('flags', ())
                      for way in ('sent', 'received'))
    return ('both' if received else 'sent') if sent else \
        ('received' if received else '-')


def half(rec):
    """Between the FINs, by the states that they led to."""
    ends = [next((rec[s] for s in states if s in rec), None) for states in (
        ('since-fin-wait1', 'since-last-ack'),
        ('since-close-wait', 'since-closing', 'since-time-wait'))]
    return None if None in ends else abs(ends[0] - ends[1])


def life(cookie, generation):
    if cookie is None:
        return '-'
    return '%x' % cookie + ('.%d' % generation if generation else '')


def record(rec, msg):
    """The columns of a record, made of its attributes."""
    row = {column: text(rec.get(name)) for column, name in PLAIN.items()}
    error = rec.get('errno')
    row.update({
        'COOKIE': life(rec['cookie'], rec.get('generation')),
        'REPLACED': life(rec.get('replaced'), rec.get('replaced-generation')),
        'LADDR': address(rec, 'local'), 'RADDR': address(rec, 'remote'),
        'ROLE': rec['role'].replace('preex', 'pre-ex'),
        'STATE': rec['state'].upper().replace('-', '_'),
        'COMM': comm(rec), 'CLOSER_COMM': comm(rec, 'closer-'),
        'HS_MS': ms(gap(rec, 'syn', 'since-established')),
        'ACCEPT_MS': ms(gap(rec, 'queued', 'accepted')),
        'ACK_IGN': {0: 'no', 1: 'yes'}.get(rec.get('ack-ignored'), '-'),
        'WSCALE': '%d/%d' % (rec['wscale-local'], rec['wscale-remote'])
                  if 'wscale-local' in rec else '-',
        'OPTS': words(rec, OPTIONS),
        'FLAGS': words(rec, {name: name for name in FLAGS}),
        'RST': reset(rec), 'HALF_MS': ms(half(rec)),
        'RTO_MS': ms(rec['rto'] * 1000) if 'rto' in rec else '-',
        'ERRNO': errno.errorcode[error] if error else '-',
    })
    for state in DURATIONS:
        name = state.upper().replace('-', '_') + '_MS'
        row[name] = duration(rec, state, msg['now'])
    if 'ended' in rec:
        us = (rec['ended'] + msg['clock-offset']) // 1000
        row['END_TIME'] = '%d.%06d' % divmod(us, 1000000)
    return row


def listener(rec, _):
    waits = sum(rec['wait-bucket'])
    row = {name.upper().replace('-', '_'): text(value)
           for name, value in rec.items()}
    row.update({column: text(rec.get(name))
                for column, name in LISTENER.items()})
    row.update({
        'COOKIE': '%x' % rec['cookie'], 'LADDR': address(rec, 'local'),
        'COMM': comm(rec),
        'WAIT_AVG_MS': ms(rec['wait-sum'] // waits if waits else None),
        'WAIT_MAX_MS': ms(rec['wait-max'] if waits else None),
    })
    return row


def hook(rec, _):
    return {'EVENT': rec['event'], 'KIND': rec['type'],
            'SYMBOL': rec['symbol'], 'STATUS': rec['state'],
            'HITS': str(rec['hits']), 'MISSED': str(rec['missed']),
            'NEED': 'optional' if 'optional' in rec else 'required'}


def latency(reply):
    """A row for each bucket, as the file has it."""
    buckets = {h['id'].upper().replace('-', '_'): h['bucket']
               for h in reply['histogram']}
    n = len(buckets['LIFE'])
    return [dict({name: str(counts[b]) for name, counts in buckets.items()},
                 US_BELOW=str(1 << b) if b < n - 1 else 'inf')
            for b in range(n)]


def rows_of(what, reply):
    if what == 'latency':
        return latency(reply)
    if what == 'stats':
        return [{name.replace('-', '_'): str(value)
                 for name, value in reply['stats'].items()}]
    make, name = {'listeners': (listener, 'listener'),
                  'hooks': (hook, 'hook')}.get(what, (record, 'record'))
    rows = []
    for msg in reply:
        found = msg[name]
        for rec in found if isinstance(found, list) else [found]:
            rows.append(make(rec, msg))
    return rows


def read_table(what, path):
    with open(path) as file:
        lines = file.read().splitlines()
    if what == 'stats':
        return [dict(line.split() for line in lines)]
    header = lines[0].split()
    return [dict(zip(header, line.split())) for line in lines[1:]]


def same(what, column, got, want):
    if column in MOVING:
        return True
    # Hooks fire while they are listed.
    if what == 'hooks' and column == 'HITS':
        return int(got) <= int(want)
    return got == want


def compare(what, got, want):
    """The number of fields compared, or None for a difference."""
    fields, differences = 0, 0
    if len(got) != len(want):
        print('%s: %d rows by netlink, %d in /proc' %
              (what, len(got), len(want)))
        differences += 1
    for row, (ours, theirs) in enumerate(zip(got, want)):
        for column in theirs:
            fields += 1
            if not same(what, column, ours.get(column), theirs[column]):
                print('%s, row %d, %s: %s by netlink, %s in /proc' %
                      (what, row, column, ours.get(column), theirs[column]))
                differences += 1
    return None if differences else fields


def main():
    failed = False
    for word in sys.argv[1:]:
        what, reply, table = word.split('=')
        with open(reply) as file:
            got = rows_of(what, json.load(file))
        key = 'COOKIE' if what not in ('hooks', 'latency', 'stats') else None
        want = read_table(what, table)
        if key:
            got.sort(key=lambda row: row[key])
            want.sort(key=lambda row: row[key])
        fields = compare(what, got, want)
        failed |= fields is None
        if fields:
            print('# %s: %d rows, %d fields' % (what, len(want), fields))
    sys.exit(failed)


main()
