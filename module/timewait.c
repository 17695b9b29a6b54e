// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timewait sockets: entry, restarts, and how they end.
 *
 * The state tracepoint says CLOSE when a connection enters FIN_WAIT2 or
 * TIME_WAIT in a timewait socket. The record moves along: it is found by the
 * timewait socket from then on.
 */
#include <linux/ktime.h>
#include <net/inet_timewait_sock.h>

#include "conn.h"
#include "handlers.h"
#include "import.h"
#include "state.h"
#include "timewait.h"

/* tcp_time_wait(sk, state, timeo): if CLOSE follows and no timewait socket, it
 * could not be made.
 */
TCPLIFE_ENTRY(tcplife_on_tw_try)
{
	const struct sock *sk = (struct sock *)a0;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!tcplife_is_tcp(sk))
		return;
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec)
		rec->flags |= TCPLIFE_F_TW_TRIED;
	tcplife_table_unlock(head, flags);
}

/* inet_twsk_hashdance(tw, sk, ...), from 6.12 inet_twsk_hashdance_schedule() */
TCPLIFE_ENTRY(tcplife_on_tw_enter)
{
	const struct inet_timewait_sock *tw = (struct inet_timewait_sock *)a0;
	const struct sock *sk = (struct sock *)a1;
	const struct net *net = sock_net(sk);
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	u8 sub = tw->tw_substate;
	unsigned long flags;
	u64 now;

	if (!tcplife_is_tcp(sk))
		return;
	tcplife_count(net, TCPLIFE_C_TW_ENTERED);
	if (sub == TCP_FIN_WAIT2)
		tcplife_count(net, TCPLIFE_C_TW_FIN_WAIT2_ENTERED);

	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		now = ktime_get_ns();
		if (sub == TCP_TIME_WAIT &&
		    !(rec->flags & TCPLIFE_F_FIN_REMOTE))
			tcplife_state_fin_remote(rec, sk);
		rec->since[TCP_CLOSE - 1] = now;
		tcplife_conn_snapshot(rec, sk);
		if (rec->state != sub)
			tcplife_conn_state(rec, net, sub, now);
		rec->flags |= TCPLIFE_F_TIMEWAIT;
		rec->sk = tw;
	}
	tcplife_table_unlock(head, flags);
	/* The import may hold the full socket, and meet it dead. */
	if (unlikely(READ_ONCE(tcplife_importing)) && !rec)
		tcplife_import_timewait((struct inet_timewait_sock *)tw);
}

/* A FIN came to a FIN_WAIT2 timewait socket: now it is in TIME_WAIT. */
static void timewait_fin(struct tcplife_record *rec,
			 const struct inet_timewait_sock *tw)
{
	rec->flags |= TCPLIFE_F_FIN_REMOTE;
	rec->fin_r = tcp_twsk((struct sock *)tw)->tw_rcv_nxt - 1;
	/* No data is taken in a timewait socket. */
	if (rec->since[TCP_FIN_WAIT1 - 1]) {
		rec->half_bytes = rec->rx - min(rec->rx, rec->half_bytes);
		rec->flags |= TCPLIFE_F_HALF_KNOWN;
	}
	tcplife_conn_state(rec, twsk_net(tw), TCP_TIME_WAIT, ktime_get_ns());
}

/* __inet_twsk_schedule(tw, timeo, rearm): the first time without @rearm */
TCPLIFE_ENTRY(tcplife_on_tw_schedule)
{
	const struct inet_timewait_sock *tw = (struct inet_timewait_sock *)a0;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!(u8)a2)
		return;
	head = tcplife_conn_lock((struct sock *)tw, &rec, &flags);
	if (rec) {
		if (tw->tw_substate == TCP_TIME_WAIT &&
		    rec->state == TCP_FIN_WAIT2) {
			timewait_fin(rec, tw);
		} else {
			rec->tw_restarts++;
			tcplife_count(twsk_net(tw), TCPLIFE_C_TW_RESTARTS);
		}
	}
	tcplife_table_unlock(head, flags);
}

