/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters and latency histograms, per network namespace and per CPU.
 */
#ifndef _TCPLIFE_STATS_H
#define _TCPLIFE_STATS_H

#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/time64.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <tcplife/counters.h>
#include <uapi/linux/tcplife.h>

#include "group.h"
#include "mib.h"

enum tcplife_counter {
#define X(sym, ...) TCPLIFE_C_##sym,
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

/* An array of u64, whatever its parts are called: see stats_fold(). */
struct tcplife_stats {
	u64			c[TCPLIFE_NR_COUNTERS];
	u64			hist[TCPLIFE_NR_HISTS][TCPLIFE_HIST_BUCKETS];
	u64			hist_sum[TCPLIFE_NR_HISTS];
	struct tcplife_unsent	unsent;
};

/**
 * struct tcplife_net - what a network namespace has of its own
 * @stats: its counters; after its exit the common late ones
 * @retired: its own counters, while it exits
 * @net: the namespace
 * @list: in the list of all, under the stats mutex
 * @mib: the kernel's own counters at load, or at its birth
 * @feeds: the multicast groups
 */
struct tcplife_net {
	struct tcplife_stats __percpu	*stats;
	struct tcplife_stats __percpu	*retired;
	struct net			*net;
	struct list_head		list;
	struct tcplife_mib		mib;
	struct tcplife_feed		feeds[TCPLIFE_NR_FEEDS];
};

extern unsigned int tcplife_net_id;

int tcplife_stats_init(void);
void tcplife_stats_exit(void);
bool tcplife_net_late(const struct tcplife_net *tn);
void tcplife_stats_armed(void);
bool tcplife_stats_read(u64 view, u32 netns, struct tcplife_stats *sum);

/**
 * tcplife_net_of - what a namespace has of its own
 * @net: the namespace
 *
 * net_generic() without its rcu_read_lock() and unlock, two calls that would
 * double the cost of a count. Context: as tcplife_count_add().
 */
static inline struct tcplife_net *tcplife_net_of(const struct net *net)
{
	const struct net_generic *ng = rcu_dereference_raw(net->gen);

	return ng->ptr[tcplife_net_id];
}

/**
 * tcplife_net_stats - the counters of a namespace, on this CPU or any
 * @net: the namespace
 *
 * Context: as tcplife_count_add().
 */
static inline struct tcplife_stats __percpu *
tcplife_net_stats(const struct net *net)
{
	return READ_ONCE(tcplife_net_of(net)->stats);
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
 * tcplife_hist_bucket - where a time is counted
 * @ns: the time in nanoseconds
 *
 * Return: the bucket.
 */
static inline unsigned int tcplife_hist_bucket(u64 ns)
{
	return min_t(unsigned int, fls64(ns / NSEC_PER_USEC),
		     TCPLIFE_HIST_BUCKETS - 1);
}

/* The same where the counters of the namespace are at hand. */
static inline void tcplife_stats_latency(struct tcplife_stats __percpu *stats,
					 enum tcplife_hist h, u64 ns)
{
	this_cpu_inc(stats->hist[h][tcplife_hist_bucket(ns)]);
	this_cpu_add(stats->hist_sum[h], ns);
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
	tcplife_stats_latency(tcplife_net_stats(net), h, ns);
}

#endif /* _TCPLIFE_STATS_H */
