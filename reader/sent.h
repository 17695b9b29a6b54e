/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a multicast group has sent so far, by the module's own count.
 */
#ifndef _READER_SENT_H
#define _READER_SENT_H

#include "session.h"

/**
 * struct sent - of a group, to our namespace
 * @seq: number of its last message
 * @events: in its messages
 * @dropped: lost to it, by full queues
 * @filtered: kept back by the event filter
 */
struct sent {
	__u64	seq;
	__u64	events;
	__u64	dropped;
	__u64	filtered;
};

bool sent_of(const struct nlmsghdr *nlh, const char *group,
	     struct sent *sent);
int sent_ask(struct session *control, const char *group, struct sent *sent);

#endif /* _READER_SENT_H */
