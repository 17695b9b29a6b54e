// SPDX-License-Identifier: GPL-2.0-only
/*
 * Teardown: resets, errors and time-outs of full sockets, and what was behind a
 * transition to CLOSE.
 *
 * tcp_done_with_error() is called by tcp_reset(), tcp_abort(), the ICMP
 * handlers and, through tcp_write_err(), by the timers. Each of these marks its
 * CPU at its entry, so the last mark says who called.
 */
#include <linux/errno.h>
#include <linux/percpu.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "conn.h"
#include "halfopen.h"
#include "handlers.h"
#include "teardown.h"

enum teardown_mark {
	MARK_NONE,
	MARK_RESET,
	MARK_ICMP,
	MARK_WRITE_TIMER,
	MARK_KEEPALIVE,
};

static DEFINE_PER_CPU(enum teardown_mark, teardown_mark);

static void teardown_cause(const struct sock *sk, enum tcplife_cause cause,
			   enum tcplife_rst_why why, u32 facts)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(sk, &rec, &flags);
	/* What a closing listener does to its children goes through here. */
	if (rec && rec->state != TCP_CLOSE &&
	    !(rec->flags & TCPLIFE_F_LISTENER)) {
		rec->cause = cause;
		rec->rst_why = why;
		rec->flags |= facts;
	}
	tcplife_table_unlock(head, flags);
}

/* tcp_reset(sk, skb): for a RST, and for data that came after close(), which
 * is then answered by one.
 */
TCPLIFE_ENTRY(tcplife_on_reset)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;
	const struct sock *sk = (struct sock *)a0;

	if (!tcplife_is_tcp(sk))
		return;
	this_cpu_write(teardown_mark, MARK_RESET);
	if (!tcp_hdr(skb)->rst) {
		teardown_cause(sk, TCPLIFE_CAUSE_LATE_DATA,
			       TCPLIFE_RST_DATA_AFTER_CLOSE,
			       TCPLIFE_F_RST_SENT);
		return;
	}
	tcplife_count(sock_net(sk), TCPLIFE_C_RST_RECEIVED);
	teardown_cause(sk, TCPLIFE_CAUSE_RESET, TCPLIFE_RST_NONE,
		       TCPLIFE_F_RST_RECEIVED);
}

/* tcp_v4_err(skb, info), tcp_v6_err() */
TCPLIFE_ENTRY(tcplife_on_icmp)
{
	this_cpu_write(teardown_mark, MARK_ICMP);
}

/* tcp_write_timer_handler(sk): retransmission and zero-window probe */
TCPLIFE_ENTRY(tcplife_on_write_timer)
{
	this_cpu_write(teardown_mark, MARK_WRITE_TIMER);
}

/* tcp_keepalive_timer(t) */
TCPLIFE_ENTRY(tcplife_on_keepalive_timer)
{
	this_cpu_write(teardown_mark, MARK_KEEPALIVE);
}

/* tcp_write_err() from the retransmission or the probe timer: which of its
 * limits was met (tcp_write_timeout(), tcp_probe_timer()).
 */
static enum tcplife_cause timer_cause(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_user_timeout)
		return TCPLIFE_CAUSE_USER_TIMEOUT;
	if (!tp->packets_out)
		return TCPLIFE_CAUSE_PROBE;
	if ((1 << sk->sk_state) &
	    (TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK) &&
	    tp->snd_una + 1 == tp->write_seq)
		return TCPLIFE_CAUSE_FIN_RETRANSMIT;
	return TCPLIFE_CAUSE_RETRANSMIT;
}

static enum tcplife_cause error_cause(const struct sock *sk)
{
	switch (this_cpu_read(teardown_mark)) {
	case MARK_ICMP:
		return TCPLIFE_CAUSE_ICMP;
	case MARK_WRITE_TIMER:
		return timer_cause(sk);
	case MARK_KEEPALIVE:
		return inet_csk(sk)->icsk_user_timeout ?
		       TCPLIFE_CAUSE_USER_TIMEOUT : TCPLIFE_CAUSE_KEEPALIVE;
	case MARK_RESET:
	case MARK_NONE:
		break;
	}
	return TCPLIFE_CAUSE_NONE;
}

