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
#include <uapi/linux/tcplife.h>

/*
 * Every counter: enumerator and the name that /proc/tcplife/stats prints.
 * The order is the order of the file: new ones go to the end.
 */
#define TCPLIFE_COUNTERS(X)					\
	X(BORN, "born")						\
	X(IMPORTED, "imported")					\
	X(ENDED, "ended")					\
	X(ALIVE, "alive")					\
	X(LOST_TABLE_FULL, "lost_table_full")			\
	X(LOST_POOL_EMPTY, "lost_pool_empty")			\
	X(HISTORY_OVERWRITTEN, "history_overwritten")		\
	X(LISTENERS_FULL, "listeners_full")			\
	X(ACTIVE_OPENS, "active_opens")				\
	X(PASSIVE_OPENS, "passive_opens")			\
	X(ATTEMPT_FAILS, "attempt_fails")			\
	X(ESTAB_RESETS, "estab_resets")				\
	X(END_FIN, "end_fin")					\
	X(END_REFUSED, "end_refused")				\
	X(END_CONNECT_TIMEOUT, "end_connect_timeout")		\
	X(END_UNREACHABLE, "end_unreachable")			\
	X(END_NO_LOCAL_PORT, "end_no_local_port")		\
	X(END_SYN_ACK_TIMEOUT, "end_syn_ack_timeout")		\
	X(END_EMBRYONIC_RESET, "end_embryonic_reset")		\
	X(END_LISTENER_CLOSED, "end_listener_closed")		\
	X(END_ACCEPT_OVERFLOW, "end_accept_overflow")		\
	X(END_CLOSED_IN_HANDSHAKE, "end_closed_in_handshake")	\
	X(END_DISCONNECTED, "end_disconnected")			\
	X(END_RESET_RECEIVED, "end_reset_received")		\
	X(END_RESET_SENT, "end_reset_sent")			\
	X(END_RETRANSMIT_TIMEOUT, "end_retransmit_timeout")	\
	X(END_PROBE_TIMEOUT, "end_probe_timeout")		\
	X(END_FIN_TIMEOUT, "end_fin_timeout")			\
	X(END_FIN_WAIT2_TIMEOUT, "end_fin_wait2_timeout")	\
	X(END_KEEPALIVE_TIMEOUT, "end_keepalive_timeout")	\
	X(END_USER_TIMEOUT, "end_user_timeout")			\
	X(END_ABORTED, "end_aborted")				\
	X(END_OUT_OF_MEMORY, "end_out_of_memory")		\
	X(END_NETNS_GONE, "end_netns_gone")			\
	X(END_REPAIR_CLOSED, "end_repair_closed")		\
	X(END_UNKNOWN, "end_unknown")				\
	X(NOW_ESTABLISHED, "now_established")			\
	X(NOW_SYN_SENT, "now_syn_sent")				\
	X(NOW_SYN_RECV, "now_syn_recv")				\
	X(NOW_FIN_WAIT1, "now_fin_wait1")			\
	X(NOW_FIN_WAIT2, "now_fin_wait2")			\
	X(NOW_TIME_WAIT, "now_time_wait")			\
	X(NOW_CLOSE, "now_close")				\
	X(NOW_CLOSE_WAIT, "now_close_wait")			\
	X(NOW_LAST_ACK, "now_last_ack")				\
	X(NOW_LISTEN, "now_listen")				\
	X(NOW_CLOSING, "now_closing")				\
	X(RETRANS_SYN, "retrans_syn")				\
	X(RETRANS_SYNACK, "retrans_synack")			\
	X(RETRANS_FIN, "retrans_fin")				\
	X(RETRANS_DATA, "retrans_data")				\
	X(SYN_RECEIVED, "syn_received")				\
	X(SYN_QUEUED, "syn_queued")				\
	X(SYN_DUPLICATE, "syn_duplicate")			\
	X(DROP_SYNQ_FULL, "drop_synq_full")			\
	X(DROP_MAX_SYN_BACKLOG, "drop_max_syn_backlog")		\
	X(DROP_ACCQ_FULL, "drop_accq_full")			\
	X(DROP_OTHER, "drop_other")				\
	X(ACK_IGNORED, "ack_ignored")				\
	X(COOKIES_SENT, "cookies_sent")				\
	X(COOKIES_VALID, "cookies_valid")			\
	X(COOKIES_FAILED, "cookies_failed")			\
	X(HALFOPEN_NOW, "halfopen_now")				\
	X(HALFOPEN_ESTABLISHED, "halfopen_established")		\
	X(HALFOPEN_SYN_ACK_TIMEOUT, "halfopen_syn_ack_timeout")	\
	X(HALFOPEN_EMBRYONIC_RESET, "halfopen_embryonic_reset")	\
	X(HALFOPEN_LISTENER_CLOSED, "halfopen_listener_closed")	\
	X(HALFOPEN_ACCEPT_OVERFLOW, "halfopen_accept_overflow")	\
	X(HALFOPEN_ABORTED, "halfopen_aborted")			\
	X(HALFOPEN_UNREACHABLE, "halfopen_unreachable")		\
	X(HALFOPEN_NETNS_GONE, "halfopen_netns_gone")		\
	X(HALFOPEN_UNKNOWN, "halfopen_unknown")			\
	X(ACCEPTED, "accepted")					\
	X(TW_ENTERED, "tw_entered")				\
	X(TW_FIN_WAIT2_ENTERED, "tw_fin_wait2_entered")		\
	X(TW_OVERFLOW, "tw_overflow")				\
	X(TW_RESTARTS, "tw_restarts")				\
	X(TW_EXIT_EXPIRED, "tw_exit_expired")			\
	X(TW_EXIT_REUSED, "tw_exit_reused")			\
	X(TW_EXIT_RECYCLED, "tw_exit_recycled")			\
	X(TW_EXIT_RST_RECEIVED, "tw_exit_rst_received")		\
	X(TW_EXIT_RST_SENT, "tw_exit_rst_sent")			\
	X(TW_EXIT_KILLED, "tw_exit_killed")			\
	X(TW_EXIT_NETNS_GONE, "tw_exit_netns_gone")		\
	X(RST_SENT, "rst_sent")					\
	X(RST_RECEIVED, "rst_received")				\
	X(KEEPALIVE_PROBES, "keepalive_probes")			\
	X(WINDOW_PROBES, "window_probes")			\
	X(DUP_FIN_RECEIVED, "dup_fin_received")			\
	X(HOOKS_MISSED, "hooks_missed")				\
	X(LOST_IMPORT, "lost_import")

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
