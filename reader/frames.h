/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frames of a recording, as it is read.
 */
#ifndef _READER_FRAMES_H
#define _READER_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct frames - how far it was read
 * @read: bytes of the file
 * @whole: those of them that are in whole frames
 * @n: whole frames
 * @cut: the file ends in the middle of one
 * @broken: words for what is wrong; NULL: nothing
 */
struct frames {
	size_t		read;
	size_t		whole;
	unsigned long	n;
	bool		cut;
	const char	*broken;
};

/* Gets what is in a frame. False ends it. */
typedef bool (*frames_fn)(const void *data, size_t len, void *arg);

int frames_read(FILE *file, frames_fn fn, void *arg, struct frames *f);

#endif /* _READER_FRAMES_H */
