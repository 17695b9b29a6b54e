/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bins: what happened over time, in as many bins as a page can show. When time
 * goes beyond the last one, each two become one. So memory is bounded, however
 * many connections there were.
 */
#ifndef _READER_BINS_H
#define _READER_BINS_H

#include "record.h"

#define BINS		480
#define BIN_NS		25000000ULL	/* of the first ones */

/* A time is known within a fifth: four steps for each doubling of 1 us. */
#define SPAN_STEPS	4
#define SPAN_BUCKETS	(SPAN_STEPS * 36)

enum { SPAN_HANDSHAKE, SPAN_ACCEPT, SPAN_LIFE, NR_SPANS };

#define NR_ENDS		(TCPLIFE_END_MAX + 1)
#define NR_QUEUES	64	/* of listeners, some for those of no sample */

/** struct spans - how long something took */
struct spans {
	__u32	count[SPAN_BUCKETS];
	__u32	n;
	__u64	most;	/* ns */
};

/** struct bin - what happened in a while */
struct bin {
	__u32		opened[2];	/* TCPLIFE_ROLE_ACTIVE, _PASSIVE */
	__u32		ended[NR_ENDS];
	struct spans	spans[NR_SPANS];
};

/** struct queue - a listener, and what its connections met */
struct queue {
	__u64	cookie;
	__u64	wait_max;	/* ns */
	__u64	conns;
	struct record first;	/* of its connections */
	__u32	synq[BINS];
	__u32	accq[BINS];
	bool	met[BINS];	/* there was a connection */
};

/** struct bins - all of it */
struct bins {
	__u64		start;		/* of the first bin */
	__u64		width;		/* ns */
	unsigned int	used;
	struct bin	bin[BINS];
	struct queue	queue[NR_QUEUES];
	unsigned int	nr_queues;
	bool		crowded;	/* no room for one more */
	__u64		records;
	__u64		ends[NR_ENDS];
};

void bins_record(struct bins *bins, const struct record *rec, bool closed);
void bins_reserve(struct bins *bins, __u64 cookie);
void bins_queues(struct bins *bins, const struct record *rec);
void bins_until(struct bins *bins, __u64 time);
const struct queue *bins_queue(const struct bins *bins, __u64 cookie);
__u64 spans_percentile(const struct spans *s, double part);

#endif /* _READER_BINS_H */
