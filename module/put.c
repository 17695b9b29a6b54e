// SPDX-License-Identifier: GPL-2.0-only
/*
 * Put: the parts of an endpoint as netlink attributes, and what is made of
 * them: a change of state, a dead request, a listener. What is not known is
 * absent.
 */
#include <linux/user_namespace.h>
#include <net/ipv6.h>

#include "put.h"
#include "stats.h"

/* As in put_record.c; a listener's buckets come on top. */
static_assert(NLA_HDRLEN + TCPLIFE_A_TRANSITION_MAX * 12 + 3 * 8 <=
	      TCPLIFE_PUT_MAX);
static_assert(NLA_HDRLEN + TCPLIFE_A_LISTENER_MAX * 12 + 2 * 8 +
	      TCPLIFE_HIST_BUCKETS * 8 <= TCPLIFE_PUT_MAX);
/* What tcplife_put_comm() copies. */
static_assert(TASK_COMM_LEN == 16);

/**
 * tcplife_put_address - an address, as the attribute of its family
 * @put: from tcplife_put_begin()
 * @ipv4: the attribute if it is v4-mapped
 * @ipv6: the attribute if it is not
 * @addr: the address
 */
void tcplife_put_address(struct tcplife_put *put, u16 ipv4, u16 ipv6,
			 const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		*(__be32 *)tcplife_put_attr(put, ipv4, 4) = addr->s6_addr32[3];
	else
		memcpy(tcplife_put_attr(put, ipv6, 16), addr, 16);
}

/**
 * tcplife_put_comm - the name of a process
 * @put: from tcplife_put_begin()
 * @type: the attribute
 * @comm: TASK_COMM_LEN bytes
 */
