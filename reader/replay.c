// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay: messages in a file, as they came, one behind the other. For tests:
 * they need neither root nor the module, and get the same each time.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "replay.h"

static FILE *copy;

static int complain(const char *path)
{
	fprintf(stderr, "tcplife: %s: %s\n", path, strerror(errno));
	return STATUS_FAILED;
}

static void *load(const char *path, int *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *data;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	data = malloc(st.st_size + 1);
	*len = data ? read(fd, data, st.st_size) : -1;
	close(fd);
	return data;
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
	const struct nlmsghdr *nlh;
	int len, ret = 0;
	void *data;

	data = load(path, &len);
	if (!data)
		return complain(path);
	for (nlh = data; !ret && mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len))
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE &&
		    mnl_nlmsg_get_payload_len(nlh) >= GENL_HDRLEN)
			ret = fn(nlh, arg);
	free(data);
	return STATUS_OK;
}

/** replay_open - begin to save what comes */
int replay_open(const char *path)
{
	copy = fopen(path, "we");
	return copy ? STATUS_OK : complain(path);
}

/** replay_save - what came, if it is wanted */
void replay_save(const void *message, size_t len)
{
	if (copy) {
		fwrite(message, 1, len, copy);
		fflush(copy);
	}
}
