/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The listener table: one entry for each listening TCP socket.
 */
#ifndef _TCPLIFE_LISTENER_H
#define _TCPLIFE_LISTENER_H

#include <linux/atomic.h>
#include <linux/rculist.h>
#include <tcplife/counters.h>

#include "record.h"
#include "stats.h"

struct sock;

enum tcplife_listener_counter {
#define X(sym, ...) TCPLIFE_L_##sym,
	TCPLIFE_LISTENER_COUNTERS(X)
#undef X
	TCPLIFE_NR_L,
};

/* The backlog that was asked for is not known; -1 is a value, the largest. */
#define TCPLIFE_ASKED_UNKNOWN	INT_MIN

/**
 * struct tcplife_listener - a listening socket
 * @node: in its hash chain; written under the listener lock, read under RCU
 * @rcu: delays its way back to the pool
 * @sk: the socket. It is SOCK_RCU_FREE and the entry leaves the table before
 *	the socket is closed: under RCU, an entry found has a valid socket
 * @cookie: the socket's cookie
 * @netns: inode number of its namespace, for people
 * @net_cookie: cookie of it
 * @asked: backlog that listen() asked for, or TCPLIFE_ASKED_UNKNOWN
 * @laddr: address that it listens on
 * @lport: port that it listens on; may be bound after the entry was made
 * @pid_ns: inode number of @owner's pid namespace, 0 for the initial one
 * @owner: who called listen()
 * @c: counters, updated from any CPU
 * @synq_max: highest length of the SYN queue seen
 * @accq_max: highest length of the accept queue seen
 * @wait_sum: nanoseconds waited in the accept queue by all
 * @wait_max: longest wait
 * @waits: histogram of them; see tcplife_hist_bucket()
 */
struct tcplife_listener {
	struct hlist_node	node;
	struct rcu_head		rcu;
	struct sock		*sk;
	u64			cookie;
	u64			net_cookie;
	u32			netns;
	int			asked;
	struct in6_addr		laddr;
	__be16			lport;
	u32			pid_ns;
	struct tcplife_owner	owner;
	atomic64_t		c[TCPLIFE_NR_L];
	atomic_t		synq_max;
	atomic_t		accq_max;
	atomic64_t		wait_sum;
	atomic64_t		wait_max;
	atomic64_t		waits[TCPLIFE_HIST_BUCKETS];
};

/**
 * struct tcplife_listener_view - a copy for the exporters
 * @l: the entry
 * @backlog: in force
 * @synq: half-open requests now
 * @accq: connections waiting for accept() now
 */
struct tcplife_listener_view {
	struct tcplife_listener	l;
	u32			backlog;
	u32			synq;
	u32			accq;
};

int tcplife_listener_init(void);
void tcplife_listener_exit(void);
void tcplife_listener_open(struct sock *sk, bool imported);
void tcplife_listener_close(struct sock *sk);
struct tcplife_listener *tcplife_listener_find(u64 cookie);
void tcplife_listener_count(u64 cookie, enum tcplife_listener_counter c);
void tcplife_listener_synq(u64 cookie, u32 len);
void tcplife_listener_promoted(const struct sock *lsk, u32 accq, bool halfopen);
void tcplife_listener_accepted(const struct sock *lsk, u64 wait);
bool tcplife_listener_next(u32 *bucket, u64 *cookie, u64 netns,
			   struct tcplife_listener_view *view);
u64 tcplife_listener_halfopen(u64 netns);

#endif /* _TCPLIFE_LISTENER_H */
