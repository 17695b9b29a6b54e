// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event filter: set by the administrator, for all readers of multicast
 * groups alike. The table, the counters and the history know nothing of it.
 */
#include <linux/hash.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/netlink.h>
#include <tcplife/ends.h>

#include "event_filter.h"

struct tcplife_event_filter __rcu *tcplife_event_filter;

/* One writer at a time. */
static DEFINE_MUTEX(event_filter_mutex);

static bool port_listed(const __be16 *ports, unsigned int n, __be16 port)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (ports[i] == port)
			return true;
	return !n;
}

static bool family_matches(u32 family, const struct in6_addr *addr)
{
	return family == TCPLIFE_FAMILY_ANY ||
	       ipv6_addr_v4mapped(addr) == (family == TCPLIFE_FAMILY_IPV4);
}

/* By the cookie, so that all events of a connection share its fate. */
static bool sampled(u32 sample, u64 cookie)
{
	return sample < 2 || !(hash_64(cookie, 32) % sample);
}

/**
 * tcplife_event_filter_match - may an event be told, by a filter
 * @filter: the filter
 * @key: of the event
 *
 * Context: any but NMI.
 */
bool tcplife_event_filter_match(const struct tcplife_event_filter *filter,
				const struct tcplife_event_key *key)
{
	const struct tcplife_event_filter *f = filter;

	return (!f->netns || f->netns == key->netns) &&
	       (!f->roles || f->roles & BIT(key->role)) &&
	       family_matches(f->family, key->addr) &&
	       port_listed(f->lports, f->nlports, key->lport) &&
	       port_listed(f->rports, f->nrports, key->rport) &&
	       !(f->failures && key->end >= 0 &&
		 !tcplife_end_failed(key->end)) &&
	       sampled(f->sample, key->cookie);
}

static int port_add(__be16 *ports, u8 *n, const struct nlattr *a,
		    struct netlink_ext_ack *extack)
{
	if (*n == TCPLIFE_EVENT_FILTER_PORTS) {
		NL_SET_ERR_MSG_ATTR(extack, a, "more than 16 ports");
		return -E2BIG;
	}
	ports[(*n)++] = nla_get_be16(a);
	return 0;
}

static int event_filter_take(struct tcplife_event_filter *f,
			     const struct nlattr *a,
			     struct netlink_ext_ack *extack)
{
	switch (nla_type(a)) {
	case TCPLIFE_A_EVENT_FILTER_NETNS:
		f->netns = nla_get_u32(a);
		break;
	case TCPLIFE_A_EVENT_FILTER_FAMILY:
		f->family = nla_get_u32(a);
		break;
	case TCPLIFE_A_EVENT_FILTER_LOCAL_PORT:
		return port_add(f->lports, &f->nlports, a, extack);
	case TCPLIFE_A_EVENT_FILTER_REMOTE_PORT:
		return port_add(f->rports, &f->nrports, a, extack);
	case TCPLIFE_A_EVENT_FILTER_ROLES:
		f->roles = nla_get_u32(a);
		break;
	case TCPLIFE_A_EVENT_FILTER_FAILURES:
		f->failures = true;
		break;
	case TCPLIFE_A_EVENT_FILTER_SAMPLE:
		f->sample = nla_get_u32(a);
		break;
	}
	return 0;
}

static int event_filter_parse(struct tcplife_event_filter *f,
			      const struct nlattr *nest,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *a;
	u32 given = 0;
	int rem, ret;

	nla_for_each_nested(a, nest, rem) {
		u32 bit = BIT(nla_type(a));
		bool port = bit & (BIT(TCPLIFE_A_EVENT_FILTER_LOCAL_PORT) |
				   BIT(TCPLIFE_A_EVENT_FILTER_REMOTE_PORT));

		if (given & bit && !port) {
			NL_SET_ERR_MSG_ATTR(extack, a,
					    "given twice: one value of each");
			return -EINVAL;
		}
		given |= bit;
		ret = event_filter_take(f, a, extack);
		if (ret)
			return ret;
	}
	return 0;
}

static void event_filter_replace(struct tcplife_event_filter *filter)
{
	struct tcplife_event_filter *old;

	mutex_lock(&event_filter_mutex);
	old = rcu_replace_pointer(tcplife_event_filter, filter,
				  lockdep_is_held(&event_filter_mutex));
	mutex_unlock(&event_filter_mutex);
	kfree_rcu(old, rcu);
}

/**
 * tcplife_event_filter_set - set another filter
 * @nest: TCPLIFE_A_EVENT_FILTER, validated; empty or NULL: everything passes
 * @extack: where a refusal is put into words
 *
 * Context: process. Return: 0 or an error, with the filter as it was.
 */
int tcplife_event_filter_set(const struct nlattr *nest,
			     struct netlink_ext_ack *extack)
{
	struct tcplife_event_filter *filter = NULL;
	int ret;

	if (nest && nla_len(nest)) {
		filter = kzalloc(sizeof(*filter), GFP_KERNEL);
		if (!filter)
			return -ENOMEM;
		ret = event_filter_parse(filter, nest, extack);
		if (ret) {
			kfree(filter);
			return ret;
		}
	}
	event_filter_replace(filter);
	return 0;
}

static int put_ports(struct sk_buff *skb, u16 type, const __be16 *ports,
		     unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (nla_put_be16(skb, type, ports[i]))
			return -EMSGSIZE;
	return 0;
}

static int event_filter_put(struct sk_buff *skb,
			    const struct tcplife_event_filter *f)
{
	if ((f->netns &&
	     nla_put_u32(skb, TCPLIFE_A_EVENT_FILTER_NETNS, f->netns)) ||
	    (f->family &&
	     nla_put_u32(skb, TCPLIFE_A_EVENT_FILTER_FAMILY, f->family)) ||
	    put_ports(skb, TCPLIFE_A_EVENT_FILTER_LOCAL_PORT, f->lports,
		      f->nlports) ||
	    put_ports(skb, TCPLIFE_A_EVENT_FILTER_REMOTE_PORT, f->rports,
		      f->nrports) ||
	    (f->roles &&
	     nla_put_u32(skb, TCPLIFE_A_EVENT_FILTER_ROLES, f->roles)) ||
	    (f->failures &&
	     nla_put_flag(skb, TCPLIFE_A_EVENT_FILTER_FAILURES)) ||
	    (f->sample &&
	     nla_put_u32(skb, TCPLIFE_A_EVENT_FILTER_SAMPLE, f->sample)))
		return -EMSGSIZE;
	return 0;
}

/**
 * tcplife_event_filter_put - write the filter, empty if everything passes
 * @skb: the message
 *
 * Context: process. Return: 0 or -EMSGSIZE.
 */
int tcplife_event_filter_put(struct sk_buff *skb)
{
	const struct tcplife_event_filter *filter;
	struct nlattr *nest;
	int ret = 0;

	nest = nla_nest_start(skb, TCPLIFE_A_EVENT_FILTER);
	if (!nest)
		return -EMSGSIZE;
	rcu_read_lock();
	filter = rcu_dereference(tcplife_event_filter);
	if (filter)
		ret = event_filter_put(skb, filter);
	rcu_read_unlock();
	if (!ret)
		nla_nest_end(skb, nest);
	return ret;
}

/**
 * tcplife_event_filter_exit - forget the filter
 *
 * Context: process; hooks may still look at it.
 */
void tcplife_event_filter_exit(void)
{
	event_filter_replace(NULL);
}
