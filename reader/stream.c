// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream: the events of a multicast group.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "decode.h"
#include "out.h"
#include "replay.h"
#include "self.h"
#include "sent.h"
#include "session.h"
#include "stream.h"
#include "tally.h"

/* How long to go on with what came before the signal, and how long to wait for
 * a message that the module has sent, or is about to: they are late by 10 ms.
 */
#define DRAIN_NS	(1 * NSEC_PER_SEC)
#define LAST_MS		50

/* RUN_FAILED: why was told. */
enum { RUN_ON, RUN_ENOUGH, RUN_UNLOADED, RUN_FAILED };

/** struct run - a stream that runs */
struct run {
	const struct stream	*stream;
	const char		*group;		/* that we joined */
	struct tally		tally;
	bool			exact;		/* the module told the start */
	bool			overrun;	/* nobody has told what it cost */
	__u64			deadline;	/* 0: none */
	int			end;		/* an errno or one of the enum */
};

static struct session events, control;
static int wakeup = -1;

static __u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* A write() to a pipe that nobody reads has to end, too: out_flush(). */
static void on_signal(int signal)
{
	__u64 one = 1;
	int saved = errno;

	(void)signal;
	out_stop();
	if (write(wakeup, &one, sizeof(one)) < 0)
		_exit(STATUS_FAILED);
	errno = saved;
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct sigaction tick = { .sa_handler = out_tick };

	wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGALRM, &tick, NULL);
}

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

static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	struct run *run = arg;
	const struct stream *stream = run->stream;
	const struct nlattr *nest;
	unsigned int n = 0, type;
	struct batch b;

	if (session_is_unload(&events, nlh))
		return RUN_UNLOADED;
	if (nlh->nlmsg_type != events.family && !stream->o->replay)
		return RUN_ON;
	if (decode_batch(nlh, &b) || !batch_has(&b, SEQ) ||
	    tally_is_old(&run->tally, &b))
		return RUN_ON;
	if (!replay_save(nlh, NLMSG_ALIGN(nlh->nlmsg_len)))
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

/* One datagram. -EAGAIN: there is none. */
static int receive_one(struct run *run)
{
	int ret = session_receive(&events, on_message, run);

	out_flush();
	if (ret == -ENOBUFS) {
		run->overrun = true;
		tally_overrun(run->stream->noun);
	} else if (ret && ret != -EAGAIN) {
		run->end = ret;
	}
	return ret;
}

static bool may_receive(const struct run *run, __u64 until)
{
	return !run->end && !out.failed && now() < until;
}

/* All that is there; what is left is lost, and nobody can tell how much. */
static void drain(struct run *run, __u64 until)
{
	while (may_receive(run, until))
		if (receive_one(run) == -EAGAIN)
			return;
	if (!run->end)
		run->overrun = true;
}

static bool wait_readable(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, LAST_MS) > 0;
}

/* All that was sent by now; what does not come of it is lost. A message that
 * is sent after it tells more exactly what is. Returns whether all is counted.
 */
static bool catch_up(struct run *run, __u64 until)
{
	struct sent sent;
	int ret = sent_ask(&control, run->group, &sent);

	if (ret || !run->exact) {
		drain(run, until);
		if (ret == -ENOENT && !run->end)
			run->end = RUN_UNLOADED;
		return false;
	}
	run->overrun = false;
	while (run->tally.seq < sent.seq && may_receive(run, until))
		if (receive_one(run) == -EAGAIN &&
		    !wait_readable(mnl_socket_get_fd(events.nl)))
			break;
	if (run->end || out.failed)
		return false;
	tally_settle(&run->tally, &sent, run->stream->noun);
	return true;
}

/* All that is there. Where more comes than we can print there is no end of it,
 * and the signal would not be seen. From when its buffer is full until that is
 * empty, the socket drops what comes, the news that the module is gone, too,
 * and maybe there is no later message to tell what was lost: so ask. As the
 * buffer was empty a moment ago, that has an end.
 */
static void receive(struct run *run, __u64 until)
{
	int ret;

	do {
		ret = receive_one(run);
	} while (ret != -EAGAIN && !out_stopped() && may_receive(run, until));
	if (ret == -EAGAIN && run->overrun && run->exact)
		catch_up(run, ~0ULL);
}

static void receive_last(struct run *run)
{
	if (catch_up(run, now() + DRAIN_NS))
		run->overrun = false;
}

