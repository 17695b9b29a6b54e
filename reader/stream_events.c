// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stream: its events, one message after the other; and all of them from a file.
 */
#include <linux/genetlink.h>

#include "answers.h"
#include "commands.h"
#include "decode.h"
#include "host.h"
#include "out.h"
#include "recording.h"
#include "replay.h"
#include "sent.h"
#include "stream_run.h"

static bool enough(const struct run *run)
{
	const __u64 count = run->stream->o->count;

	return count && run->tally.shown == count;
}

/* The attribute of the events of a message: all are in the same form. */
static unsigned int event_type(const struct stream *stream,
			       const struct batch *b)
{
	return stream->compact && decode_next(b, NULL, TCPLIFE_A_COMPACT) ?
	       TCPLIFE_A_COMPACT : stream->nest;
}

/**
 * run_events - take a message of events
 * @run: the stream
 * @nlh: the message
 *
 * Return: RUN_ON, or why it ends.
 */
int run_events(struct run *run, const struct nlmsghdr *nlh)
{
	const struct stream *stream = run->stream;
	const struct nlattr *nest;
	unsigned int n = 0, type;
	struct batch b;

	if (decode_batch(nlh, &b) || !batch_has(&b, SEQ) ||
	    tally_is_old(&run->tally, &b))
		return RUN_ON;
	if (!recording_put(nlh, nlh->nlmsg_len))
		return RUN_FAILED;
	type = event_type(stream, &b);
	for (nest = decode_next(&b, NULL, type); nest;
	     nest = decode_next(&b, nest, type), n++) {
		if (enough(run))
			continue;
		run->tally.seen++;
		run->tally.shown += stream->event(&b, nest);
	}
	tally_message(&run->tally, &b, n, stream->noun);
	return enough(run) ? RUN_ENOUGH : RUN_ON;
}

/** struct from_file - a stream out of a file */
struct from_file {
	struct run	*run;
	struct sent	last;	/* what the module had sent at the end */
	bool		told;	/* it is known */
};

/* The recorder may have joined another group than we would. */
static void on_sent(struct from_file *from, const struct nlmsghdr *nlh)
{
	struct tally *tally = &from->run->tally;
	struct sent sent;

	if (!host_group() || !sent_of(nlh, host_group(), &sent))
		return;
	if (tally->begun) {
		from->last = sent;
		from->told = true;
	} else {
		tally_begin(tally, &sent);
	}
}

static int on_recorded(const struct nlmsghdr *nlh, void *arg)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct from_file *from = arg;

	if (replay_is_event(nlh))
		return run_events(from->run, nlh);
	if (nlh->nlmsg_type >= NLMSG_MIN_TYPE &&
	    !(nlh->nlmsg_flags & NLM_F_REQUEST) &&
	    genl->cmd == TCPLIFE_CMD_GROUP_GET)
		on_sent(from, nlh);
	return RUN_ON;
}

static const char *path_of(const struct run *run)
{
	const char *path = run->stream->o->replay;

	return path ? path : answers_recording();
}

/** run_is_file - whether it is not the module that is followed */
bool run_is_file(const struct run *run)
{
	return path_of(run);
}

/**
 * run_file - all of it from a file
 * @run: the stream
 *
 * What the module had sent counts if the recording came to its end: of one that
 * was cut off, what is missing was not lost.
 *
 * Return: the exit status.
 */
int run_file(struct run *run)
{
	const struct stream *stream = run->stream;
	struct from_file from = { .run = run };
	int status, ret;

	if (stream->header)
		stream->header();
	status = replay_run(path_of(run), on_recorded, &from);
	if (from.told && host_ended() && !enough(run))
		tally_settle(&run->tally, &from.last, stream->noun);
	if (stream->tally)
		*stream->tally = run->tally;
	ret = out_close();
	tally_summary(&run->tally, false, stream->noun);
	return status ? status : ret;
}
