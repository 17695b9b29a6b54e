// SPDX-License-Identifier: GPL-2.0-only
/*
 * Put: a record as netlink attributes. What is not known is absent; columns.c
 * says the same of what it prints.
 */
#include <net/ipv6.h>

#include "put.h"

/* Each attribute comes once at most and takes 12 bytes at most; the two IPv6
 * addresses and the two names, 20.
 */
static_assert(NLA_HDRLEN + TCPLIFE_A_RECORD_MAX * 12 + 4 * 8 <= TCPLIFE_PUT_MAX);

static void record_identity(struct tcplife_put *put,
			    const struct tcplife_record *rec)
{
	tcplife_put_u64(put, TCPLIFE_A_RECORD_COOKIE, rec->cookie);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_GENERATION, rec->gen);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_NETNS, rec->netns);
	tcplife_put_u64(put, TCPLIFE_A_RECORD_NET_COOKIE, rec->net_cookie);
	/* A connect() that found no route has no local one. */
	if (!ipv6_addr_any(&rec->laddr))
		tcplife_put_address(put, TCPLIFE_A_RECORD_LOCAL_IPV4,
				    TCPLIFE_A_RECORD_LOCAL_IPV6, &rec->laddr);
	tcplife_put_address(put, TCPLIFE_A_RECORD_REMOTE_IPV4,
			    TCPLIFE_A_RECORD_REMOTE_IPV6, &rec->raddr);
	if (rec->lport)
		tcplife_put_be16(put, TCPLIFE_A_RECORD_LOCAL_PORT, rec->lport);
	if (rec->rport)
		tcplife_put_be16(put, TCPLIFE_A_RECORD_REMOTE_PORT, rec->rport);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_ROLE, rec->role);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_STATE, rec->state);
	if (rec->last_state)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_LAST_STATE,
				rec->last_state);
}

/* Absent if it did not happen. */
static void put_time(struct tcplife_put *put, u16 type, u64 time)
{
	if (time)
		tcplife_put_u64(put, type, time);
}

static void record_times(struct tcplife_put *put,
			 const struct tcplife_record *rec)
{
	const u64 *since = rec->since;

	tcplife_put_u64(put, TCPLIFE_A_RECORD_BORN, rec->born);
	tcplife_put_u64(put, TCPLIFE_A_RECORD_ENTERED, rec->entered);
	put_time(put, TCPLIFE_A_RECORD_ENDED, rec->ended);
	put_time(put, TCPLIFE_A_RECORD_SYN, rec->syn);
	put_time(put, TCPLIFE_A_RECORD_QUEUED, rec->queued);
	put_time(put, TCPLIFE_A_RECORD_ACCEPTED, rec->accepted);
#define SINCE(state)	\
	put_time(put, TCPLIFE_A_RECORD_SINCE_##state, since[TCP_##state - 1])
	SINCE(ESTABLISHED);
	SINCE(SYN_SENT);
	SINCE(SYN_RECV);
	SINCE(FIN_WAIT1);
	SINCE(FIN_WAIT2);
	SINCE(TIME_WAIT);
	SINCE(CLOSE);
	SINCE(CLOSE_WAIT);
	SINCE(LAST_ACK);
	SINCE(CLOSING);
#undef SINCE
}

/* The columns of the same name in columns.c say when each is known. */
static void record_queue(struct tcplife_put *put,
			 const struct tcplife_record *rec)
{
	u32 f = rec->flags;

	if (rec->listener)
		tcplife_put_u64(put, TCPLIFE_A_RECORD_LISTENER, rec->listener);
	if (f & TCPLIFE_F_QUEUED) {
		tcplife_put_u32(put, TCPLIFE_A_RECORD_SYNQ, rec->synq);
		tcplife_put_u32(put, TCPLIFE_A_RECORD_ACCQ, rec->accq);
	}
	if (f & TCPLIFE_F_ACK_KNOWN)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_ACK_IGNORED,
				!!(f & TCPLIFE_F_ACK_IGNORED));
	if (tcplife_sent_syn(rec))
		tcplife_put_u32(put, TCPLIFE_A_RECORD_SYN_RETRANSMITS,
				rec->syn_retr);
	if (tcplife_sent_synack(rec))
		tcplife_put_u32(put, TCPLIFE_A_RECORD_SYNACK_RETRANSMITS,
				rec->synack_retr);
}

static void record_handshake(struct tcplife_put *put,
			     const struct tcplife_record *rec)
{
	u32 f = rec->flags;

	if (f & TCPLIFE_F_HANDSHAKE || tcplife_sent_syn(rec))
		tcplife_put_u32(put, TCPLIFE_A_RECORD_ISN_LOCAL, rec->isn_l);
	if (!(f & TCPLIFE_F_HANDSHAKE))
		return;
	tcplife_put_u32(put, TCPLIFE_A_RECORD_ISN_REMOTE, rec->isn_r);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_MSS, rec->mss);
	if (rec->wscale_l != TCPLIFE_NO_WSCALE) {
		tcplife_put_u32(put, TCPLIFE_A_RECORD_WSCALE_LOCAL,
				rec->wscale_l);
		tcplife_put_u32(put, TCPLIFE_A_RECORD_WSCALE_REMOTE,
				rec->wscale_r);
	}
	tcplife_put_u32(put, TCPLIFE_A_RECORD_WINDOW_LOCAL, rec->win_l);
	if (rec->role == TCPLIFE_ROLE_ACTIVE)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_WINDOW_REMOTE,
				rec->win_r);
}

