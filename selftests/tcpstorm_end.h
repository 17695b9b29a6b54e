/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One end of a connection in tcpstorm, and what it may do.
 */
#ifndef TCPSTORM_END_H
#define TCPSTORM_END_H

#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/epoll.h>

#include "tcpstorm.h"
#include "tcpstorm_due.h"

#define ACTIONS(X) \
	X(connect) X(accept) X(send) X(send_much) X(drain) X(shut_write) \
	X(shut_read) X(close) X(close_reset) X(disconnect) X(reconnect) \
	X(destroy) X(destroy_peer) X(destroy_late) X(bound) X(fast_open) \
	X(listen) X(listener_closed) X(killed)

enum action {
#define X(name) A_##name,
	ACTIONS(X)
#undef X
	NR_ACTIONS
};

static unsigned long done[NR_ACTIONS];
static int poller;

/* One end of a connection, or a listener. */
struct end {
	int fd;
	int host;
	int port;		/* listeners */
	int steps;		/* left to do before close() */
	int patience;		/* listeners: us between looks; 0: at once */
	unsigned int number;
	unsigned int lives;	/* listeners */
	bool listener, reads, one, never;
	uint64_t state;
	struct sockaddr_in6 to;
	socklen_t to_len;
};

static struct end *new_end(int host, int fd)
{
	struct end *end = calloc(1, sizeof(*end));

	if (!end)
		die("calloc");
	end->host = host;
	end->fd = fd;
	return end;
}

static void watch(struct end *end)
{
	struct epoll_event ev = {
		.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
		.data.ptr = end,
	};

	if (epoll_ctl(poller, EPOLL_CTL_ADD, end->fd, &ev))
		die("epoll_ctl");
}

static int new_socket(int host, int family)
{
	int fd;

	enter(host);
	fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	return fd;
}

static void set(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

/* All that is there; 0 at the peer's FIN. */
static int drain(int fd)
{
	static char buffer[65536];
	ssize_t n;

	do {
		n = recv(fd, buffer, sizeof(buffer), 0);
	} while (n > 0);
	return n;
}

static void push(int fd, unsigned int bytes)
{
	static char buffer[65536];

	if (send(fd, buffer, bytes, MSG_NOSIGNAL) < 0)
		return;		/* it may be too early, or too late */
}

struct late {
	struct end end;		/* first: what a due thing is about */
	struct tuple tuple;
	bool mirrored;
};

static void do_destroy_late(struct end *end)
{
	struct late *late = (struct late *)end;

	destroy(&late->tuple, late->mirrored);
	free(late);
	done[A_destroy_late]++;
}

/* What is left behind is destroyed some time after close(). */
static void haunt(struct end *end)
{
	struct late *late = calloc(1, sizeof(*late));

	if (!late)
		die("calloc");
	late->mirrored = one_in(&end->state, 2);
	if (tuple_of(end->fd, &late->tuple))
		free(late);
	else
		after(pick_delay(&end->state), do_destroy_late, &late->end);
}

/* An end is freed here and nowhere else, so nothing else may be due for it. */
static void finish(struct end *end)
{
	static const struct linger reset = { .l_onoff = 1 };

	if (one_in(&end->state, 12))
		haunt(end);
	if (one_in(&end->state, 8)) {
		setsockopt(end->fd, SOL_SOCKET, SO_LINGER, &reset,
			   sizeof(reset));
		done[A_close_reset]++;
	} else {
		done[A_close]++;
	}
	close(end->fd);
	free(end);
}

static void do_connect(struct end *end)
{
	connect(end->fd, (struct sockaddr *)&end->to, end->to_len);
}

static void disconnect(struct end *end)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	connect(end->fd, &none, sizeof(none));
	done[A_disconnect]++;
	if (end->to_len && one_in(&end->state, 2)) {
		do_connect(end);
		done[A_reconnect]++;
	}
}

static void destroy_end(struct end *end, bool peer)
{
	struct tuple tuple;

	if (tuple_of(end->fd, &tuple))
		return;
	destroy(&tuple, peer);
	done[peer ? A_destroy_peer : A_destroy]++;
}

static void act(struct end *end)
{
	unsigned int what = pick(&end->state, 100);

	if (what < 45) {
		push(end->fd, 1 + pick(&end->state, 3000));
		done[A_send]++;
	} else if (what < 49) {
		push(end->fd, 10000 + pick(&end->state, 50000));
		done[A_send_much]++;
	} else if (what < 68) {
		drain(end->fd);
		done[A_drain]++;
	} else if (what < 84) {
		shutdown(end->fd, SHUT_WR);
		done[A_shut_write]++;
	} else if (what < 87) {
		shutdown(end->fd, SHUT_RD);
		done[A_shut_read]++;
	} else if (what < 91) {
		disconnect(end);
	} else {
		destroy_end(end, what >= 96);
	}
}

static void step(struct end *end)
{
	if (end->steps-- <= 0) {
		finish(end);
		return;
	}
	act(end);
	after(pick_delay(&end->state), step, end);
}

/* What it will do is drawn; the first step is due. */
static void live(struct end *end, uint64_t grace)
{
	end->steps = pick(&end->state, 5);
	end->reads = !one_in(&end->state, 3);
	if (one_in(&end->state, 6))
		set(end->fd, IPPROTO_TCP, TCP_QUICKACK, 0);
	watch(end);
	after(grace + pick_delay(&end->state), step, end);
}

#endif
