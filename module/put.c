// SPDX-License-Identifier: GPL-2.0-only
/*
 * Put: changes of state, dead requests and listeners as netlink attributes, and
 * what they have in common with records. What is not known is absent.
 */
#include "put.h"
#include "stats.h"

/* As in put_record.c; a listener's buckets come on top. */
static_assert(NLA_HDRLEN + TCPLIFE_A_TRANSITION_MAX * 12 + 3 * 8 + 16 <=
	      TCPLIFE_PUT_MAX);
static_assert(NLA_HDRLEN + TCPLIFE_A_LISTENER_MAX * 12 + 2 * 8 + 16 +
	      TCPLIFE_HIST_BUCKETS * 12 <= TCPLIFE_PUT_MAX);
/* What tcplife_put_comm() copies. */
static_assert(TASK_COMM_LEN == 16);

/**
 * tcplife_put_comm - the name of a process
 * @p: where the attribute goes; 16 bytes more than it needs are written
 * @type: the attribute
 * @comm: TASK_COMM_LEN bytes
 *
 * Return: where the next attribute goes.
 */
void *tcplife_put_comm(void *p, u16 type, const char *comm)
{
	size_t len = strnlen(comm, TASK_COMM_LEN - 1) + 1;

	p = tcplife_put_head(p, type, len);
	/* Both of a fixed size, hence a store or two each. What is behind the
	 * end is padding, or is overwritten by the next attribute.
	 */
	memcpy(p, comm, TASK_COMM_LEN);
	memset(p + len, 0, NLA_ALIGNTO);
	return p + NLA_ALIGN(len);
}

