// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tally of a stream. Losses are told at once, and again at the end.
 */
#include <stdio.h>

#include "tally.h"

static void compare(struct tally *tally, const struct batch *b,
		    const char *noun)
{
	__u64 dropped = b->dropped - tally->dropped;
	__u64 gap = b->seq - tally->seq - 1;

	tally->kept_back += b->filtered - tally->filtered;
	if (dropped)
		fprintf(stderr,
			"tcplife: lost %llu %s in the kernel: its queue was full\n",
			dropped, noun);
	if (gap)
		fprintf(stderr,
			"tcplife: lost %llu messages of %s in the socket: too slow\n",
			gap, noun);
	tally->lost_kernel += dropped;
	tally->lost_messages += gap;
}

/**
 * tally_message - one more message
 * @tally: the counts
 * @b: the head of the message
 * @noun: what is in it
 *
 * The first message shows how much was lost before, by nobody's fault. Number
 * 1 has nothing before it, so that what is lost by then is lost for us.
 */
void tally_message(struct tally *tally, const struct batch *b,
		   const char *noun)
{
	if (tally->begun || b->seq == 1)
		compare(tally, b, noun);
	tally->begun = true;
	tally->seq = b->seq;
	tally->dropped = b->dropped;
	tally->filtered = b->filtered;
	tally->messages++;
}

/** tally_overrun - the socket's buffer was full; the numbers will tell more */
void tally_overrun(const char *noun)
{
	fprintf(stderr,
		"tcplife: the socket's buffer was full: %s are lost; going on\n",
		noun);
}

/** tally_summary - the last line, on stderr */
void tally_summary(const struct tally *tally, const char *noun)
{
	fprintf(stderr, "tcplife: %llu %s seen", tally->seen, noun);
	if (tally->shown != tally->seen)
		fprintf(stderr, " (%llu shown)", tally->shown);
	fprintf(stderr, ", %llu lost in the kernel, ", tally->lost_kernel);
	if (!tally->lost_messages)
		fprintf(stderr, "0 lost in the socket");
	else
		fprintf(stderr,
			"%llu messages lost in the socket (each of unknown size; those that came had %.1f on average)",
			tally->lost_messages,
			(double)tally->seen / tally->messages);
	if (tally->kept_back)
		fprintf(stderr, ", %llu kept back by the event filter",
			tally->kept_back);
	fprintf(stderr, "\n");
}
