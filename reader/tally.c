// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tally of a stream. Losses are told at once, and again at the end.
 */
#include <stdio.h>

#include "tally.h"
#include "text.h"

/* The module may have gone on while it told its counts. */
static __u64 more(__u64 now, __u64 before)
{
	return now > before ? now - before : 0;
}

/* What is new in @now, of which @seen came. Without a noun nobody is told. */
static void compare(struct tally *tally, const struct sent *now,
		    unsigned int seen, const char *noun)
{
	__u64 dropped = more(now->dropped, tally->dropped);
	__u64 gone = more(now->events, tally->events + seen);
	__u64 messages = more(now->seq, tally->seq + !!seen);

	tally->kept_back += more(now->filtered, tally->filtered);
	if (noun && dropped)
		fprintf(stderr,
			"tcplife: lost %llu %s%s in the kernel: its queue was full\n",
			dropped, noun, PLURAL(dropped));
	if (noun && gone)
		fprintf(stderr,
			"tcplife: lost %llu %s%s in the socket, in %llu message%s: too slow\n",
			gone, noun, PLURAL(gone), messages, PLURAL(messages));
	tally->lost_kernel += dropped;
	tally->lost_socket += gone;
}

static void set(struct tally *tally, const struct sent *sent)
{
	tally->begun = true;
	tally->seq = sent->seq;
	tally->events = sent->events;
	tally->dropped = sent->dropped;
	tally->filtered = sent->filtered;
}

/**
 * tally_begin - all that comes later is to be counted
 * @tally: the counts
 * @sent: what the module says, after we have joined
 */
void tally_begin(struct tally *tally, const struct sent *sent)
{
	set(tally, sent);
	tally->since = sent->seq;
}

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/**
 * tally_settle - what did not come by now is lost
 * @tally: the counts
 * @sent: what the module says; what it had sent by then was waited for
 * @noun: what is counted
 *
 * A message of that number, or a later one, has told already what is missing.
 */
void tally_settle(struct tally *tally, const struct sent *sent,
		  const char *noun)
{
	const struct sent now = {
		.seq = larger(sent->seq, tally->seq),
		.events = tally->seq >= sent->seq ? tally->events :
						    sent->events,
		.dropped = larger(sent->dropped, tally->dropped),
		.filtered = larger(sent->filtered, tally->filtered),
	};

	compare(tally, &now, 0, noun);
	set(tally, &now);
}

/** tally_is_old - whether a message was sent before the count began */
bool tally_is_old(const struct tally *tally, const struct batch *b)
{
	return tally->since && b->seq <= tally->since;
}

/**
 * tally_message - one more message
 * @tally: the counts
 * @b: the head of the message
 * @events: how many are in it
 * @noun: what each of them is; NULL: losses are counted, but not told
 *
 * If the count has not begun, the message tells what was lost before us, too.
 * But number 1 has nothing before it, so that all that is lost by then is lost
 * for us.
 */
void tally_message(struct tally *tally, const struct batch *b,
		   unsigned int events, const char *noun)
{
	const struct sent now = {
		.seq = b->seq, .events = b->events, .dropped = b->dropped,
		.filtered = b->filtered,
	};

	if (tally->begun || b->seq == 1)
		compare(tally, &now, events, noun);
	set(tally, &now);
	tally->messages++;
}

/** tally_overrun - the socket's buffer was full; the numbers will tell more */
void tally_overrun(const char *noun)
{
	fprintf(stderr,
		"tcplife: the socket's buffer was full: %ss are lost; going on\n",
		noun);
}

/**
 * tally_summary - the last line, on stderr
 * @tally: the counts
 * @unsettled: there was more that is lost, and nobody could tell how much
 * @noun: what was counted
 */
void tally_summary(const struct tally *tally, bool unsettled, const char *noun)
{
	fprintf(stderr, "tcplife: %llu %s%s seen", tally->seen, noun,
		PLURAL(tally->seen));
	if (tally->shown != tally->seen)
		fprintf(stderr, " (%llu shown)", tally->shown);
	fprintf(stderr, ", %llu lost in the kernel, %s%llu lost in the socket",
		tally->lost_kernel, unsettled ? "at least " : "",
		tally->lost_socket);
	if (tally->kept_back)
		fprintf(stderr, ", %llu kept back by the event filter",
			tally->kept_back);
	fprintf(stderr, "\n");
}
