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
};

int stream_run(const struct stream *stream);
int stream_command(const struct stream *stream, const struct usage *usage,
		   struct options *o, int argc, char **argv);

#endif /* _READER_STREAM_H */
