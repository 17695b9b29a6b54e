// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handshake: connect() on one side; on the other the final ACK, the accept
 * queue and accept().
 */
#include <linux/ktime.h>
#include <net/inet_connection_sock.h>

#include <tcplife/compat.h>

#include "conn.h"
#include "halfopen.h"
#include "handlers.h"
#include "handshake.h"
#include "import.h"
#include "listener.h"
#include "syn.h"

/* A record for a connect() of the current process. */
static void handshake_active(struct sock *sk, enum tcplife_role role, u32 gen,
			     u64 now)
{
	struct tcplife_record *rec;

	rec = tcplife_conn_new(sk, role, TCP_SYN_SENT, now);
	if (!rec)
		return;
	rec->gen = gen;
	if (role == TCPLIFE_ROLE_PREEXISTING)
		rec->flags |= TCPLIFE_F_IMPORTED;
	tcplife_owner_set(&rec->owner, &rec->pid_ns);
	tcplife_conn_insert(rec, sock_net(sk));
}

/**
 * tcplife_handshake_open - a socket enters SYN_SENT: a life begins
 * @sk: the socket, in tcp_v4_connect() or tcp_v6_connect()
 *
 * The destination is set, the local port may not be. Its earlier life, if it
 * had one, ends here. Context: process, with the socket locked.
 */
void tcplife_handshake_open(struct sock *sk)
{
	u64 now = ktime_get_ns();
	u32 gen = tcplife_conn_relive(sk, now);

	/* TCP_REPAIR restores a connection that was open elsewhere. */
	handshake_active(sk, tcp_sk(sk)->repair ? TCPLIFE_ROLE_PREEXISTING :
						  TCPLIFE_ROLE_ACTIVE, gen, now);
}

static bool handshake_syn(const struct sock *sk)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		rec->flags |= TCPLIFE_F_SYN_SENT;
		rec->isn_l = tcp_sk(sk)->write_seq;
		rec->syn = ktime_get_ns();
		rec->lport = inet_sk(sk)->inet_sport;
	}
	tcplife_table_unlock(head, flags);
	return rec;
}

/* tcp_connect(sk): the SYN goes out now; the ISN is chosen, the port bound. */
TCPLIFE_ENTRY(tcplife_on_connect)
{
	struct sock *sk = (struct sock *)a0;

	if (!tcplife_is_tcp(sk) || tcp_sk(sk)->repair)
		return;
	tcplife_count(sock_net(sk), TCPLIFE_C_ACTIVE_OPENS);
	if (handshake_syn(sk) || likely(!READ_ONCE(tcplife_importing)))
		return;
	/* It entered SYN_SENT before the hooks, and the hash of sockets after
	 * the import had passed.
	 */
	handshake_active(sk, TCPLIFE_ROLE_ACTIVE, 0, ktime_get_ns());
	handshake_syn(sk);
}

static void handshake_options(struct tcplife_record *rec,
			      const struct tcp_sock *tp)
{
	const struct tcp_options_received *opt = &tp->rx_opt;

	rec->flags |= TCPLIFE_F_HANDSHAKE;
	if (opt->wscale_ok) {
		rec->wscale_l = opt->rcv_wscale;
		rec->wscale_r = opt->snd_wscale;
	}
	if (opt->sack_ok)
		rec->flags |= TCPLIFE_F_OPT_SACK;
	if (opt->tstamp_ok)
		rec->flags |= TCPLIFE_F_OPT_TS;
	if (tcplife_ecn_ok(tp))
		rec->flags |= TCPLIFE_F_OPT_ECN;
}

/**
 * tcplife_handshake_established - a record enters ESTABLISHED
 * @rec: the record, locked, its state moved
 * @sk: its socket: tcp_finish_connect(), or tcp_rcv_state_process() in SYN_RECV
 *
 * Context: with the socket locked.
 */
void tcplife_handshake_established(struct tcplife_record *rec,
				   const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	rec->flags |= TCPLIFE_F_ESTABLISHED;
	if (rec->flags & TCPLIFE_F_IMPORTED) {
		/* TCP_REPAIR: there was no tcp_connect() to tell the port. */
		tcplife_conn_address(rec, sk);
		return;
	}
	if (rec->role == TCPLIFE_ROLE_ACTIVE) {
		handshake_options(rec, tp);
		rec->isn_r = tp->rcv_nxt - 1;
		rec->mss = tp->rx_opt.mss_clamp;
		/* As tcp_transmit_skb() writes it into a SYN: not scaled. */
		rec->win_l = min(tp->rcv_wnd, 65535U);
		rec->win_r = tp->snd_wnd;
		rec->flags |= TCPLIFE_F_SYN_COUNTED;
		if (tp->syn_data) {
			rec->flags |= TCPLIFE_F_DATA_IN_SYN;
			rec->syn_data = tp->snd_una - rec->isn_l - 1;
		}
		if (tp->syn_fastopen)
			rec->flags |= TCPLIFE_F_TFO;
	}
	if (rec->syn)
		tcplife_latency(sock_net(sk), TCPLIFE_H_HANDSHAKE,
				rec->entered - rec->syn);
}

