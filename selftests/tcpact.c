// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcpact [NETNS]: one end of TCP connections, driven step by step.
 *
 * Reads a command a line from stdin, carries it out and answers with one line:
 * "ok [VALUE]" or "err ERRNO". A command blocks until it is done, so a script
 * that waits for the answer needs no sleep. Sockets have names of the script's
 * choice. The process sits in the named network namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Not netinet/tcp.h: the C library's has no tcpi_segs_out. */
#include <linux/tcp.h>

#include "tcpact.h"
#include "tcpact_opt.h"
#include "tcpact_proc.h"
#include "tcplives.h"

#define MAX_WORDS 8

static int bind_to(int fd, const char *addr, const char *port)
{
	struct addrinfo *ai = resolve(addr, port);
	int ret;

	if (!ai)
		return -1;
	ret = bind(fd, ai->ai_addr, ai->ai_addrlen);
	freeaddrinfo(ai);
	return ret;
}

/*
 * socket S 4|6|m: only needed where options are set before connect, or where
 * it is one of MPTCP.
 */
static void cmd_socket(char **w)
{
	int family = w[2][0] == '6' ? AF_INET6 : AF_INET;
	int protocol = w[2][0] == 'm' ? IPPROTO_MPTCP : 0;

	reply_result(slot_put(w[1], socket(family, SOCK_STREAM, protocol)));
}

static int open_for(const char *name, const struct addrinfo *ai)
{
	if (slot_fd(name) < 0)
		slot_put(name, socket(ai->ai_family, SOCK_STREAM, 0));
	return slot_fd(name);
}

static int connect_to(char **w)
{
	struct addrinfo *ai = resolve(w[2], w[3]);
	int fd, ret = -1;

	if (!ai)
		return -1;
	fd = open_for(w[1], ai);
	if (!w[4] || !bind_to(fd, w[4], w[5] ? w[5] : "0"))
		ret = connect(fd, ai->ai_addr, ai->ai_addrlen);
	freeaddrinfo(ai);
	return ret;
}

/* connect S ADDR PORT [LADDR [LPORT]] */
static void cmd_connect(char **w)
{
	reply_result(connect_to(w));
}

/* start S ADDR PORT [LADDR [LPORT]]: as connect, but does not wait for it. */
static void cmd_start(char **w)
{
	struct addrinfo *ai = resolve(w[2], w[3]);
	int fd, ret;

	if (!ai)
		return reply_result(-1);
	fd = open_for(w[1], ai);
	freeaddrinfo(ai);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	ret = connect_to(w);
	if (ret && errno == EINPROGRESS)
		ret = 0;
	fcntl(fd, F_SETFL, 0);
	reply_result(ret);
}

/* burst PREFIX COUNT ADDR PORT: that many connections started at once. */
static void cmd_burst(char **w)
{
	struct addrinfo *ai = resolve(w[3], w[4]);
	int count = atoi(w[2]);
	char name[24];

	if (!ai)
		return reply_result(-1);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s%d", w[1], i);
		fcntl(open_for(name, ai), F_SETFL, O_NONBLOCK);
		if (!connect(slot_fd(name), ai->ai_addr, ai->ai_addrlen) ||
		    errno == EINPROGRESS)
			continue;
		return reply_result(-1);
	}
	freeaddrinfo(ai);
	reply("ok %d", count);
}

/* listen L ADDR PORT BACKLOG */
static void cmd_listen(char **w)
{
	struct addrinfo *ai = resolve(w[2], w[3]);
	int fd, off = 0, ret;

	if (!ai)
		return reply_result(-1);
	fd = open_for(w[1], ai);
	if (ai->ai_family == AF_INET6)	/* for v4-mapped peers */
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	ret = bind(fd, ai->ai_addr, ai->ai_addrlen);
	freeaddrinfo(ai);
	reply_result(ret ? ret : listen(fd, atoi(w[4])));
}

/* backlog L BACKLOG: listen() once more */
static void cmd_backlog(char **w)
{
	reply_result(listen(slot_fd(w[1]), atoi(w[2])));
}

/* accept S L */
static void cmd_accept(char **w)
{
	reply_result(slot_put(w[1], accept(slot_fd(w[2]), NULL, NULL)));
}

static int socket_error(int fd)
{
	socklen_t len = sizeof(errno);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &len);
	return errno ? -1 : 0;
}

/*
 * wait S out|in|err SECONDS: a started connect() to end, something to read,
 * an error. Fails with the error that the socket has.
 */
static void cmd_wait(char **w)
{
	struct pollfd p = { .fd = slot_fd(w[1]) };
	int ret;

	p.events = w[2][0] == 'o' ? POLLOUT : w[2][0] == 'i' ? POLLIN : 0;
	ret = poll(&p, 1, atoi(w[3]) * 1000);
	if (!ret) {
		errno = ETIME;	/* ETIMEDOUT is one of TCP's own */
		ret = -1;
	} else if (ret > 0) {
		ret = socket_error(p.fd);
	}
	reply_result(ret);
}