/* What would be the reason if this segment ended the timewait socket. */
static enum tcplife_tw_exit segment_hint(const struct inet_timewait_sock *tw,
					 const struct tcphdr *th)
{
	if (th->rst)
		return TCPLIFE_TW_RST_RECEIVED;
	if (tw->tw_substate == TCP_FIN_WAIT2)
		return TCPLIFE_TW_RST_SENT;
	return th->syn && !th->ack ? TCPLIFE_TW_RECYCLED : TCPLIFE_TW_NONE;
}

/* tcp_timewait_state_process(tw, skb, th, ...) */
TCPLIFE_ENTRY(tcplife_on_tw_segment)
{
	const struct inet_timewait_sock *tw = (struct inet_timewait_sock *)a0;
	const struct tcphdr *th = (struct tcphdr *)a2;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock((struct sock *)tw, &rec, &flags);
	if (rec) {
		rec->tw_hint = segment_hint(tw, th);
		if (th->fin && rec->state == TCP_TIME_WAIT) {
			rec->fin_dup++;
			tcplife_count(twsk_net(tw), TCPLIFE_C_DUP_FIN_RECEIVED);
		}
	}
	tcplife_table_unlock(head, flags);
}

/**
 * tcplife_timewait_hint - note why a timewait socket may be about to end
 * @tw: the timewait socket
 * @hint: the reason, if it does
 *
 * Context: any but NMI.
 */
void tcplife_timewait_hint(const struct sock *tw, enum tcplife_tw_exit hint)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(tw, &rec, &flags);
	if (rec)
		rec->tw_hint = hint;
	tcplife_table_unlock(head, flags);
}

/* tcp_twsk_unique(sk, sktw, twp): connect() asks whether it may have the port */
TCPLIFE_ENTRY(tcplife_on_tw_unique)
{
	tcplife_timewait_hint((struct sock *)a1, TCPLIFE_TW_REUSED);
}

/* inet_twsk_deschedule_put(tw): not the timer; why, the last hint says */
TCPLIFE_ENTRY(tcplife_on_tw_deschedule)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock((struct sock *)a0, &rec, &flags);
	if (rec)
		rec->flags |= TCPLIFE_F_TW_DESCHED;
	tcplife_table_unlock(head, flags);
}

static enum tcplife_tw_exit timewait_exit(const struct tcplife_record *rec,
					  const struct net *net)
{
	if (!check_net(net))
		return TCPLIFE_TW_NETNS_GONE;
	if (!(rec->flags & TCPLIFE_F_TW_DESCHED))
		return TCPLIFE_TW_EXPIRED;
	return rec->tw_hint;
}

/* inet_twsk_kill(tw): every timewait socket comes through here once */
TCPLIFE_ENTRY(tcplife_on_tw_kill)
{
	const struct inet_timewait_sock *tw = (struct inet_timewait_sock *)a0;
	const struct net *net = twsk_net(tw);
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock((struct sock *)tw, &rec, &flags);
	if (rec)
		hlist_bl_del(&rec->node);
	tcplife_table_unlock(head, flags);
	if (!rec)
		return;

	rec->tw_exit = timewait_exit(rec, net);
	if (rec->tw_exit != TCPLIFE_TW_NONE)
		tcplife_count(net, TCPLIFE_C_TW_EXIT_EXPIRED + rec->tw_exit -
			      TCPLIFE_TW_EXPIRED);
	if (rec->tw_exit == TCPLIFE_TW_RST_SENT) {
		rec->flags |= TCPLIFE_F_RST_SENT;
		rec->rst_why = TCPLIFE_RST_DATA_AFTER_CLOSE;
	} else if (rec->tw_exit == TCPLIFE_TW_RST_RECEIVED) {
		rec->flags |= TCPLIFE_F_RST_RECEIVED;
		tcplife_count(net, TCPLIFE_C_RST_RECEIVED);
	}
	tcplife_conn_finish(rec, net, ktime_get_ns());
}
