// SPDX-License-Identifier: GPL-2.0-only
/*
 * Teardown: resets, errors and time-outs of full sockets, and what was behind a
 * transition to CLOSE.
 */
#include <linux/errno.h>

#include "conn.h"
#include "halfopen.h"
#include "handlers.h"
#include "mark.h"
#include "retransmit.h"
#include "teardown.h"
#include "timewait.h"

static void teardown_cause(const struct sock *sk, enum tcplife_cause cause,
			   enum tcplife_rst why, u32 facts)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(sk, &rec, &flags);
	/* What a closing listener does to its children goes through here. */
	if (rec && rec->state != TCP_CLOSE &&
	    rec->cause != TCPLIFE_CAUSE_LISTENER) {
		rec->cause = cause;
		if (why)
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
	tcplife_mark(TCPLIFE_MARK_RESET, a0);
	if (!tcp_hdr(skb)->rst) {
		tcplife_count(sock_net(sk), TCPLIFE_C_ABORT_LATE_DATA);
		teardown_cause(sk, TCPLIFE_CAUSE_LATE_DATA,
			       TCPLIFE_RST_DATA_AFTER_CLOSE,
			       TCPLIFE_F_RST_SENT);
		return;
	}
	tcplife_count(sock_net(sk), TCPLIFE_C_RST_RECEIVED);
	if (tcplife_halfopen_child_reset(sk, skb))
		tcplife_count(sock_net(sk), TCPLIFE_C_ATTEMPT_FAILS);
	teardown_cause(sk, TCPLIFE_CAUSE_RESET, TCPLIFE_RST_NONE,
		       TCPLIFE_F_RST_RECEIVED);
}

/* tcp_write_err() from the retransmission or the probe timer: which of its
 * limits was met (tcp_write_timeout(), tcp_probe_timer()).
 */
static enum tcplife_cause timer_cause(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_user_timeout)
		return TCPLIFE_CAUSE_USER_TIMEOUT;
	/* A child of TCP Fast Open waits for its final ACK. */
	if (sk->sk_state == TCP_SYN_RECV)
		return TCPLIFE_CAUSE_RETRANSMIT;
	if (!tp->packets_out)
		return TCPLIFE_CAUSE_PROBE;
	if ((1 << sk->sk_state) &
	    (TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK) &&
	    tp->snd_una + 1 == tp->write_seq)
		return TCPLIFE_CAUSE_FIN_RETRANSMIT;
	return TCPLIFE_CAUSE_RETRANSMIT;
}

static enum tcplife_cause error_cause(const struct sock *sk, int err)
{
	/* tcp_abort(): ss -K, or BPF. */
	if (err == ECONNABORTED && in_task())
		return TCPLIFE_CAUSE_ABORT;
	switch (tcplife_marked(sk)) {
	case TCPLIFE_MARK_ICMP:
		return TCPLIFE_CAUSE_ICMP;
	case TCPLIFE_MARK_WRITE_TIMER:
		return timer_cause(sk);
	case TCPLIFE_MARK_KEEPALIVE:
		return inet_csk(sk)->icsk_user_timeout ?
		       TCPLIFE_CAUSE_USER_TIMEOUT : TCPLIFE_CAUSE_KEEPALIVE;
	case TCPLIFE_MARK_RESET:
	case TCPLIFE_MARK_NONE:
		break;
	}
	return TCPLIFE_CAUSE_NONE;
}

/* tcp_write_err() has given up. Before that tcp_write_timeout() has looked at
 * what became of a TCP Fast Open, and it does so for the last time if there were
 * fewer than two time-outs, which the user or tcp_syn_retries must want.
 */
static void teardown_count_timeout(const struct sock *sk, int err)
{
	if (err == ECONNABORTED && in_task())
		return;
	switch (tcplife_marked(sk)) {
	case TCPLIFE_MARK_WRITE_TIMER:
		if (inet_csk(sk)->icsk_retransmits < 2 &&
		    tcplife_retransmit_counts(sk))
			tcplife_retransmit_blackhole(sk);
		fallthrough;
	case TCPLIFE_MARK_KEEPALIVE:
		tcplife_count(sock_net(sk), TCPLIFE_C_ABORT_TIMEOUT);
		break;
	default:
		break;
	}
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
	/* As tcp_done() counts it, in the same call. */
	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		tcplife_count(sock_net(sk), TCPLIFE_C_ATTEMPT_FAILS);
	teardown_count_timeout(sk, (int)a1);
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec && rec->state != TCP_CLOSE) {
		rec->err = (int)a1;
		rec->flags |= TCPLIFE_F_KERNEL_ERR;
		/* tcp_reset() has said so itself. */
		if (rec->cause == TCPLIFE_CAUSE_NONE)
			rec->cause = error_cause(sk, (int)a1);
	}
	tcplife_table_unlock(head, flags);
}

