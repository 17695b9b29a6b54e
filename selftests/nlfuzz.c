// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlfuzz: sends the netlink family messages that are almost right.
 *
 *	nlfuzz COUNT [SEED]
 *
 * Each is a request with attributes that make sense, of which a few bytes,
 * lengths, types, nests or flags are then changed. What is answered is counted
 * by errno. The same seed makes the same messages.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <time.h>

#include "nl.h"

#define MESSAGE	1024	/* longer ones are not made */
#define ERRNOS	256

static unsigned long long state;
static unsigned long answers[ERRNOS], replies;

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

static void send_one(struct nl *nl)
{
	char buf[MESSAGE * 2] = {};
	struct nlmsghdr *nlh;
	uint8_t cmd = 1 + rnd(TCPLIFE_CMD_EVENT_FILTER_SET);
	uint32_t i, len;

	nlh = nl_request(nl, buf, nl->family, cmd,
			 cmd <= TCPLIFE_CMD_HISTORY_GET ||
			 cmd == TCPLIFE_CMD_HOOK_GET ? NLM_F_DUMP : 0);
	for (i = rnd(4); i; i--)
		put_attrs(nlh);
	for (i = rnd(4); i; i--)
		mutate(nlh);
	/* The length in the header may lie, too. */
	len = nlh->nlmsg_len;
	if (!rnd(20))
		nlh->nlmsg_len = number();
	if (send(mnl_socket_get_fd(nl->sock), buf, len, 0) < 0 &&
	    errno != EINVAL)
		nl_die("send");
	drain(nl);
}

int main(int argc, char **argv)
{
	struct nl nl = {};
	unsigned long long seed = argc > 2 ? strtoull(argv[2], NULL, 0) :
					     (unsigned long long)time(NULL);
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;

	printf("seed %llu\n", seed);
	fflush(stdout);
	state = seed * 2 + 1;
	nl_open(&nl);
	for (unsigned long i = 0; i < n; i++)
		send_one(&nl);
	printf("sent %lu, %lu replies\n", n, replies);
	for (int i = 0; i < ERRNOS; i++)
		if (answers[i])
			printf("%s %lu\n", i ? strerrorname_np(i) : "ok",
			       answers[i]);
	return 0;
}
