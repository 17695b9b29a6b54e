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
from collections import Counter, defaultdict

from stormlife import Life, complaints, is_flag, suspects
from stormwire import BACKLOG, TOLERANCE, began, read_trace, us

# Whose end tells the peer by a RST in these states: tcp_need_reset(). What one
# that came has ended is called by that.
RESET_STATES = ('ESTABLISHED', 'CLOSE_WAIT', 'FIN_WAIT1', 'FIN_WAIT2',
                'SYN_RECV')
NOT_BY_RESET = ('listener-closed', 'aborted', 'disconnected')
BY_RESET = ('refused', 'reset-received', 'embryonic-reset')
BY_OWNER = (*NOT_BY_RESET, 'reset-sent', 'closed-in-handshake')
HANDSHAKE = ('refused', 'connect-timeout', 'closed-in-handshake',
             'syn-ack-timeout')
# No life of the same addresses and ports begins after it.
FOREVER = 2**63
# What a connection comes to that never sent a SYN.
UNSENT = ('closed-in-handshake', 'unreachable', 'no-local-port',
          'out-of-memory')


class Check(Life):
    """The checks of the handshake, the data and the end."""

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
        self.near('SYN', 'syn', [s.at for s in syns], True)
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
        self.near('handshake', 'since_established',
                  [s.at for s in ours], True)

    def passive(self):
        cookie = is_flag(self.r, 'syncookie')
        early = self.w.before + self.w.all if cookie else self.w.all
        synacks = [s for s in early if s.out and s.is_synack() and
                   s.seq == self.isn_l]
        self.near('handshake', 'since_established',
                  [s.at for s in self.got if s.has('A')], not self.tfo)
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
            self.near('SYN', 'syn', [synacks[0].at], True)
        # The one that takes the place of a TIME_WAIT comes before the end of
        # that one's record.
        syns = [s for s in self.w.before + self.w.all if not s.out and
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

    def established(self):
        """Before our first ACK, which a child of TCP Fast Open may send sooner.
        And one SYN-ACK is enough, if it is for our SYN:
        tcp_rcv_synsent_state_process()."""
        at = self.time('since_established')
        acks = [s.at for s in self.w.ours if s.is_ack() and s.at >= self.begin]
        if acks and (at is None or at > acks[0]) and not self.tfo:
            self.complain('ESTABLISHED', at, 'an ACK went', acks[0])
        if self.r['role'] != 'active':
            return
        echoes = {s.tsval for s in self.out if s.is_syn()} | {'-'}
        came = [s.at for s in self.got if s.is_synack() and
                s.tsecr in echoes and s.at >= self.begin and
                0 < self.w.ack_of(s) <= self.w.sent_by(s.at)]
        if came and min(at or self.close, self.close) > came[0] + BACKLOG:
            self.complain('ESTABLISHED', at, 'a SYN-ACK came', came[0])

    def counts(self):
        """A full socket counts what it sends and what comes to it, but not the
        RSTs of tcp_v4_send_reset(). A passive one takes over the SYN, too:
        tcp_create_openreq_child(). One segment each: the hosts send no larger
        ones, and nothing here puts any together."""
        sent = [s for s in self.out if self.begin <= s.at <= self.close and
                (not s.is_reset() or self.w.is_active_reset(s))]
        began, syn = self.begin, 0
        if self.r['role'] == 'passive':
            sent = [s for s in sent if not s.is_synack()]
            # The final ACK; of TCP Fast Open the SYN itself.
            began = max((s.at for s in self.got if s.at <= began),
                        default=began)
            syn = 0 if self.tfo else 1
        early = self.by_request(sent)
        self.between('segments sent', len(sent) - early, self.r['segs_out'],
                     len(sent))
        self.same('segments received', 'segs_in', syn + sum(
            began <= s.at <= self.close for s in self.got))
        self.same('data sent again', 'data_retransmits', self.w.sent_again())
        if self.r['keepalives'] + self.r['probes'] != self.w.probes():
            self.complain('probes', 'captured', self.w.probes())

    def by_request(self, sent):
        """How many of these its request may have sent, which answers for a
        child of TCP Fast Open what is not due until the final ACK:
        tcp_check_req()."""
        at = self.time('since_established') or self.close
        return sum(s.is_ack() and not s.len and not s.has('F') and
                   s.at <= at and not self.w.is_due_before(s)
                   for s in sent) if self.tfo else 0

    def payload(self):
        """When the full socket went: at least what had to be known of it, at
        most what the segments can have told. A FIN is no payload."""
        self.bracket('bytes_acked', self.fin_at('fin_local', self.isn_l),
                     self.w.must_know(self.close - BACKLOG),
                     self.w.acked_by(self.close))
        if self.isn_r is None:
            self.same('bytes', 'bytes_received', 0)
        else:
            self.bracket('bytes_received',
                         self.fin_at('fin_remote', self.isn_r),
                         self.w.told_by(self.close),
                         self.w.come_by(self.close))

    def bracket(self, key, fin, low, high):
        """Numbers of what comes next, as bytes: the first has number 1."""
        self.between(key, max(0, min(low, fin) - 1), self.r.get(key, -1),
                     max(0, min(high, fin) - 1))

    def resets(self):
        """One before that may be in answer to what came for the request, or to a
        SYN from this port that found no listener; one after the full socket is
        its own if it has its numbers, until another life begins."""
        sent = [s for s in self.w.resets_sent()
                if s.at >= self.begin - TOLERANCE]
        sure = [s.at for s in sent if self.begin <= s.at <= self.last or
                self.last < s.at < self.until and self.w.is_active_reset(s)]
        said = is_flag(self.r, 'rst-sent')
        wrong = not sent if said else sure
        if wrong:
            self.complain('RST sent', said, 'captured', sure)
        if is_flag(self.r, 'rst-received') and \
                not self.reset_near(self.w.resets_got()):
            self.complain('RST received', 'not captured')

    def reset_near(self, resets):
        """A RST ends the full socket, or the timewait socket, at once."""
        return any(abs(s.at - at) <= BACKLOG for s in resets
                   for at in (self.close, self.ended))

    def reset_taken(self):
        """One with the number that is due is never refused, and in SYN_SENT one
        that acknowledges our SYN: tcp_validate_incoming(),
        tcp_rcv_synsent_state_process(). Unless the owner was faster, or an ACK
        of our FIN in the same backlog."""
        for s in self.w.resets_got():
            if self.tfo or not self.begin <= s.at <= self.close or \
                    not self.reset_due(s):
                continue
            if s.at < self.close - BACKLOG:
                self.complain('RST not taken', s.at, 'closed', self.close)
            elif not is_flag(self.r, 'rst-received') and \
                    self.r.get('end') not in (*BY_OWNER, 'fin'):
                self.complain('RST not taken', s.at)
            break

    def reset_due(self, s):
        """Where all that has come is acknowledged, the number is known."""
        at = self.time('since_established')
        if at is None or s.at < at:
            return s.has('A') and \
                0 < self.w.ack_of(s) <= self.w.sent_by(s.at)
        return self.w.begin_of(s) == self.w.told_by(s.at) == \
            self.w.come_by(s.at)

    def end(self):
        """What the capture knows of it."""
        end = self.r.get('end')
        rst = is_flag(self.r, 'rst-received')
        if end in BY_RESET and not (
                rst and self.reset_near(self.w.resets_got())):
            self.complain('end without a RST')
        if end in NOT_BY_RESET and rst:
            self.complain('end after a RST')
        if self.must_reset(end) and not self.reset_near(self.w.resets_sent()):
            self.complain('end without a RST sent')
        if end == 'fin' and not ('fin_local' in self.r and
                                 'fin_remote' in self.r):
            self.complain('end without both FINs')
        if end in HANDSHAKE and self.time('since_established'):
            self.complain('end in the handshake')
        if end == 'listener-closed' and 'accepted' in self.r:
            self.complain('end after accept()')
        self.end_by_timer(end)

    def must_reset(self, end):
        """Does this end tell the peer: tcp_disconnect(), tcp_abort()?"""
        if end not in NOT_BY_RESET or is_flag(self.r, 'timewait'):
            return end == 'reset-sent'
        return self.r['last_state'] in RESET_STATES

    def end_by_timer(self, end):
        """Which timer it was depends on what is not acknowledged:
        tcp_write_timeout(), tcp_probe_timer()."""
        sent, heard = self.w.sent_by(self.close), self.w.acked_by(self.close)
        known = self.w.must_know(self.close - BACKLOG)
        fin = self.fin_at('fin_local', self.isn_l)
        wrong = {
            'connect-timeout': heard,
            'retransmit-timeout': known >= sent,
            'fin-timeout': sent != fin + 1 or not known <= fin <= heard,
            'probe-timeout': heard < sent,
            'fin-wait2-timeout': 'fin_remote' in self.r or
                                 'since_fin_wait2' not in self.r,
        }
        if wrong.get(end):
            self.complain('end by timer', 'sent', sent, 'FIN', fin,
                          'acknowledged', known, 'to', heard)

    def run(self):
        if self.r['role'] == 'active':
            self.active()
        else:
            self.passive()
        self.established()
        self.teardown()
        self.resets()
        self.reset_taken()
        self.counts()
        self.payload()
        self.end()


def answered_before(r):
    """The SYN-ACK for the SYN of its last life came while it put off its own,
    for data of TCP Fast Open, and the kernel took it."""
    return 'tfo' in r['flags'] and 'since_established' in r and \
        'syn_data' not in r and r.get('generation')


def refused_before(r, segments):
    """So did a RST, which refuses it."""
    return r.get('end') == 'refused' and 'rst-received' in r['flags'] and \
        any(s.is_reset() and not s.out and
            us(r['born']) <= s.at <= us(r['since_close']) + TOLERANCE
            for s in segments)


def unsent(r, segments):
    """No SYN was sent: that each has a record, others() sees. What comes may be
    for an earlier life."""
    if answered_before(r):
        return
    known = r.get('end') in UNSENT or refused_before(r, segments)
    if r['role'] != 'active' or not known or \
            r.get('segs_out') or 'since_established' in r or \
            r.get('segs_in') and not r.get('generation'):
        complaints['record without a SYN'] += 1
        print('record without a SYN:', r)


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
        lives.sort(key=lambda r: us(r['born']))
        births = [us(r['born']) for r in lives[1:]] + [FOREVER]
        for r, until in zip(lives, births):
            if r.get('end', 'unknown') == 'unknown':
                print('end unknown:', *key, r['cookie'])
                complaints['end unknown'] += 1
            if 'isn_local' not in r:
                unsent(r, tuples[key])
                continue
            check = Check(r, tuples[key], until,
                          began(r, is_flag(r, 'syncookie'), tuples[key],
                                before))
            check.run()
            before = check.last
    others(tuples, records)
    for life in suspects:
        life.show()
    print(f'{count} records, {segments} segments, '
          f'{sum(complaints.values())} do not fit')
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
