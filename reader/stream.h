/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream: the events of a multicast group, until it is enough, and what was
 * lost of them.
 */
#ifndef _READER_STREAM_H
#define _READER_STREAM_H

#include <linux/netlink.h>

#include "options.h"
#include "record.h"
#include "session.h"

/**
 * struct stream_work - what is to be done beside the events
 * @begin: once the module knows that we listen
 * @step: now and then, at @next, which it may change, or earlier; above 0 ends
 * @end: when all events have come
 *
 * Below 0 is an error of the session that they are given, to ask by.
 */
struct stream_work {
	int	(*begin)(struct session *control);
	int	(*step)(struct session *control, __u64 now, __u64 *next);
	int	(*end)(struct session *control);
};

/**
 * struct stream - one group, and what to do with it
 * @group: its name
 * @compact: that of the group with the same in the compact form; NULL: there is
 *	none
 * @nest: the attribute that an event is in, if it is not compact
 * @noun: what an event is, for people; with an s it is more of them
 * @o: what was asked for; -c and -d end it
 * @header: prints the headings, once the module knows that we listen
 * @event: prints an event; it returns whether it did, so that -c can count
 * @tally: set to what came and what was lost; NULL: nobody wants to know
 * @work: for one who does more than to print what comes, NULL for the others
 */
struct stream {
	const char		*group;
	const char		*compact;
	unsigned int		nest;
	const char		*noun;
	const struct options	*o;
	void			(*header)(void);
	bool			(*event)(const struct batch *b,
					 const struct nlattr *nest);
	struct tally	*tally;
	const struct stream_work *work;
};

int stream_run(const struct stream *stream);
int stream_command(const struct stream *stream, const struct usage *usage,
		   struct options *o, int argc, char **argv);

#endif /* _READER_STREAM_H */
