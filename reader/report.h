/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of tcplife report: all that the page shows.
 */
#ifndef _READER_REPORT_H
#define _READER_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "bins.h"
#include "busiest.h"
#include "doctor.h"
#include "samples.h"
#include "tally.h"
#include "worst.h"

#define TRACKS	128

/** struct track - when something was found */
struct track {
	const char	*rule;
	__u64		listener;
	__u64		first;	/* 0: only at the end */
	__u64		worst;	/* when it happened the most */
	__u64		most;	/* in one sample, then */
	__u64		last;	/* count so far */
};

/** struct report - what is known */
struct report {
	struct bins		bins;
	struct samples		samples;
	struct busiest		busiest;	/* listeners */
	struct worst		worst;
	struct facts		facts;
	struct findings		found;
	struct track		track[TRACKS];
	unsigned int		nr_tracks;
	struct tally		tally;
	bool			closes;	/* only: --no-wait */
	__u64			start;
	__u64			end;
	__u64			sampled;	/* the last time */
	__s64			clock_offset;
};

int report_take(struct report *r, const char *path);
json_t *report_json(const struct report *r);
json_t *report_worst(const struct report *r);
json_t *report_queues(const struct report *r);
json_t *report_findings(const struct report *r);
int page_write(FILE *to, json_t *data);

static inline double report_seconds(const struct report *r, __u64 time)
{
	return time > r->start ? (time - r->start) / 1e9 : 0;
}

#endif /* _READER_REPORT_H */
