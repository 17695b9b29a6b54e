// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recording: the file, as it is written.
 *
 * Messages are put into a buffer, which becomes a zstd frame when it is full or
 * a second old. A frame is whole messages and needs no other frame; it goes to
 * the end of the file in one write(). So wherever the file is cut off, all that
 * is lost is the frame there.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <tcplife/version.h>
#include <unistd.h>
#include <zstd.h>

#include "clock.h"
#include "commands.h"
#include "host.h"
#include "recording.h"
#include "session.h"

#define FRAME_ROOM	(1024 << 10)
#define FRAME_FULL	(512 << 10)

static const char *path;
static int fd = -1;
static bool failed;
static bool written;		/* some of it; until then the file is the old one */
static bool made;		/* there was none */
static bool unwanted;		/* the answers that come */
static ZSTD_CCtx *zstd;
static char frame[FRAME_ROOM];
static size_t used;
static __u64 begun;		/* when the first message was put there */

/* Told once. */
static bool complain(void)
{
	if (!failed)
		fprintf(stderr, "tcplife: %s: %s\n", path, strerror(errno));
	failed = true;
	return false;
}

/* What was there goes when there is something new. Who talked to whom is not for
 * everybody.
 */
static bool make_room(void)
{
	struct stat st;

	written = true;
	if (fstat(fd, &st))
		return complain();
	if (S_ISREG(st.st_mode) && (fchmod(fd, 0600) || ftruncate(fd, 0)))
		return complain();
	return true;
}

static bool write_all(const char *data, size_t len)
{
	ssize_t n;

	if (!written && !make_room())
		return false;
	for (; len; data += n, len -= n) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return complain();
	}
	return true;
}

static bool write_frame(const void *data, size_t len)
{
	size_t room = ZSTD_compressBound(len), size;
	char *packed = malloc(room);
	bool ok;

	if (!packed)
		return complain();
	size = ZSTD_compress2(zstd, packed, room, data, len);
	if (ZSTD_isError(size)) {
		errno = ENOMEM;
		ok = complain();
	} else {
		ok = write_all(packed, size);
	}
	free(packed);
	return ok;
}

static bool flush(void)
{
	bool ok = !used || write_frame(frame, used);

	used = 0;
	return ok;
}

/** recording_is_open - whether there is one */
bool recording_is_open(void)
{
	return fd >= 0;
}

/**
 * recording_put - what came, if it is wanted
 * @message: one message
 * @len: bytes in it
 *
 * Return: false if it could not be written, which is told.
 */
bool recording_put(const void *message, size_t len)
{
	size_t room = NLMSG_ALIGN(len);

	if (!recording_is_open())
		return true;
	if (failed || (used + room > FRAME_ROOM && !flush()))
		return false;
	if (!used)
		begun = clock_now();
	memcpy(frame + used, message, len);
	memset(frame + used + len, 0, room - len);
	used += room;
	return used < FRAME_FULL || flush();
}

/**
 * recording_note - what is no message
 * @note: a JSON object, which is put away
 *
 * Return: false if it could not be written, which is told.
 */
bool recording_note(json_t *note)
{
	struct nlmsghdr *nlh;
	bool ok = false;
	size_t len;
	char *text;

	text = note ? json_dumps(note, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	json_decref(note);
	len = text ? strlen(text) : 0;
	nlh = text ? calloc(1, NLMSG_SPACE(len)) : NULL;
	if (nlh && NLMSG_SPACE(len) <= FRAME_ROOM) {
		nlh->nlmsg_len = NLMSG_LENGTH(len);
		nlh->nlmsg_type = RECORDING_NOTE;
		memcpy((char *)nlh + NLMSG_HDRLEN, text, len);
		ok = recording_put(nlh, nlh->nlmsg_len);
	}
	free(nlh);
	free(text);
	return ok;
}

/* A dump by a filter is a part of one that is recorded whole; and the history
 * are records that came as events, and older ones.
 */
static bool is_unwanted(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (genl->cmd == TCPLIFE_CMD_HISTORY_GET)
		return true;
	return nlh->nlmsg_flags & NLM_F_DUMP &&
	       nlh->nlmsg_len > NLMSG_HDRLEN + GENL_HDRLEN;
}

/**
 * recording_tap - a request, or a message of an answer
 * @nlh: it
 *
 * What could not be written is seen by the next recording_tick().
 */
void recording_tap(const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_type == GENL_ID_CTRL)
		return;
	if (nlh->nlmsg_flags & NLM_F_REQUEST)
		unwanted = is_unwanted(nlh);
	if (!unwanted)
		recording_put(nlh, nlh->nlmsg_len);
}

/** recording_tick - to be called each second: what is that old is written */
bool recording_tick(void)
{
	if (used && clock_now() - begun >= NSEC_PER_SEC)
		flush();
	return !failed;
}

static json_t *header(void)
{
	__s64 offset = clock_read(CLOCK_REALTIME) - clock_now();
	struct utsname name;

	uname(&name);
	return json_pack("{s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:I}",
			 "tcplife_recording", RECORDING_VERSION,
			 "tcplife", TCPLIFE_VERSION,
			 "kernel", name.release,
			 "clock_offset", (json_int_t)offset,
			 "started", (json_int_t)clock_now(),
			 "user_ns", (json_int_t)host_inode("user"),
			 "pid_ns", (json_int_t)host_inode("pid"),
			 "net_ns", (json_int_t)host_inode("net"));
}

static int open_file(const char *to)
{
	const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
	int new = open(to, flags | O_EXCL, 0600);

	made = new >= 0;
	return made || errno != EEXIST ? new : open(to, flags, 0600);
}

/**
 * recording_open - begin one
 * @to: the file
 * @more: what else is to be in its header, or NULL; it is put away
 *
 * Return: the exit status.
 */
int recording_open(const char *to, json_t *more)
{
	json_t *note = header();

	path = to;
	if (note && more)
		json_object_update(note, more);
	json_decref(more);
	zstd = ZSTD_createCCtx();
	if (zstd)
		ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	else
		errno = ENOMEM;
	if (zstd)
		fd = open_file(to);
	if (fd < 0 || !note) {
		json_decref(note);
		complain();
		return STATUS_FAILED;
	}
	return recording_note(note) ? STATUS_OK : STATUS_FAILED;
}

/** recording_drop - there is nothing to record: what was there before stays */
void recording_drop(void)
{
	if (!recording_is_open())
		return;
	close(fd);
	fd = -1;
	if (made && !written)
		unlink(path);
	ZSTD_freeCCtx(zstd);
}

/**
 * recording_close - write the rest
 *
 * Return: the exit status.
 */
int recording_close(void)
{
	if (!recording_is_open())
		return STATUS_OK;
	recording_note(json_pack("{s:I}", "ended",
				 (json_int_t)clock_now()));
	flush();
	if (close(fd))
		complain();
	fd = -1;
	ZSTD_freeCCtx(zstd);
	return failed ? STATUS_FAILED : STATUS_OK;
}