/**
 * tcplife_handshake_join - what a subflow that joins knows of its handshake
 * @rec: its record, new
 * @sk: the child, as tcp_create_openreq_child() left it: nothing was sent since
 *
 * Its request is gone, and with it the times and what was sent again. Context:
 * with the socket locked.
 */
void tcplife_handshake_join(struct tcplife_record *rec, const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	handshake_options(rec, tp);
	rec->isn_l = tp->write_seq - 1;
	rec->isn_r = tp->rcv_nxt - 1;
	rec->mss = tp->rx_opt.mss_clamp;
	rec->win_l = min(tp->rcv_wnd, 65535U);
}

/* What the request knows of the handshake goes into the record. */
static void handshake_request(struct tcplife_record *rec, const struct sock *sk,
			      const struct request_sock *req)
{
	const struct tcp_request_sock *treq = tcp_rsk(req);

	handshake_options(rec, tcp_sk(sk));
	rec->isn_l = treq->snt_isn;
	rec->isn_r = treq->rcv_isn;
	rec->mss = req->mss;
	rec->win_l = min(req->rsk_rcv_wnd, 65535U);
	if (inet_rsk(req)->ecn_ok)
		rec->flags |= TCPLIFE_F_OPT_ECN;
	/* A syncookie's request was made from the ACK: it knows no SYN. */
	if (rec->flags & TCPLIFE_F_SYNCOOKIE) {
		rec->since[TCP_SYN_RECV - 1] = 0;
		return;
	}
	rec->synack_retr = req->num_retrans;
	/* Time of the first SYN-ACK, microseconds of tcp_clock_ns(), set in
	 * the softirq that received the SYN: tcp_make_synack().
	 */
	if (treq->snt_synack) {
		rec->syn = treq->snt_synack * NSEC_PER_USEC;
		rec->since[TCP_SYN_RECV - 1] = rec->syn;
		rec->born = rec->syn;
		rec->entered = rec->syn;
	}
}

/* Whether a final ACK came before this one and found the accept queue full:
 * the bit serves TCP_DEFER_ACCEPT as well.
 */
static void handshake_ack(struct tcplife_record *rec, const struct sock *lsk,
			  const struct request_sock *req)
{
	if (rec->flags & TCPLIFE_F_SYNCOOKIE ||
	    inet_csk(lsk)->icsk_accept_queue.rskq_defer_accept)
		return;
	rec->flags |= TCPLIFE_F_ACK_KNOWN;
	if (inet_rsk(req)->acked)
		rec->flags |= TCPLIFE_F_ACK_IGNORED;
}

/* A child goes into the accept queue of its listener: a life begins. */
static void handshake_child(struct sock *lsk, struct sock *child,
			    const struct request_sock *req, u32 flags)
{
	u32 accq = READ_ONCE(lsk->sk_ack_backlog);
	u64 now = ktime_get_ns();
	struct tcplife_record *rec;

	/* The listener counts what there is no room for, too. */
	tcplife_listener_promoted(lsk, accq + 1,
				  !(flags & TCPLIFE_F_SYNCOOKIE));
	rec = tcplife_conn_new(child, TCPLIFE_ROLE_PASSIVE, TCP_SYN_RECV, now);
	if (!rec)
		return;
	rec->flags |= flags | TCPLIFE_F_QUEUED;
	rec->listener = atomic64_read(&lsk->sk_cookie);
	rec->queued = now;
	rec->synq = inet_csk_reqsk_queue_len(lsk);
	rec->accq = accq;
	/* The request is counted until reqsk_queue_removed(), where it came
	 * in: that listener may be closed by now, and this one its heir.
	 */
	if (!(flags & (TCPLIFE_F_SYNCOOKIE | TCPLIFE_F_TFO)) && rec->synq &&
	    req->rsk_listener == lsk)
		rec->synq--;
	handshake_request(rec, child, req);
	if (flags & TCPLIFE_F_DATA_IN_SYN)
		rec->syn_data = tcp_sk(child)->rcv_nxt - rec->isn_r - 1;
	handshake_ack(rec, lsk, req);
	tcplife_conn_insert(rec, sock_net(child));
}

