# SPDX-License-Identifier: GPL-2.0-only
"""What the captures of a storm show of one connection at one host.

Sequence numbers are counted from the initial one of their sender: 1 is the
first byte of data.
"""

from bisect import bisect_left, bisect_right
from operator import attrgetter

# The capture's stamp and the record's are taken this far apart at most, in us.
TOLERANCE = 2000
# A segment waits so long at most for a call of the owner to end, who may send
# much, and whose packets go all the way within the call.
BACKLOG = 20_000
# Nobody sends as much: what is farther ahead is another life's.
LIMIT = 2**26
# A window of two full segments keeps none back.
WIDE = 2 * 1460


def us(stamp):
    whole, part = str(stamp).split('.')
    return int(whole) * 1000000 + int(part.ljust(6, '0'))


def number(word):
    return None if word == '-' else int(word)


def after(a, b):
    """As the kernel's after(): numbers wrap around."""
    return 0 < (a - b) % 2**32 < 2**31


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

    def __str__(self):
        return (f"{self.at / 1e6:.6f} {'>' if self.out else '<'} {self.flags} "
                f"seq {self.seq} ack {self.ack} len {self.len} win {self.win} "
                f"mss {self.mss} ts {self.tsval}/{self.tsecr}")

    def has(self, letters):
        """One of these flags."""
        return any(f in self.flags for f in letters)

    def is_syn(self):
        return self.has('S') and not self.has('A')

    def is_synack(self):
        return self.has('S') and self.has('A')

    def is_reset(self):
        return self.has('R')

    def is_ack(self):
        """Neither of the handshake nor a RST."""
        return self.has('A') and not self.has('SR')

    def end(self):
        """The number after it."""
        return (self.seq + self.len + self.has('S') + self.has('F')) % 2**32

    def fin_seq(self):
        return (self.seq + self.len) % 2**32 if self.has('F') else None


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


def offset(value, isn):
    """Bytes from an initial sequence number; less than 0 if before it."""
    return (value - isn + 2**31) % 2**32 - 2**31


