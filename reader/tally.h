/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tally of a stream: what came and what is missing.
 */
#ifndef _READER_TALLY_H
#define _READER_TALLY_H

#include "record.h"
#include "sent.h"

/**
 * struct tally - counts since the stream began
 * @begun: it is known what was before the next message: the module has told,
 *	or a message has come
 * @since: number of the last message before the count began
 * @seq: number of the last message
 * @events: how many the module had sent by then
 * @dropped: what the module had dropped by then, since it was loaded
 * @filtered: and kept back by the event filter
 * @messages: that came
 * @seen: events in them that were looked at: with -c, up to the last one shown
 * @shown: those that were printed
 * @lost_kernel: events that the module dropped
 * @lost_socket: events that it sent and that did not come
 * @kept_back: by the event filter
 */
struct tally {
	bool	begun;
	__u64	since;
	__u64	seq;
	__u64	events;
	__u64	dropped;
	__u64	filtered;
	__u64	messages;
	__u64	seen;
	__u64	shown;
	__u64	lost_kernel;
	__u64	lost_socket;
	__u64	kept_back;
};

void tally_begin(struct tally *tally, const struct sent *sent);
void tally_settle(struct tally *tally, const struct sent *sent,
		  const char *noun);
bool tally_is_old(const struct tally *tally, const struct batch *b);
void tally_message(struct tally *tally, const struct batch *b,
		   unsigned int events, const char *noun);
void tally_overrun(const char *noun);
void tally_summary(const struct tally *tally, bool unsettled, const char *noun);

#endif /* _READER_TALLY_H */
