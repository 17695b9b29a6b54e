/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From sockets to records. Hook side only: it knows <net/tcp.h>.
 */
#ifndef _TCPLIFE_CONN_H
#define _TCPLIFE_CONN_H

#include <net/tcp.h>

#include "events.h"
#include "stats.h"
#include "table.h"

/* MPTCP, SCTP and DCCP share the functions that are hooked. */
static inline bool tcplife_is_tcp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP;
}

/* In a system call on this socket, or in the backlog that it leaves. The receive
 * path may be a task, too (threaded NAPI, a tun device), but owns no socket.
 */
static inline bool tcplife_in_call(const struct sock *sk)
{
	return in_task() && sock_owned_by_user_nocheck(sk);
}

/**
 * tcplife_conn_lock - find and lock the record of a socket
 * @sk: a full socket or a timewait socket; both have the cookie in sock_common
 * @rec: set to the record, or to NULL
 * @flags: interrupt state for tcplife_table_unlock()
 *
 * Context: any but NMI. Return: the bucket, locked in every case.
 */
static __always_inline struct hlist_bl_head *
tcplife_conn_lock(const struct sock *sk, struct tcplife_record **rec,
		  unsigned long *flags)
	__acquires(bitlock)
{
	u64 cookie = atomic64_read(&sk->sk_cookie);
	struct hlist_bl_head *head = tcplife_table_lock(cookie, flags);

	*rec = tcplife_table_find(head, cookie, sk);
	return head;
}

/**
 * tcplife_segment_time - when the segment that a socket has in hand was taken up
 * @sk: in tcp_rcv_established() or tcp_rcv_state_process(), whose
 *	tcp_mstamp_refresh() has just read the clock that ktime_get_ns() reads
 *
 * Context: with the socket locked.
 */
static inline u64 tcplife_segment_time(const struct sock *sk)
{
	return tcp_sk(sk)->tcp_clock_cache;
}

/* Where timewait sockets of a namespace are; it knows the ehash, too. */
static inline struct inet_timewait_death_row *
tcplife_death_row(const struct net *net)
{
	return (struct inet_timewait_death_row *)&net->ipv4.tcp_death_row;
}

/* All hooks are attached: a record that begins now will not miss its end. */
extern bool tcplife_conn_armed;

u64 tcplife_cookie(struct sock *sk);
void tcplife_owner_set(struct tcplife_owner *owner, u32 *pid_ns);
void tcplife_closer_set(struct tcplife_record *rec);

struct tcplife_record *tcplife_conn_new(struct sock *sk, enum tcplife_role role,
					u8 state, u64 now);
bool tcplife_conn_insert(struct tcplife_record *rec, const struct net *net);
void tcplife_conn_address(struct tcplife_record *rec, const struct sock *sk);
void tcplife_conn_snapshot(struct tcplife_record *rec, const struct sock *sk);
void tcplife_conn_finish(struct tcplife_record *rec, const struct net *net,
			 u64 now);
struct tcplife_record *tcplife_conn_take(const struct sock *sk);
void tcplife_conn_end(const struct sock *sk);
u32 tcplife_conn_relive(const struct sock *sk, u64 now);
u32 tcplife_conn_unseen_life(const struct sock *sk);

/**
 * tcplife_conn_state - move a record to another state
 * @rec: the record, locked
 * @net: its namespace
 * @state: the state that it enters
 * @now: the time
 *
 * Inline: ten times in each connection's life. Context: any but NMI.
 */
static inline void tcplife_conn_state(struct tcplife_record *rec,
				      const struct net *net, u8 state, u64 now)
{
	struct tcplife_stats __percpu *stats = tcplife_net_stats(net);

	tcplife_events_state(rec, net, state, now);
	this_cpu_dec(stats->c[TCPLIFE_C_NOW(rec->state)]);
	this_cpu_inc(stats->c[TCPLIFE_C_NOW(state)]);
	rec->last_state = rec->state;
	rec->state = state;
	rec->entered = now;
	if (!rec->since[state - 1])
		rec->since[state - 1] = now;
}

enum tcplife_end tcplife_reason(const struct tcplife_record *rec);

#endif /* _TCPLIFE_CONN_H */
