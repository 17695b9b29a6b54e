/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcpact's commands about more than one life of a connection: once more on the
 * same socket, and the same on one more socket.
 */
#ifndef TCPLIVES_H
#define TCPLIVES_H

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>

#include <linux/tcp.h>

/* Kinds of TCP options: netinet/tcp.h has them, but see tcpact.c. */
#define TCPOPT_MSS		2
#define TCPOPT_WINDOW		3
#define TCPOPT_SACK_PERMITTED	4
#define TCPOPT_TIMESTAMP	8

/* disconnect S: connect() with AF_UNSPEC */
static void cmd_disconnect(char **w)
{
	struct sockaddr sa = { .sa_family = AF_UNSPEC };

	reply_result(connect(slot_fd(w[1]), &sa, sizeof(sa)));
}

/* A connection without data in flight, as CRIU keeps it. */
static struct checkpoint {
	struct sockaddr_in local, remote;
	uint32_t send_seq, recv_seq, timestamp;
	struct tcp_info info;
	struct tcp_repair_window window;
} checkpoint;

static int tcp_set(int fd, int option, int value)
{
	return setsockopt(fd, IPPROTO_TCP, option, &value, sizeof(value));
}

static int tcp_get(int fd, int option, void *value, socklen_t len)
{
	return getsockopt(fd, IPPROTO_TCP, option, value, &len);
}

static int dump_addresses(int fd)
{
	socklen_t len = sizeof(checkpoint.local);

	if (getsockname(fd, (struct sockaddr *)&checkpoint.local, &len))
		return -1;
	return getpeername(fd, (struct sockaddr *)&checkpoint.remote, &len);
}

static int dump(int fd)
{
	struct checkpoint *c = &checkpoint;

	if (dump_addresses(fd) || tcp_set(fd, TCP_REPAIR, TCP_REPAIR_ON) ||
	    tcp_get(fd, TCP_INFO, &c->info, sizeof(c->info)) ||
	    tcp_get(fd, TCP_TIMESTAMP, &c->timestamp, sizeof(c->timestamp)) ||
	    tcp_get(fd, TCP_REPAIR_WINDOW, &c->window, sizeof(c->window)) ||
	    tcp_set(fd, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE) ||
	    tcp_get(fd, TCP_QUEUE_SEQ, &c->send_seq, sizeof(c->send_seq)) ||
	    tcp_set(fd, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE))
		return -1;
	return tcp_get(fd, TCP_QUEUE_SEQ, &c->recv_seq, sizeof(c->recv_seq));
}

/* dump S: it is in repair mode from here on: close() will be silent */
static void cmd_dump(char **w)
{
	reply_result(dump(slot_fd(w[1])));
}

static int restore_options(int fd)
{
	const struct tcp_info *info = &checkpoint.info;
	struct tcp_repair_opt opts[] = {
		{ TCPOPT_MSS, info->tcpi_snd_mss },
		{ TCPOPT_WINDOW, info->tcpi_snd_wscale |
				 info->tcpi_rcv_wscale << 16 },
		{ TCPOPT_SACK_PERMITTED, 0 },
		{ TCPOPT_TIMESTAMP, 0 },
	};

	return setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_OPTIONS, opts,
			  sizeof(opts));
}

static int restore(int fd)
{
	const struct checkpoint *c = &checkpoint;
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    tcp_set(fd, TCP_REPAIR, TCP_REPAIR_ON) ||
	    tcp_set(fd, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE) ||
	    tcp_set(fd, TCP_QUEUE_SEQ, c->send_seq) ||
	    tcp_set(fd, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE) ||
	    tcp_set(fd, TCP_QUEUE_SEQ, c->recv_seq) ||
	    bind(fd, (struct sockaddr *)&c->local, sizeof(c->local)) ||
	    connect(fd, (struct sockaddr *)&c->remote, sizeof(c->remote)) ||
	    restore_options(fd) ||
	    tcp_set(fd, TCP_TIMESTAMP, c->timestamp) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &c->window,
		       sizeof(c->window)))
		return -1;
	return tcp_set(fd, TCP_REPAIR, TCP_REPAIR_OFF);
}

/* restore S: what was dumped last, on a new socket */
static void cmd_restore(char **w)
{
	if (slot_put(w[1], socket(AF_INET, SOCK_STREAM, 0)))
		return reply_result(-1);
	reply_result(restore(slot_fd(w[1])));
}

#endif /* TCPLIVES_H */
