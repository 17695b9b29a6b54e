/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The multicast groups, and what each namespace has for them.
 */
#ifndef _TCPLIFE_GROUP_H
#define _TCPLIFE_GROUP_H

#include <linux/list.h>
#include <linux/types.h>

struct sk_buff;
struct tcplife_net;

/* What events are about. */
enum tcplife_group {
	TCPLIFE_GROUP_RECORDS,
	TCPLIFE_GROUP_CLOSES,
	TCPLIFE_GROUP_STATES,
	TCPLIFE_GROUP_HALFOPEN,
	TCPLIFE_NR_GROUPS,
};

/* The multicast groups, in the order of the family: one of attributes for each
 * of those, and two of the compact form.
 */
enum {
	TCPLIFE_FEED_COMPACT = TCPLIFE_NR_GROUPS,
	TCPLIFE_FEED_RECORDS = TCPLIFE_FEED_COMPACT + TCPLIFE_GROUP_RECORDS,
	TCPLIFE_FEED_CLOSES = TCPLIFE_FEED_COMPACT + TCPLIFE_GROUP_CLOSES,
	TCPLIFE_NR_FEEDS,
};

/* What a multicast group tells of. */
static inline enum tcplife_group tcplife_feed_group(unsigned int feed)
{
	return feed < TCPLIFE_FEED_COMPACT ? feed : feed - TCPLIFE_FEED_COMPACT;
}

/**
 * struct tcplife_unsent - what readers of each group did not get
 * @dropped: because a queue was full
 * @filtered: because of the event filter
 */
struct tcplife_unsent {
	u64	dropped[TCPLIFE_NR_GROUPS];
	u64	filtered[TCPLIFE_NR_GROUPS];
};

/**
 * struct tcplife_feed - a multicast group in a namespace; see notify.c
 * @open: in the list of those with a message begun
 * @tn: the namespace
 * @skb: that message, or NULL
 * @hdr: its generic netlink header
 * @head: where its sequence number and sums go
 * @seq: messages sent
 * @events: events of them, and of those that nobody was there to get
 * @lost: events that there was no memory for
 * @deaf: the pass of the worker in which it was found that nobody listens
 */
struct tcplife_feed {
	struct list_head	open;
	struct tcplife_net	*tn;
	struct sk_buff		*skb;
	void			*hdr;
	void			*head;
	u64			seq;
	u64			events;
	u64			lost;
	u32			deaf;
};

#endif /* _TCPLIFE_GROUP_H */
