/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the kernel's CLOCK_MONOTONIC to the wall clock.
 */
#ifndef _READER_CLOCK_H
#define _READER_CLOCK_H

#include "record.h"

#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_USEC	1000ULL

/** clock_wall - nanoseconds since 1970 of a time in a message */
static inline __u64 clock_wall(const struct batch *b, __u64 time)
{
	return time + b->clock_offset;
}

void clock_time_of_day(__u64 wall, char *text);

#endif /* _READER_CLOCK_H */