/* inet_csk_complete_hashdance(sk, child, req, own_req) */
TCPLIFE_ENTRY(tcplife_on_promoted)
{
	const struct request_sock *req = (struct request_sock *)a2;
	struct sock *child = (struct sock *)a1;
	struct sock *lsk = (struct sock *)a0;
	u32 flags = 0;

	/* Another child owns the request: this one is dropped. */
	if (!(u8)a3 || !tcplife_is_tcp(child))
		return;
	if (tcplife_halfopen_ack_data(req))
		flags |= TCPLIFE_F_DATA_IN_ACK;
	tcplife_count(sock_net(lsk), TCPLIFE_C_HALFOPEN_ESTABLISHED);
	handshake_child(lsk, child, req, flags);
}

/* inet_csk_reqsk_queue_add(sk, req, child): inlined on the main path, so this
 * sees children of syncookies, whose requests no listener holds, and of TCP Fast
 * Open. Where a compiler did not inline it, it is not the first to be told.
 */
TCPLIFE_ENTRY(tcplife_on_queue_add)
{
	const struct request_sock *req = (struct request_sock *)a1;
	struct sock *child = (struct sock *)a2;
	struct sock *lsk = (struct sock *)a0;
	u32 flags = 0;

	if (!tcplife_is_tcp(child) || child->sk_state != TCP_SYN_RECV)
		return;
	if (req->rsk_listener && !tcp_rsk(req)->tfo_listener)
		return;
	if (tcp_rsk(req)->tfo_listener) {
		flags |= TCPLIFE_F_TFO;
		if (tcp_sk(child)->rcv_nxt != tcp_rsk(req)->rcv_isn + 1)
			flags |= TCPLIFE_F_DATA_IN_SYN;
		tcplife_syn_resolved(false);
		tcplife_count(sock_net(lsk), TCPLIFE_C_TFO_PASSIVE);
	} else {
		flags |= TCPLIFE_F_SYNCOOKIE;
		if (tcplife_halfopen_ack_data(req))
			flags |= TCPLIFE_F_DATA_IN_ACK;
	}
	handshake_child(lsk, child, req, flags);
}

/* A child that nobody accepted goes on to the accept queue of another listener;
 * its wait goes on, too.
 */
static void handshake_inherit(const struct sock *lsk, const struct sock *child)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(child, &rec, &flags);
	if (rec)
		rec->listener = atomic64_read(&lsk->sk_cookie);
	tcplife_table_unlock(head, flags);
	tcplife_listener_promoted(lsk, READ_ONCE(lsk->sk_ack_backlog) + 1,
				  false);
}

/* inet_reqsk_clone(req, sk): the listener has closed, and another one of its
 * SO_REUSEPORT group inherits the request. One that the final ACK has just
 * promoted is out of the hash: inet_csk_complete_hashdance() named the heir.
 */
TCPLIFE_ENTRY(tcplife_on_migrated)
{
	struct request_sock *req = (struct request_sock *)a0;
	const struct sock *lsk = (struct sock *)a1;

	if (!tcplife_is_tcp(lsk))
		return;
	if (req->sk)
		handshake_inherit(lsk, req->sk);
	else if (sk_hashed(req_to_sk(req)))
		tcplife_listener_synq(atomic64_read(&lsk->sk_cookie),
				      inet_csk_reqsk_queue_len(lsk) + 1);
}

/* inet_child_forget(sk, req, child): the listener closes, or closed meanwhile,
 * and drops a child that nobody accepted.
 */
TCPLIFE_ENTRY(tcplife_on_child_forget)
{
	const struct sock *child = (struct sock *)a2;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!tcplife_is_tcp(child))
		return;
	head = tcplife_conn_lock(child, &rec, &flags);
	/* What the peer has reset waits in the queue, too. */
	if (rec && rec->state != TCP_CLOSE) {
		rec->cause = TCPLIFE_CAUSE_LISTENER;
		rec->rst_why = TCPLIFE_RST_LISTENER;
	}
	tcplife_table_unlock(head, flags);
}

/* __inet_accept(sock, newsock, newsk): in the task that called accept(). */
TCPLIFE_ENTRY(tcplife_on_accept)
{
	const struct socket *listening = (struct socket *)a0;
	struct sock *sk = (struct sock *)a2;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;
	u64 wait = 0;

	if (!tcplife_is_tcp(sk))
		return;
	tcplife_count(sock_net(sk), TCPLIFE_C_ACCEPTED);
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		tcplife_owner_set(&rec->owner, &rec->pid_ns);
		rec->accepted = ktime_get_ns();
		wait = rec->queued ? rec->accepted - rec->queued : 0;
	}
	tcplife_table_unlock(head, flags);
	if (wait)
		tcplife_latency(sock_net(sk), TCPLIFE_H_ACCEPT_WAIT, wait);
	tcplife_listener_accepted(listening->sk, wait);
}
