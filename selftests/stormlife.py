# SPDX-License-Identifier: GPL-2.0-only
"""One record of a storm and its segments: what it says of its teardown.

A bound is said where it is one. All else is exact: the capture is taken at the
host, so it has each segment that the socket got or sent.
"""

import json
from collections import Counter

from stormwire import BACKLOG, TOLERANCE, Wire, offset, us

# TCP_TIMEWAIT_LEN, in us, and what the timer wheel adds to it at most.
TIMEWAIT = 60_000_000
WHEEL = 2_100_000

complaints = Counter()
# Lives that somebody complained of, to be shown once: a storm is not the same
# twice, and the machine that kept its capture may be gone.
suspects = []
SHOWN = 4


def is_flag(record, name):
    return name in record.get('flags', ())


class Life:
    """What all checks stand on, and the checks of the teardown."""

    def __init__(self, record, segments, until, began):
        self.r = record
        self.until = until      # when the next life begins
        self.ended = us(record['ended'])
        # A full socket sends nothing in CLOSE but the RST of who closed it.
        timewait = record.get('tw_exit', 'overflow') != 'overflow'
        self.close = us(record.get('since_close', record['ended']))
        self.last = self.ended if timewait else self.close
        self.w = Wire(segments, began, self.close, self.last)
        self.out, self.got = self.w.out, self.w.got
        self.isn_l = record['isn_local']
        self.isn_r = record.get('isn_remote')
        self.w.number_from(self.isn_l, self.isn_r,
                           (record.get('wscale_local') or 0,
                            record.get('wscale_remote') or 0))
        # When the full socket began, and if its peer's SYN was enough for that.
        self.begin = us(record.get('queued', record['born']))
        self.tfo = record['role'] == 'passive' and is_flag(record, 'tfo')

    def complain(self, what, *values):
        complaints[what] += 1
        if complaints[what] <= 8:
            r = self.r
            print(f"{what}: {' '.join(map(str, values))}: "
                  f"{r['cookie']}.{r.get('generation', 0)} {r['laddr']} "
                  f"{r['lport']} {r['raddr']} {r['rport']} {r['role']} "
                  f"{r.get('end')} isn {self.isn_l}")
        if self not in suspects and len(suspects) < SHOWN:
            suspects.append(self)

    def show(self):
        """The record and its segments, and those before and after it."""
        print(json.dumps(self.r))
        for name, segments in (('before', self.w.before[-12:]),
                               ('of it', self.w.all[:60]),
                               ('after', self.w.after[:12])):
            for s in segments:
                print(name, s)

    def same(self, what, key, want):
        if self.r.get(key) != want:
            self.complain(what, self.r.get(key), 'captured', want)

    def between(self, what, low, value, high):
        if not low <= value <= high:
            self.complain(what, value, 'captured', low, 'to', high)

    def time(self, key):
        return us(self.r[key]) if key in self.r else None

    def near(self, what, key, times, must=False):
        """Some segment of these came or went at that time."""
        at = self.time(key)
        if at is None:
            if must:
                self.complain(what, 'no', key)
            return
        nearest = min((abs(t - at) for t in times), default=None)
        if nearest is None or nearest > TOLERANCE:
            self.complain(what, key, 'off by', nearest, 'us')

    def fin_at(self, key, isn):
        """Where a FIN is; without one, farther than anybody goes."""
        return offset(self.r[key], isn) if key in self.r else 2**31

    def fins(self):
        sent = [s for s in self.out if s.has('F')]
        for s in sent:
            if s.fin_seq() != self.r.get('fin_local'):
                self.complain('FIN', self.r.get('fin_local'), 'captured',
                              s.fin_seq())
                break
        if sent:
            self.same('FINs sent again', 'fin_retransmits', len(sent) - 1)
        elif 'fin_local' in self.r:
            self.complain('FIN', self.r['fin_local'], 'captured none')
        got = [s for s in self.got if s.has('F')]
        self.peer_fins({s.fin_seq() for s in got})
        self.first_fin(sent, got)

    def peer_fins(self, numbers):
        theirs = self.r.get('fin_remote')
        if theirs is not None and theirs not in numbers:
            self.complain("peer's FIN", theirs, 'captured', numbers)
        acked = {s.ack for s in self.out if s.has('A')}
        for fin in numbers:
            # In one made so, what is older is acknowledged all the same.
            if theirs is None and fin != self.isn_r and \
                    (fin + 1) % 2**32 in acked:
                self.complain("peer's FIN", None, 'acknowledged', fin)

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

    def times(self):
        came = [s.at for s in self.got]
        for key in ('since_fin_wait2', 'since_time_wait', 'since_close_wait',
                    'since_closing'):
            self.near('time', key, came)
        sent = [s.at for s in self.out if s.has('F')]
        closed = self.time('since_fin_wait1') or self.time('since_last_ack')
        if sent and (closed is None or closed > sent[0]):
            self.complain('time of FIN', closed, 'captured', sent[0])
        # tcp_send_fin() sends it at once if nothing is before it.
        if closed and self.close > closed + TOLERANCE and \
                self.w.is_idle(closed) and \
                (not sent or sent[0] > closed + TOLERANCE) and \
                self.w.sent_by(closed) == self.fin_at('fin_local', self.isn_l):
            self.complain('time of FIN', closed, 'captured', sent[:1])

    def peer_closed_at(self):
        return self.time('since_close_wait') or self.time('since_closing') or \
            self.time('since_time_wait')

    def peer_closed(self):
        """The peer's FIN is taken after all before it has come, and before we
        acknowledge it: tcp_fin() comes before the ACK, or right after."""
        if 'fin_remote' not in self.r:
            return
        fin = offset(self.r['fin_remote'], self.isn_r) + 1
        at = self.peer_closed_at()
        if at is None and self.r.get('tw_exit') == 'overflow':
            at = self.close
        came, told = self.w.came(fin), self.w.told(fin)
        if at is None or came is None or at < came or \
                told is not None and at > told + TOLERANCE:
            self.complain("time of the peer's FIN", at, 'captured', came, told)

    def fin_again(self):
        """One that must be taken is counted, unless its ACK of our FIN ends
        what it comes to: tcp_rcv_state_process(). In TIME_WAIT each is. At most
        all but the first are."""
        if 'fin_remote' not in self.r:
            return
        again = [s for s in self.w.theirs
                 if s.fin_seq() == self.r['fin_remote']]
        since = self.peer_closed_at() or self.last
        tw = max(self.time('since_time_wait') or self.last, self.close)
        sure = [s for s in self.w.sure if s in again and not self.tfo and
                since < s.at < self.close - BACKLOG]
        sure += [s for s in again if s.at > tw]
        self.between('FINs come again', len(sure), self.r['fin_duplicates'],
                     len(again) - 1)

    def fin_acked(self):
        """FIN_WAIT2, or TIME_WAIT after CLOSING, begins with an ACK of our FIN,
        and one that nothing is wrong with begins it, or ends LAST_ACK:
        tcp_rcv_state_process()."""
        at = self.time('since_fin_wait2') or self.time('since_time_wait')
        if is_flag(self.r, 'timewait') and 'since_fin_wait2' not in self.r and \
                'since_closing' not in self.r:
            self.complain('FIN_WAIT2', 'missing')
        if 'fin_local' not in self.r or self.tfo:
            return
        fin = offset(self.r['fin_local'], self.isn_l) + 1
        heard, must = self.w.heard(fin), self.w.must_hear(fin)
        if at and (heard is None or at < heard):
            self.complain('ACK of our FIN', at, 'captured', heard)
        if must and min(at or self.close, self.close) > must + BACKLOG:
            self.complain('ACK of our FIN', at, 'must be heard', must)

    def half_close(self):
        """Payload of the half-close: what the owner wrote after the peer's FIN,
        or what came after our own."""
        ours = self.time('since_fin_wait1') or self.time('since_last_ack')
        if not ours or 'fin_remote' not in self.r:
            if 'half_close_bytes' in self.r:
                self.complain('half-close', 'without both FINs')
            return
        theirs = self.time('since_close_wait')
        low, high = self.written(theirs) if theirs else self.come(ours)
        self.between('half-close', low, self.r.get('half_close_bytes', -1),
                     high)

    def written(self, since):
        """At most what was not sent by then. Just that, if nothing can have
        waited to be, and our FIN went behind it."""
        most = self.fin_at('fin_local', self.isn_l) - self.w.sent_by(since)
        exact = 'fin_local' in self.r and self.w.is_idle(since)
        return most if exact else 0, most

    def come(self, since):
        """What had come before, the ACKs until then bound, and that of our FIN:
        tcp_shutdown() sends it, unless data is before it."""
        fin = offset(self.r['fin_remote'], self.isn_r)
        fins = [self.w.ack_of(s) for s in self.w.ours if s.has('F')]
        return fin - min(fins + [self.w.come_by(since)]), \
            fin - self.w.told_by(since)

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

    def teardown(self):
        self.fins()
        self.times()
        self.peer_closed()
        self.fin_again()
        self.fin_acked()
        self.half_close()
        self.timewait()
