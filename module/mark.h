/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_MARK_H
#define _TCPLIFE_MARK_H

struct sock;

/* By what a CPU was last asked to do something to a socket. */
enum tcplife_mark_kind {
	TCPLIFE_MARK_NONE,
	TCPLIFE_MARK_RESET,
	TCPLIFE_MARK_ICMP,
	TCPLIFE_MARK_WRITE_TIMER,
	TCPLIFE_MARK_KEEPALIVE,
};

void tcplife_mark(enum tcplife_mark_kind kind, unsigned long at);
enum tcplife_mark_kind tcplife_marked(const struct sock *sk);

#endif /* _TCPLIFE_MARK_H */
