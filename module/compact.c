// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compact: a record as netlink readers are told of it. What of it is known is
 * decided here, for both forms; columns.c says the same of what it prints.
 *
 * Members are set whether they are known or not: that takes less than to ask.
 */
#include <net/ipv6.h>

#include "put.h"

/* Where it is written it may be aligned to four bytes only. */
struct compact {
	struct tcplife_compact c;
} __packed __aligned(NLA_ALIGNTO);

static_assert(TASK_COMM_LEN == TCPLIFE_COMPACT_COMM);
/* Without padding, so that nothing of the kernel's memory gets out. */
static_assert(sizeof(struct tcplife_compact) == 464);

#define KNOWN(name)							\
	(to->c.has[TCPLIFE_A_RECORD_##name / 64] |=			\
	 BIT_ULL(TCPLIFE_A_RECORD_##name % 64))

static inline void compact_identity(struct compact *__restrict to,
				    const struct tcplife_record *rec)
{
	to->c.cookie = rec->cookie;
	to->c.net_cookie = rec->net_cookie;
	to->c.generation = rec->gen;
	to->c.netns = rec->netns;
	to->c.role = rec->role;
	to->c.state = rec->state;
	to->c.flags = tcplife_flags_told(rec);
	to->c.last_state = rec->last_state;
	KNOWN(COOKIE);
	KNOWN(NET_COOKIE);
	KNOWN(GENERATION);
	KNOWN(NETNS);
	KNOWN(ROLE);
	KNOWN(STATE);
	KNOWN(FLAGS);
	if (rec->last_state)
		KNOWN(LAST_STATE);
}

static inline void compact_ends(struct compact *__restrict to,
				const struct tcplife_record *rec)
{
	memcpy(to->c.local_ipv6, &rec->laddr, sizeof(rec->laddr));
	memcpy(to->c.remote_ipv6, &rec->raddr, sizeof(rec->raddr));
	to->c.local_ipv4 = rec->laddr.s6_addr32[3];
	to->c.remote_ipv4 = rec->raddr.s6_addr32[3];
	to->c.local_port = ntohs(rec->lport);
	to->c.remote_port = ntohs(rec->rport);
	if (ipv6_addr_v4mapped(&rec->raddr))
		KNOWN(REMOTE_IPV4);
	else
		KNOWN(REMOTE_IPV6);
	/* A connect() that found no route has no local one. */
	if (ipv6_addr_v4mapped(&rec->laddr))
		KNOWN(LOCAL_IPV4);
	else if (!ipv6_addr_any(&rec->laddr))
		KNOWN(LOCAL_IPV6);
	if (rec->lport)
		KNOWN(LOCAL_PORT);
	if (rec->rport)
		KNOWN(REMOTE_PORT);
}

/* A time is absent if it did not happen. */
#define TIME(member, time, name)					\
	do {								\
		u64 _time = (time);					\
									\
		to->c.member = _time;					\
		if (_time)						\
			KNOWN(name);					\
	} while (0)
#define SINCE(member, state)						\
	TIME(since_##member, rec->since[TCP_##state - 1], SINCE_##state)

static inline void compact_times(struct compact *__restrict to,
				 const struct tcplife_record *rec)
{
	to->c.born = rec->born;
	to->c.entered = rec->entered;
	KNOWN(BORN);
	KNOWN(ENTERED);
	TIME(ended, rec->ended, ENDED);
	TIME(syn, rec->syn, SYN);
	TIME(queued, rec->queued, QUEUED);
	TIME(accepted, rec->accepted, ACCEPTED);
	SINCE(established, ESTABLISHED);
	SINCE(syn_sent, SYN_SENT);
	SINCE(syn_recv, SYN_RECV);
	SINCE(fin_wait1, FIN_WAIT1);
	SINCE(fin_wait2, FIN_WAIT2);
	SINCE(time_wait, TIME_WAIT);
	SINCE(close, CLOSE);
	SINCE(close_wait, CLOSE_WAIT);
	SINCE(last_ack, LAST_ACK);
	SINCE(closing, CLOSING);
}

/* The columns of the same name in columns.c say when each is known. */
static inline void compact_queue(struct compact *__restrict to,
				 const struct tcplife_record *rec)
{
	u32 f = rec->flags;

	to->c.listener = rec->listener;
	to->c.replaced = rec->replaced;
	to->c.replaced_generation = rec->replaced_gen;
	to->c.synq = rec->synq;
	to->c.accq = rec->accq;
	to->c.ack_ignored = !!(f & TCPLIFE_F_ACK_IGNORED);
	to->c.syn_retransmits = rec->syn_retr;
	to->c.synack_retransmits = rec->synack_retr;
	if (rec->role == TCPLIFE_ROLE_PASSIVE && rec->listener)
		KNOWN(LISTENER);
	if (tcplife_has_replaced(rec)) {
		KNOWN(REPLACED);
		KNOWN(REPLACED_GENERATION);
	}
	if (f & TCPLIFE_F_QUEUED) {
		KNOWN(SYNQ);
		KNOWN(ACCQ);
	}
	if (f & TCPLIFE_F_ACK_KNOWN)
		KNOWN(ACK_IGNORED);
	if (tcplife_sent_syn(rec))
		KNOWN(SYN_RETRANSMITS);
	if (tcplife_sent_synack(rec))
		KNOWN(SYNACK_RETRANSMITS);
}

static inline void compact_handshake(struct compact *__restrict to,
				     const struct tcplife_record *rec)
{
	to->c.isn_local = rec->isn_l;
	to->c.isn_remote = rec->isn_r;
	to->c.mss = rec->mss;
	to->c.syn_data = rec->syn_data;
	to->c.wscale_local = rec->wscale_l;
	to->c.wscale_remote = rec->wscale_r;
	to->c.window_local = rec->win_l;
	to->c.window_remote = rec->win_r;
	if (tcplife_has_isn_local(rec))
		KNOWN(ISN_LOCAL);
	if (!(rec->flags & TCPLIFE_F_HANDSHAKE))
		return;
	KNOWN(ISN_REMOTE);
	KNOWN(MSS);
	if (tcplife_has_syn_data(rec))
		KNOWN(SYN_DATA);
	if (tcplife_has_window(rec))
		KNOWN(WINDOW_LOCAL);
	if (rec->wscale_l != TCPLIFE_NO_WSCALE) {
		KNOWN(WSCALE_LOCAL);
		KNOWN(WSCALE_REMOTE);
	}
	if (rec->role == TCPLIFE_ROLE_ACTIVE)
		KNOWN(WINDOW_REMOTE);
}

static inline void compact_fins(struct compact *__restrict to,
				const struct tcplife_record *rec)
{
	to->c.first_fin = tcplife_first_fin(rec);
	to->c.fin_local = rec->fin_l;
	to->c.fin_remote = rec->fin_r;
	to->c.fin_duplicates = rec->fin_dup;
	to->c.fin_retransmits = rec->fin_retr;
	to->c.half_close_bytes = rec->half_bytes;
	if (to->c.first_fin)
		KNOWN(FIRST_FIN);
	if (tcplife_has_fin_local(rec))
		KNOWN(FIN_LOCAL);
	if (rec->flags & TCPLIFE_F_FIN_REMOTE) {
		KNOWN(FIN_REMOTE);
		KNOWN(FIN_DUPLICATES);
	}
	if (tcplife_sent_fin(rec))
		KNOWN(FIN_RETRANSMITS);
	if (rec->flags & TCPLIFE_F_HALF_KNOWN)
		KNOWN(HALF_CLOSE_BYTES);
}

static inline void compact_end(struct compact *__restrict to,
			       const struct tcplife_record *rec)
{
	to->c.rst_why = rec->rst_why;
	to->c.tw_restarts = rec->tw_restarts;
	to->c.tw_exit = rec->tw_exit;
	to->c.end = rec->end;
	to->c.err = rec->err;
	if (rec->flags & TCPLIFE_F_RST_SENT)
		KNOWN(RST_WHY);
	if (rec->flags & TCPLIFE_F_TIMEWAIT)
		KNOWN(TW_RESTARTS);
	if (rec->tw_exit)
		KNOWN(TW_EXIT);
	if (rec->end)
		KNOWN(END);
	if (rec->err)
		KNOWN(ERRNO);
}

static inline void compact_data(struct compact *__restrict to,
				const struct tcplife_record *rec)
{
	to->c.bytes_acked = rec->tx;
	to->c.bytes_received = rec->rx;
	to->c.segs_out = rec->segs_out;
	to->c.segs_in = rec->segs_in;
	to->c.data_retransmits = rec->data_retr;
	to->c.min_rtt = rec->min_rtt_us;
	to->c.srtt = rec->srtt_us;
	to->c.rto = rec->rto_us;
	to->c.sndbuf = rec->sndbuf;
	to->c.rcvbuf = rec->rcvbuf;
	to->c.keepalives = rec->keepalives;
	to->c.probes = rec->probes;
	if (!(rec->flags & TCPLIFE_F_SNAPSHOT))
		return;
	KNOWN(BYTES_ACKED);
	KNOWN(BYTES_RECEIVED);
	KNOWN(SEGS_OUT);
	KNOWN(SEGS_IN);
	KNOWN(DATA_RETRANSMITS);
	KNOWN(RTO);
	KNOWN(SNDBUF);
	KNOWN(RCVBUF);
	KNOWN(KEEPALIVES);
	KNOWN(PROBES);
	if (rec->min_rtt_us != ~0U)
		KNOWN(MIN_RTT);
	if (rec->srtt_us)
		KNOWN(SRTT);
}

static inline void compact_owner(struct compact *__restrict to,
				 const struct tcplife_owner *owner, pid_t pid,
				 const struct tcplife_audience *who)
{
	uid_t uid = tcplife_put_uid_of(who, owner->uid);

	if (!owner->pid || !tcplife_put_known(who, pid, owner->uid)) {
		to->c.pid = 0;
		to->c.uid = 0;
		to->c.cgroup = 0;
		memset(to->c.comm, 0, TASK_COMM_LEN);
		return;
	}
	to->c.pid = pid;
	to->c.kthread = owner->kthread;
	to->c.uid = uid;
	to->c.cgroup = owner->cgroup;
	memcpy(to->c.comm, owner->comm, TASK_COMM_LEN);
	KNOWN(COMM);
	if (pid)
		KNOWN(PID);
	if (owner->kthread)
		KNOWN(KTHREAD);
	if (uid != (uid_t)-1)
		KNOWN(UID);
	if (owner->cgroup)
		KNOWN(CGROUP);
}

static inline void compact_closer(struct compact *__restrict to,
				  const struct tcplife_closer *closer,
				  pid_t pid)
{
	to->c.closer_pid = pid;
	to->c.closer_kthread = closer->kthread;
	memcpy(to->c.closer_comm, closer->comm, TASK_COMM_LEN);
	KNOWN(CLOSER_COMM);
	if (pid)
		KNOWN(CLOSER_PID);
	if (closer->kthread)
		KNOWN(CLOSER_KTHREAD);
}

/* Of people nothing is told that is not for the reader to know, also not behind
 * what is not known.
 */
static inline void compact_people(struct compact *__restrict to,
				  const struct tcplife_record *rec,
				  const struct tcplife_audience *who)
{
	pid_t closer = tcplife_put_pid(who, rec->closer.pid, rec->closer.vpid,
				       rec->pid_ns);
	pid_t owner = tcplife_put_pid(who, rec->owner.pid, rec->owner.vpid,
				      rec->pid_ns);

	to->c.kthread = 0;
	to->c.closer_kthread = 0;
	to->c.reserved = 0;
	to->c.pid_ns = 0;
	if (!who->init_pid_ns && (owner || closer)) {
		to->c.pid_ns = rec->pid_ns;
		KNOWN(PID_NS);
	}
	compact_owner(to, &rec->owner, owner, who);
	/* Of the closer no user is known: taken for the owner's. */
	if (rec->closer.pid &&
	    tcplife_put_known(who, closer, rec->owner.uid)) {
		compact_closer(to, &rec->closer, closer);
		return;
	}
	to->c.closer_pid = 0;
	memset(to->c.closer_comm, 0, TASK_COMM_LEN);
}

/**
 * tcplife_compact_fill - a record as a reader may see it
 * @at: filled, all of it; aligned to four bytes at least
 * @rec: a record that nobody changes
 * @who: the reader
 */
void tcplife_compact_fill(void *at, const struct tcplife_record *rec,
			  const struct tcplife_audience *who)
{
	struct compact *to = at;

	memset(to->c.has, 0, sizeof(to->c.has));
	compact_identity(to, rec);
	compact_ends(to, rec);
	compact_times(to, rec);
	compact_queue(to, rec);
	compact_handshake(to, rec);
	compact_fins(to, rec);
	compact_end(to, rec);
	compact_data(to, rec);
	compact_people(to, rec, who);
}
