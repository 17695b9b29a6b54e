// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlfuzz: sends the netlink family messages that are almost right.
 *
 *	nlfuzz COUNT [SEED]
 *
 * Each is a request with attributes that make sense, which is then changed: a
 * few bytes, lengths, types, nests or flags, as a fuzzer that knows no grammar
 * does; and as one that does, attributes are doubled, dropped, exchanged, wrapped
 * in nests and taken from requests of before, several requests go in one
 * datagram, and sockets are left in the middle of a dump, with groups joined.
 * What is answered is counted by errno. The same seed makes the same messages.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <time.h>

#include "nl.h"

#define MESSAGE	1024	/* longer ones are not made */
#define BATCH	8	/* requests in a datagram, at most */
#define CORPUS	64	/* requests that are remembered */
#define ERRNOS	256

static unsigned long long state;
static unsigned long answers[ERRNOS], replies, sockets;
static char corpus[CORPUS][MESSAGE];

/* xorshift64* */
static uint32_t rnd(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 2685821657736338717ULL >> 32) % below;
}

/* Small, at a border, or anything. */
static uint32_t number(void)
{
	static const uint32_t borders[] = {
		0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000,
		0x7fffffff, 0x80000000, 0xffffffff,
	};

	switch (rnd(3)) {
	case 0:
		return rnd(20);
	case 1:
		return borders[rnd(sizeof(borders) / sizeof(*borders))];
	default:
		return rnd(UINT32_MAX);
	}
}

/* Payload lengths of a filter's attributes, from the first one on. */
static const uint8_t filter_lens[] = {
	4, 8, 4, 16, 4, 16, 2, 2, 2, 4, 4, 4, 8,
};

static const uint8_t event_filter_lens[] = { 4, 4, 2, 2, 4, 0, 4 };

static void put_one(struct nlmsghdr *nlh, uint16_t type, uint16_t len)
{
	uint32_t payload[4] = { number(), number(), number(), number() };

	mnl_attr_put(nlh, type, len, payload);
}

static void put_nest(struct nlmsghdr *nlh, uint16_t type, const uint8_t *lens,
		     unsigned int n)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);
	unsigned int i, k;

	for (i = rnd(6); i; i--) {
		k = rnd(n);
		put_one(nlh, k + 1, lens[k]);
	}
	mnl_attr_nest_end(nlh, nest);
}

static void put_attrs(struct nlmsghdr *nlh)
{
	switch (rnd(6)) {
	case 0:
	case 1:
		return put_nest(nlh, TCPLIFE_A_FILTER, filter_lens,
				sizeof(filter_lens));
	case 2:
	case 3:
		return put_nest(nlh, TCPLIFE_A_EVENT_FILTER, event_filter_lens,
				sizeof(event_filter_lens));
	case 4:
		put_one(nlh, TCPLIFE_A_COOKIE, 8);
		return put_one(nlh, TCPLIFE_A_GENERATION, 4);
	default:
		return put_one(nlh, rnd(TCPLIFE_A_MAX + 4), rnd(17));
	}
}

/* Any of the attributes, nested ones included: they are on borders of 4. */
static struct nlattr *some_attr(struct nlmsghdr *nlh)
{
	uint32_t words = (nlh->nlmsg_len - MNL_NLMSG_HDRLEN) / 4;

	return words ? (struct nlattr *)
		((char *)nlh + MNL_NLMSG_HDRLEN + 4 * rnd(words)) : NULL;
}

/* One of the outermost attributes; NULL: there is none. */
static struct nlattr *outer_attr(struct nlmsghdr *nlh)
{
	struct nlattr *attr, *chosen = NULL;
	uint32_t n = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (!rnd(++n))
			chosen = attr;
	return chosen;
}

/* Appends LEN bytes, if there is room. Returns whether. */
static bool append(struct nlmsghdr *nlh, const void *from, uint32_t len)
{
	len = MNL_ALIGN(len);
	if (nlh->nlmsg_len + len > MESSAGE)
		return false;
	memmove(mnl_nlmsg_get_payload_tail(nlh), from, len);
	nlh->nlmsg_len = MNL_ALIGN(nlh->nlmsg_len) + len;
	return true;
}

static void drop(struct nlmsghdr *nlh, struct nlattr *attr)
{
	uint32_t len = MNL_ALIGN(attr->nla_len);
	char *tail = mnl_nlmsg_get_payload_tail(nlh);

	memmove(attr, (char *)attr + len, tail - (char *)attr - len);
	nlh->nlmsg_len -= len;
}

/* It is the contents of an attribute, of that type or of one that has others in
 * it, perhaps of several, one in the other.
 */
static void wrap(struct nlmsghdr *nlh, struct nlattr *attr)
{
	uint32_t len = MNL_ALIGN(attr->nla_len), deep;
	char *tail = mnl_nlmsg_get_payload_tail(nlh);

	for (deep = 1 + rnd(16); deep; deep--) {
		if (nlh->nlmsg_len + MNL_ATTR_HDRLEN > MESSAGE)
			return;
		memmove((char *)attr + MNL_ATTR_HDRLEN, attr,
			tail - (char *)attr);
		tail += MNL_ATTR_HDRLEN;
		len += MNL_ATTR_HDRLEN;
		nlh->nlmsg_len += MNL_ATTR_HDRLEN;
		attr->nla_type = (rnd(2) ? TCPLIFE_A_FILTER :
				  TCPLIFE_A_EVENT_FILTER) | NLA_F_NESTED;
		attr->nla_len = len;
	}
}

/* What it has in it stands in another attribute's place. */
static void exchange(struct nlattr *a, struct nlattr *b)
{
	uint16_t type = a->nla_type;

	a->nla_type = b->nla_type;
	b->nla_type = type;
}