class Wire:
    """The segments of one life, and what follows from them alone."""

    def __init__(self, segments, began, close, last):
        """Of those of its addresses and ports, from one time to another; the
        full socket is gone at @close."""
        key = attrgetter('at')
        first = bisect_left(segments, began, key=key)
        end = bisect_right(segments, last, key=key)
        late = bisect_right(segments, last + TOLERANCE, key=key)
        self.all = segments[first:end]
        self.before = segments[:first]
        self.after = segments[end:late]
        self.out = [s for s in self.all if s.out]
        self.got = [s for s in self.all if not s.out]
        self.close = close

    def number_from(self, isn_l, isn_r, scales):
        """From here on only what has numbers of this life counts. Without RSTs:
        some have a number that was asked for."""
        self.isn_l, self.isn_r = isn_l, isn_r
        self.scales = scales
        self.life = [s for s in self.all if not s.is_reset() and
                     self.is_of_life(s)]
        self.ours = [s for s in self.life if s.out]
        self.theirs = [s for s in self.life if not s.out]
        # A syncookie was sent before.
        self.begun = 0 if any(s.has('S') for s in self.ours) else 1
        self.sure = self.must_take()

    def is_of_life(self, s):
        """The number of another SYN, as that of a cookie, may be near. Without a
        handshake's ACK a cookie's child may begin behind the first bytes, which
        come again and are good for what they acknowledge: tcp_sequence()."""
        isn = self.isn_l if s.out else self.isn_r
        if isn is None or s.has('S'):
            return s.seq == isn
        first = s.seq if s.out else s.end()
        return 0 <= offset(first, isn) and offset(s.seq, isn) < LIMIT

    def begin_of(self, s):
        return offset(s.seq, self.isn_l if s.out else self.isn_r)

    def end_of(self, s):
        return offset(s.end(), self.isn_l if s.out else self.isn_r)

    def ack_of(self, s):
        return offset(s.ack, self.isn_r if s.out else self.isn_l)

    def window_of(self, s):
        """At least: what scaling cuts off is not told."""
        return s.win if s.has('S') else s.win << self.scales[not s.out]

    def sent_by(self, at):
        """How far we had sent."""
        return max((self.end_of(s) for s in self.ours if s.at <= at),
                   default=self.begun)

    def acked_by(self, at):
        """How far the peer had acknowledged, if all its segments were good."""
        sent, high = self.begun, 0
        for s in self.life:
            if s.at > at:
                break
            if s.out:
                sent = max(sent, self.end_of(s))
            elif 'A' in s.flags and high < self.ack_of(s) <= sent:
                high = self.ack_of(s)
        return high

    def told_by(self, at):
        """How far we had acknowledged: that had been received, in order."""
        return max((self.ack_of(s) for s in self.ours
                    if s.at <= at and 'A' in s.flags), default=1)

    def come_by(self, at):
        """How far the peer's bytes had come, without a gap."""
        high = 1
        for s in sorted((s for s in self.theirs if s.at <= at),
                        key=self.begin_of):
            if self.begin_of(s) <= high:
                high = max(high, self.end_of(s))
        return high

    def sent_again(self):
        """Segments with data that do not go farther than one before: all are
        sent in order, so __tcp_retransmit_skb() made them. A SYN's data goes
        again without it. What has a FIN counts as that."""
        again, high = 0, 1
        for s in self.ours:
            if s.len and self.end_of(s) <= high and not s.has('SF'):
                again += 1
            high = max(high, self.end_of(s))
        return again

    def probes(self):
        """Nothing else repeats the last number that the peer acknowledged:
        tcp_xmit_probe_skb(), tcp_acceptable_seq()."""
        return sum(s.is_ack() and not s.len and not s.has('F') and
                   self.begin_of(s) == self.acked_by(s.at) - 1
                   for s in self.ours)

    def must_take(self):
        """Of the segments got those that pass every test there is: not older
        than one before, by timestamp and by what they acknowledge, which was
        sent; and in the window. tcp_validate_incoming(), tcp_ack(). Of the
        SYN-ACKs the first."""
        sure, newest, acked = [], None, 0
        sent = told = edge = self.begun
        for s in self.life:
            if s.out:
                sent = max(sent, self.end_of(s))
                if s.has('A'):
                    told = self.ack_of(s)
                    edge = told + self.window_of(s)
                continue
            old = s.ts and newest is not None and after(newest, int(s.tsval))
            if s.ts and not old:
                newest = int(s.tsval)
            if s.has('A') and not old and acked <= self.ack_of(s) <= sent and \
                    self.end_of(s) >= told and self.begin_of(s) <= edge and \
                    not (s.has('S') and sure):
                sure.append(s)
            if s.has('A') and self.ack_of(s) <= sent:
                acked = max(acked, self.ack_of(s))
        return sure

    def came(self, value):
        """When all up to there had come."""
        return next((s.at for s in self.theirs
                     if self.end_of(s) > 0 and self.come_by(s.at) >= value),
                    None)

    def told(self, value):
        """When we first acknowledged all up to there."""
        return next((s.at for s in self.ours if s.has('A') and
                     self.ack_of(s) >= value), None)

    def heard(self, value):
        """When the peer first acknowledged all up to there."""
        return next((s.at for s in self.theirs if s.has('A') and
                     self.ack_of(s) >= value), None)

    def must_hear(self, value):
        """When a full socket could not but hear it."""
        return next((s.at for s in self.sure if s.at <= self.close and
                     self.ack_of(s) >= value), None)

    def must_know(self, at):
        """What it must know by then to have been acknowledged."""
        return max((self.ack_of(s) for s in self.sure if s.at <= at), default=0)

    def is_idle(self, at):
        """All that was sent is acknowledged, and the window would let a full
        segment through: what is written goes out at once."""
        last = [s for s in self.sure if s.at <= at][-1:]
        return last and self.window_of(last[0]) >= WIDE and \
            self.must_know(at - BACKLOG) == self.sent_by(at)

    def is_due_before(self, answer):
        """What came last before it had the number that was due."""
        last = [s for s in self.got if s.at <= answer.at][-1:]
        return last and self.begin_of(last[0]) == self.told_by(answer.at)

    def resets_sent(self):
        return [s for s in self.out + self.after if s.out and s.is_reset()]

    def is_active_reset(self, s):
        """Has a number of its own and an ACK: tcp_send_active_reset(). One in
        reply has only one of them: tcp_v4_send_reset()."""
        return s.is_reset() and s.has('A') and s.seq and self.is_of_life(s)

    def resets_got(self):
        return [s for s in self.got if s.is_reset()]


def began(record, cookie, segments, before):
    """When the first SYN went out, or came in: a request keeps the time of its
    SYN-ACK only. Of a syncookie the ACK is what counts: it may come again after
    the end and make one more life of the same numbers."""
    born = us(record['born'])
    if record['role'] == 'active':
        return born
    first = bisect_left(segments, before, key=attrgetter('at'))
    last = bisect_right(segments, born, key=attrgetter('at'))
    came = [s for s in segments[first:last] if not s.out]
    if cookie:
        return max((s.at for s in came if s.has('A')), default=born)
    return min((s.at for s in came if s.is_syn() and
                s.seq == record.get('isn_remote')), default=born)
