// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections: the birth, the states and the end of a record.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/ktime.h>
#include <linux/pid_namespace.h>
#include <linux/sock_diag.h>

#include "conn.h"

/* Numbers the lives of sockets whose earlier life is no longer in the table:
 * far above those that are counted one by one, so that no two are alike.
 */
#define CONN_RELIVES	65536

static atomic_t conn_relives = ATOMIC_INIT(CONN_RELIVES);

bool tcplife_conn_armed __read_mostly;

/**
 * tcplife_cookie - the cookie of a socket, made if it has none yet
 * @sk: full socket, request or timewait socket
 *
 * Context: any but NMI. Return: the cookie; never 0.
 */
u64 tcplife_cookie(struct sock *sk)
{
	u64 cookie = atomic64_read(&sk->sk_cookie);
	u32 half[2];

	if (likely(cookie))
		return cookie;
	sock_diag_save_cookie(sk, half);
	return (u64)half[1] << 32 | half[0];
}

/* The tgid of the current process in its own pid namespace, and the inode
 * number of that; 0 for the initial one, where most processes are.
 */
static pid_t owner_vpid(u32 *pid_ns)
{
	const struct pid *pid = task_pid(current);
	struct pid_namespace *ns;

	if (likely(!pid->level)) {
		*pid_ns = 0;
		return 0;
	}
	ns = pid->numbers[pid->level].ns;
	*pid_ns = ns->ns.inum;
	return task_tgid_nr_ns(current, ns);
}

/**
 * tcplife_owner_set - note the current process as an owner
 * @owner: filled
 * @pid_ns: set to the inode number of its pid namespace, 0 for the initial one
 *
 * Context: process, as connect(), accept() and listen() are.
 */
void tcplife_owner_set(struct tcplife_owner *owner, u32 *pid_ns)
{
	owner->pid = task_tgid_nr(current);
	owner->vpid = owner_vpid(pid_ns);
	owner->kthread = !!(current->flags & PF_KTHREAD);
	owner->uid = current_uid();
#ifdef CONFIG_CGROUPS
	rcu_read_lock();
	owner->cgroup = cgroup_id(task_dfl_cgroup(current));
	rcu_read_unlock();
#endif
	memcpy(owner->comm, current->comm, sizeof(owner->comm));
	owner->comm[sizeof(owner->comm) - 1] = 0;
}

/**
 * tcplife_closer_set - note the current process as the one who closed
 * @rec: the record, locked
 *
 * Context: process. May be a kernel thread: close() through delayed fput, the
 * garbage collector of AF_UNIX, io_uring.
 */
void tcplife_closer_set(struct tcplife_record *rec)
{
	struct tcplife_closer *closer = &rec->closer;
	u32 pid_ns;

	closer->pid = task_tgid_nr(current);
	closer->vpid = owner_vpid(&pid_ns);
	if (unlikely(pid_ns != rec->pid_ns)) {
		if (rec->owner.pid)
			closer->vpid = 0;
		else
			rec->pid_ns = pid_ns;
	}
	closer->kthread = !!(current->flags & PF_KTHREAD);
	memcpy(closer->comm, current->comm, sizeof(closer->comm));
	closer->comm[sizeof(closer->comm) - 1] = 0;
}

/**
 * tcplife_conn_address - copy the two addresses of a socket
 * @rec: filled; IPv4 is kept v4-mapped, so both families compare alike
 * @sk: a full socket or a timewait socket: struct sock_common has it all
 *
 * What is not set (a local port before bind, everything after disconnect) does
 * not overwrite what was known.
 */
void tcplife_conn_address(struct tcplife_record *rec, const struct sock *sk)
{
	__be16 sport = sk->sk_state == TCP_TIME_WAIT ?
		       inet_twsk(sk)->tw_sport : inet_sk(sk)->inet_sport;

	if (sport)
		rec->lport = sport;
	if (!sk->sk_dport)
		return;
	rec->rport = sk->sk_dport;
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6) {
		rec->laddr = sk->sk_v6_rcv_saddr;
		rec->raddr = sk->sk_v6_daddr;
		return;
	}
#endif
	ipv6_addr_set_v4mapped(sk->sk_rcv_saddr, &rec->laddr);
	ipv6_addr_set_v4mapped(sk->sk_daddr, &rec->raddr);
}

