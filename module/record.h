/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record: everything known of one connection endpoint.
 *
 * It knows no socket and no <net/tcp.h>: the hook side fills it, the table
 * keeps it, the exporters print a copy of it.
 */
#ifndef _TCPLIFE_RECORD_H
#define _TCPLIFE_RECORD_H

#include <linux/in6.h>
#include <linux/processor.h>
#include <linux/list_bl.h>
#include <linux/llist.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <net/tcp_states.h>
#include <uapi/linux/tcplife.h>

/* In tcplife_record.since at TCP_* - 1: the states up to TCP_CLOSING. */
#define TCPLIFE_STATES		11

/* A window scale that was not negotiated. */
#define TCPLIFE_NO_WSCALE	0xff

/* tcplife_record.flags: what readers are told as it is, */
#define TCPLIFE_F_IMPORTED	TCPLIFE_FLAG_IMPORTED
#define TCPLIFE_F_SYNCOOKIE	TCPLIFE_FLAG_SYNCOOKIE
#define TCPLIFE_F_TFO		TCPLIFE_FLAG_TFO
#define TCPLIFE_F_DATA_IN_SYN	TCPLIFE_FLAG_DATA_IN_SYN
#define TCPLIFE_F_DATA_IN_ACK	TCPLIFE_FLAG_DATA_IN_ACK
#define TCPLIFE_F_SIMOPEN	TCPLIFE_FLAG_SIMOPEN
#define TCPLIFE_F_OPT_SACK	TCPLIFE_FLAG_SACK
#define TCPLIFE_F_OPT_TS	TCPLIFE_FLAG_TIMESTAMPS
#define TCPLIFE_F_OPT_ECN	TCPLIFE_FLAG_ECN
#define TCPLIFE_F_RST_SENT	TCPLIFE_FLAG_RST_SENT
#define TCPLIFE_F_RST_RECEIVED	TCPLIFE_FLAG_RST_RECEIVED
#define TCPLIFE_F_TIMEWAIT	TCPLIFE_FLAG_TIMEWAIT
#define TCPLIFE_F_PUBLIC	(BIT(12) - 1)	/* see tcplife_flags_told() */
/* and what was seen of the life so far. */
#define TCPLIFE_F_SYN_SENT	BIT(12)	/* tcp_connect() was reached */
#define TCPLIFE_F_ESTABLISHED	BIT(13)
#define TCPLIFE_F_QUEUED	BIT(14)	/* synq and accq hold depths */
#define TCPLIFE_F_ACK_IGNORED	BIT(15)
#define TCPLIFE_F_ACK_KNOWN	BIT(16)	/* ACK_IGNORED says something */
#define TCPLIFE_F_HANDSHAKE	BIT(17)	/* ISNs, MSS and options are set */
#define TCPLIFE_F_FIN_LOCAL	BIT(18)
#define TCPLIFE_F_FIN_REMOTE	BIT(19)
#define TCPLIFE_F_FIN_FIRST_R	BIT(20)	/* the peer's FIN came first */
#define TCPLIFE_F_FIN_CROSSED	BIT(21)	/* simultaneous close */
#define TCPLIFE_F_SNAPSHOT	BIT(22)	/* the data group is set */
#define TCPLIFE_F_HALF_KNOWN	BIT(23)	/* half_bytes is set */
#define TCPLIFE_F_TW_TRIED	BIT(24)	/* tcp_time_wait() was reached */
#define TCPLIFE_F_SYN_COUNTED	BIT(25)	/* tp->bytes_acked counts the SYN */
#define TCPLIFE_F_KERNEL_ERR	BIT(26)	/* err came from tcp_done_with_error() */
#define TCPLIFE_F_CLOSE_TOLD	BIT(27)	/* readers know that the full socket ended */
#define TCPLIFE_F_TELL(group)	BIT(28 + (group))	/* queued, to tell it */

struct tcplife_net;