static void record_fins(struct tcplife_put *put,
			const struct tcplife_record *rec)
{
	enum tcplife_first_fin first = tcplife_first_fin(rec);
	u32 f = rec->flags;

	if (first)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_FIRST_FIN, first);
	if (f & TCPLIFE_F_FIN_LOCAL)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_FIN_LOCAL, rec->fin_l);
	if (f & TCPLIFE_F_FIN_REMOTE)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_FIN_REMOTE, rec->fin_r);
	if (tcplife_sent_fin(rec))
		tcplife_put_u32(put, TCPLIFE_A_RECORD_FIN_RETRANSMITS,
				rec->fin_retr);
	if (f & TCPLIFE_F_FIN_REMOTE)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_FIN_DUPLICATES,
				rec->fin_dup);
	if (f & TCPLIFE_F_HALF_KNOWN)
		tcplife_put_u64(put, TCPLIFE_A_RECORD_HALF_CLOSE_BYTES,
				rec->half_bytes);
	if (f & TCPLIFE_F_RST_SENT)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_RST_WHY, rec->rst_why);
	if (f & TCPLIFE_F_TIMEWAIT)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_TW_RESTARTS,
				rec->tw_restarts);
	if (rec->tw_exit)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_TW_EXIT, rec->tw_exit);
	if (rec->end)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_END, rec->end);
	if (rec->err)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_ERRNO, rec->err);
}

static void record_data(struct tcplife_put *put,
			const struct tcplife_record *rec)
{
	if (!(rec->flags & TCPLIFE_F_SNAPSHOT))
		return;
	tcplife_put_u64(put, TCPLIFE_A_RECORD_BYTES_ACKED, rec->tx);
	tcplife_put_u64(put, TCPLIFE_A_RECORD_BYTES_RECEIVED, rec->rx);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_SEGS_OUT, rec->segs_out);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_SEGS_IN, rec->segs_in);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_DATA_RETRANSMITS, rec->data_retr);
	if (rec->min_rtt_us != ~0U)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_MIN_RTT,
				rec->min_rtt_us);
	if (rec->srtt_us)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_SRTT, rec->srtt_us);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_RTO, rec->rto_us);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_SNDBUF, rec->sndbuf);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_RCVBUF, rec->rcvbuf);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_KEEPALIVES, rec->keepalives);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_PROBES, rec->probes);
}

static void record_people(struct tcplife_put *put,
			  const struct tcplife_record *rec,
			  const struct tcplife_audience *to)
{
	const struct tcplife_closer *closer = &rec->closer;
	const struct tcplife_owner *owner = &rec->owner;
	pid_t pid = tcplife_put_pid(to, owner->pid, owner->vpid, rec->pid_ns);
	pid_t closer_pid = tcplife_put_pid(to, closer->pid, closer->vpid,
				      rec->pid_ns);

	if (pid)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_PID, pid);
	if (closer_pid)
		tcplife_put_u32(put, TCPLIFE_A_RECORD_CLOSER_PID, closer_pid);
	if (!to->init_pid_ns && (pid || closer_pid))
		tcplife_put_u32(put, TCPLIFE_A_RECORD_PID_NS, rec->pid_ns);
	if (owner->pid) {
		if (owner->kthread)
			tcplife_put_flag(put, TCPLIFE_A_RECORD_KTHREAD);
		tcplife_put_comm(put, TCPLIFE_A_RECORD_COMM, owner->comm);
		tcplife_put_uid(put, TCPLIFE_A_RECORD_UID, owner->uid, to);
		if (owner->cgroup)
			tcplife_put_u64(put, TCPLIFE_A_RECORD_CGROUP,
					owner->cgroup);
	}
	if (closer->pid) {
		if (closer->kthread)
			tcplife_put_flag(put, TCPLIFE_A_RECORD_CLOSER_KTHREAD);
		tcplife_put_comm(put, TCPLIFE_A_RECORD_CLOSER_COMM, closer->comm);
	}
}

/**
 * tcplife_put_record - a record, complete, in a message
 * @put: from tcplife_put_begin()
 * @rec: a record that nobody changes
 * @to: who will read it
 */
void tcplife_put_record(struct tcplife_put *put,
			const struct tcplife_record *rec,
			const struct tcplife_audience *to)
{
	record_identity(put, rec);
	tcplife_put_u32(put, TCPLIFE_A_RECORD_FLAGS,
			rec->flags & TCPLIFE_F_PUBLIC);
	record_times(put, rec);
	record_queue(put, rec);
	record_handshake(put, rec);
	record_fins(put, rec);
	record_data(put, rec);
	record_people(put, rec, to);
	tcplife_put_end(put);
}
