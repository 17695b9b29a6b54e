/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's CLOCK_MONOTONIC, and from it to the wall clock.
 */
#ifndef _READER_CLOCK_H
#define _READER_CLOCK_H

#include <time.h>

#include "record.h"

#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_USEC	1000ULL

/** clock_read - nanoseconds of a clock */
static inline __u64 clock_read(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/** clock_now - of the one that the module uses, which nobody sets */
static inline __u64 clock_now(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

/** clock_wall - nanoseconds since 1970 of a time in a message */
static inline __u64 clock_wall(const struct batch *b, __u64 time)
{
	return time + b->clock_offset;
}

void clock_time_of_day(__u64 wall, char *text);

#endif /* _READER_CLOCK_H */
