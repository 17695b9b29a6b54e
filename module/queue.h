/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queues of events, and the worker that empties them.
 */
#ifndef _TCPLIFE_QUEUE_H
#define _TCPLIFE_QUEUE_H

#include <linux/llist.h>
#include <linux/percpu.h>

#include "ring.h"

struct tcplife_record;

/**
 * struct tcplife_queue - of one CPU
 * @ended: finished records, the youngest first
 * @taken: those that the worker has in hand, the oldest first
 * @events: of struct tcplife_event
 */
struct tcplife_queue {
	struct llist_head	ended;
	struct llist_node	*taken;
	struct tcplife_ring	events;
};

DECLARE_PER_CPU(struct tcplife_queue, tcplife_queues);

int tcplife_queue_init(u32 records);
void tcplife_queue_exit(void);
void tcplife_queue_switch(bool on);
bool tcplife_queue_ended(struct tcplife_record *rec);
void tcplife_queue_retire(struct tcplife_record *rec);
void tcplife_queue_kick(bool now);
bool tcplife_queue_begin(void);
void tcplife_queue_flush(void);
void tcplife_queue_settle(void);

#endif /* _TCPLIFE_QUEUE_H */