/* tcp_done_with_error(sk, err) */
TCPLIFE_ENTRY(tcplife_on_done_error)
{
	const struct sock *sk = (struct sock *)a0;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!tcplife_is_tcp(sk))
		return;
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec && rec->state != TCP_CLOSE) {
		rec->err = (int)a1;
		rec->flags |= TCPLIFE_F_KERNEL_ERR;
		/* tcp_reset() and tcp_abort() have said so themselves. */
		if (rec->cause == TCPLIFE_CAUSE_NONE)
			rec->cause = error_cause(sk);
	}
	tcplife_table_unlock(head, flags);
}

/* tcp_disconnect(sk, flags): close() with SO_LINGER 0 or in repair mode, a
 * child dropped by its listener, or connect(AF_UNSPEC).
 */
TCPLIFE_ENTRY(tcplife_on_disconnect)
{
	const struct sock *sk = (struct sock *)a0;

	if (!tcplife_is_tcp(sk) || sk->sk_state == TCP_CLOSE ||
	    sk->sk_state == TCP_LISTEN)
		return;
	if (tcp_sk(sk)->repair)
		teardown_cause(sk, TCPLIFE_CAUSE_REPAIR, TCPLIFE_RST_NONE, 0);
	else if (sk->sk_shutdown == SHUTDOWN_MASK &&
		 sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime)
		/* __tcp_close() has set the mask just now. */
		teardown_cause(sk, TCPLIFE_CAUSE_LINGER, TCPLIFE_RST_LINGER, 0);
	else
		teardown_cause(sk, TCPLIFE_CAUSE_DISCONNECT,
			       TCPLIFE_RST_DISCONNECT, 0);
}

/* tcp_abort(sk, err): ss -K; for a request, a timewait or a full socket */
TCPLIFE_ENTRY(tcplife_on_abort)
{
	const struct sock *sk = (struct sock *)a0;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	switch (inet_sk_state_load(sk)) {
	case TCP_NEW_SYN_RECV:
		tcplife_halfopen_abort(sk);
		return;
	case TCP_TIME_WAIT:
		head = tcplife_conn_lock(sk, &rec, &flags);
		if (rec)
			rec->tw_hint = TCPLIFE_TW_KILLED;
		tcplife_table_unlock(head, flags);
		return;
	case TCP_LISTEN:
		return;
	}
	if (tcplife_is_tcp(sk))
		teardown_cause(sk, TCPLIFE_CAUSE_ABORT, TCPLIFE_RST_ABORT, 0);
}

/* tcp_send_active_reset(sk, ...) */
TCPLIFE_ENTRY(tcplife_on_active_reset)
{
	const struct sock *sk = (struct sock *)a0;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!tcplife_is_tcp(sk))
		return;
	tcplife_count(sock_net(sk), TCPLIFE_C_RST_SENT);
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		rec->flags |= TCPLIFE_F_RST_SENT;
		if (!rec->rst_why)
			rec->rst_why = TCPLIFE_RST_OTHER;
	}
	tcplife_table_unlock(head, flags);
}

/* An answer by RST. @sk may be NULL, a request, a timewait socket, a listener
 * or a full socket. Never for a RST, and without a socket only for what came to
 * an address of this host.
 */
static void send_reset(const struct sock *sk, const struct sk_buff *skb,
		       bool local)
{
	const struct dst_entry *dst = skb_dst(skb);

	if (tcp_hdr(skb)->rst)
		return;
	if (sk)
		tcplife_count(sock_net(sk), TCPLIFE_C_RST_SENT);
	else if (dst && local)
		tcplife_count(dev_net(dst->dev), TCPLIFE_C_RST_SENT);
}

/* tcp_v4_send_reset(sk, skb, ...) */
TCPLIFE_ENTRY(tcplife_on_send_reset4)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;
	const struct rtable *rt = skb_rtable(skb);

	send_reset((struct sock *)a0, skb, rt && rt->rt_type == RTN_LOCAL);
}

/* tcp_v6_send_reset(sk, skb, ...) */
TCPLIFE_ENTRY(tcplife_on_send_reset6)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;

	send_reset((struct sock *)a0, skb,
		   skb_dst(skb) && ipv6_unicast_destination(skb));
}

/* Our side of the connection is through without a cause that a hook told:
 * what tcp_rcv_state_process(), __tcp_close() or a timer found.
 */