/* What a grammar allows, as far as the shape goes. */
static void reshape(struct nlmsghdr *nlh)
{
	struct nlattr *attr = outer_attr(nlh);
	struct nlmsghdr *other = (void *)corpus[rnd(CORPUS)];

	if (!attr)
		return;
	switch (rnd(6)) {
	case 0:
		append(nlh, attr, attr->nla_len);
		break;
	case 1:
		drop(nlh, attr);
		break;
	case 2:
		wrap(nlh, attr);
		break;
	case 3:
		exchange(attr, outer_attr(nlh));
		break;
	case 4:		/* without a payload, or of a type that is not known */
		if (rnd(2))
			attr->nla_type = TCPLIFE_A_MAX + 1 + rnd(100);
		else
			attr->nla_len = MNL_ATTR_HDRLEN;
		break;
	default:
		attr = other->nlmsg_len ? outer_attr(other) : NULL;
		if (attr)
			append(nlh, attr, attr->nla_len);
	}
}

static void remember(const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_len <= MESSAGE)
		memcpy(corpus[rnd(CORPUS)], nlh, nlh->nlmsg_len);
}

static void mutate(struct nlmsghdr *nlh)
{
	struct nlattr *attr = some_attr(nlh);
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	switch (rnd(8)) {
	case 0:
		((uint8_t *)genl)[rnd(nlh->nlmsg_len - MNL_NLMSG_HDRLEN)] =
			number();
		break;
	case 1:
		attr->nla_len = number();
		break;
	case 2:
		attr->nla_type = number();
		break;
	case 3:
		attr->nla_type ^= rnd(2) ? NLA_F_NESTED :
					   NLA_F_NET_BYTEORDER;
		break;
	case 4:
		nlh->nlmsg_flags ^= 1 << rnd(16);
		break;
	case 5:
		genl->cmd = rnd(TCPLIFE_CMD_MAX + 4);
		break;
	case 6:	/* cut off */
		nlh->nlmsg_len -= rnd(nlh->nlmsg_len - MNL_NLMSG_HDRLEN - 3);
		break;
	default:	/* zeros, or what was there, at the end */
		if (nlh->nlmsg_len < MESSAGE / 2)
			nlh->nlmsg_len += rnd(64);
	}
}

static void count(struct nl *nl, const struct nlmsghdr *nlh)
{
	if (!nl_is_end(nl, nlh))
		replies++;
	else if (nl->err >= 0 && nl->err < ERRNOS)
		answers[nl->err]++;
}

/* All that has been answered so far. */
static void drain(struct nl *nl)
{
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	for (;;) {
		len = recv(mnl_socket_get_fd(nl->sock), nl->buf, NL_BUFFER,
			   MSG_DONTWAIT);
		if (len <= 0)
			return;
		left = len;
		for (nlh = (void *)nl->buf; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left))
			count(nl, nlh);
	}
}

/* Anybody else's command, or one of ours with the flags that fit it, or not. */
static struct nlmsghdr *some_request(struct nl *nl, void *buf)
{
	uint8_t cmd = 1 + rnd(TCPLIFE_CMD_EVENT_FILTER_SET);
	struct nlmsghdr *nlh;
	uint32_t i;

	nlh = nl_request(nl, buf, nl->family, cmd,
			 cmd <= TCPLIFE_CMD_HISTORY_GET ||
			 cmd == TCPLIFE_CMD_HOOK_GET ? NLM_F_DUMP : 0);
	for (i = rnd(4); i; i--)
		put_attrs(nlh);
	for (i = rnd(3); i; i--)
		reshape(nlh);
	remember(nlh);
	for (i = rnd(4); i; i--)
		mutate(nlh);
	return nlh;
}

/* Another socket, the old one left with whatever it had asked for. */
static void renew(struct nl *nl)
{
	int group;

	mnl_socket_close(nl->sock);
	free(nl->buf);
	nl_open(nl);
	sockets++;
	if (!rnd(3)) {
		group = nl->groups[rnd(NL_GROUPS)];
		mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				      sizeof(group));
	}
}

/* Returns how many requests were sent. */
static unsigned long send_some(struct nl *nl)
{
	unsigned int n = rnd(8) ? 1 : 1 + rnd(BATCH), i;
	char buf[(BATCH + 1) * 2 * MESSAGE] = {};
	struct nlmsghdr *nlh = NULL;
	uint32_t len = 0;

	for (i = 0; i < n; i++) {
		nlh = some_request(nl, buf + len);
		len += MNL_ALIGN(nlh->nlmsg_len);
	}
	/* The length in the last header may lie, too. */
	if (!rnd(20))
		nlh->nlmsg_len = number();
	if (send(mnl_socket_get_fd(nl->sock), buf, len, 0) < 0 &&
	    errno != EINVAL)
		nl_die("send");
	if (rnd(1000))
		drain(nl);
	else
		renew(nl);
	return n;
}

int main(int argc, char **argv)
{
	struct nl nl = {};
	unsigned long long seed = argc > 2 ? strtoull(argv[2], NULL, 0) :
					     (unsigned long long)time(NULL);
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	unsigned long sent = 0;

	printf("seed %llu\n", seed);
	fflush(stdout);
	state = seed * 2 + 1;
	nl_open(&nl);
	while (sent < n)
		sent += send_some(&nl);
	printf("sent %lu, %lu replies, %lu sockets\n", sent, replies, sockets);
	for (int i = 0; i < ERRNOS; i++)
		if (answers[i])
			printf("%s %lu\n", i ? strerrorname_np(i) : "ok",
			       answers[i]);
	return 0;
}
