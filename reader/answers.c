// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers: what the module said when it was recorded, the last time that it was
 * asked. The history is what ended while it was recorded.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uapi/linux/tcplife.h>

#include "answers.h"
#include "commands.h"
#include "decode.h"
#include "host.h"
#include "replay.h"

/* No recorder of ours asks as many different questions, nor gets answers as long,
 * of those that are kept; a file may come from anybody.
 */
#define KINDS		32
#define ANSWER_MAX	(64 << 20)

/* Of each kind of request the last answer, and the one before: an audit reads
 * the same counters twice.
 */
struct kind {
	struct answer	last[2];
	unsigned int	n;	/* of them */
	unsigned int	given;
};

static const char *recording;	/* that was loaded */
static __u64 latest;		/* when the counters were read last */
static struct kind kinds[KINDS];
static unsigned int nr_kinds;

static const struct genlmsghdr *head_of(const struct nlmsghdr *nlh)
{
	return (const void *)((const char *)nlh + NLMSG_HDRLEN);
}

static const char *attrs_of(const struct nlmsghdr *nlh, size_t *len)
{
	*len = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	return (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;
}

static void begin(struct answer *a, const struct nlmsghdr *nlh)
{
	size_t len;
	const char *attrs = attrs_of(nlh, &len);

	a->seq = len <= sizeof(a->attrs) ? nlh->nlmsg_seq : 0;
	a->cmd = head_of(nlh)->cmd;
	a->len = 0;
	a->attrs_len = a->seq ? len : 0;
	memcpy(a->attrs, attrs, a->attrs_len);
}

/* There may be a million of them: they stay in the file. */
static bool stays(__u8 cmd)
{
	return cmd == TCPLIFE_CMD_CONNECTION_GET ||
	       cmd == TCPLIFE_CMD_TIMEWAIT_GET;
}

static void add(struct answer *a, const struct nlmsghdr *nlh)
{
	size_t len = NLMSG_ALIGN(nlh->nlmsg_len), room = a->room;
	char *data;

	while (a->len + len > room)
		room = room ? 2 * room : 4096;
	if (room > ANSWER_MAX) {
		a->seq = 0;
		return;
	}
	data = room == a->room ? a->data : realloc(a->data, room);
	if (!data) {
		a->seq = 0;
		return;
	}
	a->data = data;
	a->room = room;
	memcpy(data + a->len, nlh, nlh->nlmsg_len);
	memset(data + a->len + nlh->nlmsg_len, 0, len - nlh->nlmsg_len);
	a->len += len;
}

/**
 * answer_feed - take a message of a recording
 * @a: the answer that it may be a part of
 * @nlh: the message
 *
 * Return: whether the answer is whole now.
 */
bool answer_feed(struct answer *a, const struct nlmsghdr *nlh)
{
	__s32 error;

	if (nlh->nlmsg_flags & NLM_F_REQUEST &&
	    nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
		begin(a, nlh);
		return false;
	}
	if (!a->seq || nlh->nlmsg_seq != a->seq)
		return false;
	if (nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
		if (!stays(a->cmd))
			add(a, nlh);
		return false;
	}
	if (nlh->nlmsg_type != NLMSG_DONE && nlh->nlmsg_type != NLMSG_ERROR)
		return false;
	memcpy(&error, (const char *)nlh + NLMSG_HDRLEN, sizeof(error));
	a->done = a->seq;
	a->seq = 0;
	return error >= 0;
}

static bool has_attrs(const struct answer *a, const char *attrs, size_t len)
{
	return a->attrs_len == len && !memcmp(a->attrs, attrs, len);
}

/* A dump is of all; who asks for a part of it gets that by answers_filter(). */
static struct kind *find(__u8 cmd, const char *attrs, size_t len)
{
	unsigned int i;

	for (i = 0; i < nr_kinds; i++)
		if (kinds[i].last[0].cmd == cmd &&
		    has_attrs(&kinds[i].last[0], attrs, len))
			return &kinds[i];
	return NULL;
}

static void note_time(const struct answer *a)
{
	struct batch b;

	if (a->cmd == TCPLIFE_CMD_STATS_GET && a->len &&
	    !decode_batch((const void *)a->data, &b))
		latest = b.now;
}

/* The buffer goes to who keeps it. */
static void keep(struct answer *a)
{
	struct kind *kind = find(a->cmd, a->attrs, a->attrs_len);
	struct answer *oldest;

	if (!kind) {
		if (nr_kinds == KINDS)
			return;
		kind = &kinds[nr_kinds++];
	}
	/* Of a dump, which may be large, one is enough. */
	oldest = &kind->last[a->attrs_len && kind->n ? 1 : 0];
	if (oldest == &kind->last[1] && kind->n == 2) {
		free(kind->last[0].data);
		kind->last[0] = kind->last[1];
	} else {
		free(oldest->data);
	}
	*oldest = *a;
	kind->n = oldest - kind->last + 1;
	a->data = NULL;
	a->room = 0;
	a->len = 0;
}

static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	if (!answer_feed(arg, nlh))
		return 0;
	note_time(arg);
	keep(arg);
	return 0;
}

