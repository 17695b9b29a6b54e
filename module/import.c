// SPDX-License-Identifier: GPL-2.0-only
/*
 * Import: what was open before the module was loaded.
 *
 * Runs after the hooks are attached: a socket is then known to one or to both,
 * and the table takes it once. Its past is unknown and stays so; its end will
 * be exact.
 *
 * The hash is walked bucket by bucket as inet_diag_dump_icsk() does, under the
 * bucket's lock and with references taken; the sockets are looked at with no
 * bucket locked.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>

#include "conn.h"
#include "import.h"
#include "listener.h"

/* Sockets held at a time: bounds the memory, and the grace periods for
 * timewait sockets.
 */
#define IMPORT_BATCH	4096

bool tcplife_importing __read_mostly = true;

/**
 * struct import - a walk over the hash of established sockets
 * @info: the hash
 * @batch: sockets held
 * @n: how many
 * @lost: sockets that found no room
 */
struct import {
	struct inet_hashinfo	*info;
	struct sock		**batch;
	u32			n;
	u64			lost;
};

/* The two FINs, as far as a state proves them. */
static void import_fins(struct tcplife_record *rec, const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	switch (rec->state) {
	case TCP_CLOSING:
		rec->flags |= TCPLIFE_F_FIN_REMOTE | TCPLIFE_F_FIN_CROSSED;
		rec->fin_r = tp->rcv_nxt - 1;
		fallthrough;
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		rec->flags |= TCPLIFE_F_FIN_LOCAL;
		rec->fin_l = tp->write_seq - 1;
		break;
	case TCP_LAST_ACK:
		rec->flags |= TCPLIFE_F_FIN_LOCAL;
		rec->fin_l = tp->write_seq - 1;
		fallthrough;
	case TCP_CLOSE_WAIT:
		rec->flags |= TCPLIFE_F_FIN_REMOTE | TCPLIFE_F_FIN_FIRST_R;
		rec->fin_r = tp->rcv_nxt - 1;
		break;
	}
}

/* Whether bytes_acked counts a SYN, which depends on a role that is not known:
 * what was acknowledged against what was sent once and is not in flight.
 */
static bool import_syn_counted(const struct tcplife_record *rec,
			       const struct tcp_sock *tp)
{
	u64 flight = tp->snd_nxt - tp->snd_una;
	u64 acked = tp->bytes_sent - tp->bytes_retrans - flight;

	if (rec->flags & TCPLIFE_F_FIN_LOCAL)
		acked++;
	return tp->bytes_acked == acked + 1;
}

/* With the socket's spinlock held: it may be owned by a user, then what it
 * does meanwhile is seen by the hooks, but it is not destroyed.
 */
static void import_full(struct sock *sk)
{
	u8 state = READ_ONCE(sk->sk_state);
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (sk_unhashed(sk) || state == TCP_CLOSE || state == TCP_LISTEN)
		return;
	rec = tcplife_conn_new(sk, TCPLIFE_ROLE_PREEXISTING, state,
			       ktime_get_ns());
	if (!rec)
		return;
	rec->flags |= TCPLIFE_F_IMPORTED;
	if (state != TCP_SYN_SENT && state != TCP_SYN_RECV)
		rec->flags |= TCPLIFE_F_ESTABLISHED;
	else
		rec->flags |= TCPLIFE_F_SYN_SENT;
	import_fins(rec, sk);
	if (import_syn_counted(rec, tcp_sk(sk)))
		rec->flags |= TCPLIFE_F_SYN_COUNTED;
	if (!tcplife_conn_insert(rec, sock_net(sk)))
		return;
	tcplife_count(sock_net(sk), TCPLIFE_C_IMPORTED);

	/* A transition between the look and the insert found no record. */
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec && rec->state == state && READ_ONCE(sk->sk_state) != state)
		tcplife_conn_state(rec, sock_net(sk), sk->sk_state,
				   ktime_get_ns());
	tcplife_table_unlock(head, flags);
}

