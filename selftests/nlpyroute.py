#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The netlink family as python3-pyroute2 sees it.

    nlpyroute.py dump              prints the cookies of live connections
    nlpyroute.py follow COUNT      prints those of the next COUNT records
"""

import sys

from pyroute2.netlink import NLM_F_DUMP, NLM_F_REQUEST, genlmsg, nla
from pyroute2.netlink.generic import GenericNetlinkSocket

CONNECTION_GET = 1
A_RECORD = 1
A_RECORD_COOKIE = 1
A_RECORD_LOCAL_PORT = 9


class tcplifemsg(genlmsg):
    nla_map = ((A_RECORD, 'RECORD', 'record'),)

    class record(nla):
        nla_map = ((A_RECORD_COOKIE, 'COOKIE', 'uint64'),
                   (A_RECORD_LOCAL_PORT, 'LOCAL_PORT', 'be16'))


def cookies(msg):
    return ['%x' % rec.get_attr('COOKIE') for rec in msg.get_attrs('RECORD')]


def dump(sock):
    msg = tcplifemsg()
    msg['cmd'] = CONNECTION_GET
    msg['version'] = 1
    for reply in sock.nlm_request(msg, msg_type=sock.prid,
                                  msg_flags=NLM_F_REQUEST | NLM_F_DUMP):
        for cookie in cookies(reply):
            print(cookie)


def follow(sock, count):
    sock.add_membership('records')
    print('following', flush=True)
    while count > 0:
        for msg in sock.get():
            for cookie in cookies(msg):
                print(cookie, flush=True)
                count -= 1


def main():
    sock = GenericNetlinkSocket()
    sock.bind('tcplife', tcplifemsg)
    if sys.argv[1] == 'dump':
        dump(sock)
    else:
        follow(sock, int(sys.argv[2]))
    sock.close()


main()
