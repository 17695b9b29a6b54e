/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every column of a record: enumerator, heading, and what it prints.
 */
#ifndef _TCPLIFE_COLUMNS_H
#define _TCPLIFE_COLUMNS_H

#include <linux/seq_file.h>

#include "record.h"

#define TCPLIFE_COLUMNS(X)			\
	X(COOKIE, cookie)			\
	X(NETNS, netns)				\
	X(LADDR, laddr)				\
	X(LPORT, lport)				\
	X(RADDR, raddr)				\
	X(RPORT, rport)				\
	X(ROLE, role)				\
	X(STATE, state)				\
	X(STATE_MS, state_ms)			\
	X(AGE_MS, age_ms)			\
	X(PID, pid)				\
	X(COMM, comm)				\
	X(UID, uid)				\
	X(CGROUP, cgroup)			\
	X(CLOSER, closer)			\
	X(CLOSER_COMM, closer_comm)		\
	X(HS_MS, hs_ms)				\
	X(ACCEPT_MS, accept_ms)			\
	X(SYN_RETR, syn_retr)			\
	X(SYNACK_RETR, synack_retr)		\
	X(ACK_IGN, ack_ign)			\
	X(SYNQ, synq)				\
	X(ACCQ, accq)				\
	X(ISN_L, isn_l)				\
	X(ISN_R, isn_r)				\
	X(MSS, mss)				\
	X(WSCALE, wscale)			\
	X(OPTS, opts)				\
	X(WIN_L, win_l)				\
	X(WIN_R, win_r)				\
	X(FLAGS, flags)				\
	X(SYN_SENT_MS, syn_sent_ms)		\
	X(SYN_RECV_MS, syn_recv_ms)		\
	X(ESTABLISHED_MS, established_ms)	\
	X(FIN_WAIT1_MS, fin_wait1_ms)		\
	X(FIN_WAIT2_MS, fin_wait2_ms)		\
	X(CLOSING_MS, closing_ms)		\
	X(TIME_WAIT_MS, time_wait_ms)		\
	X(CLOSE_WAIT_MS, close_wait_ms)		\
	X(LAST_ACK_MS, last_ack_ms)		\
	X(FIRST_FIN, first_fin)			\
	X(FIN_L, fin_l)				\
	X(FIN_R, fin_r)				\
	X(FIN_RETR, fin_retr)			\
	X(FIN_DUP, fin_dup)			\
	X(HALF_MS, half_ms)			\
	X(HALF_BYTES, half_bytes)		\
	X(RST, rst)				\
	X(RST_WHY, rst_why)			\
	X(TW_RESTARTS, tw_restarts)		\
	X(TW_EXIT, tw_exit)			\
	X(TX, tx)				\
	X(RX, rx)				\
	X(SEGS_OUT, segs_out)			\
	X(SEGS_IN, segs_in)			\
	X(DATA_RETR, data_retr)			\
	X(MINRTT_US, minrtt_us)			\
	X(SRTT_US, srtt_us)			\
	X(RTO_MS, rto_ms)			\
	X(SNDBUF, sndbuf)			\
	X(RCVBUF, rcvbuf)			\
	X(KEEPALIVES, keepalives)		\
	X(PROBES, probes)			\
	X(END, end)				\
	X(ERRNO, errno)				\
	X(END_TIME, end_time)			\
	X(REPLACED, replaced)			\
	X(SYN_DATA, syn_data)

enum tcplife_column_id {
	/* A list of columns ends with this. */
	TCPLIFE_COL_END_OF_LIST,
#define X(sym, fn) TCPLIFE_COL_##sym,
	TCPLIFE_COLUMNS(X)
#undef X
	TCPLIFE_NR_COLUMNS,
};

/* What a printer gets: the record and the moment of the print. */
struct column_ctx {
	struct seq_file			*m;
	const struct tcplife_record	*rec;
	u64				now;
};

struct tcplife_column {
	const char	*name;
	void		(*show)(const struct column_ctx *c);
};

extern const struct tcplife_column tcplife_columns[TCPLIFE_NR_COLUMNS];

#endif /* _TCPLIFE_COLUMNS_H */