/**
 * tcplife_import_timewait - a record for a timewait socket of unknown past
 * @tw: the timewait socket, held or in the making
 *
 * Context: any but NMI.
 */
void tcplife_import_timewait(struct inet_timewait_sock *tw)
{
	struct tcplife_record *rec;
	u8 state = tw->tw_substate;

	rec = tcplife_conn_new((struct sock *)tw, TCPLIFE_ROLE_PREEXISTING,
			       state, ktime_get_ns());
	if (!rec)
		return;
	rec->flags |= TCPLIFE_F_IMPORTED | TCPLIFE_F_TIMEWAIT |
		      TCPLIFE_F_ESTABLISHED;
	if (state == TCP_FIN_WAIT2) {
		rec->flags |= TCPLIFE_F_FIN_LOCAL;
		rec->fin_l = tcp_twsk((struct sock *)tw)->tw_snd_nxt - 1;
	}
	if (tcplife_conn_insert(rec, twsk_net(tw)))
		tcplife_count(twsk_net(tw), TCPLIFE_C_IMPORTED);
}

/* A timewait socket that inet_twsk_kill() was already ending when it was
 * imported: the hook found no record, and there is no second one.
 */
static void import_undo(struct sock *sk)
{
	struct tcplife_record *rec = tcplife_conn_take(sk);

	if (!rec)
		return;
	rec->tw_exit = TCPLIFE_TW_EXPIRED;
	tcplife_conn_finish(rec, sock_net(sk), ktime_get_ns());
}

static void import_one(struct sock *sk)
{
	/* Preemption off, as in a hook. */
	local_bh_disable();
	preempt_disable();
	if (sk->sk_state == TCP_TIME_WAIT) {
		tcplife_import_timewait(inet_twsk(sk));
		preempt_enable();
	} else {
		preempt_enable();
		bh_lock_sock(sk);
		preempt_disable();
		import_full(sk);
		preempt_enable();
		bh_unlock_sock(sk);
	}
	local_bh_enable();
}

static void import_flush(struct import *im)
{
	bool timewait = false;
	u32 i;

	for (i = 0; i < im->n; i++) {
		timewait |= im->batch[i]->sk_state == TCP_TIME_WAIT;
		import_one(im->batch[i]);
		if (!(i % 64))
			cond_resched();
	}
	/* inet_twsk_kill() runs with bottom halves off: after a grace period
	 * every one that began before the insert has unhashed its socket.
	 */
	if (timewait)
		synchronize_rcu();
	for (i = 0; i < im->n; i++) {
		if (im->batch[i]->sk_state == TCP_TIME_WAIT &&
		    sk_unhashed(im->batch[i])) {
			preempt_disable();
			import_undo(im->batch[i]);
			preempt_enable();
		}
		sock_gen_put(im->batch[i]);
	}
	im->n = 0;
}

/* Holds the sockets of a bucket; false if the batch had no room for all. */
static bool import_bucket(struct import *im, u32 slot)
{
	struct inet_ehash_bucket *head = &im->info->ehash[slot];
	spinlock_t *lock = inet_ehash_lockp(im->info, slot);
	struct hlist_nulls_node *node;
	u32 first = im->n;
	struct sock *sk;
	bool all = true;
	u32 lost = 0;

	spin_lock_bh(lock);
	sk_nulls_for_each(sk, node, &head->chain) {
		if (sk->sk_state == TCP_NEW_SYN_RECV)
			continue;
		/* A timewait socket has the protocol of its full socket. */
		if (sk->sk_state != TCP_TIME_WAIT && !tcplife_is_tcp(sk))
			continue;
		if (im->n == IMPORT_BATCH) {
			all = false;
			/* Not to come back for: a chain of this length is one
			 * of a hash of a few buckets.
			 */
			if (!first)
				lost++;
			continue;
		}
		if (refcount_inc_not_zero(&sk->sk_refcnt))
			im->batch[im->n++] = sk;
	}
	spin_unlock_bh(lock);
	if (lost)
		im->lost += lost;
	/* Come back with an empty batch. */
	if (!all && first) {
		while (im->n > first)
			sock_gen_put(im->batch[--im->n]);
		return false;
	}
	return true;
}

