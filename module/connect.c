// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connects that fail at once: no route, no port, no memory; and ports that
 * bind() cannot have.
 *
 * tcp_v4_connect(sk, uaddr, len), tcp_v6_connect(): only the value returned
 * tells of a failure before the first transition (no route), and why one after
 * it failed (no port). Both may sleep, for memory or to let others run.
 */
#include <linux/ktime.h>
#include <net/ipv6.h>

#include "conn.h"
#include "handlers.h"

/**
 * struct connect_args - what the return of a connect() wants to know
 * @sk: the socket
 * @addr: where to; on the caller's stack, so still there at the return
 * @last_id: of the newest record when it began
 */
struct connect_args {
	struct sock		*sk;
	const struct sockaddr	*addr;
	u64			last_id;
};

static int connect_enter(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct connect_args *args = (void *)ri->data;

	args->sk = (struct sock *)regs_get_kernel_argument(regs, 0);
	args->addr = (struct sockaddr *)regs_get_kernel_argument(regs, 1);
	args->last_id = tcplife_record_last_id();
	return 0;
}

static void connect_address(struct tcplife_record *rec,
			    const struct sockaddr *addr)
{
	const struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)addr;
	const struct sockaddr_in *sin = (struct sockaddr_in *)addr;

	rec->rport = sin->sin_port;
	if (addr->sa_family == AF_INET6)
		rec->raddr = sin6->sin6_addr;
	else
		ipv6_addr_set_v4mapped(sin->sin_addr.s_addr, &rec->raddr);
}

/* A connect() that failed before SYN_SENT: a life without a transition. */
static void connect_stillborn(const struct connect_args *args, int err)
{
	struct net *net = sock_net(args->sk);
	struct tcplife_record *rec;
	u64 now = ktime_get_ns();
	u32 gen;

	/* Others are failures of the call, not of the network. */
	if (err != -ENETUNREACH && err != -EHOSTUNREACH && err != -EACCES &&
	    err != -ENETDOWN)
		return;
	gen = tcplife_conn_unseen_life(args->sk);
	rec = tcplife_conn_new(args->sk, TCPLIFE_ROLE_ACTIVE, TCP_CLOSE, now);
	if (!rec)
		return;
	rec->gen = gen;
	rec->err = -err;
	connect_address(rec, args->addr);
	tcplife_owner_set(&rec->owner, &rec->pid_ns);
	tcplife_count(net, TCPLIFE_C_BORN);
	tcplife_count(net, TCPLIFE_C_ALIVE);
	tcplife_count(net, TCPLIFE_C_NOW_CLOSE);
	tcplife_conn_finish(rec, net, now);
}

static void connect_failed(const struct connect_args *args, int err)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;
	bool begun;

	head = tcplife_conn_lock(args->sk, &rec, &flags);
	/* A record of an earlier life may still be there. */
	begun = rec && rec->id > args->last_id;
	if (begun && rec->state == TCP_CLOSE && !rec->err) {
		rec->err = -err;
		/* tcp_connect() failed before it counted an open. */
		if (rec->flags & TCPLIFE_F_SYN_SENT)
			tcplife_count_add(sock_net(args->sk),
					  TCPLIFE_C_ACTIVE_OPENS, -1);
		rec->flags &= ~TCPLIFE_F_SYN_SENT;
	}
	tcplife_table_unlock(head, flags);
	if (!begun)
		connect_stillborn(args, err);
}

static int connect4_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct connect_args *args = (void *)ri->data;
	int err = regs_return_value(regs);

	tcplife_hook_hit(TCPLIFE_HOOK_CONNECT4);
	if (unlikely(err < 0) && tcplife_is_tcp(args->sk))
		connect_failed(args, err);
	return 0;
}

static int connect6_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct connect_args *args = (void *)ri->data;
	const struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)args->addr;
	int err = regs_return_value(regs);

	tcplife_hook_hit(TCPLIFE_HOOK_CONNECT6);
	if (likely(err >= 0) || !tcplife_is_tcp(args->sk))
		return 0;
	if (args->addr->sa_family != AF_INET6)
		return 0;
	/* tcp_v4_connect() was called for this address, and told. */
	if (ipv6_addr_v4mapped(&sin6->sin6_addr) && !ipv6_only_sock(args->sk))
		return 0;
	connect_failed(args, err);
	return 0;
}

struct kretprobe tcplife_connect4_probe = {
	.entry_handler	= connect_enter,
	.handler	= connect4_return,
	.data_size	= sizeof(struct connect_args),
};

struct kretprobe tcplife_connect6_probe = {
	.entry_handler	= connect_enter,
	.handler	= connect6_return,
	.data_size	= sizeof(struct connect_args),
};

/* The socket is all that a failure is counted by. */
static int bind_enter(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(struct sock **)ri->data =
		(struct sock *)regs_get_kernel_argument(regs, 0);
	return 0;
}

/* inet_csk_get_port(sk, port): bind(), and once more listen(). A connection is
 * not asked, neither connect() nor a child, so its cost is not theirs. What it
 * has for a failure is that the port is in use, whatever it returns.
 */
static int bind_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct sock *sk = *(struct sock **)ri->data;

	tcplife_hook_hit(TCPLIFE_HOOK_BIND);
	if (unlikely((int)regs_return_value(regs)) && tcplife_is_tcp(sk))
		tcplife_count(sock_net(sk), TCPLIFE_C_BIND_IN_USE);
	return 0;
}

struct kretprobe tcplife_bind_probe = {
	.entry_handler	= bind_enter,
	.handler	= bind_return,
	.data_size	= sizeof(struct sock *),
};
