// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay: messages in a file, as they came, one behind the other. For tests:
 * they need neither root nor the module, and get the same each time.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "replay.h"

#define REPLAY_MAX	(64 << 20)

static const char *copy_path;
static FILE *copy;

static int complain(const char *path)
{
	fprintf(stderr, "tcplife: %s: %s\n", path, strerror(errno));
	return STATUS_FAILED;
}

/* What there is of a file, up to a size that no test has. */
static void *load(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	char *data = malloc(REPLAY_MAX);
	bool ok = false;

	if (file && data) {
		*len = fread(data, 1, REPLAY_MAX, file);
		ok = !ferror(file);
	}
	if (file)
		fclose(file);
	if (ok)
		return data;
	free(data);
	return NULL;
}

/**
 * replay_walk - have each message of a buffer
 * @data: the buffer
 * @len: bytes in it
 * @fn: gets each message; other than 0 ends
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
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE &&
		    mnl_nlmsg_get_payload_len(nlh) >= GENL_HDRLEN &&
		    fn(nlh, arg))
			return true;
		step = NLMSG_ALIGN(nlh->nlmsg_len);
		if (step > len)
			step = len;
		data = (const char *)data + step;
	}
	return !len;
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
	int status = STATUS_OK;
	size_t len;
	void *data;

	data = load(path, &len);
	if (!data)
		return complain(path);
	if (!replay_walk(data, len, fn, arg)) {
		fprintf(stderr, "tcplife: %s: not all of it are messages\n",
			path);
		status = STATUS_FAILED;
	}
	free(data);
	return status;
}

/** replay_open - begin to save what comes */
int replay_open(const char *path)
{
	copy = fopen(path, "we");
	copy_path = path;
	return copy ? STATUS_OK : complain(path);
}

/**
 * replay_save - what came, if it is wanted
 *
 * Return: false if it could not be written, which is told.
 */
bool replay_save(const void *message, size_t len)
{
	if (!copy)
		return true;
	if (fwrite(message, 1, len, copy) == len && !fflush(copy))
		return true;
	complain(copy_path);
	return false;
}
