/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module tells, decoded: a member for each attribute, called as the
 * attribute is, and a bitmap of those that were there. What was not there is
 * not known, and its member has no meaning: ask record_has() and the like.
 *
 * Times are nanoseconds of the kernel's CLOCK_MONOTONIC, see clock.h. IPv4
 * addresses are in network order, ports in the host's.
 */
#ifndef _READER_RECORD_H
#define _READER_RECORD_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <uapi/linux/tcplife.h>

/* A connection endpoint: struct record is what comes in the compact form. */
#define tcplife_compact	record
#include <uapi/linux/tcplife_compact.h>
#undef tcplife_compact

/* No set has more attributes than a record can have. */
#define ATTR_WORDS	TCPLIFE_COMPACT_HAS
#define COMM_LEN	TCPLIFE_COMPACT_COMM
#define NAME_LEN	64
#define BUCKETS_MAX	64
#define FILTER_PORTS	16

/** struct batch - the head of a message, and where its nests are */
struct batch {
	__u64	has[ATTR_WORDS];
	__u64	seq;
	__u64	dropped;
	__u64	filtered;
	__u64	events;
	__s64	clock_offset;
	__u64	now;
	__u32	user_ns;
	__u8	cmd;
	const char *attrs;
	size_t	len;
};

/** struct transition - a change of state of an endpoint */
struct transition {
	__u64	has[ATTR_WORDS];
	__u64	cookie;
	__u32	generation;
	__u32	netns;
	__u64	net_cookie;
	__be32	local_ipv4;
	__u8	local_ipv6[16];
	__be32	remote_ipv4;
	__u8	remote_ipv6[16];
	__u16	local_port;
	__u16	remote_port;
	__u32	role;
	__u32	old_state;
	__u32	new_state;
	bool	timewait;
	__u64	time;
	__u64	duration;
	__u32	pid;
	__u32	pid_ns;
	bool	kthread;
	char	comm[COMM_LEN];
};

/** struct request - a half-open request that died */
struct request {
	__u64	has[ATTR_WORDS];
	__u64	listener;
	__u32	netns;
	__u64	net_cookie;
	__be32	local_ipv4;
	__u8	local_ipv6[16];
	__be32	remote_ipv4;
	__u8	remote_ipv6[16];
	__u16	local_port;
	__u16	remote_port;
	__u32	end;
	__u64	time;
	__u64	age;
	__u32	synack_retransmits;
	__u32	isn_local;
	__u32	isn_remote;
};

/** struct listener - a listening socket */
struct listener {
	__u64	has[ATTR_WORDS];
	__u64	cookie;
	__u32	netns;
	__u64	net_cookie;
	__be32	local_ipv4;
	__u8	local_ipv6[16];
	__u16	local_port;
	__u32	pid;
	__u32	pid_ns;
	bool	kthread;
	char	comm[COMM_LEN];
	__u32	uid;
	__s32	backlog_asked;
	__u32	backlog;
	__u32	synq;
	__u32	synq_max;
	__u32	accq;
	__u32	accq_max;
	__u64	syns;
	__u64	syn_dup;
	__u64	drop_synq;
	__u64	drop_synmax;
	__u64	drop_accq;
	__u64	drop_other;
	__u64	ack_ignored;
	__u64	cookie_sent;
	__u64	cookie_ok;
	__u64	cookie_bad;
	__u64	synack_retr;
	__u64	ho_estab;
	__u64	ho_timeout;
	__u64	ho_reset;
	__u64	ho_closed;
	__u64	ho_overflow;
	__u64	ho_aborted;
	__u64	ho_unreach;
	__u64	ho_other;
	__u64	accepts;
	__u64	wait_sum;
	__u64	wait_max;
	__u64	wait_bucket[BUCKETS_MAX];
	__u32	nr_buckets;
};

/** struct port_list - as many ports as the module takes */
struct port_list {
	__u16	port[FILTER_PORTS];
	__u32	n;
};

/** struct event_filter - what the module tells to followers */
struct event_filter {
	__u64	has[ATTR_WORDS];
	__u32	netns;
	__u32	family;
	struct port_list local_ports;
	struct port_list remote_ports;
	__u32	roles;
	bool	failures;
	__u32	sample;
};

/** struct hook - a place where the module looks at the kernel */
struct hook {
	__u64	has[ATTR_WORDS];
	char	event[NAME_LEN];
	__u32	type;
	char	symbol[NAME_LEN];
	__u32	state;
	__u64	hits;
	__u64	missed;
	bool	optional;
};

/** struct mib_entry - a counter of the kernel's own, as it was at load */
struct mib_entry {
	__u64	has[ATTR_WORDS];
	char	name[NAME_LEN];
	__u64	before;
	__u64	after;
};

/** struct stats - counters by the number of their attribute; gauges are signed */
struct stats {
	__u64	has[ATTR_WORDS];
	__u64	value[TCPLIFE_A_STATS_MAX + 1];
};

/** struct histogram - bucket b counts times below 2^b us, the last all above */
struct histogram {
	__u64	has[ATTR_WORDS];
	__u32	id;
	__u64	bucket[BUCKETS_MAX];
	__u32	nr_buckets;
	__u64	sum;
};

/* Every struct here begins with its bitmap. */
static inline bool attr_has(const __u64 *has, unsigned int attr)
{
	return has[attr / 64] >> (attr % 64) & 1;
}

static inline void attr_set(__u64 *has, unsigned int attr)
{
	has[attr / 64] |= 1ULL << (attr % 64);
}

static inline void attr_clear(__u64 *has, unsigned int attr)
{
	has[attr / 64] &= ~(1ULL << (attr % 64));
}

/** event_filter_is_set - whether it keeps anything back */
static inline bool event_filter_is_set(const struct event_filter *f)
{
	unsigned int i;

	for (i = 0; i < ATTR_WORDS; i++)
		if (f->has[i])
			return true;
	return false;
}

#define batch_has(b, name)	attr_has((b)->has, TCPLIFE_A_##name)
#define record_has(r, name)	attr_has((r)->has, TCPLIFE_A_RECORD_##name)
#define transition_has(t, name)	attr_has((t)->has, TCPLIFE_A_TRANSITION_##name)
#define request_has(r, name)	attr_has((r)->has, TCPLIFE_A_REQUEST_##name)
#define listener_has(l, name)	attr_has((l)->has, TCPLIFE_A_LISTENER_##name)
#define event_filter_has(f, name) \
	attr_has((f)->has, TCPLIFE_A_EVENT_FILTER_##name)
#define hook_has(h, name)	attr_has((h)->has, TCPLIFE_A_HOOK_##name)
#define mib_has(m, name)	attr_has((m)->has, TCPLIFE_A_MIB_##name)
#define stats_has(s, name)	attr_has((s)->has, TCPLIFE_A_STATS_##name)
#define stats_value(s, name)	((s)->value[TCPLIFE_A_STATS_##name])

#endif /* _READER_RECORD_H */