/* What ended the full socket, as the hooks saw it; feeds reason.c. */
enum tcplife_cause {
	TCPLIFE_CAUSE_NONE,
	TCPLIFE_CAUSE_RESET,		/* tcp_reset() on a RST segment */
	TCPLIFE_CAUSE_LATE_DATA,	/* tcp_reset() on data after close */
	TCPLIFE_CAUSE_ICMP,
	TCPLIFE_CAUSE_RETRANSMIT,
	TCPLIFE_CAUSE_FIN_RETRANSMIT,
	TCPLIFE_CAUSE_PROBE,
	TCPLIFE_CAUSE_KEEPALIVE,
	TCPLIFE_CAUSE_USER_TIMEOUT,
	TCPLIFE_CAUSE_FIN_WAIT2,	/* orphan in FIN_WAIT2 timed out */
	TCPLIFE_CAUSE_ABORT,		/* tcp_abort(): ss -K */
	TCPLIFE_CAUSE_REPAIR,
	TCPLIFE_CAUSE_LINGER,
	TCPLIFE_CAUSE_DISCONNECT,	/* connect(AF_UNSPEC) */
	TCPLIFE_CAUSE_UNREAD,
	TCPLIFE_CAUSE_LINGER2,
	TCPLIFE_CAUSE_OOM,
	TCPLIFE_CAUSE_NETNS,
	TCPLIFE_CAUSE_TW_OVERFLOW,
	TCPLIFE_CAUSE_LISTENER,		/* its listener closed */
};

/**
 * struct tcplife_owner - a process, as it was when it acted
 * @cgroup: id of its cgroup v2
 * @pid: its tgid in the initial pid namespace; 0 when not known
 * @uid: its user
 * @vpid: its tgid in its own pid namespace; 0 if that is the initial one
 * @kthread: it was a kernel thread
 * @comm: its name
 *
 * Packed, lest every record has four bytes of nothing behind @comm.
 */
struct tcplife_owner {
	u64	cgroup;
	pid_t	pid;
	kuid_t	uid;
	u32	vpid : 31;
	u32	kthread : 1;
	char	comm[TASK_COMM_LEN];
} __packed __aligned(4);

/**
 * struct tcplife_closer - who closed
 * @pid: tgid; 0 when nobody closed
 * @vpid: its tgid in the pid namespace of the owner; 0 if it is not there
 * @kthread: a kernel thread, not the owner itself
 * @comm: its name
 */
struct tcplife_closer {
	pid_t	pid;
	u32	vpid : 31;
	u32	kthread : 1;
	char	comm[TASK_COMM_LEN];
};

