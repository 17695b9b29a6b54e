/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queues of events, and the worker that empties them.
 */
#ifndef _TCPLIFE_QUEUE_H
#define _TCPLIFE_QUEUE_H

#include <linux/percpu.h>

#include "ring.h"

/**
 * struct tcplife_queue - of one CPU
 * @ended: of struct tcplife_ended
 * @events: of struct tcplife_event
 */
struct tcplife_queue {
	struct tcplife_ring	ended;
	struct tcplife_ring	events;
};

DECLARE_PER_CPU(struct tcplife_queue, tcplife_queues);

int tcplife_queue_init(void);
void tcplife_queue_exit(void);
void tcplife_queue_switch(bool on);
void tcplife_queue_kick(const struct tcplife_ring *ring);
bool tcplife_queue_begin(void);
void tcplife_queue_flush(void);
void tcplife_queue_settle(void);
unsigned int tcplife_queue_records(void);

#endif /* _TCPLIFE_QUEUE_H */
