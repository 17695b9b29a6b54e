/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own counters as they were at load, for the audit.
 */
#ifndef _TCPLIFE_MIB_H
#define _TCPLIFE_MIB_H

#include <linux/types.h>

struct net;
struct sk_buff;
struct tcplife_net;

#define TCPLIFE_MIBS	41

/**
 * struct tcplife_mib - of a namespace
 * @before: before the first hook was attached, or at its birth
 * @after: after the last one was
 *
 * What happened in between may be in our counters or not.
 */
struct tcplife_mib {
	u64	before[TCPLIFE_MIBS];
	u64	after[TCPLIFE_MIBS];
};

void tcplife_mib_read(const struct net *net, u64 *mib);
int tcplife_mib_put(struct sk_buff *skb, const struct tcplife_mib *mib);

#endif /* _TCPLIFE_MIB_H */