/**
 * struct tcplife_record - the life of one endpoint
 * @node: in its bucket's chain
 * @waiting: in the queue to be told of, when it has ended
 * @sk: the socket, then the timewait socket; compared, never followed
 * @tn: then its namespace, for the queue; NULL if that is going, too
 * @kept: then its number in the history
 * @cookie: the socket's
 * @id: order of birth, which is the order of a chain
 * @listener: passive: cookie of the listener that it came out of; 0 if none
 * @replaced: active: that of the socket whose TIME_WAIT it ended; 0 if none
 * @gen: which life of the socket
 * @netns: inode number of the network namespace, for people
 * @net_cookie: its cookie: an inode number may be given to another one later
 * @laddr: local address, v4-mapped for IPv4
 * @raddr: remote address, likewise
 * @lport: local port
 * @rport: remote port
 * @role: enum tcplife_role
 * @state: TCP_*; of a timewait socket its substate
 * @last_state: the one before @state
 * @end: enum tcplife_end
 * @flags: TCPLIFE_F_*
 * @pid_ns: inode number of the owner's pid namespace, 0 for the initial one
 * @born: of the record
 * @since: first entry into each state
 * @entered: entry into @state
 * @syn: first SYN sent (active), first SYN-ACK sent (passive)
 * @queued: into the accept queue
 * @accepted: out of it by accept()
 * @ended: of the record
 * @isn_l: our initial sequence number
 * @isn_r: the peer's
 * @synq: passive: length of the SYN queue at the promotion, this one not counted
 * @replaced_gen: active: which life of @replaced
 * @accq: length of the accept queue, likewise
 * @mss: that the peer announced
 * @syn_data: bytes of data in the SYN that the server took
 * @wscale_l: our window scale, or TCPLIFE_NO_WSCALE
 * @wscale_r: the peer's
 * @win_l: window in our SYN or SYN-ACK
 * @win_r: window in the peer's SYN-ACK; a request does not keep that of a SYN
 * @syn_retr: SYNs sent again
 * @synack_retr: SYN-ACKs sent again
 * @cause: enum tcplife_cause
 * @rst_why: enum tcplife_rst
 * @fin_l: sequence number of our FIN
 * @fin_r: of the peer's
 * @fin_retr: FINs sent again
 * @fin_dup: FINs received again
 * @tw_restarts: of the timewait timer
 * @half_bytes: bytes in the half-close; until its end, where it began
 * @err: errno set on the socket; 0 if none
 * @tw_exit: enum tcplife_tw
 * @fin_unsent: our FIN was behind data that never went out
 * @fin_with_ack: the peer's FIN acknowledged ours, in one segment
 * @fin_gap: at FIN_WAIT2, segments waited for what was lost before them
 * @tw_short: its timewait socket was to last no longer than 4 s; before 6.11
 * @orphan: nobody had the socket any more at CLOSE: it is destroyed at once
 * @rst_active: it sent a RST of its own accord, which ends it
 * @segs_out: segments sent
 * @tx: payload bytes acknowledged by the peer
 * @rx: payload bytes received in order
 * @segs_in: segments received
 * @data_retr: segments with data sent again
 * @min_rtt_us: ~0 if none was measured
 * @srtt_us: 0 if none was measured
 * @rto_us: the retransmission time-out
 * @sndbuf: size of the send buffer
 * @rcvbuf: size of the receive buffer
 * @keepalives: keepalive probes sent
 * @probes: zero-window probes sent
 * @owner: who called connect() or accept()
 * @closer: who closed
 *
 * Times are CLOCK_MONOTONIC nanoseconds, 0 when it did not happen. While the
 * record is in the table its bucket's lock protects every field; before and
 * after that it belongs to one owner.
 */
struct tcplife_record {
	union {
		struct hlist_bl_node	node;
		struct llist_node	waiting;
	};
	union {
		const void		*sk;
		struct tcplife_net	*tn;
		u64			kept;
	};
	u64			cookie;
	u64			id;
	union {
		u64		listener;
		u64		replaced;
	};
	u32			gen;
	u32			netns;
	u64			net_cookie;
	struct in6_addr		laddr;
	struct in6_addr		raddr;
	__be16			lport;
	__be16			rport;
	u8			role;
	u8			state;
	u8			last_state;
	u8			end;
	u32			flags;
	u32			pid_ns;

	u64			born;
	u64			since[TCPLIFE_STATES];
	u64			entered;
	u64			syn;
	u64			queued;
	u64			accepted;
	u64			ended;

	u32			isn_l;
	u32			isn_r;
	union {
		u32		synq;
		u32		replaced_gen;
	};
	u32			accq;
	u16			mss;
	u8			wscale_l;
	u8			wscale_r;
	u16			win_l;
	u16			win_r;
	u8			syn_retr;
	u8			synack_retr;

	u8			cause;
	u8			rst_why;
	u32			fin_l;
	u32			fin_r;
	u16			fin_retr;
	u16			syn_data;
	u32			fin_dup;
	u32			tw_restarts;
	u64			half_bytes;
	u16			err;
	u8			tw_exit;
	bool			fin_unsent : 1;
	bool			fin_with_ack : 1;
	bool			fin_gap : 1;
	bool			tw_short : 1;
	bool			orphan : 1;
	bool			rst_active : 1;

	u32			segs_out;
	u64			tx;
	u64			rx;
	u32			segs_in;
	u32			data_retr;
	u32			min_rtt_us;
	u32			srtt_us;
	u32			rto_us;
	u32			sndbuf;
	u32			rcvbuf;
	u32			keepalives;
	u32			probes;

	struct tcplife_owner	owner;
	struct tcplife_closer	closer;
};

/**
 * tcplife_half_close - how long only one side had closed
 * @rec: the record
 *
 * Return: nanoseconds between the two FINs, -1 if one is missing.
 */
