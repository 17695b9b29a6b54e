// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listeners: what happened at each listening socket.
 *
 * Entries are made and removed by the transitions to and from LISTEN, under
 * one raw lock; everything else only reads, under RCU, and counts in atomics.
 */
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <net/inet_connection_sock.h>

#include "conn.h"
#include "handlers.h"
#include "listener.h"
#include "pool.h"

#define LISTENER_BITS	10
#define LISTENERS_MAX	16384
#define LISTENERS_LOW	128

/* Protects the chains against each other's writers. */
static DEFINE_RAW_SPINLOCK(listener_lock);
static struct hlist_head listener_table[1 << LISTENER_BITS];
static struct tcplife_pool listener_pool;

/* The backlog that a task asked for in listen(), on its way to the socket.
 * Taken from a slot by the same task within the same call; a collision only
 * makes it unknown.
 */
#define ASKED_BITS	6

/* Protects the slots: listen() is rare. */
static DEFINE_RAW_SPINLOCK(asked_lock);
static struct listener_asked {
	const struct task_struct	*task;
	int				backlog;
} listener_asked[1 << ASKED_BITS];

/**
 * tcplife_listener_init - have room for listeners
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int tcplife_listener_init(void)
{
	return tcplife_pool_init(&listener_pool, sizeof(struct tcplife_listener),
				 LISTENERS_MAX, LISTENERS_LOW);
}

/**
 * tcplife_listener_exit - forget all listeners
 *
 * Context: process, with no hook attached and no reader left.
 */
void tcplife_listener_exit(void)
{
	/* Entries on their way back to the pool. */
	rcu_barrier();
	tcplife_pool_exit(&listener_pool);
	memset(listener_table, 0, sizeof(listener_table));
}

static struct hlist_head *listener_bucket(u64 cookie)
{
	return &listener_table[hash_64(cookie, LISTENER_BITS)];
}

/**
 * tcplife_listener_find - the entry of a listener
 * @cookie: of its socket
 *
 * Context: under RCU. Return: the entry, valid in this RCU section, or NULL.
 */
struct tcplife_listener *tcplife_listener_find(u64 cookie)
{
	struct tcplife_listener *l;

	hlist_for_each_entry_rcu(l, listener_bucket(cookie), node,
				 preempt_count())
		if (l->cookie == cookie)
			return l;
	return NULL;
}

static struct listener_asked *asked_slot(void)
{
	return &listener_asked[hash_ptr(current, ASKED_BITS)];
}

/* __sys_listen(fd, backlog): what was asked, before somaxconn cuts it. */
TCPLIFE_ENTRY(tcplife_on_listen)
{
	struct listener_asked *slot = asked_slot();
	unsigned long flags;

	raw_spin_lock_irqsave(&asked_lock, flags);
	slot->backlog = (int)a1;
	slot->task = current;
	raw_spin_unlock_irqrestore(&asked_lock, flags);
}

static int listener_asked_take(void)
{
	struct listener_asked *slot = asked_slot();
	int backlog = TCPLIFE_ASKED_UNKNOWN;
	unsigned long flags;

	raw_spin_lock_irqsave(&asked_lock, flags);
	if (slot->task == current) {
		backlog = slot->backlog;
		slot->task = NULL;
	}
	raw_spin_unlock_irqrestore(&asked_lock, flags);
	return backlog;
}

/* inet_listen(sock, backlog): on a socket that listens already there is no
 * transition to tell of its new backlog.
 */
TCPLIFE_ENTRY(tcplife_on_listen_again)
{
	const struct sock *sk = ((struct socket *)a0)->sk;
	struct tcplife_listener *l;

	if (!tcplife_is_tcp(sk) || sk->sk_state != TCP_LISTEN)
		return;
	l = tcplife_listener_find(atomic64_read(&sk->sk_cookie));
	if (l)
		WRITE_ONCE(l->asked, listener_asked_take());
}

static void listener_address(struct tcplife_listener *l, const struct sock *sk)
{
	l->lport = inet_sk(sk)->inet_sport;
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6) {
		l->laddr = sk->sk_v6_rcv_saddr;
		return;
	}
#endif
	ipv6_addr_set_v4mapped(inet_sk(sk)->inet_rcv_saddr, &l->laddr);
}

/**
 * tcplife_listener_open - a socket listens
 * @sk: the socket, entering or in LISTEN
 * @imported: it did before the module was loaded: by whom is not known
 *
 * Context: any but NMI.
 */
void tcplife_listener_open(struct sock *sk, bool imported)
{
	struct tcplife_listener *l = tcplife_pool_get(&listener_pool);
	u64 cookie = tcplife_cookie(sk);
	struct tcplife_listener *old;
	unsigned long flags;

	if (!l) {
		tcplife_count(sock_net(sk), TCPLIFE_C_LISTENERS_FULL);
		return;
	}
	memset(l, 0, sizeof(*l));
	l->sk = sk;
	l->cookie = cookie;
	l->netns = sock_net(sk)->ns.inum;
	l->net_cookie = sock_net(sk)->net_cookie;
	listener_address(l, sk);
	l->asked = imported ? TCPLIFE_ASKED_UNKNOWN : listener_asked_take();
	if (!imported)
		tcplife_owner_set(&l->owner, &l->pid_ns);

	raw_spin_lock_irqsave(&listener_lock, flags);
	old = tcplife_listener_find(cookie);
	if (!old)
		hlist_add_head_rcu(&l->node, listener_bucket(cookie));
	raw_spin_unlock_irqrestore(&listener_lock, flags);
	if (old)
		tcplife_pool_put(&listener_pool, l);
	else
		tcplife_count(sock_net(sk), TCPLIFE_C_NOW_LISTEN);
}

