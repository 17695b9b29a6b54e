// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay: the messages of a recording, as they came. They need neither root nor
 * the module, and are the same each time.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "frames.h"
#include "host.h"
#include "recording.h"
#include "replay.h"
#include "self.h"

/* Who gets the messages, and what came of it. */
struct replay {
	session_fn	fn;
	void		*arg;
	bool		broken;
	bool		ended;
};

/**
 * replay_note - take a note, which is about the host
 * @nlh: its message
 */
void replay_note(const struct nlmsghdr *nlh)
{
	json_t *note = json_loadb((const char *)nlh + NLMSG_HDRLEN,
				  nlh->nlmsg_len - NLMSG_HDRLEN,
				  JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(note)) {
		host_recorded(note);
		self_init();
	}
	json_decref(note);
}

/**
 * replay_is_event - whether a message came without being asked for
 * @nlh: a message of the module
 */
bool replay_is_event(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_type >= NLMSG_MIN_TYPE &&
	       !(nlh->nlmsg_flags & NLM_F_REQUEST) && !nlh->nlmsg_seq;
}

/**
 * replay_walk - have each message of a buffer
 * @data: the buffer
 * @len: bytes in it
 * @fn: gets each message, notes and ends of answers, too; other than 0 ends
 * @arg: for @fn
 *
 * mnl_nlmsg_ok() would take a length above 2^31 for one below 0.
 *
 * Return: whether there were whole messages up to the end of it or of @fn.
 */
bool replay_walk(const void *data, size_t len, session_fn fn, void *arg)
{
	const struct nlmsghdr *nlh = data;
	size_t step;

	for (; len >= sizeof(*nlh); nlh = data, len -= step) {
		if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > len)
			return false;
		if (nlh->nlmsg_len >= NLMSG_HDRLEN + GENL_HDRLEN &&
		    fn(nlh, arg))
			return true;
		step = NLMSG_ALIGN(nlh->nlmsg_len);
		if (step > len)
			step = len;
		data = (const char *)data + step;
	}
	return !len;
}

static int take_message(const struct nlmsghdr *nlh, void *arg)
{
	struct replay *r = arg;

	if (nlh->nlmsg_type == RECORDING_NOTE)
		replay_note(nlh);
	r->ended = r->fn(nlh, r->arg);
	return r->ended;
}

static bool take_frame(const void *data, size_t len, void *arg)
{
	struct replay *r = arg;

	r->broken = !replay_walk(data, len, take_message, r);
	return !r->broken && !r->ended;
}

/* How much was read: of what is cut off, all that was whole is good. Who reads
 * it again need not be told again.
 */
static int tell(const char *path, const struct frames *f,
		const struct replay *r)
{
	static bool told;

	if (told) {
		;
	} else if (r->broken) {
		fprintf(stderr, "tcplife: %s: not all of it are messages\n",
			path);
	} else if (f->broken) {
		fprintf(stderr,
			"tcplife: %s: broken (%s): read as far as it is whole, %zu bytes (%lu frames)\n",
			path, f->broken, f->whole, f->n);
	} else if (f->cut && !r->ended) {
		fprintf(stderr,
			"tcplife: %s: cut off: read as far as it is whole, %zu of %zu bytes (%lu frames)\n",
			path, f->whole, f->read, f->n);
	}
	told = told || r->broken || f->broken || f->cut;
	return r->broken || f->broken ? STATUS_FAILED : STATUS_OK;
}

/**
 * replay_run - have each message of a file
 * @path: the file
 * @fn: gets it; other than 0 ends
 * @arg: for @fn
 *
 * Return: the exit status.
 */
int replay_run(const char *path, session_fn fn, void *arg)
{
	struct replay r = { .fn = fn, .arg = arg };
	FILE *file = fopen(path, "re");
	struct frames f = { .n = 0 };
	int ret = file ? 0 : -errno;

	if (!ret)
		ret = frames_read(file, take_frame, &r, &f);
	if (file)
		fclose(file);
	if (!ret)
		return tell(path, &f, &r);
	fprintf(stderr, "tcplife: %s: %s\n", path, strerror(-ret));
	return STATUS_FAILED;
}