static inline s64 tcplife_half_close(const struct tcplife_record *rec)
{
	const u64 *since = rec->since;
	u64 local = since[TCP_FIN_WAIT1 - 1] ?: since[TCP_LAST_ACK - 1];
	u64 remote = since[TCP_CLOSE_WAIT - 1] ?: since[TCP_CLOSING - 1] ?:
		     since[TCP_TIME_WAIT - 1];

	if (!local || !remote)
		return -1;
	return local > remote ? local - remote : remote - local;
}

/* What readers are told: the word of flags has no bit left. */
static inline u32 tcplife_flags_told(const struct tcplife_record *rec)
{
	return (rec->flags & TCPLIFE_F_PUBLIC) |
	       (rec->fin_with_ack ? TCPLIFE_FLAG_FIN_WITH_ACK : 0);
}

/* We saw the SYN go out: syn_retr counts, and isn_l is its number. */
static inline bool tcplife_sent_syn(const struct tcplife_record *rec)
{
	return (rec->flags & (TCPLIFE_F_SYN_SENT | TCPLIFE_F_IMPORTED)) ==
	       TCPLIFE_F_SYN_SENT;
}

/* synack_retr counts: a syncookie is sent by nobody in particular. */
static inline bool tcplife_sent_synack(const struct tcplife_record *rec)
{
	return rec->flags & (TCPLIFE_F_QUEUED | TCPLIFE_F_SIMOPEN) &&
	       !(rec->flags & TCPLIFE_F_SYNCOOKIE);
}

/* win_l is that of our SYN or SYN-ACK: the window of a syncookie's SYN-ACK is
 * forgotten, and the ACK chooses another.
 */
static inline bool tcplife_has_window(const struct tcplife_record *rec)
{
	return (rec->flags & (TCPLIFE_F_HANDSHAKE | TCPLIFE_F_SYNCOOKIE)) ==
	       TCPLIFE_F_HANDSHAKE;
}

/* A SYN-ACK may answer a SYN of the life before: where this one has put off its
 * own, for data of TCP Fast Open, the kernel takes it.
 */
static inline bool tcplife_has_isn_local(const struct tcplife_record *rec)
{
	return rec->role == TCPLIFE_ROLE_ACTIVE ?
	       tcplife_sent_syn(rec) : rec->flags & TCPLIFE_F_HANDSHAKE;
}

/* syn_data is set: both sides know what became of the data in the SYN, and we
 * know which SYN that was.
 */
static inline bool tcplife_has_syn_data(const struct tcplife_record *rec)
{
	const u32 both = TCPLIFE_F_DATA_IN_SYN | TCPLIFE_F_HANDSHAKE;

	return (rec->flags & (both | TCPLIFE_F_SIMOPEN)) == both &&
	       tcplife_has_isn_local(rec);
}

static inline bool tcplife_has_replaced(const struct tcplife_record *rec)
{
	return rec->role == TCPLIFE_ROLE_ACTIVE && rec->replaced;
}

/* fin_l is a number that was used. */
static inline bool tcplife_has_fin_local(const struct tcplife_record *rec)
{
	return rec->flags & TCPLIFE_F_FIN_LOCAL && !rec->fin_unsent;
}

/* fin_retr counts. */
static inline bool tcplife_sent_fin(const struct tcplife_record *rec)
{
	return (rec->since[TCP_FIN_WAIT1 - 1] ||
		rec->since[TCP_LAST_ACK - 1]) && !rec->fin_unsent;
}

/* Who closed first; 0 if nobody has. */
static inline unsigned int tcplife_first_fin(const struct tcplife_record *rec)
{
	if (rec->flags & TCPLIFE_F_FIN_CROSSED)
		return TCPLIFE_FIRST_FIN_BOTH;
	if (rec->flags & TCPLIFE_F_FIN_FIRST_R)
		return TCPLIFE_FIRST_FIN_REMOTE;
	return rec->flags & (TCPLIFE_F_FIN_LOCAL | TCPLIFE_F_FIN_REMOTE) ?
	       TCPLIFE_FIRST_FIN_LOCAL : 0;
}

#endif /* _TCPLIFE_RECORD_H */
