/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tcpstorm stands on: its numbers, its hosts, their addresses, and how a
 * socket is destroyed from outside.
 */
#ifndef TCPSTORM_H
#define TCPSTORM_H

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"

#define HOSTS 4

struct host {
	int netns, diag;
};

static struct host hosts[HOSTS];
static uint64_t seed;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* splitmix64: a state of its own for each thing that decides, so that what it
 * does depends on the seed and on nothing that happened meanwhile.
 */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t state_for(unsigned int kind, unsigned int number)
{
	uint64_t state = seed * 1000003 + kind;

	state = draw(&state) + number;
	return draw(&state);
}

/* Of 0 to n - 1. */
static unsigned int pick(uint64_t *state, unsigned int n)
{
	return draw(state) % n;
}

static int one_in(uint64_t *state, unsigned int n)
{
	return pick(state, n) == 0;
}

/* Microseconds: mostly short, at times a minute. */
static uint64_t pick_delay(uint64_t *state)
{
	unsigned int kind = pick(state, 100);

	if (kind < 25)
		return 0;
	if (kind < 65)
		return pick(state, 20000);
	if (kind < 85)
		return pick(state, 500000);
	return pick(state, kind < 97 ? 5000000 : 70000000);
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

static void enter(int host)
{
	static int here = -1;

	if (here != host)
		enter_netns(hosts[host].netns);
	here = host;
}

static void host_open(int host, const char *name)
{
	hosts[host].netns = open_netns(name);
	enter(host);
	hosts[host].diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				  NETLINK_SOCK_DIAG);
	if (hosts[host].diag < 0)
		die("sock_diag");
}

enum family { V4, V6, MAPPED, FAMILIES };

static struct sockaddr_in6 host_address(int host, enum family family, int port)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6 };
	struct sockaddr_in *sin = (struct sockaddr_in *)&sa;
	char text[64];

	sa.sin6_port = htons(port);
	if (family == V4) {
		sin->sin_family = AF_INET;
		snprintf(text, sizeof(text), "10.7.%d.1", host + 1);
		inet_pton(AF_INET, text, &sin->sin_addr);
		return sa;
	}
	snprintf(text, sizeof(text), family == V6 ? "fd00:7:%d::1" :
		 "::ffff:10.7.%d.1", host + 1);
	inet_pton(AF_INET6, text, &sa.sin6_addr);
	return sa;
}

/* What names a connection from outside. */
struct tuple {
	struct sockaddr_in6 from, to;
};

static int tuple_of(int fd, struct tuple *t)
{
	socklen_t len = sizeof(t->from);

	memset(t, 0, sizeof(*t));
	if (getsockname(fd, (struct sockaddr *)&t->from, &len))
		return -1;
	len = sizeof(t->to);
	return getpeername(fd, (struct sockaddr *)&t->to, &len);
}

static void put_address(__be32 *to, const struct sockaddr_in6 *from)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)from;

	if (from->sin6_family == AF_INET)
		memcpy(to, &sin->sin_addr, 4);
	else if (IN6_IS_ADDR_V4MAPPED(&from->sin6_addr))
		memcpy(to, &from->sin6_addr.s6_addr[12], 4);
	else
		memcpy(to, &from->sin6_addr, 16);
}

static int is_v4(const struct sockaddr_in6 *sa)
{
	return sa->sin6_family == AF_INET ||
	       IN6_IS_ADDR_V4MAPPED(&sa->sin6_addr);
}

static int host_of(const struct sockaddr_in6 *sa)
{
	__be32 words[4] = {};
	const unsigned char *bytes = (const unsigned char *)words;

	put_address(words, sa);
	return (is_v4(sa) ? bytes[2] : bytes[5]) - 1;
}

/* ss -K: of whatever there is, a request or a timewait socket, too. */
static void destroy(const struct tuple *t, int mirrored)
{
	const struct sockaddr_in6 *src = mirrored ? &t->to : &t->from;
	const struct sockaddr_in6 *dst = mirrored ? &t->from : &t->to;
	struct {
		struct nlmsghdr nlh;
		struct inet_diag_req_v2 req;
	} msg = {
		.nlh = {
			.nlmsg_len = sizeof(msg),
			.nlmsg_type = SOCK_DESTROY,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.req = {
			.sdiag_family = is_v4(src) ? AF_INET : AF_INET6,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = -1,
			.id.idiag_sport = src->sin6_port,
			.id.idiag_dport = dst->sin6_port,
			.id.idiag_cookie = { -1, -1 },
		},
	};
	int host = host_of(src);
	char answer[512];

	if (host < 0 || host >= HOSTS)
		return;
	put_address(msg.req.id.idiag_src, src);
	put_address(msg.req.id.idiag_dst, dst);
	if (send(hosts[host].diag, &msg, sizeof(msg), 0) < 0)
		die("SOCK_DESTROY");
	while (recv(hosts[host].diag, answer, sizeof(answer), MSG_DONTWAIT) > 0)
		continue;
}

#endif
