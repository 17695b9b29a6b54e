/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets of the bench's load generators.
 */
#ifndef SOCK_H
#define SOCK_H

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static inline int new_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

/* Port 0: one is chosen, and @addr has it. */
static inline int listen_on(struct sockaddr_in *addr, const char *ip, int port,
			    int backlog)
{
	socklen_t len = sizeof(*addr);
	int fd = new_socket();

	memset(addr, 0, sizeof(*addr));
	addr->sin_family = AF_INET;
	addr->sin_port = htons(port);
	if (inet_pton(AF_INET, ip, &addr->sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)addr, sizeof(*addr)) ||
	    listen(fd, backlog) ||
	    getsockname(fd, (struct sockaddr *)addr, &len))
		err(1, "listen");
	return fd;
}

static inline void connect_to(int fd, const struct sockaddr_in *addr)
{
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		err(1, "connect");
}

#endif /* SOCK_H */