static void import_ehash(struct import *im)
{
	u32 slot;

	for (slot = 0; slot <= im->info->ehash_mask; slot++) {
		/* A hash may have millions of chains, and all empty. */
		if (!(slot & 0xff))
			cond_resched();
		if (hlist_nulls_empty(&im->info->ehash[slot].chain))
			continue;
		if (!import_bucket(im, slot)) {
			import_flush(im);
			import_bucket(im, slot);
		}
		/* Keep ahead of the sockets: they cannot wait for memory. */
		if (im->n > IMPORT_BATCH / 2) {
			tcplife_record_reserve(IMPORT_BATCH);
			import_flush(im);
		}
		/* Or few, with thousands in each. */
		cond_resched();
	}
	tcplife_record_reserve(IMPORT_BATCH);
	import_flush(im);
}

static void import_listeners(struct inet_hashinfo *info)
{
	struct inet_listen_hashbucket *bucket;
	struct hlist_nulls_node *node;
	struct sock *sk;
	u32 i;

	for (i = 0; i <= info->lhash2_mask; i++) {
		bucket = &info->lhash2[i];
		if (hlist_nulls_empty(&bucket->nulls_head))
			continue;
		/* Under the bucket's lock it can neither close nor go. */
		spin_lock_bh(&bucket->lock);
		preempt_disable();
		sk_nulls_for_each(sk, node, &bucket->nulls_head)
			if (tcplife_is_tcp(sk) && sk->sk_state == TCP_LISTEN)
				tcplife_listener_open(sk, true);
		preempt_enable();
		spin_unlock_bh(&bucket->lock);
		cond_resched();
	}
}

/* The namespaces that have a hash of their own, held; NULL at the end of the
 * array, which is the caller's to free. Not the initial one.
 */
static struct net **import_nets(void)
{
	struct inet_hashinfo *shared = tcplife_death_row(&init_net)->hashinfo;
	struct net **nets = NULL, *net;
	u32 n = 0, have = 0;

	/* No grace period and no walk under net_rwsem: who makes or removes a
	 * namespace waits for it.
	 */
	down_read(&net_rwsem);
	for_each_net(net)
		have++;
	nets = kvcalloc(have + 1, sizeof(*nets), GFP_KERNEL);
	if (nets)
		for_each_net(net)
			if (tcplife_death_row(net)->hashinfo != shared &&
			    maybe_get_net(net))
				nets[n++] = net;
	up_read(&net_rwsem);
	return nets;
}

static void import_hash(struct import *im, struct inet_hashinfo *info)
{
	im->info = info;
	import_ehash(im);
	import_listeners(info);
}

/**
 * tcplife_import - learn the connections, timewait sockets and listeners that
 *	are open, in all network namespaces
 *
 * Context: process, hooks attached. Return: 0 or -ENOMEM.
 */
int tcplife_import(void)
{
	struct net **nets, **net;
	struct import im = {};
	int ret = 0;

	im.batch = kvcalloc(IMPORT_BATCH, sizeof(*im.batch), GFP_KERNEL);
	nets = import_nets();
	/* A timewait socket whose making began before the hooks is not in the
	 * hash yet, or cannot be held yet: wait until it can be.
	 */
	synchronize_rcu();
	/* Most namespaces share one hash; some have their own. */
	if (im.batch && nets)
		import_hash(&im, tcplife_death_row(&init_net)->hashinfo);
	for (net = nets; net && *net; net++) {
		if (im.batch)
			import_hash(&im, tcplife_death_row(*net)->hashinfo);
		put_net(*net);
	}
	WRITE_ONCE(tcplife_importing, false);
	if (im.lost) {
		preempt_disable();
		tcplife_count_add(&init_net, TCPLIFE_C_LOST_IMPORT, im.lost);
		preempt_enable();
	}
	if (!im.batch || !nets)
		ret = -ENOMEM;
	kvfree(nets);
	kvfree(im.batch);
	return ret;
}
