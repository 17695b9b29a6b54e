// SPDX-License-Identifier: GPL-2.0-only
/*
 * Put: a record as netlink attributes, each of what is known in the compact
 * form, or that form itself.
 */
#include "put.h"

/* Each attribute comes once at most and takes 12 bytes at most; the two IPv6
 * addresses and the two names, 20. A name is written with 16 bytes to spare.
 */
static_assert(NLA_HDRLEN + TCPLIFE_A_RECORD_MAX * 12 + 4 * 8 + 16 <=
	      TCPLIFE_PUT_MAX);

enum field_kind { FIELD_U32, FIELD_U64, FIELD_PORT, FIELD_IPV6, FIELD_FLAG,
		  FIELD_COMM };

/**
 * struct field - an attribute
 * @offset: where its value is in the compact form
 * @kind: enum field_kind
 */
struct field {
	u16	offset;
	u8	kind;
};

static_assert(TCPLIFE_A_RECORD_MAX < 128);

#define FIELD(name, member, kind_)					\
	[TCPLIFE_A_RECORD_##name] = {					\
		.offset = offsetof(struct tcplife_compact, member),	\
		.kind = FIELD_##kind_,					\
	}

static const struct field fields[TCPLIFE_A_RECORD_MAX + 1] = {
	FIELD(COOKIE, cookie, U64),
	FIELD(GENERATION, generation, U32),
	FIELD(NETNS, netns, U32),
	FIELD(NET_COOKIE, net_cookie, U64),
	FIELD(LOCAL_IPV4, local_ipv4, U32),
	FIELD(LOCAL_IPV6, local_ipv6, IPV6),
	FIELD(REMOTE_IPV4, remote_ipv4, U32),
	FIELD(REMOTE_IPV6, remote_ipv6, IPV6),
	FIELD(LOCAL_PORT, local_port, PORT),
	FIELD(REMOTE_PORT, remote_port, PORT),
	FIELD(ROLE, role, U32),
	FIELD(STATE, state, U32),
	FIELD(LAST_STATE, last_state, U32),
	FIELD(FLAGS, flags, U32),
	FIELD(END, end, U32),
	FIELD(ERRNO, err, U32),
	FIELD(BORN, born, U64),
	FIELD(ENTERED, entered, U64),
	FIELD(ENDED, ended, U64),
	FIELD(SYN, syn, U64),
	FIELD(QUEUED, queued, U64),
	FIELD(ACCEPTED, accepted, U64),
	FIELD(SINCE_ESTABLISHED, since_established, U64),
	FIELD(SINCE_SYN_SENT, since_syn_sent, U64),
	FIELD(SINCE_SYN_RECV, since_syn_recv, U64),
	FIELD(SINCE_FIN_WAIT1, since_fin_wait1, U64),
	FIELD(SINCE_FIN_WAIT2, since_fin_wait2, U64),
	FIELD(SINCE_TIME_WAIT, since_time_wait, U64),
	FIELD(SINCE_CLOSE, since_close, U64),
	FIELD(SINCE_CLOSE_WAIT, since_close_wait, U64),
	FIELD(SINCE_LAST_ACK, since_last_ack, U64),
	FIELD(SINCE_CLOSING, since_closing, U64),
	FIELD(LISTENER, listener, U64),
	FIELD(SYNQ, synq, U32),
	FIELD(ACCQ, accq, U32),
	FIELD(ACK_IGNORED, ack_ignored, U32),
	FIELD(SYN_RETRANSMITS, syn_retransmits, U32),
	FIELD(SYNACK_RETRANSMITS, synack_retransmits, U32),
	FIELD(ISN_LOCAL, isn_local, U32),
	FIELD(ISN_REMOTE, isn_remote, U32),
	FIELD(MSS, mss, U32),
	FIELD(WSCALE_LOCAL, wscale_local, U32),
	FIELD(WSCALE_REMOTE, wscale_remote, U32),
	FIELD(WINDOW_LOCAL, window_local, U32),
	FIELD(WINDOW_REMOTE, window_remote, U32),
	FIELD(FIRST_FIN, first_fin, U32),
	FIELD(FIN_LOCAL, fin_local, U32),
	FIELD(FIN_REMOTE, fin_remote, U32),
	FIELD(FIN_RETRANSMITS, fin_retransmits, U32),
	FIELD(FIN_DUPLICATES, fin_duplicates, U32),
	FIELD(HALF_CLOSE_BYTES, half_close_bytes, U64),
	FIELD(RST_WHY, rst_why, U32),
	FIELD(TW_RESTARTS, tw_restarts, U32),
	FIELD(TW_EXIT, tw_exit, U32),
	FIELD(BYTES_ACKED, bytes_acked, U64),
	FIELD(BYTES_RECEIVED, bytes_received, U64),
	FIELD(SEGS_OUT, segs_out, U32),
	FIELD(SEGS_IN, segs_in, U32),
	FIELD(DATA_RETRANSMITS, data_retransmits, U32),
	FIELD(MIN_RTT, min_rtt, U32),
	FIELD(SRTT, srtt, U32),
	FIELD(RTO, rto, U32),
	FIELD(SNDBUF, sndbuf, U32),
	FIELD(RCVBUF, rcvbuf, U32),
	FIELD(KEEPALIVES, keepalives, U32),
	FIELD(PROBES, probes, U32),
	FIELD(PID, pid, U32),
	FIELD(PID_NS, pid_ns, U32),
	FIELD(KTHREAD, kthread, FLAG),
	FIELD(COMM, comm, COMM),
	FIELD(UID, uid, U32),
	FIELD(CGROUP, cgroup, U64),
	FIELD(CLOSER_PID, closer_pid, U32),
	FIELD(CLOSER_KTHREAD, closer_kthread, FLAG),
	FIELD(CLOSER_COMM, closer_comm, COMM),
	FIELD(REPLACED, replaced, U64),
	FIELD(REPLACED_GENERATION, replaced_generation, U32),
	FIELD(SYN_DATA, syn_data, U32),
};

