/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a dump is to show.
 */
#ifndef _TCPLIFE_FILTER_H
#define _TCPLIFE_FILTER_H

#include "listener.h"
#include "record.h"

struct netlink_ext_ack;
struct nlattr;

/**
 * struct tcplife_filter - all that is given must match
 * @given: mask of TCPLIFE_A_FILTER_*
 * @netns: inode number of the namespace
 * @cookie: of the socket
 * @laddr: local address
 * @raddr: remote address
 * @lport: local port
 * @rport: remote port
 * @port: either port
 * @states: mask of states
 * @roles: mask of roles
 * @ends: mask of ends
 * @older: nanoseconds that it is in its state at least
 */
struct tcplife_filter {
	u32		given;
	u32		netns;
	u64		cookie;
	struct in6_addr	laddr;
	struct in6_addr	raddr;
	__be16		lport;
	__be16		rport;
	__be16		port;
	u32		states;
	u32		roles;
	u32		ends;
	u64		older;
};

int tcplife_filter_parse(struct tcplife_filter *filter,
			 const struct nlattr *nest, u32 allowed,
			 struct netlink_ext_ack *extack);
bool tcplife_filter_record(const struct tcplife_filter *filter,
			   const struct tcplife_record *rec, u64 now);
bool tcplife_filter_listener(const struct tcplife_filter *filter,
			     const struct tcplife_listener *l);

#endif /* _TCPLIFE_FILTER_H */