void tcplife_put_comm(struct tcplife_put *put, u16 type, const char *comm)
{
	size_t len = strnlen(comm, TASK_COMM_LEN - 1) + 1;
	struct nlattr *nla = (struct nlattr *)put->p;

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	/* Both of a fixed size, hence a store or two each. What is behind the
	 * end is padding, or is overwritten by the next attribute.
	 */
	memcpy(nla + 1, comm, TASK_COMM_LEN);
	memset((u8 *)(nla + 1) + len, 0, NLA_ALIGNTO);
	put->p += NLA_HDRLEN + NLA_ALIGN(len);
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
pid_t tcplife_put_pid(const struct tcplife_audience *to, pid_t pid, pid_t vpid,
		      u32 pid_ns)
{
	if (to->init_pid_ns)
		return pid;
	if (!pid_ns || (to->pid_ns && to->pid_ns != pid_ns))
		return 0;
	return vpid;
}

/**
 * tcplife_put_uid - a user, unless its reader has no number for it
 * @put: from tcplife_put_begin()
 * @type: the attribute
 * @uid: the user
 * @to: the reader
 */
void tcplife_put_uid(struct tcplife_put *put, u16 type, kuid_t uid,
		     const struct tcplife_audience *to)
{
	uid_t id = from_kuid(to->user_ns, uid);

	if (id != (uid_t)-1)
		tcplife_put_u32(put, type, id);
}

/* An owner is four attributes with one order, from the pid on. */
#define OWNER_ORDER(set)						\
	(TCPLIFE_A_##set##_PID_NS == TCPLIFE_A_##set##_PID + 1 &&	\
	 TCPLIFE_A_##set##_KTHREAD == TCPLIFE_A_##set##_PID + 2 &&	\
	 TCPLIFE_A_##set##_COMM == TCPLIFE_A_##set##_PID + 3)
static_assert(OWNER_ORDER(TRANSITION));
static_assert(OWNER_ORDER(LISTENER));

static void put_owner(struct tcplife_put *put, u16 type,
		      const struct tcplife_owner *owner, u32 pid_ns,
		      const struct tcplife_audience *to)
{
	pid_t pid = tcplife_put_pid(to, owner->pid, owner->vpid, pid_ns);

	if (!owner->pid)
		return;
	if (pid)
		tcplife_put_u32(put, type, pid);
	if (pid && !to->init_pid_ns)
		tcplife_put_u32(put, type + 1, pid_ns);
	if (owner->kthread)
		tcplife_put_flag(put, type + 2);
	tcplife_put_comm(put, type + 3, owner->comm);
}

/**
 * tcplife_put_transition - a change of state
 * @put: from tcplife_put_begin()
 * @t: the change
 * @to: who will read it
 */
void tcplife_put_transition(struct tcplife_put *put,
			    const struct tcplife_transition *t,
			    const struct tcplife_audience *to)
{
	tcplife_put_u64(put, TCPLIFE_A_TRANSITION_COOKIE, t->cookie);
	tcplife_put_u32(put, TCPLIFE_A_TRANSITION_GENERATION, t->gen);
	tcplife_put_u32(put, TCPLIFE_A_TRANSITION_NETNS, t->netns);
	tcplife_put_u64(put, TCPLIFE_A_TRANSITION_NET_COOKIE, t->net_cookie);
	if (!ipv6_addr_any(&t->laddr))
		tcplife_put_address(put, TCPLIFE_A_TRANSITION_LOCAL_IPV4,
				    TCPLIFE_A_TRANSITION_LOCAL_IPV6, &t->laddr);
	tcplife_put_address(put, TCPLIFE_A_TRANSITION_REMOTE_IPV4,
			    TCPLIFE_A_TRANSITION_REMOTE_IPV6, &t->raddr);
	if (t->lport)
		tcplife_put_be16(put, TCPLIFE_A_TRANSITION_LOCAL_PORT,
				 t->lport);
	if (t->rport)
		tcplife_put_be16(put, TCPLIFE_A_TRANSITION_REMOTE_PORT,
				 t->rport);
	tcplife_put_u32(put, TCPLIFE_A_TRANSITION_ROLE, t->role);
	tcplife_put_u32(put, TCPLIFE_A_TRANSITION_OLD_STATE, t->old_state);
	tcplife_put_u32(put, TCPLIFE_A_TRANSITION_NEW_STATE, t->new_state);
	if (t->timewait)
		tcplife_put_flag(put, TCPLIFE_A_TRANSITION_TIMEWAIT);
	tcplife_put_u64(put, TCPLIFE_A_TRANSITION_TIME, t->time);
	if (!t->first)
		tcplife_put_u64(put, TCPLIFE_A_TRANSITION_DURATION,
				t->duration);
	put_owner(put, TCPLIFE_A_TRANSITION_PID, &t->owner, t->pid_ns, to);
	tcplife_put_end(put);
}

/**
 * tcplife_put_request - a half-open request that died
 * @put: from tcplife_put_begin()
 * @r: the request
 */
void tcplife_put_request(struct tcplife_put *put,
			 const struct tcplife_request *r)
{
	tcplife_put_u64(put, TCPLIFE_A_REQUEST_LISTENER, r->listener);
	tcplife_put_u32(put, TCPLIFE_A_REQUEST_NETNS, r->netns);
	tcplife_put_u64(put, TCPLIFE_A_REQUEST_NET_COOKIE, r->net_cookie);
	tcplife_put_address(put, TCPLIFE_A_REQUEST_LOCAL_IPV4,
			    TCPLIFE_A_REQUEST_LOCAL_IPV6, &r->laddr);
	tcplife_put_address(put, TCPLIFE_A_REQUEST_REMOTE_IPV4,
			    TCPLIFE_A_REQUEST_REMOTE_IPV6, &r->raddr);
	tcplife_put_be16(put, TCPLIFE_A_REQUEST_LOCAL_PORT, r->lport);
	tcplife_put_be16(put, TCPLIFE_A_REQUEST_REMOTE_PORT, r->rport);
	tcplife_put_u32(put, TCPLIFE_A_REQUEST_END, r->end);
	tcplife_put_u64(put, TCPLIFE_A_REQUEST_TIME, r->time);
	if (r->age)
		tcplife_put_u64(put, TCPLIFE_A_REQUEST_AGE, r->age);
	tcplife_put_u32(put, TCPLIFE_A_REQUEST_SYNACK_RETRANSMITS,
			r->synack_retr);
	tcplife_put_u32(put, TCPLIFE_A_REQUEST_ISN_LOCAL, r->isn_l);
	tcplife_put_u32(put, TCPLIFE_A_REQUEST_ISN_REMOTE, r->isn_r);
	tcplife_put_end(put);
}

/* The counters have the order of their attributes. */
static_assert(TCPLIFE_A_LISTENER_ACCEPTS - TCPLIFE_A_LISTENER_SYNS ==
	      TCPLIFE_L_ACCEPTS);

static void listener_counters(struct tcplife_put *put,
			      const struct tcplife_listener *l)
{
	unsigned int i;

	for (i = 0; i < TCPLIFE_NR_L; i++)
		tcplife_put_u64(put, TCPLIFE_A_LISTENER_SYNS + i,
				atomic64_read(&l->c[i]));
	tcplife_put_u64(put, TCPLIFE_A_LISTENER_WAIT_SUM,
			atomic64_read(&l->wait_sum));
	tcplife_put_u64(put, TCPLIFE_A_LISTENER_WAIT_MAX,
			atomic64_read(&l->wait_max));
	for (i = 0; i < TCPLIFE_HIST_BUCKETS; i++)
		tcplife_put_u32(put, TCPLIFE_A_LISTENER_WAIT_BUCKET,
				atomic_read(&l->waits[i]));
}

/**
 * tcplife_put_listener - a listening socket
 * @put: from tcplife_put_begin()
 * @view: a copy of it
 * @to: who will read it
 */
void tcplife_put_listener(struct tcplife_put *put,
			  const struct tcplife_listener_view *view,
			  const struct tcplife_audience *to)
{
	const struct tcplife_listener *l = &view->l;

	tcplife_put_u64(put, TCPLIFE_A_LISTENER_COOKIE, l->cookie);
	tcplife_put_u32(put, TCPLIFE_A_LISTENER_NETNS, l->netns);
	tcplife_put_u64(put, TCPLIFE_A_LISTENER_NET_COOKIE, l->net_cookie);
	tcplife_put_address(put, TCPLIFE_A_LISTENER_LOCAL_IPV4,
			    TCPLIFE_A_LISTENER_LOCAL_IPV6, &l->laddr);
	tcplife_put_be16(put, TCPLIFE_A_LISTENER_LOCAL_PORT, l->lport);
	put_owner(put, TCPLIFE_A_LISTENER_PID, &l->owner, l->pid_ns, to);
	if (l->owner.pid)
		tcplife_put_uid(put, TCPLIFE_A_LISTENER_UID, l->owner.uid, to);
	if (l->asked != TCPLIFE_ASKED_UNKNOWN)
		tcplife_put_u32(put, TCPLIFE_A_LISTENER_BACKLOG_ASKED,
				l->asked);
	tcplife_put_u32(put, TCPLIFE_A_LISTENER_BACKLOG, view->backlog);
	tcplife_put_u32(put, TCPLIFE_A_LISTENER_SYNQ, view->synq);
	tcplife_put_u32(put, TCPLIFE_A_LISTENER_SYNQ_MAX,
			atomic_read(&l->synq_max));
	tcplife_put_u32(put, TCPLIFE_A_LISTENER_ACCQ, view->accq);
	tcplife_put_u32(put, TCPLIFE_A_LISTENER_ACCQ_MAX,
			atomic_read(&l->accq_max));
	listener_counters(put, l);
	tcplife_put_end(put);
}
