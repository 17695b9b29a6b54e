// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who ends a connection with an error: tcp_done_with_error() is called by
 * tcp_reset(), tcp_abort(), the ICMP handlers and, through tcp_write_err(), by
 * the timers. Each of these marks its CPU at its entry, so the last mark says
 * who called.
 */
#include <linux/percpu.h>
#include <net/tcp.h>

#include "conn.h"
#include "handlers.h"
#include "mark.h"
#include "retransmit.h"

/**
 * struct tcplife_mark - what this CPU was last asked to do to a socket
 * @kind: by which function
 * @retransmits: how often it had sent again when ICMP ran its timer
 * @at: the socket, or the timer in it; compared, never followed
 */
struct tcplife_mark {
	enum tcplife_mark_kind	kind;
	u8			retransmits;
	unsigned long		at;
};

static DEFINE_PER_CPU(struct tcplife_mark, tcplife_marks);

/**
 * tcplife_mark - a function that may end a connection with an error begins
 * @kind: which
 * @at: its socket, or the timer in it; 0 if it has none yet
 *
 * Context: in the hook of its entry.
 */
void tcplife_mark(enum tcplife_mark_kind kind, unsigned long at)
{
	struct tcplife_mark *mark = this_cpu_ptr(&tcplife_marks);

	/* A softirq that comes between marks something else, whole. */
	mark->kind = TCPLIFE_MARK_NONE;
	barrier();
	mark->at = at;
	barrier();
	mark->kind = kind;
}

/**
 * tcplife_marked - what this CPU was last asked to do, if it may be this socket
 * @sk: the socket
 *
 * An ICMP handler does not know its socket yet. One that runs the timer goes on
 * after it: the timer has given up unless tcp_retransmit_timer() has counted
 * that it sent once more.
 *
 * Return: by which function. Context: as tcplife_mark().
 */
enum tcplife_mark_kind tcplife_marked(const struct sock *sk)
{
	const struct tcplife_mark *mark = this_cpu_ptr(&tcplife_marks);

	if (mark->kind != TCPLIFE_MARK_ICMP &&
	    mark->at - (unsigned long)sk >= sizeof(struct tcp_sock))
		return TCPLIFE_MARK_NONE;
	if (mark->kind == TCPLIFE_MARK_ICMP && mark->at == (unsigned long)sk &&
	    mark->retransmits == inet_csk(sk)->icsk_retransmits)
		return TCPLIFE_MARK_WRITE_TIMER;
	return mark->kind;
}

/* tcp_v4_err(skb, info), tcp_v6_err() */
TCPLIFE_ENTRY(tcplife_on_icmp)
{
	tcplife_mark(TCPLIFE_MARK_ICMP, 0);
}

/* tcp_write_timer_handler(sk): retransmission and zero-window probe */
TCPLIFE_ENTRY(tcplife_on_write_timer)
{
	tcplife_mark(TCPLIFE_MARK_WRITE_TIMER, a0);
}

/* tcp_retransmit_timer(sk): by the timer above, or because ICMP said that the
 * peer is back: tcp_ld_RTO_revert().
 */
TCPLIFE_ENTRY(tcplife_on_retransmit_timer)
{
	struct tcplife_mark *mark = this_cpu_ptr(&tcplife_marks);
	const struct sock *sk = (struct sock *)a0;

	if (!tcplife_is_tcp(sk))
		return;
	/* It may give up a window that is closed, too. */
	if (mark->kind == TCPLIFE_MARK_ICMP && tcp_sk(sk)->packets_out) {
		tcplife_mark(TCPLIFE_MARK_ICMP, a0);
		mark->retransmits = inet_csk(sk)->icsk_retransmits;
	}
	tcplife_retransmit_timeout(sk);
}

/* tcp_keepalive_timer(t) */
TCPLIFE_ENTRY(tcplife_on_keepalive_timer)
{
	tcplife_mark(TCPLIFE_MARK_KEEPALIVE, a0);
}
