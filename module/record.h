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
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <net/tcp_states.h>
#include <uapi/linux/tcplife.h>

/* Index of tcplife_record.since: the TCP_* states up to TCP_CLOSING. */
#define TCPLIFE_STATES		12

/* A window scale that was not negotiated. */
#define TCPLIFE_NO_WSCALE	0xff

/* tcplife_record.flags: what was seen of the life so far. */
#define TCPLIFE_F_SYN_SENT	BIT(0)	/* tcp_connect() was reached */
#define TCPLIFE_F_ESTABLISHED	BIT(1)
#define TCPLIFE_F_SYNCOOKIE	BIT(3)
#define TCPLIFE_F_TFO		BIT(4)
#define TCPLIFE_F_DATA_IN_SYN	BIT(5)
#define TCPLIFE_F_DATA_IN_ACK	BIT(6)
#define TCPLIFE_F_SIMOPEN	BIT(7)
#define TCPLIFE_F_IMPORTED	BIT(8)	/* open when the module was loaded */
#define TCPLIFE_F_QUEUED	BIT(9)	/* synq and accq hold depths */
#define TCPLIFE_F_ACK_IGNORED	BIT(10)
#define TCPLIFE_F_ACK_KNOWN	BIT(11)	/* ACK_IGNORED says something */
#define TCPLIFE_F_HANDSHAKE	BIT(12)	/* ISNs, MSS and options are set */
#define TCPLIFE_F_OPT_SACK	BIT(13)
#define TCPLIFE_F_OPT_TS	BIT(14)
#define TCPLIFE_F_OPT_ECN	BIT(15)
#define TCPLIFE_F_FIN_LOCAL	BIT(16)
#define TCPLIFE_F_FIN_REMOTE	BIT(17)
#define TCPLIFE_F_FIN_FIRST_R	BIT(18)	/* the peer's FIN came first */
#define TCPLIFE_F_FIN_CROSSED	BIT(19)	/* simultaneous close */
#define TCPLIFE_F_RST_SENT	BIT(20)
#define TCPLIFE_F_RST_RECEIVED	BIT(21)
#define TCPLIFE_F_TIMEWAIT	BIT(22)	/* lives in a timewait socket */
#define TCPLIFE_F_SNAPSHOT	BIT(23)	/* the data group is set */
#define TCPLIFE_F_HALF_KNOWN	BIT(25)	/* half_bytes is set */
#define TCPLIFE_F_TW_TRIED	BIT(26)	/* tcp_time_wait() was reached */
#define TCPLIFE_F_SYN_COUNTED	BIT(27)	/* tp->bytes_acked counts the SYN */
#define TCPLIFE_F_KERNEL_ERR	BIT(28)	/* err came from tcp_done_with_error() */

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
 * @pid: its tgid in the initial pid namespace; 0 when not known
 * @kthread: it was a kernel thread
 * @uid: its user
 * @cgroup: id of its cgroup v2
 * @comm: its name
 */
struct tcplife_owner {
	pid_t	pid;
	bool	kthread;
	kuid_t	uid;
	u64	cgroup;
	char	comm[TASK_COMM_LEN];
};

/**
 * struct tcplife_closer - who closed
 * @pid: tgid; 0 when nobody closed
 * @kthread: a kernel thread, not the owner itself
 * @comm: its name
 */
struct tcplife_closer {
	pid_t	pid;
	bool	kthread;
	char	comm[TASK_COMM_LEN];
};

/**
 * struct tcplife_record - the life of one endpoint
 * @node: in its bucket's chain
 * @sk: the socket, then the timewait socket; compared, never followed
 * @cookie: the socket's
 * @id: order of birth, which is the order of a chain
 * @listener: cookie of the listener that it came out of; 0 if none
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
 * @born: of the record
 * @since: first entry into each state
 * @entered: entry into @state
 * @syn: first SYN sent (active), first SYN-ACK sent (passive)
 * @queued: into the accept queue
 * @accepted: out of it by accept()
 * @ended: of the record
 * @isn_l: our initial sequence number
 * @isn_r: the peer's
 * @synq: length of the SYN queue at the promotion, this one not counted
 * @accq: length of the accept queue, likewise
 * @mss: that the peer announced
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
 * @half_bytes: bytes in the half-close; until its end, where it began
 * @err: errno set on the socket; 0 if none
 * @tw_exit: enum tcplife_tw
 * @tw_restarts: of the timewait timer
 * @tx: payload bytes acknowledged by the peer
 * @rx: payload bytes received in order
 * @segs_out: segments sent
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
	struct hlist_bl_node	node;
	const void		*sk;
	u64			cookie;
	u64			id;
	u64			listener;
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

	u64			born;
	u64			since[TCPLIFE_STATES];
	u64			entered;
	u64			syn;
	u64			queued;
	u64			accepted;
	u64			ended;

	u32			isn_l;
	u32			isn_r;
	u32			synq;
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
	u32			fin_retr;
	u32			fin_dup;
	u64			half_bytes;
	u16			err;
	u8			tw_exit;
	u32			tw_restarts;

	u64			tx;
	u64			rx;
	u32			segs_out;
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

#endif /* _TCPLIFE_RECORD_H */
