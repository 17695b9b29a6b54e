// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a multicast group has sent so far.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>
#include <uapi/linux/tcplife.h>

#include "sent.h"

/** struct question - which group, and what is known of it */
struct question {
	const char	*group;
	struct sent	sent;
	bool		found;
};

static void take_number(const struct nlattr *attr, struct sent *sent)
{
	__u64 *to;

	switch (mnl_attr_get_type(attr)) {
	case TCPLIFE_A_GROUP_SEQ:
		to = &sent->seq;
		break;
	case TCPLIFE_A_GROUP_EVENTS:
		to = &sent->events;
		break;
	case TCPLIFE_A_GROUP_DROPPED:
		to = &sent->dropped;
		break;
	case TCPLIFE_A_GROUP_FILTERED:
		to = &sent->filtered;
		break;
	default:
		return;
	}
	if (!mnl_attr_validate(attr, MNL_TYPE_U64))
		*to = mnl_attr_get_u64(attr);
}

static void take_group(const struct nlattr *nest, struct question *q)
{
	const struct nlattr *attr;
	const char *name = "";
	struct sent sent = { };

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != TCPLIFE_A_GROUP_NAME)
			take_number(attr, &sent);
		else if (!mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			name = mnl_attr_get_str(attr);
	}
	if (strcmp(name, q->group))
		return;
	q->sent = sent;
	q->found = true;
}

static int take_groups(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == TCPLIFE_A_GROUP)
			take_group(attr, arg);
	return 0;
}

/**
 * sent_of - what an answer says of a group
 * @nlh: the answer to TCPLIFE_CMD_GROUP_GET
 * @group: its name
 * @sent: set to it
 *
 * Return: whether it says anything.
 */
bool sent_of(const struct nlmsghdr *nlh, const char *group, struct sent *sent)
{
	struct question q = { .group = group };

	take_groups(nlh, &q);
	*sent = q.sent;
	return q.found;
}

/**
 * sent_ask - what a group has sent; all that was waiting is sent before
 * @control: to ask by; not the session that has joined the group
 * @group: its name
 * @sent: set to the answer
 *
 * Return: 0, -EOPNOTSUPP if the module does not tell, or another error.
 */
int sent_ask(struct session *control, const char *group, struct sent *sent)
{
	struct question q = { .group = group };
	int ret = session_request(control, TCPLIFE_CMD_GROUP_GET, take_groups,
				  &q);

	if (!ret && !q.found)
		ret = -EOPNOTSUPP;
	*sent = q.sent;
	return ret;
}
