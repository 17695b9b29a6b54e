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

#include <linux/user_namespace.h>
#include <net/ipv6.h>
#include <net/netlink.h>
#include <uapi/linux/tcplife_compact.h>

#include "events.h"
#include "listener.h"

/* More than the longest record, transition, request or listener takes. */
#define TCPLIFE_PUT_MAX		1536
/* What a record in the compact form takes. */
#define TCPLIFE_PUT_COMPACT	(NLA_HDRLEN + sizeof(struct tcplife_compact))

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

/* Each of the writers below takes where its attribute goes and returns where
 * the next one does: in registers, with the heads as constants.
 */
static inline void *tcplife_put_head(void *p, u16 type, u16 len)
{
	struct nlattr *nla = p;

	nla->nla_len = NLA_HDRLEN + len;
	nla->nla_type = type;
	return nla + 1;
}

static inline void *tcplife_put_u32(void *p, u16 type, u32 value)
{
	u32 *payload = tcplife_put_head(p, type, sizeof(value));

	*payload = value;
	return payload + 1;
}

static inline void *tcplife_put_u64(void *p, u16 type, u64 value)
{
	p = tcplife_put_head(p, type, sizeof(value));
	/* Attributes are aligned to four bytes only. */
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

static inline void *tcplife_put_be16(void *p, u16 type, __be16 value)
{
	__be16 *payload = tcplife_put_head(p, type, sizeof(value));

	payload[0] = value;
	payload[1] = 0;
	return payload + 2;
}

static inline void *tcplife_put_flag(void *p, u16 type)
{
	return tcplife_put_head(p, type, 0);
}

static inline bool tcplife_put_room(const struct sk_buff *skb, size_t size)
{
	return skb_tailroom(skb) >= size;
}

/**
 * tcplife_put_begin - begin an attribute
 * @skb: a message that has tcplife_put_room()
 *
 * Return: where what is in it goes.
 */
static inline void *tcplife_put_begin(const struct sk_buff *skb)
{
	return skb_tail_pointer(skb) + NLA_HDRLEN;
}

/**
 * tcplife_put_end - end it
 * @skb: the message
 * @type: the attribute; with NLA_F_NESTED, if it is a nest
 * @p: the end of what is in it
 */
static inline void tcplife_put_end(struct sk_buff *skb, u16 type, void *p)
{
	u16 len = p - tcplife_put_begin(skb);

	tcplife_put_head(skb_tail_pointer(skb), type, len);
	skb_put(skb, NLA_HDRLEN + len);
}

/* An address, as the attribute of its family. */
static inline void *tcplife_put_address(void *p, u16 ipv4, u16 ipv6,
					const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		return tcplife_put_u32(p, ipv4,
				       (__force u32)addr->s6_addr32[3]);
	p = tcplife_put_head(p, ipv6, sizeof(*addr));
	memcpy(p, addr, sizeof(*addr));
	return p + sizeof(*addr);
}

/**
 * tcplife_put_pid - a process id as its reader knows it
 * @to: the reader
 * @pid: in the initial pid namespace
 * @vpid: in @pid_ns
 * @pid_ns: inode number of a pid namespace, 0 for the initial one
 *
 * Return: the id, 0 if the reader has none for it.
 */
static inline pid_t tcplife_put_pid(const struct tcplife_audience *to,
				    pid_t pid, pid_t vpid, u32 pid_ns)
{
	if (to->init_pid_ns)
		return pid;
	if (!pid_ns || (to->pid_ns && to->pid_ns != pid_ns))
		return 0;
	return vpid;
}

/**
 * tcplife_put_uid_of - a user as its reader knows him
 * @to: the reader
 * @uid: the user
 *
 * Return: the number, (uid_t)-1 if the reader has none for him.
 */
static inline uid_t tcplife_put_uid_of(const struct tcplife_audience *to,
				       kuid_t uid)
{
	/* Where most readers are, numbers are what they are. */
	return to->user_ns == &init_user_ns ? __kuid_val(uid) :
	       from_kuid(to->user_ns, uid);
}

/**
 * tcplife_put_known - may a reader know of a process
 * @to: the reader
 * @pid: what tcplife_put_pid() says
 * @uid: its user
 *
 * Return: false if neither its pid nor its user has a number in the reader's
 * namespaces: it came from outside.
 */
static inline bool tcplife_put_known(const struct tcplife_audience *to,
				     pid_t pid, kuid_t uid)
{
	return pid || tcplife_put_uid_of(to, uid) != (uid_t)-1;
}

void *tcplife_put_comm(void *p, u16 type, const char *comm);
void tcplife_put_record(struct sk_buff *skb, const struct tcplife_record *rec,
			const struct tcplife_audience *to);
void tcplife_put_compact(struct sk_buff *skb, const struct tcplife_record *rec,
			 const struct tcplife_audience *to);
void tcplife_put_transition(struct sk_buff *skb,
			    const struct tcplife_transition *t,
			    const struct tcplife_audience *to);
void tcplife_put_request(struct sk_buff *skb, const struct tcplife_request *r);
void tcplife_put_listener(struct sk_buff *skb,
			  const struct tcplife_listener_view *view,
			  const struct tcplife_audience *to);

/* compact.c */
void tcplife_compact_fill(void *to, const struct tcplife_record *rec,
			  const struct tcplife_audience *who);

#endif /* _TCPLIFE_PUT_H */
