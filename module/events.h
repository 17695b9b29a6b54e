/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events on their way from the hooks to netlink readers.
 */
#ifndef _TCPLIFE_EVENTS_H
#define _TCPLIFE_EVENTS_H

#include <linux/jiffies.h>

#include "group.h"
#include "record.h"

struct net;
struct tcplife_net;

/**
 * struct tcplife_transition - a change of state
 * @cookie: of the socket
 * @gen: which life of it
 * @netns: inode number of its namespace
 * @net_cookie: cookie of that
 * @laddr: local address
 * @raddr: remote address
 * @lport: local port
 * @rport: remote port
 * @role: enum tcplife_role
 * @old_state: the state that it left
 * @new_state: the state that it entered
 * @timewait: in a timewait socket
 * @first: the record begins with it
 * @time: when
 * @duration: nanoseconds in @old_state
 * @pid_ns: as in the record
 * @owner: as in the record
 */
struct tcplife_transition {
	u64			cookie;
	u32			gen;
	u32			netns;
	u64			net_cookie;
	struct in6_addr		laddr;
	struct in6_addr		raddr;
	__be16			lport;
	__be16			rport;
	u8			role;
	u8			old_state;
	u8			new_state;
	bool			timewait;
	bool			first;
	u64			time;
	u64			duration;
	u32			pid_ns;
	struct tcplife_owner	owner;
};

/**
 * struct tcplife_request - a half-open request that died
 * @listener: cookie of its listener
 * @net_cookie: cookie of its namespace
 * @netns: inode number of that
 * @laddr: local address
 * @raddr: remote address
 * @lport: local port
 * @rport: remote port
 * @end: enum tcplife_end
 * @synack_retr: SYN-ACKs sent again
 * @isn_l: our initial sequence number
 * @isn_r: the peer's
 * @time: when it died
 * @age: nanoseconds since its SYN-ACK first went out; 0 if not known
 */
struct tcplife_request {
	u64			listener;
	u64			net_cookie;
	u32			netns;
	struct in6_addr		laddr;
	struct in6_addr		raddr;
	__be16			lport;
	__be16			rport;
	u8			end;
	u8			synack_retr;
	u32			isn_l;
	u32			isn_r;
	u64			time;
	u64			age;
};

/**
 * struct tcplife_event - what the queue of a CPU holds of one event
 * @tn: its namespace; NULL when that has gone, and only the initial one is told
 * @group: which union member is set, and who is told
 * @transition: for TCPLIFE_GROUP_STATES
 * @request: for TCPLIFE_GROUP_HALFOPEN
 * @cookie: for TCPLIFE_GROUP_CLOSES: the record went on in a timewait socket
 * @id: its id
 */
struct tcplife_event {
	struct tcplife_net	*tn;
	enum tcplife_group	group;
	union {
		struct tcplife_transition	transition;
		struct tcplife_request		request;
		struct {
			u64	cookie;
			u64	id;
		};
	};
};

/**
 * struct tcplife_listening - who listens, as far as is known
 * @looked: jiffies when that was found out
 * @groups: mask of the groups that somebody listens to
 */
struct tcplife_listening {
	unsigned long	looked;
	unsigned long	groups;
};

extern struct tcplife_listening tcplife_listening;

void tcplife_events_look(void);
unsigned long tcplife_events_ask(void);

/* The answer is a jiffy old at most: the question is asked once in each. */
static inline bool tcplife_events_looked(void)
{
	/* Paired with smp_store_release() in listening_look(): an answer that
	 * is older than the time that goes with it may be of any age.
	 */
	return !(jiffies - smp_load_acquire(&tcplife_listening.looked));
}

/* Does anybody listen to any group? True as well where that is to be asked. */
static inline bool tcplife_events_any(void)
{
	return !tcplife_events_looked() || READ_ONCE(tcplife_listening.groups);
}

/* Mask of the groups that somebody listens to. */
static inline unsigned long tcplife_events_groups(void)
{
	return likely(tcplife_events_looked()) ?
	       READ_ONCE(tcplife_listening.groups) : tcplife_events_ask();
}

/**
 * tcplife_events_wanted - does somebody listen to a group
 * @group: the group
 *
 * Ten times in each connection's life, hence two comparisons as a rule. Context:
 * any but NMI.
 */
static inline bool tcplife_events_wanted(enum tcplife_group group)
{
	return tcplife_events_groups() & BIT(group);
}

bool tcplife_events_ended(struct tcplife_record *rec, const struct net *net);
void tcplife_events_closed(const struct tcplife_record *rec,
			   const struct net *net);
void tcplife_events_born(const struct tcplife_record *rec,
			 const struct net *net);
void tcplife_events_transition(const struct tcplife_record *rec,
			       const struct net *net, u8 to, u64 now);
void tcplife_transition_fill(struct tcplife_transition *t,
			     const struct tcplife_record *rec, u8 to, u64 now);
void tcplife_events_request(const struct tcplife_request *request,
			    const struct net *net);
void tcplife_events_unsent(const struct tcplife_net *tn,
			   enum tcplife_group group, u64 *dropped,
			   u64 *filtered);

/**
 * tcplife_events_state - a record changes its state
 * @rec: the record, in its old state; locked, or the caller's alone
 * @net: its namespace
 * @to: the new state
 * @now: the time
 *
 * Context: any but NMI, preemption off.
 */
static inline void tcplife_events_state(const struct tcplife_record *rec,
					const struct net *net, u8 to, u64 now)
{
	if (unlikely(tcplife_events_wanted(TCPLIFE_GROUP_STATES)))
		tcplife_events_transition(rec, net, to, now);
}

#endif /* _TCPLIFE_EVENTS_H */