/* States in which tcp_need_reset() has the peer told. */
#define TEARDOWN_RESET	(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT | TCPF_SYN_RECV | \
			 TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2)

/* Will tcp_disconnect() send a RST? A socket that has sent one before, in reply
 * to what came in SYN_SENT, may close without another.
 */
static bool disconnect_resets(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return (1 << sk->sk_state) & TEARDOWN_RESET ||
	       ((1 << sk->sk_state) & (TCPF_CLOSING | TCPF_LAST_ACK) &&
		tp->snd_nxt != tp->write_seq);
}

static void teardown_disconnect(const struct sock *sk, enum tcplife_cause cause,
				enum tcplife_rst why)
{
	teardown_cause(sk, cause,
		       disconnect_resets(sk) ? why : TCPLIFE_RST_NONE, 0);
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
	if (tcp_sk(sk)->repair) {
		teardown_cause(sk, TCPLIFE_CAUSE_REPAIR, TCPLIFE_RST_NONE, 0);
	} else if (sk->sk_shutdown == SHUTDOWN_MASK && !(int)a1 &&
		   sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		/* In __tcp_close(), which has set sk_shutdown just now and no
		 * flags. Others give the flags of a file or O_NONBLOCK.
		 */
		tcplife_count(sock_net(sk), TCPLIFE_C_ABORT_LINGER);
		teardown_disconnect(sk, TCPLIFE_CAUSE_LINGER,
				    TCPLIFE_RST_LINGER);
	} else {
		teardown_disconnect(sk, TCPLIFE_CAUSE_DISCONNECT,
				    TCPLIFE_RST_DISCONNECT);
	}
}

/* tcp_abort(sk, err): ss -K of a timewait socket or of a request. A full socket
 * comes to tcp_done_with_error().
 */
TCPLIFE_ENTRY(tcplife_on_abort)
{
	const struct sock *sk = (struct sock *)a0;

	switch (inet_sk_state_load(sk)) {
	case TCP_TIME_WAIT:
		tcplife_timewait_hint(sk, TCPLIFE_TW_KILLED);
		break;
	case TCP_NEW_SYN_RECV:
		tcplife_halfopen_abort((struct request_sock *)sk);
		break;
	}
}

/* __tcp_close() itself, not the segments that it takes out of the backlog: what
 * is in hand is counted in the backlog until all are done, __release_sock().
 */
static bool in_close(const struct sock *sk)
{
	return tcplife_in_call(sk) && !sk->sk_backlog.len;
}

/* A full socket enters CLOSE and no hook has told why: what __tcp_close(),
 * tcp_rcv_state_process() or a timer found.
 */
static enum tcplife_cause close_cause(const struct sock *sk,
				      const struct tcplife_record *rec, int old)
{
	u32 fin = !!(rec->flags & TCPLIFE_F_FIN_REMOTE);
	const struct tcp_sock *tp = tcp_sk(sk);

	if (rec->flags & TCPLIFE_F_TW_TRIED)
		return TCPLIFE_CAUSE_TW_OVERFLOW;
	/* close() before orphaning: the receive queue was not empty, and now it
	 * is. What the backlog ends has left it as it was. A child of TCP Fast
	 * Open may be closed so before its final ACK.
	 */
	if (tcplife_in_call(sk) && sk->sk_shutdown == SHUTDOWN_MASK &&
	    !sock_flag(sk, SOCK_DEAD) &&
	    skb_queue_empty_lockless(&sk->sk_receive_queue) &&
	    before(tp->copied_seq, tp->rcv_nxt - fin))
		return TCPLIFE_CAUSE_UNREAD;
	if (old == TCP_SYN_SENT || old == TCP_SYN_RECV)
		return TCPLIFE_CAUSE_NONE;
	if (!check_net(sock_net(sk)))
		return TCPLIFE_CAUSE_NETNS;
	/* An orphan that still waits for an ACK: tcp_out_of_resources(), or
	 * tcp_check_oom() in close(). Nothing else ends it in silence.
	 */
	if (sock_flag(sk, SOCK_DEAD) && tp->snd_una != tp->write_seq)
		return TCPLIFE_CAUSE_OOM;
	if (old != TCP_FIN_WAIT2)
		return TCPLIFE_CAUSE_NONE;
	if (tp->linger2 < 0)
		return TCPLIFE_CAUSE_LINGER2;
	/* tcp_keepalive_timer() resets first. Without that the mark is an old
	 * one, of a probe.
	 */
	if (tcplife_marked(sk) == TCPLIFE_MARK_KEEPALIVE &&
	    rec->flags & TCPLIFE_F_RST_SENT)
		return TCPLIFE_CAUSE_FIN_WAIT2;
	return in_close(sk) ? TCPLIFE_CAUSE_OOM : TCPLIFE_CAUSE_LATE_DATA;
}

