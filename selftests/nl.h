/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs that test the netlink family share: a socket that knows
 * the family, requests, and why they were refused.
 */
#ifndef NL_H
#define NL_H

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/tcplife.h>
#include <linux/tcplife_compact.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NL_BUFFER	(256 * 1024)
#define NL_GROUPS	6

struct nl {
	struct mnl_socket	*sock;
	uint32_t		seq;
	uint16_t		family;
	uint32_t		groups[NL_GROUPS];
	char			*buf;
	/* Of the last answer. */
	int			err;
	bool			interrupted;
	char			extack[256];
};

static const char * const nl_groups[NL_GROUPS] = {
	TCPLIFE_MCGRP_RECORDS, TCPLIFE_MCGRP_CLOSES,
	TCPLIFE_MCGRP_STATES, TCPLIFE_MCGRP_HALFOPEN,
	TCPLIFE_MCGRP_RECORDS_COMPACT, TCPLIFE_MCGRP_CLOSES_COMPACT,
};

typedef void (*nl_message)(const struct nlmsghdr *nlh, void *data);

/* Whether a member of the compact form is known. */
static inline bool nl_knows(const struct tcplife_compact *c, unsigned int attr)
{
	return c->has[attr / 64] >> attr % 64 & 1;
}

/* Whether it has a number or name of somebody that its reader may not know. */
static inline bool nl_leaks(const struct tcplife_compact *c)
{
	return (c->pid && !nl_knows(c, TCPLIFE_A_RECORD_PID)) ||
	       (c->comm[0] && !nl_knows(c, TCPLIFE_A_RECORD_COMM)) ||
	       (c->cgroup && !nl_knows(c, TCPLIFE_A_RECORD_CGROUP)) ||
	       (c->closer_pid && !nl_knows(c, TCPLIFE_A_RECORD_CLOSER_PID)) ||
	       (c->closer_comm[0] &&
		!nl_knows(c, TCPLIFE_A_RECORD_CLOSER_COMM));
}

static inline void nl_die(const char *what)
{
	perror(what);
	exit(1);
}

/* The text that came with an error, after SKIP bytes of payload. */
static inline void nl_extack(struct nl *nl, const struct nlmsghdr *nlh,
			     size_t skip)
{
	const struct nlattr *attr;

	nl->extack[0] = '\0';
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, skip)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(nl->extack, sizeof(nl->extack), "%s",
				 mnl_attr_get_str(attr));
}

/* Returns whether it ends the answer. */
static inline bool nl_is_end(struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t skip = sizeof(*err);

	if (nlh->nlmsg_type == NLMSG_DONE) {
		if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(int))
			nl->err = -*(const int *)err;
		nl_extack(nl, nlh, sizeof(int));
		return true;
	}
	if (nlh->nlmsg_type != NLMSG_ERROR)
		return false;
	nl->err = -err->error;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += err->msg.nlmsg_len - sizeof(err->msg);
	nl_extack(nl, nlh, skip);
	return true;
}

/* All messages of the answer to the last request; its errno. */
static inline int nl_answer(struct nl *nl, nl_message message, void *data)
{
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	nl->err = 0;
	nl->interrupted = false;
	for (;;) {
		len = mnl_socket_recvfrom(nl->sock, nl->buf, NL_BUFFER);
		if (len < 0)
			return nl->err = errno;
		left = len;
		for (nlh = (void *)nl->buf; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left)) {
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				nl->interrupted = true;
			if (nl_is_end(nl, nlh))
				return nl->err;
			if (message)
				message(nlh, data);
		}
	}
}

static inline struct nlmsghdr *nl_request(struct nl *nl, void *buf,
					  uint16_t type, uint8_t cmd,
					  uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = TCPLIFE_FAMILY_VERSION;
	return nlh;
}

static inline int nl_ask(struct nl *nl, const struct nlmsghdr *nlh,
			 nl_message message, void *data)
{
	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		nl_die("send");
	return nl_answer(nl, message, data);
}

static inline void nl_group(struct nl *nl, const struct nlattr *group)
{
	const struct nlattr *attr;
	const char *name = "";
	uint32_t id = 0;

	mnl_attr_for_each_nested(attr, group) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			name = mnl_attr_get_str(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(attr);
	}
	for (int i = 0; i < NL_GROUPS; i++)
		if (!strcmp(name, nl_groups[i]))
			nl->groups[i] = id;
}

static inline void nl_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *group;
	struct nl *nl = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			nl->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			nl_group(nl, group);
	}
}

static inline void nl_open(struct nl *nl)
{
	char buf[256];
	struct nlmsghdr *nlh;
	int on = 1;

	nl->buf = malloc(NL_BUFFER);
	nl->sock = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->buf || !nl->sock ||
	    mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID))
		nl_die("netlink socket");
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	nlh = nl_request(nl, buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TCPLIFE_FAMILY_NAME);
	if (nl_ask(nl, nlh, nl_family, nl)) {
		fprintf(stderr, "no family " TCPLIFE_FAMILY_NAME "\n");
		exit(3);
	}
}

/* Prints why the last request was refused, if it was; an exit status. */
static inline int nl_verdict(const struct nl *nl)
{
	if (nl->interrupted)
		fprintf(stderr, "interrupted\n");
	if (!nl->err)
		return 0;
	fprintf(stderr, "%s: %s\n", strerrorname_np(nl->err), nl->extack);
	return 1;
}

#endif /* NL_H */
