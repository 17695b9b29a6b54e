/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters and latency histograms, per network namespace and per CPU.
 */
#ifndef _TCPLIFE_STATS_H
#define _TCPLIFE_STATS_H

#include <linux/list.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/time64.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <tcplife/counters.h>
#include <uapi/linux/tcplife.h>

enum tcplife_counter {
#define X(sym, name) TCPLIFE_C_##sym,
	TCPLIFE_COUNTERS(X)
#undef X
	TCPLIFE_NR_COUNTERS,
};

/* How many are in a state now; the enumerators follow the numbers of TCP_*. */
#define TCPLIFE_C_NOW(state)	(TCPLIFE_C_NOW_ESTABLISHED + (state) - 1)

/* The histograms, in the order of the columns of /proc/tcplife/latency. */
enum tcplife_hist {
	TCPLIFE_H_HANDSHAKE,
	TCPLIFE_H_ACCEPT_WAIT,
	TCPLIFE_H_LIFE,
	TCPLIFE_H_HALF_CLOSE,
	TCPLIFE_H_CLOSE_WAIT,
	TCPLIFE_H_TIME_WAIT,
	TCPLIFE_NR_HISTS,
};

/* Bucket b counts times below 2^b microseconds; the last one all above. */
#define TCPLIFE_HIST_BUCKETS	40

struct tcplife_stats {
	u64	c[TCPLIFE_NR_COUNTERS];
	u64	hist[TCPLIFE_NR_HISTS][TCPLIFE_HIST_BUCKETS];
};

/**
 * struct tcplife_net - what a network namespace has of its own
 * @stats: its counters; after its exit the common late ones
 * @retired: its own counters, while it exits
 * @net: the namespace
 * @list: in the list of all, under the stats mutex
 */
struct tcplife_net {
	struct tcplife_stats __percpu	*stats;
	struct tcplife_stats __percpu	*retired;
	struct net			*net;
	struct list_head		list;
};

extern unsigned int tcplife_net_id;

int tcplife_stats_init(void);
void tcplife_stats_exit(void);
void tcplife_stats_sum(const struct net *net, struct tcplife_stats *sum);

/**
 * tcplife_net_stats - the counters of a namespace, on this CPU or any
 * @net: the namespace
 *
 * net_generic() without its rcu_read_lock() and unlock, two calls that would
 * double the cost of a count. Context: as tcplife_count_add().
 */
static inline struct tcplife_stats __percpu *
tcplife_net_stats(const struct net *net)
{
	const struct net_generic *ng = rcu_dereference_raw(net->gen);
	const struct tcplife_net *tn = ng->ptr[tcplife_net_id];

	return READ_ONCE(tn->stats);
}

/**
 * tcplife_count_add - add to a counter of a namespace
 * @net: the namespace that the event belongs to
 * @c: the counter
 * @n: how many; negative for the gauges
 *
 * Context: any, with preemption off or under rcu_read_lock() (the exit of a
 * namespace waits for a grace period before it frees the counters).
 */
static inline void tcplife_count_add(const struct net *net,
				     enum tcplife_counter c, s64 n)
{
	this_cpu_add(tcplife_net_stats(net)->c[c], n);
}

static inline void tcplife_count(const struct net *net, enum tcplife_counter c)
{
	tcplife_count_add(net, c, 1);
}

/**
 * tcplife_latency - add a time to a histogram of a namespace
 * @net: the namespace
 * @h: the histogram
 * @ns: the time in nanoseconds
 *
 * Context: as tcplife_count_add().
 */
static inline void tcplife_latency(const struct net *net, enum tcplife_hist h,
				   u64 ns)
{
	u64 us = ns / NSEC_PER_USEC;
	unsigned int b = us ? ilog2(us) + 1 : 0;

	b = min_t(unsigned int, b, TCPLIFE_HIST_BUCKETS - 1);
	this_cpu_inc(tcplife_net_stats(net)->hist[h][b]);
}

#endif /* _TCPLIFE_STATS_H */
