// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tally of a stream. Losses are told at once, and again at the end.
 */
#include <stdio.h>

#include "tally.h"

static void compare(struct tally *tally, const struct batch *b,
		    unsigned int events, const char *noun)
{
	__u64 dropped = b->dropped - tally->dropped;
	__u64 gone = b->events - tally->events - events;

	tally->kept_back += b->filtered - tally->filtered;
	if (dropped)
		fprintf(stderr,
			"tcplife: lost %llu %s in the kernel: its queue was full\n",
			dropped, noun);
	if (gone)
		fprintf(stderr,
			"tcplife: lost %llu %s in the socket, in %llu messages: too slow\n",
			gone, noun, b->seq - tally->seq - 1);
	tally->lost_kernel += dropped;
	tally->lost_socket += gone;
}

/**
 * tally_message - one more message
 * @tally: the counts
 * @b: the head of the message
 * @events: how many are in it
 * @noun: what is in it
 *
 * The first message tells what was lost before us, too. But number 1 has
 * nothing before it, so that all that is lost by then is lost for us.
 */
void tally_message(struct tally *tally, const struct batch *b,
		   unsigned int events, const char *noun)
{
	if (tally->begun || b->seq == 1)
		compare(tally, b, events, noun);
	tally->begun = true;
	tally->seq = b->seq;
	tally->events = b->events;
	tally->dropped = b->dropped;
	tally->filtered = b->filtered;
	tally->messages++;
	tally->seen += events;
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
	fprintf(stderr, ", %llu lost in the kernel, %llu lost in the socket",
		tally->lost_kernel, tally->lost_socket);
	if (tally->kept_back)
		fprintf(stderr, ", %llu kept back by the event filter",
			tally->kept_back);
	fprintf(stderr, "\n");
}
