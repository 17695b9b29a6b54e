// SPDX-License-Identifier: GPL-2.0-only
/*
 * Put: a record as netlink attributes. What is not known is absent; columns.c
 * says the same of what it prints.
 */
#include "put.h"

/* Each attribute comes once at most and takes 12 bytes at most; the two IPv6
 * addresses and the two names, 20. A name is written with 16 bytes to spare.
 */
static_assert(NLA_HDRLEN + TCPLIFE_A_RECORD_MAX * 12 + 4 * 8 + 16 <=
	      TCPLIFE_PUT_MAX);

#define U32(p, name, value)	tcplife_put_u32(p, TCPLIFE_A_RECORD_##name, value)
#define U64(p, name, value)	tcplife_put_u64(p, TCPLIFE_A_RECORD_##name, value)
#define BE16(p, name, value)	tcplife_put_be16(p, TCPLIFE_A_RECORD_##name, value)

/* A time, absent if it did not happen. */
#define TIME(p, name, time)						\
	record_time(p, TCPLIFE_A_RECORD_##name, time)
#define SINCE(p, state)							\
	record_time(p, TCPLIFE_A_RECORD_SINCE_##state,			\
		    rec->since[TCP_##state - 1])

static void *record_time(void *p, u16 type, u64 time)
{
	return time ? tcplife_put_u64(p, type, time) : p;
}

static void *record_identity(void *p, const struct tcplife_record *rec)
{
	p = U64(p, COOKIE, rec->cookie);
	p = U32(p, GENERATION, rec->gen);
	p = U32(p, NETNS, rec->netns);
	p = U64(p, NET_COOKIE, rec->net_cookie);
	p = U32(p, ROLE, rec->role);
	p = U32(p, STATE, rec->state);
	p = U32(p, FLAGS, tcplife_flags_told(rec));
	p = tcplife_put_address(p, TCPLIFE_A_RECORD_REMOTE_IPV4,
				TCPLIFE_A_RECORD_REMOTE_IPV6, &rec->raddr);
	/* A connect() that found no route has no local one. */
	if (!ipv6_addr_any(&rec->laddr))
		p = tcplife_put_address(p, TCPLIFE_A_RECORD_LOCAL_IPV4,
					TCPLIFE_A_RECORD_LOCAL_IPV6,
					&rec->laddr);
	if (rec->lport)
		p = BE16(p, LOCAL_PORT, rec->lport);
	if (rec->rport)
		p = BE16(p, REMOTE_PORT, rec->rport);
	if (rec->last_state)
		p = U32(p, LAST_STATE, rec->last_state);
	return p;
}

static void *record_times(void *p, const struct tcplife_record *rec)
{
	p = U64(p, BORN, rec->born);
	p = U64(p, ENTERED, rec->entered);
	p = TIME(p, ENDED, rec->ended);
	p = TIME(p, SYN, rec->syn);
	p = TIME(p, QUEUED, rec->queued);
	p = TIME(p, ACCEPTED, rec->accepted);
	p = SINCE(p, ESTABLISHED);
	p = SINCE(p, SYN_SENT);
	p = SINCE(p, SYN_RECV);
	p = SINCE(p, FIN_WAIT1);
	p = SINCE(p, FIN_WAIT2);
	p = SINCE(p, TIME_WAIT);
	p = SINCE(p, CLOSE);
	p = SINCE(p, CLOSE_WAIT);
	p = SINCE(p, LAST_ACK);
	return SINCE(p, CLOSING);
}

/* The columns of the same name in columns.c say when each is known. */
static void *record_queue(void *p, const struct tcplife_record *rec)
{
	u32 f = rec->flags;

	if (rec->role == TCPLIFE_ROLE_PASSIVE && rec->listener)
		p = U64(p, LISTENER, rec->listener);
	if (tcplife_has_replaced(rec)) {
		p = U64(p, REPLACED, rec->replaced);
		p = U32(p, REPLACED_GENERATION, rec->replaced_gen);
	}
	if (f & TCPLIFE_F_QUEUED) {
		p = U32(p, SYNQ, rec->synq);
		p = U32(p, ACCQ, rec->accq);
	}
	if (f & TCPLIFE_F_ACK_KNOWN)
		p = U32(p, ACK_IGNORED, !!(f & TCPLIFE_F_ACK_IGNORED));
	if (tcplife_sent_syn(rec))
		p = U32(p, SYN_RETRANSMITS, rec->syn_retr);
	if (tcplife_sent_synack(rec))
		p = U32(p, SYNACK_RETRANSMITS, rec->synack_retr);
	return p;
}

static void *record_handshake(void *p, const struct tcplife_record *rec)
{
	u32 f = rec->flags;

	if (tcplife_has_isn_local(rec))
		p = U32(p, ISN_LOCAL, rec->isn_l);
	if (!(f & TCPLIFE_F_HANDSHAKE))
		return p;
	p = U32(p, ISN_REMOTE, rec->isn_r);
	p = U32(p, MSS, rec->mss);
	if (tcplife_has_syn_data(rec))
		p = U32(p, SYN_DATA, rec->syn_data);
	if (tcplife_has_window(rec))
		p = U32(p, WINDOW_LOCAL, rec->win_l);
	if (rec->wscale_l != TCPLIFE_NO_WSCALE) {
		p = U32(p, WSCALE_LOCAL, rec->wscale_l);
		p = U32(p, WSCALE_REMOTE, rec->wscale_r);
	}
	if (rec->role == TCPLIFE_ROLE_ACTIVE)
		p = U32(p, WINDOW_REMOTE, rec->win_r);
	return p;
}

static void *record_fins(void *p, const struct tcplife_record *rec)
{
	enum tcplife_first_fin first = tcplife_first_fin(rec);
	u32 f = rec->flags;

	if (first)
		p = U32(p, FIRST_FIN, first);
	if (tcplife_has_fin_local(rec))
		p = U32(p, FIN_LOCAL, rec->fin_l);
	if (f & TCPLIFE_F_FIN_REMOTE) {
		p = U32(p, FIN_REMOTE, rec->fin_r);
		p = U32(p, FIN_DUPLICATES, rec->fin_dup);
	}
	if (tcplife_sent_fin(rec))
		p = U32(p, FIN_RETRANSMITS, rec->fin_retr);
	if (f & TCPLIFE_F_HALF_KNOWN)
		p = U64(p, HALF_CLOSE_BYTES, rec->half_bytes);
	return p;
}

static void *record_end(void *p, const struct tcplife_record *rec)
{
	u32 f = rec->flags;

	if (f & TCPLIFE_F_RST_SENT)
		p = U32(p, RST_WHY, rec->rst_why);
	if (f & TCPLIFE_F_TIMEWAIT)
		p = U32(p, TW_RESTARTS, rec->tw_restarts);
	if (rec->tw_exit)
		p = U32(p, TW_EXIT, rec->tw_exit);
	if (rec->end)
		p = U32(p, END, rec->end);
	if (rec->err)
		p = U32(p, ERRNO, rec->err);
	return p;
}

static void *record_data(void *p, const struct tcplife_record *rec)
{
	if (!(rec->flags & TCPLIFE_F_SNAPSHOT))
		return p;
	p = U64(p, BYTES_ACKED, rec->tx);
	p = U64(p, BYTES_RECEIVED, rec->rx);
	p = U32(p, SEGS_OUT, rec->segs_out);
	p = U32(p, SEGS_IN, rec->segs_in);
	p = U32(p, DATA_RETRANSMITS, rec->data_retr);
	p = U32(p, RTO, rec->rto_us);
	p = U32(p, SNDBUF, rec->sndbuf);
	p = U32(p, RCVBUF, rec->rcvbuf);
	p = U32(p, KEEPALIVES, rec->keepalives);
	p = U32(p, PROBES, rec->probes);
	if (rec->min_rtt_us != ~0U)
		p = U32(p, MIN_RTT, rec->min_rtt_us);
	if (rec->srtt_us)
		p = U32(p, SRTT, rec->srtt_us);
	return p;
}

static void *record_owner(void *p, const struct tcplife_owner *owner, pid_t pid,
			  const struct tcplife_audience *to)
{
	if (!owner->pid || !tcplife_put_known(to, pid, owner->uid))
		return p;
	if (pid)
		p = U32(p, PID, pid);
	if (owner->kthread)
		p = tcplife_put_flag(p, TCPLIFE_A_RECORD_KTHREAD);
	p = tcplife_put_comm(p, TCPLIFE_A_RECORD_COMM, owner->comm);
	p = tcplife_put_uid(p, TCPLIFE_A_RECORD_UID, owner->uid, to);
	if (owner->cgroup)
		p = U64(p, CGROUP, owner->cgroup);
	return p;
}

static void *record_closer(void *p, const struct tcplife_closer *closer,
			   pid_t pid)
{
	if (pid)
		p = U32(p, CLOSER_PID, pid);
	if (closer->kthread)
		p = tcplife_put_flag(p, TCPLIFE_A_RECORD_CLOSER_KTHREAD);
	return tcplife_put_comm(p, TCPLIFE_A_RECORD_CLOSER_COMM, closer->comm);
}

static void *record_people(void *p, const struct tcplife_record *rec,
			   const struct tcplife_audience *to)
{
	pid_t closer = tcplife_put_pid(to, rec->closer.pid, rec->closer.vpid,
				       rec->pid_ns);
	pid_t owner = tcplife_put_pid(to, rec->owner.pid, rec->owner.vpid,
				      rec->pid_ns);

	if (!to->init_pid_ns && (owner || closer))
		p = U32(p, PID_NS, rec->pid_ns);
	p = record_owner(p, &rec->owner, owner, to);
	/* Of the closer no user is known: taken for the owner's. */
	if (rec->closer.pid &&
	    tcplife_put_known(to, closer, rec->owner.uid))
		p = record_closer(p, &rec->closer, closer);
	return p;
}

/**
 * tcplife_put_record - a record, complete
 * @skb: a message that has tcplife_put_room()
 * @rec: a record that nobody changes
 * @to: who will read it
 */
void tcplife_put_record(struct sk_buff *skb, const struct tcplife_record *rec,
			const struct tcplife_audience *to)
{
	void *p = tcplife_put_begin(skb);

	p = record_identity(p, rec);
	p = record_times(p, rec);
	p = record_queue(p, rec);
	p = record_handshake(p, rec);
	p = record_fins(p, rec);
	p = record_end(p, rec);
	p = record_data(p, rec);
	p = record_people(p, rec, to);
	tcplife_put_end(skb, TCPLIFE_A_RECORD, p);
}