static enum tcplife_cause close_cause(const struct sock *sk,
				      const struct tcplife_record *rec, int old)
{
	const struct inet_timewait_death_row *dr =
		tcplife_death_row(sock_net(sk));
	u32 fin = !!(rec->flags & TCPLIFE_F_FIN_REMOTE);
	const struct tcp_sock *tp = tcp_sk(sk);

	if (old == TCP_SYN_SENT || old == TCP_SYN_RECV)
		return TCPLIFE_CAUSE_NONE;
	/* close() before orphaning: the receive queue was not empty. */
	if (in_task() && sk->sk_shutdown == SHUTDOWN_MASK &&
	    !sock_flag(sk, SOCK_DEAD) &&
	    before(tp->copied_seq, tp->rcv_nxt - fin))
		return TCPLIFE_CAUSE_UNREAD;
	if (!check_net(sock_net(sk)))
		return TCPLIFE_CAUSE_NETNS;
	if (rec->flags & TCPLIFE_F_FIN_LOCAL && tp->snd_una != tp->write_seq)
		return TCPLIFE_CAUSE_OOM;
	if (old != TCP_FIN_WAIT2 && old != TCP_CLOSING)
		return fin && rec->flags & TCPLIFE_F_FIN_LOCAL ?
		       TCPLIFE_CAUSE_NONE : TCPLIFE_CAUSE_OOM;

	/* These end in a timewait socket, and this one did not get it. */
	if (old == TCP_FIN_WAIT2 && tp->linger2 < 0)
		return TCPLIFE_CAUSE_LINGER2;
	if (refcount_read(&dr->tw_refcount) - 1 >=
	    READ_ONCE(dr->sysctl_max_tw_buckets) || fin)
		return TCPLIFE_CAUSE_TW_OVERFLOW;
	if (this_cpu_read(teardown_mark) == MARK_KEEPALIVE)
		return TCPLIFE_CAUSE_FIN_WAIT2;
	return TCPLIFE_CAUSE_LATE_DATA;
}

/* Why a RST goes out, where the cause says it and the hook before it did not. */
static enum tcplife_rst_why close_rst_why(enum tcplife_cause cause)
{
	switch (cause) {
	case TCPLIFE_CAUSE_UNREAD:
		return TCPLIFE_RST_UNREAD;
	case TCPLIFE_CAUSE_KEEPALIVE:
		return TCPLIFE_RST_KEEPALIVE;
	case TCPLIFE_CAUSE_OOM:
		return TCPLIFE_RST_OOM;
	case TCPLIFE_CAUSE_LATE_DATA:
		return TCPLIFE_RST_DATA_AFTER_CLOSE;
	case TCPLIFE_CAUSE_LINGER2:
		return TCPLIFE_RST_LINGER;
	default:
		return TCPLIFE_RST_NONE;
	}
}

/**
 * tcplife_teardown_close - a full socket enters CLOSE
 * @rec: its record, locked
 * @sk: the socket, locked
 * @old: the state that it leaves
 *
 * Not the end of the record: a RST may follow, and a timewait socket has taken
 * the record away before. Context: with the socket locked.
 */
void tcplife_teardown_close(struct tcplife_record *rec, const struct sock *sk,
			    int old)
{
	if (rec->cause == TCPLIFE_CAUSE_NONE &&
	    !(rec->flags & TCPLIFE_F_KERNEL_ERR))
		rec->cause = close_cause(sk, rec, old);
	if (!rec->rst_why || rec->rst_why == TCPLIFE_RST_OTHER)
		rec->rst_why = close_rst_why(rec->cause);

	switch (rec->cause) {
	case TCPLIFE_CAUSE_TW_OVERFLOW:
		rec->tw_exit = TCPLIFE_TW_OVERFLOW;
		tcplife_count(sock_net(sk), TCPLIFE_C_TW_OVERFLOW);
		break;
	case TCPLIFE_CAUSE_LINGER:
	case TCPLIFE_CAUSE_UNREAD:
	case TCPLIFE_CAUSE_DISCONNECT:
		if (in_task())
			tcplife_closer_set(rec);
		break;
	case TCPLIFE_CAUSE_LATE_DATA:
		rec->flags |= TCPLIFE_F_RST_SENT;
		break;
	default:
		break;
	}
}
