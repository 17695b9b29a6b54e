// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats: one set of per-CPU counters for each network namespace, as the
 * kernel's own MIBs have (include/net/snmp.h).
 *
 * A namespace may die while hooks still count for it: its timewait sockets are
 * purged by tcp_sk_exit_batch(), after our exit. Such late events go to a
 * common set, and what the namespace had counted is folded into another, so
 * that a reader in the initial namespace never sees a sum go down.
 */
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "hooks.h"
#include "listener.h"
#include "queue.h"
#include "stats.h"
#include "syn.h"

unsigned int tcplife_net_id __read_mostly;

/* Protects the list, @gone, and every tcplife_net.stats against its free. */
static DEFINE_MUTEX(stats_mutex);
static LIST_HEAD(stats_nets);
/* What namespaces that are gone had counted. */
static struct tcplife_stats stats_gone;
/* Events of namespaces that are going, or had no memory for their own. */
static struct tcplife_stats __percpu *stats_late;

/**
 * tcplife_net_late - has a namespace no counters of its own
 * @tn: the namespace: it is going, or there was no memory
 */
bool tcplife_net_late(const struct tcplife_net *tn)
{
	return READ_ONCE(tn->stats) == stats_late;
}

/* struct tcplife_stats is an array of u64, whatever its parts are called. */
static void stats_fold(struct tcplife_stats *sum,
		       const struct tcplife_stats *part)
{
	const u64 *from = (const u64 *)part;
	u64 *to = (u64 *)sum;
	size_t i;

	for (i = 0; i < sizeof(*sum) / sizeof(u64); i++)
		to[i] += READ_ONCE(from[i]);
}

static void stats_fold_cpus(struct tcplife_stats *sum,
			    const struct tcplife_stats __percpu *stats)
{
	int cpu;

	for_each_possible_cpu(cpu)
		stats_fold(sum, per_cpu_ptr(stats, cpu));
}

static int __net_init stats_net_init(struct net *net)
{
	struct tcplife_net *tn = net_generic(net, tcplife_net_id);

	/* Never let unshare() fail for want of our counters: what happens in
	 * this namespace is then counted for the initial one's readers only.
	 * Any user can make namespaces, so it is his control group's memory.
	 */
	tn->stats = alloc_percpu_gfp(struct tcplife_stats, GFP_KERNEL_ACCOUNT);
	if (!tn->stats)
		tn->stats = stats_late;
	tn->net = net;
	tcplife_mib_read(net, tn->mib.before);
	memcpy(tn->mib.after, tn->mib.before, sizeof(tn->mib.after));

	mutex_lock(&stats_mutex);
	list_add_tail(&tn->list, &stats_nets);
	mutex_unlock(&stats_mutex);
	return 0;
}

static void __net_exit stats_net_exit_batch(struct list_head *exiting)
{
	struct tcplife_net *tn;
	struct net *net;

	/* A SYN whose fate is still open must be counted where it belongs. */
	tcplife_syn_settle();

	mutex_lock(&stats_mutex);
	list_for_each_entry(net, exiting, exit_list) {
		tn = net_generic(net, tcplife_net_id);
		tn->retired = tn->stats;
		WRITE_ONCE(tn->stats, stats_late);
		list_del(&tn->list);
	}
	/* Hooks count with preemption off: after this none holds the old, and
	 * after the flush no event refers to these namespaces.
	 */
	synchronize_rcu();
	tcplife_queue_flush();
	list_for_each_entry(net, exiting, exit_list) {
		tn = net_generic(net, tcplife_net_id);
		if (tn->retired == stats_late)
			continue;
		stats_fold_cpus(&stats_gone, tn->retired);
		free_percpu(tn->retired);
	}
	mutex_unlock(&stats_mutex);
}

static struct pernet_operations stats_net_ops = {
	.init		= stats_net_init,
	.exit_batch	= stats_net_exit_batch,
	.id		= &tcplife_net_id,
	.size		= sizeof(struct tcplife_net),
};

/**
 * tcplife_stats_init - give every namespace its counters, now and later
 *
 * Context: process. Return: 0 or an error.
 */
int tcplife_stats_init(void)
{
	int ret;

	stats_late = alloc_percpu(struct tcplife_stats);
	if (!stats_late)
		return -ENOMEM;
	ret = register_pernet_subsys(&stats_net_ops);
	if (ret)
		free_percpu(stats_late);
	return ret;
}

/**
 * tcplife_stats_exit - undo tcplife_stats_init()
 *
 * Context: process, with no hook attached and no reader left.
 */
void tcplife_stats_exit(void)
{
	unregister_pernet_subsys(&stats_net_ops);
	free_percpu(stats_late);
}

/**
 * tcplife_stats_armed - all hooks are attached: note the kernel's own counters
 *
 * Context: process.
 */
void tcplife_stats_armed(void)
{
	struct tcplife_net *tn;

	mutex_lock(&stats_mutex);
	list_for_each_entry(tn, &stats_nets, list)
		tcplife_mib_read(tn->net, tn->mib.after);
	mutex_unlock(&stats_mutex);
}

/* Adds up the counters of one namespace, or of all, those gone included; the
 * cookie of the one that was asked for, 0 for all, U64_MAX if it is not there.
 */
static u64 stats_sum(u64 view, u32 netns, struct tcplife_stats *sum)
{
	const struct tcplife_net *tn;
	u64 found = U64_MAX;

	mutex_lock(&stats_mutex);
	list_for_each_entry(tn, &stats_nets, list) {
		if ((view && tn->net->net_cookie != view) ||
		    (netns && tn->net->ns.inum != netns))
			continue;
		found = tn->net->net_cookie;
		if (!tcplife_net_late(tn))
			stats_fold_cpus(sum, tn->stats);
	}
	if (!view && !netns) {
		found = 0;
		stats_fold(sum, &stats_gone);
		stats_fold_cpus(sum, stats_late);
	}
	mutex_unlock(&stats_mutex);
	return found;
}

/**
 * tcplife_stats_read - the counters that a reader asks for
 * @view: cookie of the only namespace that it may see, 0 for all
 * @netns: inode number of the only one that it wants, 0 for all that it may
 * @sum: filled
 *
 * Context: process, after tcplife_syn_settle(). Return: false if it may see no
 * such namespace.
 */
bool tcplife_stats_read(u64 view, u32 netns, struct tcplife_stats *sum)
{
	u64 net_cookie;

	memset(sum, 0, sizeof(*sum));
	net_cookie = stats_sum(view, netns, sum);
	if (net_cookie == U64_MAX)
		return false;
	/* Not counted but asked for. */
	sum->c[TCPLIFE_C_HALFOPEN_NOW] = tcplife_listener_halfopen(net_cookie);
	sum->c[TCPLIFE_C_HOOKS_MISSED] = tcplife_hooks_missed();
	return true;
}