/** answers_recording - that of answers_load(), or NULL */
const char *answers_recording(void)
{
	return recording;
}

/**
 * answers_now - when the recording ended, or when that of one that was cut off is
 * known of last: the messages of its history are as old as what they tell
 */
__u64 answers_now(void)
{
	__u64 end = host_end();

	return end ? end : latest;
}

/**
 * answers_load - read a recording: from here on it answers all that is asked
 * @path: the file
 *
 * Return: the exit status.
 */
int answers_load(const char *path)
{
	struct answer a = { .len = 0 };
	int status = replay_run(path, on_message, &a);

	recording = path;
	free(a.data);
	return status;
}

/* Who asks, and who gets it. */
struct asked {
	const struct nlmsghdr	*request;
	__u32			seq;
	session_fn		fn;
	void			*arg;
	int			ret;
	char			part[SESSION_BUFFER]
				__attribute__((aligned(8)));
};

static int give(const struct nlmsghdr *nlh, void *arg)
{
	struct asked *asked = arg;

	if (answers_filter(asked->request, nlh, asked->part,
			   sizeof(asked->part)))
		nlh = (const void *)asked->part;
	asked->ret = asked->fn ? asked->fn(nlh, asked->arg) : 0;
	return asked->ret;
}

static int give_event(const struct nlmsghdr *nlh, void *arg)
{
	__u8 cmd = head_of(nlh)->cmd;

	if (!replay_is_event(nlh) || (cmd != TCPLIFE_CMD_RECORD_NTF &&
				      cmd != TCPLIFE_CMD_CLOSE_NTF))
		return 0;
	return give(nlh, arg);
}

/* Of the request that @asked has the number of. */
static int give_answer(const struct nlmsghdr *nlh, void *arg)
{
	struct asked *asked = arg;

	if (nlh->nlmsg_type < NLMSG_MIN_TYPE ||
	    nlh->nlmsg_flags & NLM_F_REQUEST || nlh->nlmsg_seq != asked->seq)
		return 0;
	return give(nlh, arg);
}

static bool is_dump(const struct nlmsghdr *request)
{
	return (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

static int explain(struct session *s)
{
	snprintf(s->error, sizeof(s->error),
		 "%s does not have that: it was cut off before, or tcplife record did not make it",
		 recording);
	return -ENODATA;
}

/**
 * answers_ask - answer a request out of the recording
 * @s: the session, for the words of an error
 * @request: the request
 * @fn: gets each message of the answer
 * @arg: for @fn
 *
 * Return: 0, -ENODATA when nobody asked that, or what @fn says.
 */
int answers_ask(struct session *s, const struct nlmsghdr *request,
		session_fn fn, void *arg)
{
	static struct asked asked;
	const struct answer *a;
	struct kind *kind;
	const char *attrs;
	size_t len;

	asked.request = request;
	asked.fn = fn;
	asked.arg = arg;
	asked.ret = 0;
	if (head_of(request)->cmd == TCPLIFE_CMD_HISTORY_GET) {
		replay_run(recording, give_event, &asked);
		return asked.ret < 0 ? asked.ret : 0;
	}
	attrs = attrs_of(request, &len);
	if (is_dump(request))
		len = 0;
	kind = find(head_of(request)->cmd, attrs, len);
	if (!kind)
		return explain(s);
	a = &kind->last[kind->given++ % kind->n];
	asked.seq = a->done;
	if (stays(a->cmd))
		replay_run(recording, give_answer, &asked);
	else
		replay_walk(a->data, a->len, give, &asked);
	return asked.ret < 0 ? asked.ret : 0;
}