/**
 * tcplife_conn_new - begin a record
 * @sk: the socket; locked, or not yet visible to others
 * @role: what it is
 * @state: the state that it is in, or entering
 * @now: the time
 *
 * Context: any but NMI. Return: the record, the caller's until
 * tcplife_conn_insert(), or NULL: the loss is counted, or the hooks are not
 * all there yet and the import will find it.
 */
struct tcplife_record *tcplife_conn_new(struct sock *sk, enum tcplife_role role,
					u8 state, u64 now)
{
	struct tcplife_record *rec;

	if (unlikely(!READ_ONCE(tcplife_conn_armed)))
		return NULL;
	rec = tcplife_record_get(sock_net(sk));
	if (unlikely(!rec))
		return NULL;
	rec->sk = sk;
	rec->cookie = tcplife_cookie(sk);
	rec->netns = sock_net(sk)->ns.inum;
	rec->net_cookie = sock_net(sk)->net_cookie;
	rec->role = role;
	rec->state = state;
	rec->born = now;
	rec->entered = now;
	rec->wscale_l = TCPLIFE_NO_WSCALE;
	rec->wscale_r = TCPLIFE_NO_WSCALE;
	rec->min_rtt_us = ~0U;
	if (role != TCPLIFE_ROLE_PREEXISTING)
		rec->since[state - 1] = now;
	tcplife_conn_address(rec, sk);
	return rec;
}

/**
 * tcplife_conn_insert - put a new record into the table
 * @rec: from tcplife_conn_new(), filled; not the caller's any more
 * @net: its namespace
 *
 * Context: any but NMI. Return: false if the socket had a record already; the
 * new one is gone without a trace.
 */
bool tcplife_conn_insert(struct tcplife_record *rec, const struct net *net)
{
	struct tcplife_stats __percpu *stats;
	u8 state = rec->state;

	if (unlikely(tcplife_events_wanted(TCPLIFE_GROUP_STATES)))
		tcplife_events_born(rec, net);
	if (unlikely(!tcplife_table_insert(rec))) {
		tcplife_record_put(rec);
		return false;
	}
	stats = tcplife_net_stats(net);
	this_cpu_inc(stats->c[TCPLIFE_C_BORN]);
	this_cpu_inc(stats->c[TCPLIFE_C_ALIVE]);
	this_cpu_inc(stats->c[TCPLIFE_C_NOW(state)]);
	return true;
}

/* Payload that the peer acknowledged: bytes_acked counts an active SYN
 * (tcp_snd_una_update() in SYN_SENT) and our FIN, too.
 */
static u64 conn_tx(const struct tcplife_record *rec, const struct tcp_sock *tp)
{
	u64 acked = tp->bytes_acked;

	if (rec->flags & TCPLIFE_F_SYN_COUNTED && acked)
		acked--;
	if (rec->flags & TCPLIFE_F_FIN_LOCAL && acked &&
	    after(tp->snd_una, rec->fin_l))
		acked--;
	return acked;
}

/**
 * tcplife_conn_snapshot - take the data group from the socket
 * @rec: the record, locked
 * @sk: the full socket, going to CLOSE or to a timewait socket
 *
 * tcp_disconnect() zeroes the counters after it has set CLOSE, so this is the
 * last moment. Context: with the socket locked.
 */
void tcplife_conn_snapshot(struct tcplife_record *rec, const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	rec->flags |= TCPLIFE_F_SNAPSHOT;
	rec->fin_unsent = rec->flags & TCPLIFE_F_FIN_LOCAL &&
			  !after(tp->snd_nxt, rec->fin_l);
	rec->tx = conn_tx(rec, tp);
	rec->rx = tp->bytes_received;
	if (rec->flags & TCPLIFE_F_FIN_REMOTE && rec->rx)
		rec->rx--;
	rec->segs_out = tp->segs_out;
	rec->segs_in = tp->segs_in;
	rec->min_rtt_us = tcp_min_rtt(tp);
	rec->srtt_us = tp->srtt_us >> 3;
	rec->rto_us = jiffies_to_usecs(inet_csk(sk)->icsk_rto);
	rec->sndbuf = READ_ONCE(sk->sk_sndbuf);
	rec->rcvbuf = READ_ONCE(sk->sk_rcvbuf);
}