static __always_inline void *put_field(void *p, u16 type, u8 kind,
				       const void *value)
{
	switch (kind) {
	case FIELD_U32:
		return tcplife_put_u32(p, type, *(const u32 *)value);
	case FIELD_U64:
		return tcplife_put_u64(p, type, *(const u64 *)value);
	case FIELD_PORT:
		return tcplife_put_be16(p, type, htons(*(const u16 *)value));
	case FIELD_IPV6:
		p = tcplife_put_head(p, type, sizeof(struct in6_addr));
		memcpy(p, value, sizeof(struct in6_addr));
		return p + sizeof(struct in6_addr);
	case FIELD_FLAG:
		return tcplife_put_flag(p, type);
	default:
		return tcplife_put_comm(p, type, value);
	}
}

/**
 * tcplife_put_record - a record, complete, as a nest
 * @skb: a message that has tcplife_put_room()
 * @rec: a record that nobody changes
 * @to: who will read it
 */
void tcplife_put_record(struct sk_buff *skb, const struct tcplife_record *rec,
			const struct tcplife_audience *to)
{
	void *p = tcplife_put_begin(skb);
	struct tcplife_compact c;
	unsigned int type;

	tcplife_compact_fill(&c, rec, to);
	/* Each attribute by itself, with its head and its kind as constants: half
	 * of the instructions.
	 */
#pragma GCC unroll 128
	for (type = 1; type <= TCPLIFE_A_RECORD_MAX; type++)
		if (c.has[type / 64] & BIT_ULL(type % 64))
			p = put_field(p, type, fields[type].kind,
				      (void *)&c + fields[type].offset);
	tcplife_put_end(skb, NLA_F_NESTED | TCPLIFE_A_RECORD, p);
}

/**
 * tcplife_put_compact - a record, complete, in the compact form
 * @skb: a message that has tcplife_put_room()
 * @rec: a record that nobody changes
 * @to: who will read it
 */
void tcplife_put_compact(struct sk_buff *skb, const struct tcplife_record *rec,
			 const struct tcplife_audience *to)
{
	void *p = tcplife_put_begin(skb);

	tcplife_compact_fill(p, rec, to);
	tcplife_put_end(skb, TCPLIFE_A_COMPACT,
			p + sizeof(struct tcplife_compact));
}