/* An owner is four attributes with one order, from the pid on. */
#define OWNER_ORDER(set)						\
	(TCPLIFE_A_##set##_PID_NS - TCPLIFE_A_##set##_PID == 1 &&	\
	 TCPLIFE_A_##set##_KTHREAD - TCPLIFE_A_##set##_PID == 2 &&	\
	 TCPLIFE_A_##set##_COMM - TCPLIFE_A_##set##_PID == 3)
static_assert(OWNER_ORDER(TRANSITION));
static_assert(OWNER_ORDER(LISTENER));

static void *put_owner(void *p, u16 type, const struct tcplife_owner *owner,
		       u32 pid_ns, const struct tcplife_audience *to)
{
	pid_t pid = tcplife_put_pid(to, owner->pid, owner->vpid, pid_ns);

	if (!owner->pid || !tcplife_put_known(to, pid, owner->uid))
		return p;
	if (pid)
		p = tcplife_put_u32(p, type, pid);
	if (pid && !to->init_pid_ns)
		p = tcplife_put_u32(p, type + 1, pid_ns);
	if (owner->kthread)
		p = tcplife_put_flag(p, type + 2);
	return tcplife_put_comm(p, type + 3, owner->comm);
}

#define U32(p, name, value)	tcplife_put_u32(p, TCPLIFE_A_##name, value)
#define U64(p, name, value)	tcplife_put_u64(p, TCPLIFE_A_##name, value)
#define BE16(p, name, value)	tcplife_put_be16(p, TCPLIFE_A_##name, value)
#define ADDRESS(p, name, addr)						\
	tcplife_put_address(p, TCPLIFE_A_##name##_IPV4,			\
			    TCPLIFE_A_##name##_IPV6, addr)

/**
 * tcplife_put_transition - a change of state
 * @skb: a message that has tcplife_put_room()
 * @t: the change
 * @to: who will read it
 */
void tcplife_put_transition(struct sk_buff *skb,
			    const struct tcplife_transition *t,
			    const struct tcplife_audience *to)
{
	void *p = tcplife_put_begin(skb);

	p = U64(p, TRANSITION_COOKIE, t->cookie);
	p = U32(p, TRANSITION_GENERATION, t->gen);
	p = U32(p, TRANSITION_NETNS, t->netns);
	p = U64(p, TRANSITION_NET_COOKIE, t->net_cookie);
	if (!ipv6_addr_any(&t->laddr))
		p = ADDRESS(p, TRANSITION_LOCAL, &t->laddr);
	p = ADDRESS(p, TRANSITION_REMOTE, &t->raddr);
	if (t->lport)
		p = BE16(p, TRANSITION_LOCAL_PORT, t->lport);
	if (t->rport)
		p = BE16(p, TRANSITION_REMOTE_PORT, t->rport);
	p = U32(p, TRANSITION_ROLE, t->role);
	p = U32(p, TRANSITION_OLD_STATE, t->old_state);
	p = U32(p, TRANSITION_NEW_STATE, t->new_state);
	if (t->timewait)
		p = tcplife_put_flag(p, TCPLIFE_A_TRANSITION_TIMEWAIT);
	p = U64(p, TRANSITION_TIME, t->time);
	if (!t->first)
		p = U64(p, TRANSITION_DURATION, t->duration);
	p = put_owner(p, TCPLIFE_A_TRANSITION_PID, &t->owner, t->pid_ns, to);
	tcplife_put_end(skb, NLA_F_NESTED | TCPLIFE_A_TRANSITION, p);
}

/**
 * tcplife_put_request - a half-open request that died
 * @skb: a message that has tcplife_put_room()
 * @r: the request
 */
void tcplife_put_request(struct sk_buff *skb, const struct tcplife_request *r)
{
	void *p = tcplife_put_begin(skb);

	p = U64(p, REQUEST_LISTENER, r->listener);
	p = U32(p, REQUEST_NETNS, r->netns);
	p = U64(p, REQUEST_NET_COOKIE, r->net_cookie);
	p = ADDRESS(p, REQUEST_LOCAL, &r->laddr);
	p = ADDRESS(p, REQUEST_REMOTE, &r->raddr);
	p = BE16(p, REQUEST_LOCAL_PORT, r->lport);
	p = BE16(p, REQUEST_REMOTE_PORT, r->rport);
	p = U32(p, REQUEST_END, r->end);
	p = U64(p, REQUEST_TIME, r->time);
	if (r->age)
		p = U64(p, REQUEST_AGE, r->age);
	p = U32(p, REQUEST_SYNACK_RETRANSMITS, r->synack_retr);
	p = U32(p, REQUEST_ISN_LOCAL, r->isn_l);
	p = U32(p, REQUEST_ISN_REMOTE, r->isn_r);
	tcplife_put_end(skb, NLA_F_NESTED | TCPLIFE_A_REQUEST, p);
}

/* The counters have the order of their attributes. */
static_assert(TCPLIFE_A_LISTENER_ACCEPTS - TCPLIFE_A_LISTENER_SYNS ==
	      TCPLIFE_L_ACCEPTS);

static void *listener_counters(void *p, const struct tcplife_listener *l)
{
	unsigned int i;

	for (i = 0; i < TCPLIFE_NR_L; i++)
		p = U64(p, LISTENER_SYNS + i, atomic64_read(&l->c[i]));
	p = U64(p, LISTENER_WAIT_SUM, atomic64_read(&l->wait_sum));
	p = U64(p, LISTENER_WAIT_MAX, atomic64_read(&l->wait_max));
	for (i = 0; i < TCPLIFE_HIST_BUCKETS; i++)
		p = U64(p, LISTENER_WAIT_BUCKET, atomic64_read(&l->waits[i]));
	return p;
}

/**
 * tcplife_put_listener - a listening socket
 * @skb: a message that has tcplife_put_room()
 * @view: a copy of it
 * @to: who will read it
 */
void tcplife_put_listener(struct sk_buff *skb,
			  const struct tcplife_listener_view *view,
			  const struct tcplife_audience *to)
{
	const struct tcplife_listener *l = &view->l;
	uid_t uid = tcplife_put_uid_of(to, l->owner.uid);
	void *p = tcplife_put_begin(skb);

	p = U64(p, LISTENER_COOKIE, l->cookie);
	p = U32(p, LISTENER_NETNS, l->netns);
	p = U64(p, LISTENER_NET_COOKIE, l->net_cookie);
	p = ADDRESS(p, LISTENER_LOCAL, &l->laddr);
	p = BE16(p, LISTENER_LOCAL_PORT, l->lport);
	p = put_owner(p, TCPLIFE_A_LISTENER_PID, &l->owner, l->pid_ns, to);
	if (l->owner.pid && uid != (uid_t)-1)
		p = U32(p, LISTENER_UID, uid);
	if (l->asked != TCPLIFE_ASKED_UNKNOWN)
		p = U32(p, LISTENER_BACKLOG_ASKED, l->asked);
	p = U32(p, LISTENER_BACKLOG, view->backlog);
	p = U32(p, LISTENER_SYNQ, view->synq);
	p = U32(p, LISTENER_SYNQ_MAX, atomic_read(&l->synq_max));
	p = U32(p, LISTENER_ACCQ, view->accq);
	p = U32(p, LISTENER_ACCQ_MAX, atomic_read(&l->accq_max));
	p = listener_counters(p, l);
	tcplife_put_end(skb, NLA_F_NESTED | TCPLIFE_A_LISTENER, p);
}
