#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Hold each record of a storm against what its host sent and got.

    stormcheck.py RECORDS LADDR4 LADDR6 TRACE [LADDR4 LADDR6 TRACE]...

RECORDS is what tcplife -j printed, TRACE what pcapseg printed of the capture at
the host with these addresses. Prints what does not fit, and a line with the
number of records and segments. A record's segments are those of its addresses
and ports between its birth and its end; whatever else there may be in a tuple
is another record's.
"""

import json
import sys
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from operator import attrgetter

# The capture's stamp and the record's are taken this far apart at most, in us.
TOLERANCE = 2000
# TCP_TIMEWAIT_LEN, in us, and what the timer wheel adds to it at most.
TIMEWAIT = 60_000_000
WHEEL = 2_100_000

complaints = Counter()


def us(stamp):
    whole, part = str(stamp).split('.')
    return int(whole) * 1000000 + int(part.ljust(6, '0'))


def number(word):
    return None if word == '-' else int(word)


class Segment:
    __slots__ = ('at', 'out', 'flags', 'seq', 'ack', 'len', 'win', 'mss',
                 'wscale', 'sack', 'ts', 'tsval', 'tsecr')

    def __init__(self, words, out):
        self.at = us(words[0])
        self.out = out
        self.flags = words[5]
        self.seq, self.ack, self.len, self.win = map(int, words[6:10])
        self.mss, self.wscale = number(words[10]), number(words[11])
        self.sack, self.ts = words[12] != '-', words[13] != '-'
        self.tsval, self.tsecr = words[13:15]

    def is_syn(self):
        return 'S' in self.flags and 'A' not in self.flags

    def is_synack(self):
        return 'S' in self.flags and 'A' in self.flags

    def fin_seq(self):
        return (self.seq + self.len) % 2**32 if 'F' in self.flags else None


def read_trace(path, addresses, tuples):
    count = 0
    with open(path, encoding='ascii') as lines:
        for line in lines:
            words = line.split()
            out = words[1] in addresses
            local, remote = words[1:3], words[3:5]
            if not out:
                local, remote = remote, local
            tuples[(*local, *remote)].append(Segment(words, out))
            count += 1
    for segments in tuples.values():
        segments.sort(key=attrgetter('at'))
    return count


def is_flag(record, name):
    return name in record.get('flags', ())


class Check:
    """One record and its segments."""

    def __init__(self, record, segments, began):
        self.r = record
        self.ended = us(record['ended'])
        # A full socket sends nothing in CLOSE but the RST of who closed it.
        timewait = record.get('tw_exit', 'overflow') != 'overflow'
        self.last = self.ended if timewait else \
            us(record.get('since_close', record['ended']))
        first = bisect_left(segments, began, key=attrgetter('at'))
        last = bisect_right(segments, self.last, key=attrgetter('at'))
        resets = bisect_right(segments, self.last + TOLERANCE,
                              key=attrgetter('at'))
        self.all = segments[first:last]
        self.out = [s for s in self.all if s.out]
        self.got = [s for s in self.all if not s.out]
        self.before = segments[:first]
        self.after = segments[last:resets]
        self.isn_l = record['isn_local']
        self.isn_r = record.get('isn_remote')

    def complain(self, what, *values):
        complaints[what] += 1
        if complaints[what] <= 8:
            r = self.r
            print(f"{what}: {' '.join(map(str, values))}: "
                  f"{r['cookie']}.{r.get('generation', 0)} {r['laddr']} "
                  f"{r['lport']} {r['raddr']} {r['rport']} {r['role']} "
                  f"{r.get('end')} isn {self.isn_l}")

    def same(self, what, key, want):
        if self.r.get(key) != want:
            self.complain(what, self.r.get(key), 'captured', want)

    def time(self, key):
        return us(self.r[key]) if key in self.r else None

    def near(self, what, key, times):
        """Some segment of these came or went at that time."""
        at = self.time(key)
        if at is None:
            return
        nearest = min((abs(t - at) for t in times), default=None)
        if nearest is None or nearest > TOLERANCE:
            self.complain(what, key, 'off by', nearest, 'us')

    def options(self, ours, theirs):
        for name, both in (('sack', ours.sack and theirs.sack),
                           ('timestamps', ours.ts and theirs.ts)):
            if is_flag(self.r, name) != both:
                self.complain(name, self.r.get('flags'), 'captured', both)
        if not is_flag(self.r, 'syncookie') or theirs.ts:
            scaled = ours.wscale is not None and theirs.wscale is not None
            self.same('wscale', 'wscale_local',
                      ours.wscale if scaled else None)
            self.same('wscale', 'wscale_remote',
                      theirs.wscale if scaled else None)

    def active(self):
        syns = [s for s in self.out if s.is_syn() and s.seq == self.isn_l]
        self.same('SYNs sent again', 'syn_retransmits', len(syns) - 1)
        self.near('SYN', 'syn', [s.at for s in syns])
        synacks = [s for s in self.got if s.is_synack()]
        if self.isn_r is None:
            return
        ours = [s for s in synacks if s.seq == self.isn_r]
        if not ours or not syns:
            self.complain('no SYN-ACK with that number', self.isn_r)
            return
        self.same('MSS', 'mss', ours[0].mss)
        self.same('window', 'window_remote', ours[0].win)
        self.options(syns[0], ours[0])
        self.near('handshake', 'since_established', [s.at for s in ours])

    def passive(self):
        cookie = is_flag(self.r, 'syncookie')
        early = self.before + self.all if cookie else self.all
        synacks = [s for s in early if s.out and s.is_synack() and
                   s.seq == self.isn_l]
        self.near('handshake', 'since_established',
                  [s.at for s in self.got if 'A' in s.flags])
        if not synacks:
            # A later ACK may pass for that of another cookie, too.
            if not cookie:
                self.complain('no SYN-ACK')
            return
        if cookie and self.got and self.got[0].tsecr != synacks[-1].tsval:
            return      # the options are what this timestamp says
        if not cookie:
            self.same('SYN-ACKs sent again', 'synack_retransmits',
                      len(synacks) - 1)
            self.same('window', 'window_local', synacks[0].win)
            self.near('SYN', 'syn', [synacks[0].at])
        # The one that takes the place of a TIME_WAIT comes before the end of
        # that one's record.
        syns = [s for s in self.before + self.all if not s.out and
                s.is_syn() and s.seq == self.isn_r]
        if syns:
            if not cookie:
                self.same('MSS', 'mss', syns[0].mss)
            self.options(synacks[0], syns[0])
        elif not cookie or not self.by_ack():
            self.complain('no SYN with that number', self.isn_r)

    def by_ack(self):
        """A cookie is good for an ACK that is off by one, too: a sequence
        number more is an MSS more, check_tcp_syn_cookie()."""
        return any(s.seq == (self.isn_r + 1) % 2**32 and
                   s.ack == (self.isn_l + 1) % 2**32 for s in self.got)

    def fins(self):
        sent = [s for s in self.out if 'F' in s.flags]
        for s in sent:
            if s.fin_seq() != self.r.get('fin_local'):
                self.complain('FIN', self.r.get('fin_local'), 'captured',
                              s.fin_seq())
                break
        if sent:
            self.same('FINs sent again', 'fin_retransmits', len(sent) - 1)
        elif 'fin_local' in self.r:
            self.complain('FIN', self.r['fin_local'], 'captured none')
        got = [s for s in self.got if 'F' in s.flags]
        numbers = {s.fin_seq() for s in got}
        theirs = self.r.get('fin_remote')
        if theirs is not None and theirs not in numbers:
            self.complain("peer's FIN", theirs, 'captured', numbers)
        acked = {s.ack for s in self.out if 'A' in s.flags}
        for fin in numbers:
            # In one made so, what is older is acknowledged all the same.
            if theirs is None and fin != self.isn_r and \
                    (fin + 1) % 2**32 in acked:
                self.complain("peer's FIN", None, 'acknowledged', fin)
        if self.r.get('fin_duplicates', 0) > max(0, len(got) - 1):
            self.complain('FINs come again', self.r['fin_duplicates'],
                          'captured', len(got))
        self.first_fin(sent, got)

    def first_fin(self, sent, got):
        first = self.r.get('first_fin')
        want = None
        times = [t for t in (self.time('since_close_wait'),
                             self.time('since_closing'),
                             self.time('since_time_wait')) if t]
        if 'fin_remote' in self.r or self.time('since_fin_wait1') or \
                self.time('since_last_ack'):
            want = 'local'
        if self.time('since_close_wait'):
            want = 'remote'
        elif self.time('since_closing'):
            want = 'both'
        if first != want:
            self.complain('first FIN', first, 'want', want)
        if sent and first == 'remote' and got and sent[0].at < got[0].at:
            self.complain('first FIN', first, 'captured local')
        if sent and first == 'local' and got and times and \
                sent[0].at > min(times):
            self.complain('first FIN', first, 'captured remote')

    def resets(self):
        # A SYN before, from the same port, may have found no listener.
        begin = us(self.r['born']) - TOLERANCE
        sent = any('R' in s.flags for s in self.out if s.at >= begin)
        late = any('R' in s.flags for s in self.after if s.out)
        said = is_flag(self.r, 'rst-sent')
        if sent and not said or said and not (sent or late):
            self.complain('RST sent', said, 'captured', sent, late)
        if is_flag(self.r, 'rst-received') and \
                not any('R' in s.flags for s in self.got):
            self.complain('RST received', 'not captured')

    def times(self):
        came = [s.at for s in self.got]
        for key in ('since_fin_wait2', 'since_time_wait', 'since_close_wait',
                    'since_closing'):
            self.near('time', key, came)
        sent = [s.at for s in self.out if 'F' in s.flags]
        closed = self.time('since_fin_wait1') or self.time('since_last_ack')
        if sent and (closed is None or closed > sent[0]):
            self.complain('time of FIN', closed, 'captured', sent[0])

    def timewait_limit(self):
        """A FIN_WAIT2 is not shorter than 3.5 time-outs: tcp_time_wait()."""
        limit = TIMEWAIT
        if 'since_time_wait' not in self.r:
            limit = max(limit, int(us(self.r['rto']) * 7 / 2 / 1000))
        # The next level of the wheel begins at 32767 jiffies.
        return limit, WHEEL if limit < 131_000_000 else limit // 8

    def timewait(self):
        if self.r.get('tw_exit') != 'expired':
            return
        began = self.time('since_time_wait') or self.time('since_close')
        times = [began]
        if self.r.get('tw_restarts'):
            times += [s.at for s in self.got if s.at > began]
        limit, slack = self.timewait_limit()
        if not any(-TOLERANCE <= self.ended - t - limit <= slack
                   for t in times):
            self.complain('TIME_WAIT', (self.ended - began) / 1e6, 's after',
                          self.r.get('tw_restarts'), 'restarts')

    def data(self):
        """All the peer sent before its FIN has come."""
        if 'fin_remote' in self.r and 'bytes_received' in self.r and \
                self.isn_r is not None:
            self.same('bytes received', 'bytes_received',
                      (self.r['fin_remote'] - self.isn_r - 1) % 2**32)
        # With SO_LINGER 0 close() in LAST_ACK throws away what is not
        # acknowledged, without a RST: tcp_need_reset().
        acked = {s.ack for s in self.got if 'A' in s.flags}
        if self.r.get('end') == 'fin' and 'bytes_acked' in self.r and \
                (self.r['fin_local'] + 1) % 2**32 in acked:
            self.same('bytes acknowledged', 'bytes_acked',
                      (self.r['fin_local'] - self.isn_l - 1) % 2**32)

    def end(self):
        """What the capture knows of it."""
        end = self.r.get('end')
        got = any('R' in s.flags for s in self.got)
        if end in ('refused', 'reset-received', 'embryonic-reset') and \
                not got:
            self.complain('end without a RST')
        if end == 'fin' and not ('fin_local' in self.r and
                                 'fin_remote' in self.r):
            self.complain('end without both FINs')
        if end in ('listener-closed', 'aborted', 'disconnected') and \
                is_flag(self.r, 'rst-received'):
            self.complain('end after a RST')
        if end == 'unknown' or end is None:
            self.complain('end unknown')

    def run(self):
        if self.r['role'] == 'active':
            self.active()
        else:
            self.passive()
        self.fins()
        self.resets()
        self.times()
        self.timewait()
        self.data()
        self.end()


def began(record, segments, before):
    """When the first SYN went out, or came in: a request keeps the time of its
    SYN-ACK only. Of a syncookie the ACK is what counts: it may come again after
    the end and make one more life of the same numbers."""
    born = us(record['born'])
    if record['role'] == 'active':
        return born
    first = bisect_left(segments, before, key=attrgetter('at'))
    last = bisect_right(segments, born, key=attrgetter('at'))
    came = [s for s in segments[first:last] if not s.out]
    if is_flag(record, 'syncookie'):
        return max((s.at for s in came if 'A' in s.flags), default=born)
    return min((s.at for s in came if s.is_syn() and
                s.seq == record.get('isn_remote')), default=born)


def others(tuples, records):
    """Each SYN, and each passive open that is proved, has one record."""
    for key, segments in tuples.items():
        have = Counter(r.get('isn_local') for r in records.get(key, ()))
        cookies = {r.get('isn_local') for r in records.get(key, ())
                   if is_flag(r, 'syncookie')}
        synacks, last = set(), None
        need = {s.seq for s in segments if s.out and s.is_syn()}
        for s in segments:
            if s.out and s.is_synack():
                synacks.add(s.seq)
                last = s.seq
            elif s.out and last is not None and 'R' not in s.flags and \
                    'S' not in s.flags and (s.len or 'F' in s.flags) and \
                    (s.seq - last) % 2**32 < 2**20:
                need.add(last)
        for isn in need:
            if have[isn] != 1 and (have[isn] < 1 or isn not in cookies):
                complaints['records of a connection'] += 1
                print('records of a connection:', have[isn], *key, isn)
        for isn in have:
            if isn is not None and isn not in need | synacks | cookies:
                complaints['record of nothing'] += 1
                print('record of nothing:', *key, isn)


def main(args):
    tuples, records, segments = defaultdict(list), defaultdict(list), 0
    for i in range(1, len(args), 3):
        own = defaultdict(list)
        segments += read_trace(args[i + 2], args[i:i + 2], own)
        tuples.update(own)
    count = 0
    with open(args[0], encoding='utf-8') as lines:
        for line in lines:
            r = json.loads(line, parse_float=str)
            key = tuple(str(r.get(k)) for k in ('laddr', 'lport', 'raddr',
                                                'rport'))
            records[key].append(r)
            count += 1
    for key, lives in records.items():
        before = 0
        for r in sorted(lives, key=lambda r: us(r['born'])):
            if 'isn_local' in r:
                check = Check(r, tuples[key], began(r, tuples[key], before))
                check.run()
                before = check.last
    others(tuples, records)
    print(f'{count} records, {segments} segments, '
          f'{sum(complaints.values())} do not fit')
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
