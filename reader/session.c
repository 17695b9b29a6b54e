// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session: a generic netlink socket that talks to the module.
 *
 * Errors are negative errnos, with words for them in the session. -ENOENT
 * means that there is no such family: the module is not loaded.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uapi/linux/tcplife.h>

#include "answers.h"
#include "commands.h"
#include "session.h"

/* Room for what comes while we print: a burst of 30,000 records. */
#define RECEIVE_ROOM	(32 << 20)

/* The family of families: its group "notify" has the same number everywhere. */
#define NOTIFY_GROUP	GENL_ID_CTRL

static int fail(struct session *s, int error, const char *what)
{
	snprintf(s->error, sizeof(s->error), "%s: %s", what, strerror(-error));
	return error;
}

/* -- answers -- */

/* The kernel's own words, or those for the error. */
static int explain(struct session *s, const struct nlmsghdr *nlh, int error)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	size_t skip = sizeof(*err);

	if (nlh->nlmsg_type == NLMSG_DONE)
		skip = sizeof(int);
	else if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += err->msg.nlmsg_len - sizeof(err->msg);
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    mnl_nlmsg_get_payload_len(nlh) < skip)
		return fail(s, error, "the module says");
	mnl_attr_for_each(attr, nlh, skip) {
		if (mnl_attr_get_type(attr) != NLMSGERR_ATTR_MSG ||
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			continue;
		snprintf(s->error, sizeof(s->error), "the module says: %s (%s)",
			 mnl_attr_get_str(attr), strerror(-error));
		return error;
	}
	return fail(s, error, "the module says");
}

/* An ACK, an error, the end of a dump: all have the error as first word. */
static int verdict(struct session *s, const struct nlmsghdr *nlh)
{
	int error;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(error))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 :
			fail(s, -EBADMSG, "netlink");
	memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	if (error > 0)
		error = 0;
	return error ? explain(s, nlh, error) : 0;
}

/* One datagram of an answer. 1: more is to come. */
static int answer(struct session *s, int len, session_fn fn, void *arg)
{
	const struct nlmsghdr *nlh = (const void *)s->receive;
	int ret;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq != s->seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			s->inconsistent = true;
		if (s->tap)
			s->tap(nlh);
		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE)
			return verdict(s, nlh);
		if (nlh->nlmsg_type < NLMSG_MIN_TYPE ||
		    mnl_nlmsg_get_payload_len(nlh) < GENL_HDRLEN)
			continue;
		ret = fn ? fn(nlh, arg) : 0;
		if (ret)
			return ret < 0 ? ret : 0;
	}
	return 1;
}

static int transact(struct session *s, struct nlmsghdr *nlh, session_fn fn,
		    void *arg)
{
	ssize_t len;
	int ret = 1;

	if (s->tap)
		s->tap(nlh);
	if (mnl_socket_sendto(s->nl, nlh, nlh->nlmsg_len) < 0)
		return fail(s, -errno, "netlink");
	while (ret == 1) {
		len = mnl_socket_recvfrom(s->nl, s->receive,
					  sizeof(s->receive));
		if (len >= 0)
			ret = answer(s, len, fn, arg);
		else if (errno != EINTR)
			ret = fail(s, -errno, "netlink");
	}
	return ret;
}

/* -- opening -- */

static void learn_group(struct session *s, const struct nlattr *nest)
{
	struct session_group *group = &s->groups[s->nr_groups];
	const struct nlattr *attr;

	if (s->nr_groups == SESSION_GROUPS)
		return;
	memset(group, 0, sizeof(*group));
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_MCAST_GRP_NAME:
			if (!mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
				snprintf(group->name, sizeof(group->name), "%s",
					 mnl_attr_get_str(attr));
			break;
		case CTRL_ATTR_MCAST_GRP_ID:
			if (!mnl_attr_validate(attr, MNL_TYPE_U32))
				group->id = mnl_attr_get_u32(attr);
			break;
		}
	}
	s->nr_groups++;
}

static int learn_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr, *group;
	struct session *s = arg;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			if (!mnl_attr_validate(attr, MNL_TYPE_U16))
				s->family = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			mnl_attr_for_each_nested(group, attr)
				learn_group(s, group);
			break;
		}
	}
	return 0;
}