/* Times that are known only now, into their histograms. */
static void conn_latency(const struct tcplife_record *rec,
			 struct tcplife_stats __percpu *stats)
{
	const u64 *since = rec->since;
	s64 half = tcplife_half_close(rec);

	if (since[TCP_ESTABLISHED - 1])
		tcplife_stats_latency(stats, TCPLIFE_H_LIFE,
				      (since[TCP_CLOSE - 1] ?: rec->ended) -
				      since[TCP_ESTABLISHED - 1]);
	if (half >= 0)
		tcplife_stats_latency(stats, TCPLIFE_H_HALF_CLOSE, half);
	if (since[TCP_TIME_WAIT - 1])
		tcplife_stats_latency(stats, TCPLIFE_H_TIME_WAIT,
				      rec->ended - since[TCP_TIME_WAIT - 1]);
}

/**
 * tcplife_conn_finish - end a record and hand it to the history
 * @rec: off its chain and unlocked: the caller is its only owner
 * @net: its namespace
 * @now: the time
 *
 * Context: any but NMI.
 */
void tcplife_conn_finish(struct tcplife_record *rec, const struct net *net,
			 u64 now)
{
	struct tcplife_stats __percpu *stats = tcplife_net_stats(net);

	rec->ended = now;
	rec->end = tcplife_reason(rec);
	rec->sk = NULL;
	this_cpu_dec(stats->c[TCPLIFE_C_NOW(rec->state)]);
	this_cpu_dec(stats->c[TCPLIFE_C_ALIVE]);
	this_cpu_inc(stats->c[TCPLIFE_C_ENDED]);
	this_cpu_inc(stats->c[TCPLIFE_C_END_FIN + rec->end - TCPLIFE_END_FIN]);
	conn_latency(rec, stats);
	tcplife_record_ended();
	if (unlikely(tcplife_events_any()) && tcplife_events_ended(rec, net))
		return;
	tcplife_record_retire(rec);
}

/**
 * tcplife_conn_take - take the record of a socket out of the table
 * @sk: a full socket or a timewait socket
 *
 * Context: any but NMI. Return: the record, the caller's now, or NULL.
 */
struct tcplife_record *tcplife_conn_take(const struct sock *sk)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec)
		__hlist_bl_del(&rec->node);
	tcplife_table_unlock(head, flags);
	return rec;
}

/**
 * tcplife_conn_end - end the record of a full socket, if it still has one
 * @sk: the socket, being destroyed
 *
 * A socket that went to a timewait socket has none any more. Context: any but
 * NMI, with the socket locked.
 */
void tcplife_conn_end(const struct sock *sk)
{
	struct tcplife_record *rec = tcplife_conn_take(sk);

	/* tcp_done() destroys an orphan. */
	if (rec)
		tcplife_conn_finish(rec, sock_net(sk), rec->orphan ?
				    rec->entered : ktime_get_ns());
}

/**
 * tcplife_conn_relive - end the last life of a socket that begins another
 * @sk: in CLOSE, about to enter SYN_SENT
 * @now: the time
 *
 * Context: process, with the socket locked. Return: the number of the life
 * that begins, 0 for the first.
 */
u32 tcplife_conn_relive(const struct sock *sk, u64 now)
{
	struct tcplife_record *rec;
	u32 gen;

	/* A record gives its socket a cookie. */
	if (likely(!atomic64_read(&sk->sk_cookie)))
		return 0;
	rec = tcplife_conn_take(sk);
	if (rec) {
		gen = rec->gen + 1;
		tcplife_conn_finish(rec, sock_net(sk), now);
		return gen;
	}
	return tcplife_conn_unseen_life(sk);
}

/**
 * tcplife_conn_unseen_life - the number of a life whose forerunner, if there
 *	was one, is not in the table
 * @sk: the socket
 *
 * Context: any but NMI. Return: 0 for a socket that never had a cookie, which
 * each life gives it; else a number of its own.
 */
u32 tcplife_conn_unseen_life(const struct sock *sk)
{
	return atomic64_read(&sk->sk_cookie) ?
	       atomic_inc_return(&conn_relives) : 0;
}
