/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording: what went over the netlink socket, and what else was looked at,
 * in a file. Documentation/recording.rst has the format.
 */
#ifndef _READER_RECORDING_H
#define _READER_RECORDING_H

#include <jansson.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>

#define RECORDING_VERSION	1

/* The type of a message that is a note of ours: no family has such a one. */
#define RECORDING_NOTE		(NLMSG_MIN_TYPE - 1)

/* A frame holds less than this when it is unpacked. */
#define RECORDING_FRAME_MAX	(64 << 20)

int recording_open(const char *path, json_t *more);
bool recording_is_open(void);
bool recording_put(const void *message, size_t len);
bool recording_note(json_t *note);
void recording_tap(const struct nlmsghdr *nlh);
bool recording_tick(void);
void recording_drop(void);
int recording_close(void);

#endif /* _READER_RECORDING_H */
