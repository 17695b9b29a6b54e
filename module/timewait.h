/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_TIMEWAIT_H
#define _TCPLIFE_TIMEWAIT_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <net/sock.h>
#include <uapi/linux/tcplife.h>

/**
 * struct tcplife_tw_attempt - what tcp_time_wait() does now in this CPU's softirq
 * @sk: the full socket; compared, never followed
 * @cookie: its cookie, which no other socket ever has
 * @is_short: the timewait socket is to be a short one
 * @moved: there is one, and the record, if any, went on in it
 *
 * From its entry to CLOSE, and to the destruction of an orphan, nothing comes
 * between there, so the hooks need not look for a record that is known to have
 * gone, nor write into one that is about to go. Tasks may change the CPU, as may
 * softirqs on PREEMPT_RT: they set nothing here.
 */
struct tcplife_tw_attempt {
	const struct sock	*sk;
	u64			cookie;
	bool			is_short;
	bool			moved;
};

DECLARE_PER_CPU(struct tcplife_tw_attempt, tcplife_tw_attempts);

/**
 * tcplife_timewait_attempt - the attempt of a full socket to get a timewait socket
 * @sk: the socket
 *
 * Context: any but NMI, preemption off. Return: it, or NULL if there is none.
 */
static inline struct tcplife_tw_attempt *
tcplife_timewait_attempt(const struct sock *sk)
{
	struct tcplife_tw_attempt *try = this_cpu_ptr(&tcplife_tw_attempts);

	return try->sk == sk && try->cookie == atomic64_read(&sk->sk_cookie) ?
	       try : NULL;
}

void tcplife_timewait_hint(const struct sock *tw, enum tcplife_tw hint);
bool tcplife_timewait_recycled(const struct sk_buff *skb);

#endif /* _TCPLIFE_TIMEWAIT_H */