/* What close_cause() found, where the kernel counts it. TCP_LINGER2 ends what
 * is in FIN_WAIT2 at close(), or else when it gets there.
 */
static void close_count(const struct sock *sk, enum tcplife_cause cause)
{
	const struct net *net = sock_net(sk);

	if (cause == TCPLIFE_CAUSE_UNREAD)
		tcplife_count(net, TCPLIFE_C_ABORT_UNREAD);
	else if (cause == TCPLIFE_CAUSE_LATE_DATA)
		tcplife_count(net, TCPLIFE_C_ABORT_LATE_DATA);
	else if (cause == TCPLIFE_CAUSE_LINGER2)
		tcplife_count(net, in_close(sk) ? TCPLIFE_C_ABORT_LINGER2 :
						  TCPLIFE_C_ABORT_LINGER);
	else if (cause == TCPLIFE_CAUSE_OOM)
		tcplife_count(net, TCPLIFE_C_ABORT_MEMORY);
}

/* Why a RST goes out, where the cause says it. */
static enum tcplife_rst close_rst_why(enum tcplife_cause cause)
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
	case TCPLIFE_CAUSE_ABORT:
		return TCPLIFE_RST_ABORT;
	default:
		return TCPLIFE_RST_NONE;
	}
}

/* Is that RST this one? In SYN_SENT one may have gone out in reply, long before.
 * tcp_abort(), tcp_keepalive_timer() and tcp_out_of_resources() send theirs before
 * CLOSE, if at all; the others after it, always.
 */
static bool close_rst_is_last(const struct tcplife_record *rec,
			      const struct sock *sk)
{
	if (rec->rst_why != TCPLIFE_RST_OTHER)
		return !rec->rst_why;

	switch (rec->cause) {
	case TCPLIFE_CAUSE_ABORT:
	case TCPLIFE_CAUSE_KEEPALIVE:
		return rec->rst_active;
	case TCPLIFE_CAUSE_OOM:
		return rec->rst_active || in_close(sk);
	default:
		return true;
	}
}

/* Closed by its owner, in its owner's context. */
static bool close_by_owner(const struct tcplife_record *rec,
			   const struct sock *sk, int old)
{
	switch (rec->cause) {
	case TCPLIFE_CAUSE_LINGER:
	case TCPLIFE_CAUSE_UNREAD:
	case TCPLIFE_CAUSE_DISCONNECT:
	case TCPLIFE_CAUSE_LISTENER:
	case TCPLIFE_CAUSE_REPAIR:
		return in_task();
	case TCPLIFE_CAUSE_NONE:
		return tcplife_in_call(sk) && old == TCP_SYN_SENT &&
		       rec->flags & TCPLIFE_F_SYN_SENT;
	default:
		return false;
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
	enum tcplife_rst why;

	if (rec->cause == TCPLIFE_CAUSE_NONE &&
	    !(rec->flags & TCPLIFE_F_KERNEL_ERR)) {
		rec->cause = close_cause(sk, rec, old);
		close_count(sk, rec->cause);
	}
	why = close_rst_why(rec->cause);
	if (why && close_rst_is_last(rec, sk))
		rec->rst_why = why;
	if (close_by_owner(rec, sk, old))
		tcplife_closer_set(rec);

	switch (rec->cause) {
	case TCPLIFE_CAUSE_TW_OVERFLOW:
		rec->tw_exit = TCPLIFE_TW_OVERFLOW;
		tcplife_count(sock_net(sk), TCPLIFE_C_TW_OVERFLOW);
		break;
	case TCPLIFE_CAUSE_LATE_DATA:
	case TCPLIFE_CAUSE_LINGER2:
		/* The RST is the reply to a segment, after this. */
		rec->flags |= TCPLIFE_F_RST_SENT;
		break;
	case TCPLIFE_CAUSE_DISCONNECT:
		/* tcp_disconnect(); in other states nobody is told. */
		if (old == TCP_SYN_SENT ||
		    rec->rst_why == TCPLIFE_RST_DISCONNECT)
			rec->err = ECONNRESET;
	}
}