static struct nlmsghdr *prepare(struct session *s, __u16 family, __u8 cmd,
				__u8 version, __u16 flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(s->send);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++s->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

static int resolve(struct session *s)
{
	struct nlmsghdr *nlh;
	int ret;

	nlh = prepare(s, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TCPLIFE_FAMILY_NAME);
	s->nr_groups = 0;
	ret = transact(s, nlh, learn_family, s);
	if (ret == -ENOENT)
		snprintf(s->error, sizeof(s->error),
			 "the module is not loaded: modprobe tcplife, or insmod tcplife.ko");
	return ret;
}

/* Without these there is less room and there are fewer words; it works. */
static void set_options(struct session *s)
{
	int fd = mnl_socket_get_fd(s->nl), size = RECEIVE_ROOM, on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	mnl_socket_setsockopt(s->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(s->nl, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(s->nl, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
}

/**
 * session_open - connect to the module, or to the recording
 * @s: the session, of which nothing needs to be set
 *
 * Return: 0, -ENOENT when the module is not loaded, or another error.
 */
int session_open(struct session *s)
{
	int ret;

	memset(s, 0, offsetof(struct session, send));
	if (answers_recording())
		return 0;
	s->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!s->nl)
		return fail(s, -errno, "netlink");
	set_options(s);
	ret = mnl_socket_bind(s->nl, 0, MNL_SOCKET_AUTOPID) ?
		fail(s, -errno, "netlink") : resolve(s);
	if (ret)
		session_close(s);
	return ret;
}

/** session_close - end it; the words of an error stay */
void session_close(struct session *s)
{
	if (s->nl)
		mnl_socket_close(s->nl);
	s->nl = NULL;
}

/* -- asking -- */

/**
 * session_prepare - begin a request
 * @s: the session
 * @cmd: the command
 * @flags: NLM_F_DUMP for a dump, NLM_F_ACK for the others
 *
 * Return: the message, for mnl_attr_put_u32() and the like; then
 * session_ask() sends it.
 */
struct nlmsghdr *session_prepare(struct session *s, __u8 cmd, __u16 flags)
{
	return prepare(s, s->family, cmd, TCPLIFE_FAMILY_VERSION, flags);
}

/* The kernel says -ENOENT for a family that is gone, and the module may say it
 * of something else: which one?
 */
static int explain_missing(struct session *s)
{
	char words[sizeof(s->error)];
	__u16 family = s->family;
	int ret;

	memcpy(words, s->error, sizeof(words));
	ret = resolve(s);
	if (ret)
		return ret;
	if (s->family != family) {
		snprintf(s->error, sizeof(s->error),
			 "the module was unloaded, and loaded again: start again");
		return -ENOENT;
	}
	memcpy(s->error, words, sizeof(words));
	return -ENODATA;
}

/**
 * session_ask - send a request and take the answer
 * @s: the session
 * @nlh: the request, from session_prepare()
 * @fn: gets each message of the answer; NULL if none is expected
 * @arg: for @fn
 *
 * Return: 0 or an error, with words for it in @s.
 */
int session_ask(struct session *s, struct nlmsghdr *nlh, session_fn fn,
		void *arg)
{
	int ret;

	if (answers_recording())
		return answers_ask(s, nlh, fn, arg);
	ret = transact(s, nlh, fn, arg);
	return ret == -ENOENT ? explain_missing(s) : ret;
}

/** session_request - session_ask() for a command without attributes */
int session_request(struct session *s, __u8 cmd, session_fn fn, void *arg)
{
	return session_ask(s, session_prepare(s, cmd, NLM_F_ACK), fn, arg);
}

/** session_dump - session_ask() for a dump of everything */
int session_dump(struct session *s, __u8 cmd, session_fn fn, void *arg)
{
	return session_ask(s, session_prepare(s, cmd, NLM_F_DUMP), fn, arg);
}

/* -- listening -- */

/**
 * session_join - join a multicast group
 * @s: the session; nothing should be asked through it any more
 * @group: its name
 */
int session_join(struct session *s, const char *group)
{
	unsigned int i;

	for (i = 0; i < s->nr_groups; i++) {
		if (strcmp(s->groups[i].name, group))
			continue;
		if (!mnl_socket_setsockopt(s->nl, NETLINK_ADD_MEMBERSHIP,
					   &s->groups[i].id, sizeof(__u32)))
			return 0;
		return fail(s, -errno, "cannot join the events");
	}
	snprintf(s->error, sizeof(s->error),
		 "the module that is loaded has no events \"%s\"", group);
	return -EOPNOTSUPP;
}

/** session_watch_unload - have session_is_unload() told */
int session_watch_unload(struct session *s)
{
	unsigned int group = NOTIFY_GROUP;

	if (mnl_socket_setsockopt(s->nl, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)))
		return fail(s, -errno, "netlink");
	return 0;
}

/** session_is_unload - whether this message says that our family is gone */
bool session_is_unload(const struct session *s, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (nlh->nlmsg_type != GENL_ID_CTRL || genl->cmd != CTRL_CMD_DELFAMILY)
		return false;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    !mnl_attr_validate(attr, MNL_TYPE_U16))
			return mnl_attr_get_u16(attr) == s->family;
	}
	return false;
}

/**
 * session_receive - take what came, one datagram
 * @s: the session
 * @fn: gets each message; other than 0 ends
 * @arg: for @fn
 *
 * Return: what @fn returned last, -EAGAIN if nothing is there, -ENOBUFS when
 * events were lost in the socket, or another error.
 */
int session_receive(struct session *s, session_fn fn, void *arg)
{
	const struct nlmsghdr *nlh = (const void *)s->receive;
	int fd = mnl_socket_get_fd(s->nl), len, ret = 0;

	len = recv(fd, s->receive, sizeof(s->receive), MSG_DONTWAIT);
	if (len < 0)
		return errno == EAGAIN || errno == EINTR ? -EAGAIN :
			fail(s, -errno, "netlink");
	for (; !ret && mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE &&
		    mnl_nlmsg_get_payload_len(nlh) >= GENL_HDRLEN)
			ret = fn(nlh, arg);
	return ret;
}

/**
 * session_fail - say why, on stderr
 * @s: the session
 * @error: what a function above returned
 *
 * Return: the exit status for it.
 */
int session_fail(const struct session *s, int error)
{
	fprintf(stderr, "tcplife: %s\n", s->error);
	if (error == -EPERM || error == -EACCES)
		fprintf(stderr, "tcplife: it is for root: try it with sudo\n");
	return error == -ENOENT ? STATUS_NOT_LOADED : STATUS_FAILED;
}
