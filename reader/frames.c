// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames: a recording is unpacked, one frame after the other. What is in a
 * frame is believed when all of it is there and has its checksum. A file that
 * does not begin as zstd's do was unpacked before: it is one frame.
 */
#include <errno.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "frames.h"
#include "recording.h"

#define PIECE	(128 << 10)

/* What is unpacked so far. */
struct unpacked {
	char	*data;
	size_t	len;
	size_t	room;
};

static bool grow(struct unpacked *u)
{
	size_t room = u->room ? 2 * u->room : 1 << 20;
	char *data;

	if (u->len < u->room)
		return true;
	if (room > RECORDING_FRAME_MAX)
		return false;
	data = realloc(u->data, room);
	if (!data)
		return false;
	u->data = data;
	u->room = room;
	return true;
}

/* One step: whether there is more to do with the piece. */
static bool unpack(ZSTD_DCtx *zstd, ZSTD_inBuffer *in, struct unpacked *u,
		   struct frames *f, bool *ended)
{
	ZSTD_outBuffer out;
	size_t ret, from = in->pos;

	*ended = false;
	if (!grow(u)) {
		f->broken = "a frame is too long";
		return false;
	}
	out = (ZSTD_outBuffer){ u->data, u->room, u->len };
	ret = ZSTD_decompressStream(zstd, &out, in);
	f->read += in->pos - from;
	if (ZSTD_isError(ret)) {
		f->broken = ZSTD_getErrorName(ret);
		return false;
	}
	/* Nothing moved: it wants more of the file. */
	*ended = !ret;
	f->cut = ret;
	if (!ret || out.pos != u->len || in->pos != from) {
		u->len = out.pos;
		return true;
	}
	return false;
}

/* Whether to go on. */
static bool take_piece(ZSTD_DCtx *zstd, ZSTD_inBuffer *in, struct unpacked *u,
		       frames_fn fn, void *arg, struct frames *f)
{
	bool ended;

	while (in->pos < in->size || u->len == u->room) {
		if (!unpack(zstd, in, u, f, &ended))
			return !f->broken;
		if (!ended)
			continue;
		f->n++;
		f->whole = f->read;
		if (!fn(u->data, u->len, arg))
			return false;
		u->len = 0;
	}
	return true;
}

static int read_packed(FILE *file, char *piece, size_t len, frames_fn fn,
		       void *arg, struct frames *f)
{
	ZSTD_DCtx *zstd = ZSTD_createDCtx();
	struct unpacked u = { .len = 0 };
	ZSTD_inBuffer in;

	if (!zstd)
		return -ENOMEM;
	for (; len; len = fread(piece, 1, PIECE, file)) {
		in = (ZSTD_inBuffer){ piece, len, 0 };
		if (!take_piece(zstd, &in, &u, fn, arg, f))
			break;
	}
	free(u.data);
	ZSTD_freeDCtx(zstd);
	return ferror(file) ? -errno : 0;
}

static int read_plain(FILE *file, char *piece, size_t len, frames_fn fn,
		      void *arg, struct frames *f)
{
	char *data = malloc(RECORDING_FRAME_MAX);
	int ret = 0;

	if (!data)
		return -ENOMEM;
	memcpy(data, piece, len);
	f->read = len + fread(data + len, 1, RECORDING_FRAME_MAX - len, file);
	f->whole = f->read;
	f->n = 1;
	if (ferror(file))
		ret = -errno;
	else
		fn(data, f->read, arg);
	free(data);
	return ret;
}

/* Zstd's, or as much of it as there is. */
static bool is_packed(const char *piece, size_t len)
{
	static const unsigned char magic[] = { 0x28, 0xb5, 0x2f, 0xfd };

	return len && !memcmp(piece, magic, len < 4 ? len : 4);
}

/**
 * frames_read - read a file to its end
 * @file: it
 * @fn: gets what is in each frame
 * @arg: for @fn
 * @f: set to how far it was read
 *
 * Return: 0, or -errno when the file cannot be read. What is not as it should
 * be is told by @f.
 */
int frames_read(FILE *file, frames_fn fn, void *arg, struct frames *f)
{
	char *piece = malloc(PIECE);
	size_t len;
	int ret;

	*f = (struct frames){ .n = 0 };
	if (!piece)
		return -ENOMEM;
	len = fread(piece, 1, PIECE, file);
	if (ferror(file))
		ret = -errno;
	else if (is_packed(piece, len))
		ret = read_packed(file, piece, len, fn, arg, f);
	else
		ret = read_plain(file, piece, len, fn, arg, f);
	free(piece);
	return ret;
}
