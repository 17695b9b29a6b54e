/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Samples: counters and listeners, as they were each second; of long
 * recordings, less often.
 */
#ifndef _READER_SAMPLES_H
#define _READER_SAMPLES_H

#include "gather.h"
#include "record.h"

#define SAMPLES		600
#define SAMPLE_STATS	8
#define SAMPLE_LISTENERS 48

/** struct level - a listener then */
struct level {
	__u32	synq;
	__u32	accq;
	__u64	dropped;	/* since the first sample */
	bool	known;
};

/** struct sample - what was then */
struct sample {
	__u64		time;
	__u64		stats[SAMPLE_STATS];
	struct level	level[SAMPLE_LISTENERS];
};

/** struct samples - all of them, and what was first and last */
struct samples {
	struct sample	items[SAMPLES];
	unsigned int	n;
	unsigned int	every;		/* of those that came, one is kept */
	unsigned int	skipped;	/* since the last one */
	struct stats	first;
	struct stats	last;
	bool		begun;
	struct listener	first_listener[SAMPLE_LISTENERS];
	struct listener	last_listener[SAMPLE_LISTENERS];
	unsigned int	nr_listeners;
};

/* What is sampled; the first ones are gauges. */
extern const __u8 sample_stats[SAMPLE_STATS];
#define SAMPLE_GAUGES	4

__u64 samples_dropped(const struct listener *l);
void samples_stats(struct samples *s, __u64 time, const struct stats *stats);
void samples_listener(struct samples *s, const struct listener *l);
void samples_since(const struct samples *s, struct stats *stats,
		   struct gathered *listeners);

#endif /* _READER_SAMPLES_H */