/* send S BYTES */
static void cmd_send(char **w)
{
	static const char zeros[65536];
	long left = atol(w[2]);

	while (left > 0) {
		long want = left < (long)sizeof(zeros) ? left : (long)sizeof(zeros);
		ssize_t ret = send(slot_fd(w[1]), zeros, want, MSG_NOSIGNAL);

		if (ret < 0)
			return reply_result(-1);
		left -= ret;
	}
	reply("ok %s", w[2]);
}

static void receive(const char *name, long most)
{
	static char buf[65536];
	long got = 0;

	while (got < most) {
		long want = most - got;
		ssize_t ret = recv(slot_fd(name), buf,
				   want < (long)sizeof(buf) ?
				   want : (long)sizeof(buf), 0);

		if (ret < 0)
			return reply_result(-1);
		if (!ret)
			break;
		got += ret;
	}
	reply("ok %ld", got);
}

/* recv S BYTES: that many, fewer only at the end of the stream. */
static void cmd_recv(char **w)
{
	receive(w[1], atol(w[2]));
}

/* eof S: all there is, up to the peer's FIN. */
static void cmd_eof(char **w)
{
	receive(w[1], INT64_MAX);
}

/* shut S r|w|b */
static void cmd_shut(char **w)
{
	int how = w[2][0] == 'r' ? SHUT_RD : w[2][0] == 'w' ? SHUT_WR :
		  SHUT_RDWR;

	reply_result(shutdown(slot_fd(w[1]), how));
}

/* close S */
static void cmd_close(char **w)
{
	reply_result(slot_close(w[1]));
}

/* port S: the local one */
static void cmd_port(char **w)
{
	struct sockaddr_in6 sa = {};
	socklen_t len = sizeof(sa);

	if (getsockname(slot_fd(w[1]), (struct sockaddr *)&sa, &len))
		return reply_result(-1);
	reply("ok %d", ntohs(sa.sin6_port));	/* same place in IPv4's */
}

/* mark ADDR TEXT: a datagram that says in the capture that all is before it */
static void cmd_mark(char **w)
{
	struct addrinfo *ai = resolve(w[1], "9");
	int fd, ret;

	if (!ai)
		return reply_result(-1);
	fd = socket(ai->ai_family, SOCK_DGRAM, 0);
	ret = sendto(fd, w[2], strlen(w[2]), 0, ai->ai_addr, ai->ai_addrlen);
	freeaddrinfo(ai);
	close(fd);
	reply_result(ret);
}

/* sysctl NAME VALUE...: of net.ipv4 */
static void cmd_sysctl(char **w)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", w[1]);
	f = fopen(path, "w");
	if (!f)
		return reply_result(-1);
	for (w += 2; *w; w++)
		fprintf(f, "%s ", *w);
	reply_result(fclose(f));
}

/* exit: everything that is open is reset */
static void cmd_exit(char **w)
{
	struct linger linger = { .l_onoff = 1 };

	(void)w;
	for (int i = 0; i < MAX_SOCKETS; i++) {
		if (!slots[i].name[0])
			continue;
		setsockopt(slots[i].fd, SOL_SOCKET, SO_LINGER, &linger,
			   sizeof(linger));
		close(slots[i].fd);
	}
	reply("ok");
	exit(0);
}

static const struct command {
	const char *name;
	int words;
	void (*run)(char **words);
} commands[] = {
	{ "accept", 3, cmd_accept },
	{ "backlog", 3, cmd_backlog },
	{ "burst", 5, cmd_burst },
	{ "close", 2, cmd_close },
	{ "comm", 2, cmd_comm },
	{ "connect", 4, cmd_connect },
	{ "disconnect", 2, cmd_disconnect },
	{ "dump", 2, cmd_dump },
	{ "eof", 2, cmd_eof },
	{ "exit", 1, cmd_exit },
	{ "fork", 3, cmd_fork },
	{ "give", 3, cmd_give },
	{ "listen", 5, cmd_listen },
	{ "mark", 3, cmd_mark },
	{ "md5", 4, cmd_md5 },
	{ "pair", 3, cmd_pair },
	{ "port", 2, cmd_port },
	{ "recv", 3, cmd_recv },
	{ "restore", 2, cmd_restore },
	{ "send", 3, cmd_send },
	{ "set", 4, cmd_set },
	{ "shut", 3, cmd_shut },
	{ "socket", 3, cmd_socket },
	{ "start", 4, cmd_start },
	{ "sysctl", 3, cmd_sysctl },
	{ "take", 3, cmd_take },
	{ "uid", 2, cmd_uid },
	{ "wait", 4, cmd_wait },
};

static void obey(char *line)
{
	char *words[MAX_WORDS + 1] = {};
	int n = 0;

	for (char *w = strtok(line, "\n "); w && n < MAX_WORDS;
	     w = strtok(NULL, "\n "))
		words[n++] = w;
	for (size_t i = 0; n && i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(commands[i].name, words[0]) &&
		    n >= commands[i].words)
			return commands[i].run(words);
	reply("err ENOSYS");
}

int main(int argc, char **argv)
{
	char line[512];

	if (argc > 1)
		enter_netns(open_netns(argv[1]));
	die_with_parent();
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	return 0;
}
