/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes of a record and its like, written in one go.
 *
 * nla_put() checks the room, clears the padding and calls memcpy() for each
 * attribute: 70 instructions, and a record has fifty. Here the room for the
 * longest is made sure of once, and each attribute is a few stores.
 */
#ifndef _TCPLIFE_PUT_H
#define _TCPLIFE_PUT_H

#include <net/netlink.h>

#include "events.h"
#include "listener.h"

/* More than the longest record, transition, request or listener takes. */
#define TCPLIFE_PUT_MAX		1536

/**
 * struct tcplife_audience - who will read it
 * @user_ns: uids are those of this user namespace
 * @pid_ns: pids are those of the pid namespace with this inode number; 0: of
 *	that of the owner, if it is not the initial one
 * @init_pid_ns: pids are those of the initial pid namespace
 */
struct tcplife_audience {
	struct user_namespace	*user_ns;
	u32			pid_ns;
	bool			init_pid_ns;
};

/**
 * struct tcplife_put - a place to write attributes to
 * @skb: the message
 * @nest: the attribute around them
 * @p: where the next one goes
 */
struct tcplife_put {
	struct sk_buff	*skb;
	struct nlattr	*nest;
	u8		*p;
};

static inline bool tcplife_put_room(const struct sk_buff *skb)
{
	return skb_tailroom(skb) >= TCPLIFE_PUT_MAX;
}

/* Begins a nest; false: there may be no room for it. */
static inline bool tcplife_put_begin(struct tcplife_put *put,
				     struct sk_buff *skb, u16 type)
{
	if (!tcplife_put_room(skb))
		return false;
	put->skb = skb;
	put->nest = (struct nlattr *)skb_tail_pointer(skb);
	put->nest->nla_type = NLA_F_NESTED | type;
	put->p = (u8 *)put->nest + NLA_HDRLEN;
	return true;
}

static inline void tcplife_put_end(struct tcplife_put *put)
{
	size_t len = put->p - (u8 *)put->nest;

	put->nest->nla_len = len;
	skb_put(put->skb, len);
}

static inline void *tcplife_put_attr(struct tcplife_put *put, u16 type, u16 len)
{
	struct nlattr *nla = (struct nlattr *)put->p;

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	put->p += NLA_HDRLEN + NLA_ALIGN(len);
	return nla + 1;
}

static inline void tcplife_put_u32(struct tcplife_put *put, u16 type, u32 value)
{
	*(u32 *)tcplife_put_attr(put, type, sizeof(value)) = value;
}

static inline void tcplife_put_u64(struct tcplife_put *put, u16 type, u64 value)
{
	/* Attributes are aligned to four bytes only. */
	memcpy(tcplife_put_attr(put, type, sizeof(value)), &value,
	       sizeof(value));
}

static inline void tcplife_put_be16(struct tcplife_put *put, u16 type,
				    __be16 value)
{
	__be16 *p = tcplife_put_attr(put, type, sizeof(value));

	p[0] = value;
	p[1] = 0;
}

static inline void tcplife_put_flag(struct tcplife_put *put, u16 type)
{
	tcplife_put_attr(put, type, 0);
}

void tcplife_put_address(struct tcplife_put *put, u16 ipv4, u16 ipv6,
			 const struct in6_addr *addr);
void tcplife_put_comm(struct tcplife_put *put, u16 type, const char *comm);
pid_t tcplife_put_pid(const struct tcplife_audience *to, pid_t pid, pid_t vpid,
		      u32 pid_ns);
void tcplife_put_uid(struct tcplife_put *put, u16 type, kuid_t uid,
		     const struct tcplife_audience *to);
void tcplife_put_record(struct tcplife_put *put,
			const struct tcplife_record *rec,
			const struct tcplife_audience *to);
void tcplife_put_transition(struct tcplife_put *put,
			    const struct tcplife_transition *t,
			    const struct tcplife_audience *to);
void tcplife_put_request(struct tcplife_put *put,
			 const struct tcplife_request *r);
void tcplife_put_listener(struct tcplife_put *put,
			  const struct tcplife_listener_view *view,
			  const struct tcplife_audience *to);

#endif /* _TCPLIFE_PUT_H */