static void follow(struct run *run)
{
	struct pollfd fds[] = {
		{ .fd = mnl_socket_get_fd(events.nl), .events = POLLIN },
		{ .fd = wakeup, .events = POLLIN },
		{ .fd = STDOUT_FILENO },	/* POLLERR: nobody reads */
	};
	__u64 time, wait;

	while (!run->end && !out.failed) {
		time = now();
		if (run->deadline && time >= run->deadline)
			break;
		wait = run->deadline ? run->deadline - time : NSEC_PER_SEC;
		if (wait > NSEC_PER_SEC)
			wait = NSEC_PER_SEC;
		if (poll(fds, 3, wait / NSEC_PER_MSEC + 1) < 0 &&
		    errno != EINTR)
			break;
		if (fds[1].revents || fds[2].revents & POLLERR)
			break;
		receive(run, run->deadline ? run->deadline : ~0ULL);
	}
	if (!run->end && !out.failed)
		receive_last(run);
}

static int has_filter(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	nest = decode_next(&b, NULL, TCPLIFE_A_EVENT_FILTER);
	if (nest && nest->nla_len > NLA_HDRLEN)
		*(bool *)arg = true;
	return 0;
}

static int tell_filter(const struct stream *stream)
{
	bool filter = false;
	int ret = session_request(&control, TCPLIFE_CMD_EVENT_FILTER_GET,
				  has_filter, &filter);

	if (ret)
		return session_fail(&control, ret);
	if (filter)
		fprintf(stderr,
			"tcplife: an event filter is set: not all %ss are reported (tcplife filter)\n",
			stream->noun);
	return STATUS_OK;
}

/* A module that does not know the compact form has no such group. */
static int join_group(struct run *run)
{
	const struct stream *stream = run->stream;
	int ret = -EOPNOTSUPP;

	run->group = stream->compact;
	if (run->group)
		ret = session_join(&events, run->group);
	if (ret != -EOPNOTSUPP)
		return ret;
	run->group = stream->group;
	return session_join(&events, run->group);
}

/* The answer to a request after we joined proves that the module knows it. A
 * module that cannot tell what it has sent is counted from its first message.
 */
static int join(struct run *run)
{
	const struct stream *stream = run->stream;
	struct sent sent;
	int ret;

	ret = session_open(&control);
	if (ret)
		return session_fail(&control, ret);
	ret = session_open(&events);
	if (!ret)
		ret = session_watch_unload(&events);
	if (!ret)
		ret = join_group(run);
	if (ret)
		return session_fail(&events, ret);
	ret = sent_ask(&control, run->group, &sent);
	if (ret && ret != -EOPNOTSUPP)
		return session_fail(&control, ret);
	run->exact = !ret;
	if (run->exact)
		tally_begin(&run->tally, &sent);
	return tell_filter(stream);
}

static int finish(const struct run *run)
{
	bool unsettled = run->overrun && run->end != RUN_ENOUGH;
	int status = out_close();

	tally_summary(&run->tally, unsettled, run->stream->noun);
	if (run->end == RUN_UNLOADED) {
		fprintf(stderr,
			"tcplife: the module was unloaded: modprobe tcplife, or insmod tcplife.ko\n");
		return STATUS_NOT_LOADED;
	}
	if (run->end == RUN_FAILED)
		return STATUS_FAILED;
	return run->end < 0 ? session_fail(&events, run->end) : status;
}

/* The same from a file. */
static int run_file(struct run *run)
{
	const struct stream *stream = run->stream;
	int status, ret;

	if (stream->header)
		stream->header();
	status = replay_run(stream->o->replay, on_message, run);
	ret = finish(run);
	return status ? status : ret;
}

/**
 * stream_run - follow a group until a signal, -c, -d, or the module's end
 * @stream: what to do
 *
 * Return: the exit status.
 */
int stream_run(const struct stream *stream)
{
	struct run run = { .stream = stream };
	int status;

	self_init();
	if (stream->o->replay)
		return run_file(&run);
	status = stream->o->record ? replay_open(stream->o->record) : STATUS_OK;
	if (!status)
		status = join(&run);
	if (status)
		return status;
	catch_signals();
	if (stream->o->seconds)
		run.deadline = now() + stream->o->seconds * NSEC_PER_SEC;
	if (stream->header)
		stream->header();
	out_flush();
	follow(&run);
	session_close(&events);
	session_close(&control);
	return finish(&run);
}

/**
 * stream_command - a command that is one stream, as lines or as JSON
 * @stream: what to do
 * @usage: its command line
 * @o: filled; what @stream was given
 * @argc: from main()
 * @argv: from main()
 *
 * Return: the exit status.
 */
int stream_command(const struct stream *stream, const struct usage *usage,
		   struct options *o, int argc, char **argv)
{
	int ret = options_parse(argc, argv, usage, o);

	if (ret != OPTIONS_GO)
		return ret;
	if (o->json && (o->csv || o->wide))
		return options_refuse(usage, "-j is alone: it has everything");
	return stream_run(stream);
}
