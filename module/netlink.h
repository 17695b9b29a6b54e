/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family: Documentation/netlink/specs/tcplife.yaml.
 */
#ifndef _TCPLIFE_NETLINK_H
#define _TCPLIFE_NETLINK_H

#include <net/genetlink.h>

#include "group.h"
#include "put.h"

/* More than a message has around its record or listener. */
#define TCPLIFE_NETLINK_HEAD	128

extern struct genl_family tcplife_family;

/* netlink.c */
int tcplife_netlink_init(void);
void tcplife_netlink_exit(void);
int tcplife_netlink_may_read(const struct sk_buff *request,
			     struct netlink_ext_ack *extack);
struct tcplife_audience tcplife_netlink_audience(const struct sk_buff *request);
void tcplife_netlink_put_clock(struct sk_buff *skb,
			       const struct user_namespace *user_ns);

/* netlink_policy.c */
extern const struct nla_policy tcplife_no_policy[];
extern const struct nla_policy tcplife_filter_policy[];
extern const struct nla_policy tcplife_record_policy[];
extern const struct nla_policy tcplife_event_filter_policy[];

/* netlink_dump.c */
int tcplife_dump_start_connections(struct netlink_callback *cb);
int tcplife_dump_start_timewait(struct netlink_callback *cb);
int tcplife_dump_start_listeners(struct netlink_callback *cb);
int tcplife_dump_start_history(struct netlink_callback *cb);
int tcplife_dump(struct sk_buff *skb, struct netlink_callback *cb);
int tcplife_dump_done(struct netlink_callback *cb);

/* netlink_hooks.c */
int tcplife_dump_start_hooks(struct netlink_callback *cb);
int tcplife_dump_hooks(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_get.c */
int tcplife_get_record(struct sk_buff *skb, struct genl_info *info);
int tcplife_get_stats(struct sk_buff *skb, struct genl_info *info);
int tcplife_get_latency(struct sk_buff *skb, struct genl_info *info);
int tcplife_get_mib(struct sk_buff *skb, struct genl_info *info);
int tcplife_get_groups(struct sk_buff *skb, struct genl_info *info);
int tcplife_get_event_filter(struct sk_buff *skb, struct genl_info *info);
int tcplife_set_event_filter(struct sk_buff *skb, struct genl_info *info);

/**
 * tcplife_netlink_listeners - does anybody listen to a multicast group
 * @feed: the group
 *
 * In whatever namespace: netlink_has_listeners() looks at a mask that is common
 * to all. Context: any but NMI, while the family is registered.
 */
static inline bool tcplife_netlink_listeners(unsigned int feed)
{
	return genl_has_listeners(&tcplife_family, &init_net, feed);
}

#endif /* _TCPLIFE_NETLINK_H */
