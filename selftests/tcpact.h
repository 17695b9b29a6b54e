/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcpact's answers, and its sockets by name.
 */
#ifndef TCPACT_H
#define TCPACT_H

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_SOCKETS 512

struct slot {
	char name[24];
	int fd;
};

static struct slot slots[MAX_SOCKETS];

static void __attribute__((format(printf, 1, 2)))
reply(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

static void reply_result(int ret)
{
	if (ret < 0)
		reply("err %s", strerrorname_np(errno));
	else
		reply("ok %d", ret);
}

static struct slot *slot_find(const char *name)
{
	for (int i = 0; i < MAX_SOCKETS; i++)
		if (!strcmp(slots[i].name, name))
			return &slots[i];
	return NULL;
}

static int slot_fd(const char *name)
{
	struct slot *slot = slot_find(name);

	return slot ? slot->fd : -1;	/* EBADF to whoever uses it */
}

static int slot_put(const char *name, int fd)
{
	struct slot *slot = slot_find("");

	if (fd < 0)
		return -1;
	if (!slot || slot_find(name)) {
		close(fd);
		errno = EEXIST;
		return -1;
	}
	snprintf(slot->name, sizeof(slot->name), "%s", name);
	slot->fd = fd;
	return 0;
}

static int slot_close(const char *name)
{
	struct slot *slot = slot_find(name);

	if (!slot) {
		errno = EBADF;
		return -1;
	}
	slot->name[0] = '\0';
	return close(slot->fd);
}

/* Numeric addresses only: no name service is asked. */
static struct addrinfo *resolve(const char *addr, const char *port)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *ai = NULL;

	if (getaddrinfo(addr, port, &hints, &ai))
		errno = EINVAL;
	return ai;
}

#endif /* TCPACT_H */
