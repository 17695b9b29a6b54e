// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink: the generic netlink family, and who may use it.
 *
 * To read needs CAP_NET_ADMIN over the network namespace of the socket, in
 * the user namespace that owns it; to configure needs it in the initial one.
 * The checks are our own: those of the family's flags say nothing.
 */
#include <linux/ktime.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>
#include <net/sock.h>

#include "event_filter.h"
#include "netlink.h"
#include "queue.h"

#define GET(cmd_, doit_, policy_)					\
	{								\
		.cmd	 = TCPLIFE_CMD_##cmd_##_GET,			\
		.doit	 = doit_,					\
		.policy	 = policy_,					\
		.maxattr = TCPLIFE_A_MAX,				\
	}

#define DUMP(cmd_, start_, policy_)					\
	{								\
		.cmd	 = TCPLIFE_CMD_##cmd_##_GET,			\
		.start	 = start_,					\
		.dumpit	 = tcplife_dump,				\
		.done	 = tcplife_dump_done,				\
		.policy	 = policy_,					\
		.maxattr = TCPLIFE_A_MAX,				\
	}

static const struct genl_ops netlink_ops[] = {
	DUMP(CONNECTION, tcplife_dump_start_connections, tcplife_filter_policy),
	DUMP(TIMEWAIT, tcplife_dump_start_timewait, tcplife_filter_policy),
	DUMP(LISTENER, tcplife_dump_start_listeners, tcplife_filter_policy),
	DUMP(HISTORY, tcplife_dump_start_history, tcplife_filter_policy),
	GET(RECORD, tcplife_get_record, tcplife_record_policy),
	GET(STATS, tcplife_get_stats, tcplife_filter_policy),
	GET(LATENCY, tcplife_get_latency, tcplife_filter_policy),
	{
		.cmd	 = TCPLIFE_CMD_HOOK_GET,
		.start	 = tcplife_dump_start_hooks,
		.dumpit	 = tcplife_dump_hooks,
		.policy	 = tcplife_no_policy,
		.maxattr = TCPLIFE_A_MAX,
	},
	GET(MIB, tcplife_get_mib, tcplife_no_policy),
	GET(EVENT_FILTER, tcplife_get_event_filter, tcplife_no_policy),
	GET(GROUP, tcplife_get_groups, tcplife_no_policy),
	{
		.cmd	 = TCPLIFE_CMD_EVENT_FILTER_SET,
		.doit	 = tcplife_set_event_filter,
		.policy	 = tcplife_event_filter_policy,
		.maxattr = TCPLIFE_A_MAX,
	},
};

static const struct genl_multicast_group netlink_groups[TCPLIFE_NR_FEEDS] = {
#define GROUP(feed, name_)						\
	[feed] = {							\
		.name	= TCPLIFE_MCGRP_##name_,			\
		.flags	= GENL_MCAST_CAP_NET_ADMIN,			\
	}
	GROUP(TCPLIFE_GROUP_RECORDS, RECORDS),
	GROUP(TCPLIFE_GROUP_CLOSES, CLOSES),
	GROUP(TCPLIFE_GROUP_STATES, STATES),
	GROUP(TCPLIFE_GROUP_HALFOPEN, HALFOPEN),
	GROUP(TCPLIFE_FEED_RECORDS, RECORDS_COMPACT),
	GROUP(TCPLIFE_FEED_CLOSES, CLOSES_COMPACT),
#undef GROUP
};

struct genl_family tcplife_family __ro_after_init = {
	.name		= TCPLIFE_FAMILY_NAME,
	.version	= TCPLIFE_FAMILY_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true,
	.ops		= netlink_ops,
	.n_ops		= ARRAY_SIZE(netlink_ops),
	.mcgrps		= netlink_groups,
	.n_mcgrps	= ARRAY_SIZE(netlink_groups),
	.resv_start_op	= TCPLIFE_CMD_CONNECTION_GET,
};

/**
 * tcplife_netlink_may_read - may the sender of a request read
 * @request: the request
 * @extack: where a refusal is put into words
 *
 * Context: process. Return: 0 or -EPERM.
 */
int tcplife_netlink_may_read(const struct sk_buff *request,
			     struct netlink_ext_ack *extack)
{
	if (netlink_net_capable(request, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "needs CAP_NET_ADMIN over this network namespace");
	return -EPERM;
}

/**
 * tcplife_netlink_audience - who will read the answer to a request
 * @request: the request, from the current process
 *
 * Context: process. Return: the audience; it is there as long as the socket.
 */
struct tcplife_audience tcplife_netlink_audience(const struct sk_buff *request)
{
	const struct pid_namespace *pid_ns = task_active_pid_ns(current);

	return (struct tcplife_audience) {
		.user_ns	= sk_user_ns(NETLINK_CB(request).sk),
		.pid_ns		= pid_ns->ns.inum,
		.init_pid_ns	= pid_ns == &init_pid_ns,
	};
}

/**
 * tcplife_netlink_put_clock - how to read the times and users of a message
 * @skb: the message, with room for it
 * @user_ns: users are numbered by this user namespace
 */
void tcplife_netlink_put_clock(struct sk_buff *skb,
			       const struct user_namespace *user_ns)
{
	u64 now = ktime_get_ns();
	s64 offset = ktime_to_ns(ktime_mono_to_real(ns_to_ktime(now))) - now;
	void *p = skb_tail_pointer(skb);

	p = tcplife_put_u64(p, TCPLIFE_A_NOW, now);
	p = tcplife_put_u64(p, TCPLIFE_A_CLOCK_OFFSET, offset);
	p = tcplife_put_u32(p, TCPLIFE_A_USER_NS, user_ns->ns.inum);
	skb_put(skb, p - (void *)skb_tail_pointer(skb));
}

/**
 * tcplife_netlink_init - offer the family
 *
 * Context: process, with everything that it shows in place. Return: 0 or an
 * error.
 */
int __init tcplife_netlink_init(void)
{
	int ret = genl_register_family(&tcplife_family);

	if (ret)
		return ret;
	/* Whoever joined the groups' numbers before they were ours was not
	 * asked for his rights: genl_bind(). To unregister makes them leave.
	 */
	genl_unregister_family(&tcplife_family);
	ret = genl_register_family(&tcplife_family);
	if (!ret)
		tcplife_queue_switch(true);
	return ret;
}

/**
 * tcplife_netlink_exit - withdraw the family
 *
 * Context: process. Waits for calls under way; dumps keep the module loaded.
 */
void tcplife_netlink_exit(void)
{
	tcplife_queue_switch(false);
	genl_unregister_family(&tcplife_family);
	tcplife_event_filter_exit();
}
