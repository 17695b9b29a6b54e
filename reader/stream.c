// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream: the events of a multicast group.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "decode.h"
#include "out.h"
#include "recording.h"
#include "self.h"
#include "sent.h"
#include "session.h"
#include "stream.h"
#include "stream_run.h"
#include "tally.h"

/* How long to go on with what came before the signal, and how long to wait for
 * a message that the module has sent, or is about to: they are late by 10 ms.
 */
#define DRAIN_NS	(1 * NSEC_PER_SEC)
#define LAST_MS		50

static struct session events, control;
static int wakeup = -1;

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

static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	if (session_is_unload(&events, nlh))
		return RUN_UNLOADED;
	return nlh->nlmsg_type == events.family ? run_events(arg, nlh) : RUN_ON;
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
	return !run->end && !out.failed && clock_now() < until;
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
	if (catch_up(run, clock_now() + DRAIN_NS))
		run->overrun = false;
}

/* What is to be done now; @wait is until when there is nothing. Whether to go
 * on.
 */
static bool work(struct run *run, __u64 time, __u64 *wait)
{
	const struct stream_work *work = run->stream->work;
	int ret = 0;

	if (!recording_tick())
		run->end = RUN_FAILED;
	if (!work || run->end)
		return !run->end;
	ret = work->step(&control, time, &run->next);
	if (ret < 0)
		run->end = session_fail(&control, ret) == STATUS_NOT_LOADED ?
			   RUN_UNLOADED : RUN_FAILED;
	if (run->next > time && run->next - time < *wait)
		*wait = run->next - time;
	return !ret;
}

static void follow(struct run *run)
{
	struct pollfd fds[] = {
		{ .fd = mnl_socket_get_fd(events.nl), .events = POLLIN },
		{ .fd = wakeup, .events = POLLIN },
		/* POLLERR: nobody reads */
		{ .fd = run->stream->work ? -1 : STDOUT_FILENO },
	};
	__u64 time, wait;

	while (!run->end && !out.failed) {
		time = clock_now();
		if (run->deadline && time >= run->deadline)
			break;
		wait = run->deadline ? run->deadline - time : NSEC_PER_SEC;
		if (wait > NSEC_PER_SEC)
			wait = NSEC_PER_SEC;
		if (!work(run, time, &wait))
			break;
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
	if (recording_is_open())
		control.tap = recording_tap;
	ret = session_open(&events);
	if (!ret)
		ret = session_watch_unload(&events);
	if (!ret)
		ret = join_group(run);
	if (ret)
		return session_fail(&events, ret);
	if (recording_is_open())
		recording_note(json_pack("{s:s}", "group", run->group));
	ret = sent_ask(&control, run->group, &sent);
	if (ret && ret != -EOPNOTSUPP)
		return session_fail(&control, ret);
	run->exact = !ret;
	if (run->exact)
		tally_begin(&run->tally, &sent);
	return tell_filter(stream);
}

static int begin_work(struct run *run)
{
	const struct stream_work *work = run->stream->work;
	int ret = work ? work->begin(&control) : 0;

	return ret ? session_fail(&control, ret) : STATUS_OK;
}

static void end_work(struct run *run)
{
	const struct stream_work *work = run->stream->work;
	int ret;

	if (!work || run->end == RUN_UNLOADED)
		return;
	ret = work->end(&control);
	if (ret && !run->end)
		run->end = RUN_FAILED;
	if (ret < 0)
		session_fail(&control, ret);
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

/**
 * stream_run - follow a group until a signal, -c, -d, or the module's end
 * @stream: what to do
 *
 * Return: the exit status.
 */
int stream_run(const struct stream *stream)
{
	struct run run = { .stream = stream };
	int status, ret;

	self_init();
	if (run_is_file(&run))
		return run_file(&run);
	status = stream->o->record ? recording_open(stream->o->record, NULL) : 0;
	if (!status)
		status = join(&run);
	if (status) {
		recording_drop();
		return status;
	}
	catch_signals();
	status = begin_work(&run);
	if (status) {
		recording_drop();
		return status;
	}
	if (stream->o->seconds)
		run.deadline = clock_now() + stream->o->seconds * NSEC_PER_SEC;
	if (stream->header)
		stream->header();
	out_flush();
	follow(&run);
	end_work(&run);
	/* What ended while that looked around is in none of its dumps. */
	if (stream->work && !run.end && !out.failed)
		receive_last(&run);
	session_close(&events);
	session_close(&control);
	status = recording_close();
	ret = finish(&run);
	return ret ? ret : status;
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
