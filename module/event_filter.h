/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event filter: what multicast groups report, to everybody.
 */
#ifndef _TCPLIFE_EVENT_FILTER_H
#define _TCPLIFE_EVENT_FILTER_H

#include <linux/rcupdate.h>

#include "record.h"

struct netlink_ext_ack;
struct nlattr;
struct sk_buff;

#define TCPLIFE_EVENT_FILTER_PORTS	16

/**
 * struct tcplife_event_filter - all of it must match
 * @rcu: delays its end
 * @netns: inode number of the namespace, 0 for any
 * @family: enum tcplife_family
 * @roles: mask of enum tcplife_role, 0 for any
 * @sample: one connection in this many, 0 for all
 * @failures: only what ended in failure
 * @nlports: how many local ports
 * @nrports: how many remote ports
 * @lports: local ports, any of them
 * @rports: remote ports, any of them
 */
struct tcplife_event_filter {
	struct rcu_head	rcu;
	u32		netns;
	u32		family;
	u32		roles;
	u32		sample;
	bool		failures;
	u8		nlports;
	u8		nrports;
	__be16		lports[TCPLIFE_EVENT_FILTER_PORTS];
	__be16		rports[TCPLIFE_EVENT_FILTER_PORTS];
};

/**
 * struct tcplife_event_key - what the filter looks at
 * @cookie: of the socket; of a request, which has none, a number as random
 * @netns: inode number of the namespace
 * @addr: either address: its family
 * @lport: local port
 * @rport: remote port
 * @role: enum tcplife_role
 * @end: enum tcplife_end, or -1: not known yet, so not to be looked at
 */
struct tcplife_event_key {
	u64			cookie;
	u32			netns;
	const struct in6_addr	*addr;
	__be16			lport;
	__be16			rport;
	u8			role;
	int			end;
};

/* NULL: everything passes. Replaced under RCU, hooks read it with preemption
 * off; writers hold a mutex.
 */
extern struct tcplife_event_filter __rcu *tcplife_event_filter;

bool tcplife_event_filter_match(const struct tcplife_event_filter *filter,
				const struct tcplife_event_key *key);
int tcplife_event_filter_set(const struct nlattr *nest,
			     struct netlink_ext_ack *extack);
int tcplife_event_filter_put(struct sk_buff *skb);
void tcplife_event_filter_exit(void);

/**
 * tcplife_event_filter_get - the filter in force
 *
 * Context: any but NMI, preemption off. Return: the filter, valid until
 * preemption is on again, or NULL: everything passes.
 */
static inline const struct tcplife_event_filter *tcplife_event_filter_get(void)
{
	return rcu_dereference_sched(tcplife_event_filter);
}

#endif /* _TCPLIFE_EVENT_FILTER_H */
