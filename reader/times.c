// SPDX-License-Identifier: GPL-2.0-only
/*
 * The columns of -T and -t: when the event was, not when it is printed.
 */
#include "clock.h"
#include "times.h"

/** times_header - their headings */
void times_header(struct row *row, const struct options *o)
{
	if (o->time)
		row_text(row, "TIME", 8);
	if (o->timestamp)
		row_text(row, "TIME(s)", 9);
}

/* Each CPU has a queue: one may tell later what was before. */
static void print_since_first(struct row *row, __u64 time)
{
	static __u64 first;
	char *end = row->at;

	if (!first)
		first = time;
	if (time < first)
		*end++ = '-';
	end = text_fixed(end, (time < first ? first - time : time - first) /
			 NSEC_PER_USEC, 6);
	row_end(row, end, 9);
}

/**
 * times_print - what was asked for of the two
 * @row: the row
 * @o: says what
 * @b: the message of the event
 * @time: the event's, ns of CLOCK_MONOTONIC
 */
void times_print(struct row *row, const struct options *o,
		 const struct batch *b, __u64 time)
{
	char text[9];

	if (o->time) {
		clock_time_of_day(clock_wall(b, time), text);
		row_text(row, text, 8);
	}
	if (o->timestamp)
		print_since_first(row, time);
}
