/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session: a generic netlink socket that talks to the module.
 */
#ifndef _READER_SESSION_H
#define _READER_SESSION_H

#include <libmnl/libmnl.h>
#include <linux/types.h>
#include <stdbool.h>

#define SESSION_GROUPS	8
#define SESSION_BUFFER	(64 << 10)

/** struct session_group - a multicast group of the family */
struct session_group {
	char	name[16];	/* GENL_NAMSIZ */
	__u32	id;
};

/**
 * struct session - what it knows
 * @nl: the socket; NULL when it is not open
 * @family: the number of the family, as long as the module is loaded
 * @seq: of the last request
 * @groups: the multicast groups
 * @nr_groups: how many
 * @tap: sees each request and each message of an answer; NULL: nobody does
 * @inconsistent: a dump since session_open() was disturbed (NLM_F_DUMP_INTR):
 *	something may be missing in it, or there twice
 * @error: words for the last failure
 * @send: where a request is made
 * @receive: where answers come
 */
struct session {
	struct mnl_socket	*nl;
	__u16			family;
	__u32			seq;
	struct session_group	groups[SESSION_GROUPS];
	unsigned int		nr_groups;
	void			(*tap)(const struct nlmsghdr *nlh);
	bool			inconsistent;
	char			error[256];
	char			send[4096] __attribute__((aligned(8)));
	char			receive[SESSION_BUFFER] __attribute__((aligned(8)));
};

/* Gets each message of an answer. Other than 0 ends it: an error below 0, and
 * above it success.
 */
typedef int (*session_fn)(const struct nlmsghdr *nlh, void *arg);

int session_open(struct session *s);
void session_close(struct session *s);
struct nlmsghdr *session_prepare(struct session *s, __u8 cmd, __u16 flags);
int session_ask(struct session *s, struct nlmsghdr *nlh, session_fn fn,
		void *arg);
int session_request(struct session *s, __u8 cmd, session_fn fn, void *arg);
int session_dump(struct session *s, __u8 cmd, session_fn fn, void *arg);
int session_join(struct session *s, const char *group);
int session_watch_unload(struct session *s);
int session_receive(struct session *s, session_fn fn, void *arg);
bool session_is_unload(const struct session *s, const struct nlmsghdr *nlh);
int session_fail(const struct session *s, int error);

#endif /* _READER_SESSION_H */
