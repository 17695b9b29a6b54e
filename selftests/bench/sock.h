/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets of the bench's load generators: of IPv4 or IPv6, and listeners of
 * this network namespace or of another.
 */
#ifndef SOCK_H
#define SOCK_H

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../netns.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Where somebody listens. */
struct place {
	const char *netns;		/* as `ip netns` names it, or NULL */
	const char *ip;
	int port;			/* or 0: one is chosen */
};

static inline socklen_t address_size(const union address *addr)
{
	return addr->any.sa_family == AF_INET6 ? sizeof(addr->v6) :
						 sizeof(addr->v4);
}

static inline void parse_address(const struct place *place,
				 union address *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, place->ip, &addr->v4.sin_addr) == 1)
		addr->any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, place->ip, &addr->v6.sin6_addr) == 1)
		addr->any.sa_family = AF_INET6;
	else
		errx(2, "no address: %s", place->ip);
	/* The port has the same place in both. */
	addr->v4.sin_port = htons(place->port);
}

static inline int new_socket(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

/* A socket stays in the namespace that it was made in; we come back. */
static inline int socket_in(const char *netns, int family)
{
	int own, other, fd;

	if (!netns)
		return new_socket(family);
	own = open("/proc/self/ns/net", O_RDONLY);
	if (own < 0)
		err(1, "/proc/self/ns/net");
	other = open_netns(netns);
	enter_netns(other);
	fd = new_socket(family);
	enter_netns(own);
	close(other);
	close(own);
	return fd;
}

/* @addr is what to connect to. */
static inline int listen_at(const struct place *place, union address *addr,
			    int backlog)
{
	socklen_t len;
	int fd;

	parse_address(place, addr);
	len = address_size(addr);
	fd = socket_in(place->netns, addr->any.sa_family);
	if (bind(fd, &addr->any, len) || listen(fd, backlog) ||
	    getsockname(fd, &addr->any, &len))
		err(1, "listen");
	return fd;
}

/* Returns the socket. */
static inline int connect_to(const union address *addr)
{
	int fd = new_socket(addr->any.sa_family);

	if (connect(fd, &addr->any, address_size(addr)))
		err(1, "connect");
	return fd;
}

#endif /* SOCK_H */