static void listener_free(struct rcu_head *rcu)
{
	tcplife_pool_put(&listener_pool,
			 container_of(rcu, struct tcplife_listener, rcu));
}

/**
 * tcplife_listener_close - a socket listens no more
 * @sk: the socket, leaving LISTEN
 *
 * Context: any but NMI.
 */
void tcplife_listener_close(struct sock *sk)
{
	struct tcplife_listener *l;
	unsigned long flags;

	raw_spin_lock_irqsave(&listener_lock, flags);
	l = tcplife_listener_find(atomic64_read(&sk->sk_cookie));
	if (l)
		hlist_del_rcu(&l->node);
	raw_spin_unlock_irqrestore(&listener_lock, flags);
	if (!l)
		return;
	tcplife_count_add(sock_net(sk), TCPLIFE_C_NOW_LISTEN, -1);
	call_rcu(&l->rcu, listener_free);
}

/**
 * tcplife_listener_count - count an event on a listener
 * @cookie: of its socket
 * @c: the counter
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_listener_count(u64 cookie, enum tcplife_listener_counter c)
{
	struct tcplife_listener *l = tcplife_listener_find(cookie);

	if (l)
		atomic64_inc(&l->c[c]);
}

static void listener_raise(atomic_t *max, int value)
{
	int old = atomic_read(max);

	while (value > old && !atomic_try_cmpxchg(max, &old, value))
		;
}

/**
 * tcplife_listener_synq - a request joined the SYN queue
 * @cookie: of the listener
 * @len: its length now
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_listener_synq(u64 cookie, u32 len)
{
	struct tcplife_listener *l = tcplife_listener_find(cookie);

	if (l)
		listener_raise(&l->synq_max, len);
}

/**
 * tcplife_listener_promoted - a child joined the accept queue
 * @lsk: the listener
 * @accq: length of the queue now
 * @halfopen: it was a half-open request before, not a syncookie
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_listener_promoted(const struct sock *lsk, u32 accq, bool halfopen)
{
	struct tcplife_listener *l =
		tcplife_listener_find(atomic64_read(&lsk->sk_cookie));

	if (!l)
		return;
	if (halfopen)
		atomic64_inc(&l->c[TCPLIFE_L_HO_ESTAB]);
	listener_raise(&l->accq_max, accq);
}

/**
 * tcplife_listener_accepted - accept() took a child
 * @lsk: the listener
 * @wait: nanoseconds that the child had waited; 0: nobody knows
 *
 * Context: process, preemption off.
 */
void tcplife_listener_accepted(const struct sock *lsk, u64 wait)
{
	struct tcplife_listener *l =
		tcplife_listener_find(atomic64_read(&lsk->sk_cookie));
	s64 old;

	if (!l)
		return;
	atomic64_inc(&l->c[TCPLIFE_L_ACCEPTS]);
	if (!wait)
		return;
	atomic64_add(wait, &l->wait_sum);
	atomic64_inc(&l->waits[tcplife_hist_bucket(wait)]);
	old = atomic64_read(&l->wait_max);
	while ((s64)wait > old &&
	       !atomic64_try_cmpxchg(&l->wait_max, &old, wait))
		;
}

static void listener_view(const struct tcplife_listener *l,
			  struct tcplife_listener_view *view)
{
	const struct sock *sk = l->sk;

	view->l = *l;
	listener_address(&view->l, sk);
	view->backlog = READ_ONCE(sk->sk_max_ack_backlog);
	view->synq = inet_csk_reqsk_queue_len(sk);
	view->accq = READ_ONCE(sk->sk_ack_backlog);
}

/**
 * tcplife_listener_next - the next listener of a walk
 * @bucket: where the walk is, 0 at the start
 * @cookie: of the last one given from there; U64_MAX at the start
 * @netns: only of the namespace with this cookie, 0 for all
 * @view: filled
 *
 * In each bucket by falling cookie: a listener that stays is given exactly
 * once, whatever comes and goes. Context: process. Return: false at the end.
 */
bool tcplife_listener_next(u32 *bucket, u64 *cookie, u64 netns,
			   struct tcplife_listener_view *view)
{
	struct tcplife_listener *l, *found = NULL;

	rcu_read_lock();
	for (; *bucket < ARRAY_SIZE(listener_table); (*bucket)++) {
		hlist_for_each_entry_rcu(l, &listener_table[*bucket], node)
			if (l->cookie < *cookie &&
			    (!netns || l->net_cookie == netns) &&
			    (!found || l->cookie > found->cookie))
				found = l;
		if (found) {
			*cookie = found->cookie;
			listener_view(found, view);
			break;
		}
		*cookie = U64_MAX;
	}
	rcu_read_unlock();
	return found;
}

/**
 * tcplife_listener_halfopen - half-open requests there are now
 * @netns: of the namespace with this cookie, 0 for all
 *
 * Context: process. Return: the sum of the SYN queues of all listeners.
 */
u64 tcplife_listener_halfopen(u64 netns)
{
	const struct tcplife_listener *l;
	u64 sum = 0;
	u32 i;

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(listener_table); i++)
		hlist_for_each_entry_rcu(l, &listener_table[i], node)
			if (!netns || l->net_cookie == netns)
				sum += inet_csk_reqsk_queue_len(l->sk);
	rcu_read_unlock();
	return sum;
}
