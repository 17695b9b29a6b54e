/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answers of the module that are in a recording, instead of the module.
 */
#ifndef _READER_ANSWERS_H
#define _READER_ANSWERS_H

#include "session.h"

/**
 * struct answer - all that came after a request
 * @cmd: of the request
 * @seq: of it; 0: nothing is to come
 * @done: of the one that is whole
 * @attrs: its attributes
 * @attrs_len: bytes in it
 * @data: the messages, aligned, one after the other
 * @len: bytes in it
 * @room: bytes there are
 */
struct answer {
	__u8	cmd;
	__u32	seq;
	__u32	done;
	char	attrs[128];
	size_t	attrs_len;
	char	*data;
	size_t	len;
	size_t	room;
};

bool answer_feed(struct answer *a, const struct nlmsghdr *nlh);
int answers_load(const char *path);
const char *answers_recording(void);
__u64 answers_now(void);
int answers_ask(struct session *s, const struct nlmsghdr *request,
		session_fn fn, void *arg);
bool answers_filter(const struct nlmsghdr *request, const struct nlmsghdr *nlh,
		    char *to, size_t room);

#endif /* _READER_ANSWERS_H */
