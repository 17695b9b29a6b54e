/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_NOTIFY_H
#define _TCPLIFE_NOTIFY_H

#include "group.h"

struct work_struct;

struct tcplife_net;

/**
 * struct tcplife_sent - what a multicast group has sent to a namespace so far
 * @seq: messages
 * @events: events in them
 * @dropped: events lost
 * @filtered: events kept back
 */
struct tcplife_sent {
	u64	seq;
	u64	events;
	u64	dropped;
	u64	filtered;
};

void tcplife_notify_sent(const struct tcplife_net *tn,
			 struct tcplife_sent sent[TCPLIFE_NR_FEEDS]);
void tcplife_notify_work(struct work_struct *work);

#endif /* _TCPLIFE_NOTIFY_H */
