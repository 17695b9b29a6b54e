// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reason: the one place that says why a connection ended.
 *
 * It looks at facts that the hooks stored, never at bytes, times or guesses.
 */
#include <linux/errno.h>
#include <net/tcp_states.h>

#include "conn.h"

/* The kernel's socket gave way to a timewait socket, and that one ended. */
static enum tcplife_end reason_timewait(const struct tcplife_record *rec)
{
	if (rec->tw_exit == TCPLIFE_TW_NETNS_GONE)
		return TCPLIFE_END_NETNS_GONE;
	/* In TIME_WAIT both FINs are through, whatever ends the waiting. */
	if (rec->state == TCP_TIME_WAIT)
		return TCPLIFE_END_FIN;

	switch (rec->tw_exit) {
	case TCPLIFE_TW_EXPIRED:
		return TCPLIFE_END_FIN_WAIT2_TIMEOUT;
	case TCPLIFE_TW_RST_RECEIVED:
		return TCPLIFE_END_RESET_RECEIVED;
	case TCPLIFE_TW_RST_SENT:
		return TCPLIFE_END_RESET_SENT;
	case TCPLIFE_TW_KILLED:
		return TCPLIFE_END_ABORTED;
	case TCPLIFE_TW_REUSED:
		/* bind() to the port and connect() take a FIN_WAIT2, too:
		 * it was given up before its time, as the exit says.
		 */
		return TCPLIFE_END_FIN_WAIT2_TIMEOUT;
	default:
		return TCPLIFE_END_UNKNOWN;
	}
}

/* connect() failed before a SYN was sent: tcp_v4_connect(), its "failure". */
static enum tcplife_end reason_no_syn(const struct tcplife_record *rec)
{
	switch (rec->err) {
	case 0:
		return TCPLIFE_END_CLOSED_IN_HANDSHAKE;
	case EADDRNOTAVAIL:
		return TCPLIFE_END_NO_LOCAL_PORT;
	case ENOMEM:
	case ENOBUFS:
		return TCPLIFE_END_OUT_OF_MEMORY;
	default:
		return TCPLIFE_END_UNREACHABLE;
	}
}

/* tcp_reset() on a RST: what it means depends on how far the handshake was. */
static enum tcplife_end reason_reset(const struct tcplife_record *rec)
{
	if (rec->last_state == TCP_SYN_SENT)
		return TCPLIFE_END_REFUSED;
	if (rec->last_state == TCP_SYN_RECV &&
	    rec->role == TCPLIFE_ROLE_PASSIVE)
		return TCPLIFE_END_EMBRYONIC_RESET;
	return TCPLIFE_END_RESET_RECEIVED;
}

static enum tcplife_end reason_retransmit(const struct tcplife_record *rec)
{
	if (rec->last_state == TCP_SYN_SENT)
		return TCPLIFE_END_CONNECT_TIMEOUT;
	if (rec->last_state == TCP_SYN_RECV)
		return rec->role == TCPLIFE_ROLE_ACTIVE ?
		       TCPLIFE_END_CONNECT_TIMEOUT :
		       TCPLIFE_END_SYN_ACK_TIMEOUT;
	return TCPLIFE_END_RETRANSMIT_TIMEOUT;
}

/* Nothing unusual was noted: the two FINs, or an early end by the owner. */
static enum tcplife_end reason_plain(const struct tcplife_record *rec)
{
	const u32 both = TCPLIFE_F_FIN_LOCAL | TCPLIFE_F_FIN_REMOTE;

	if ((rec->flags & both) == both)
		return TCPLIFE_END_FIN;
	if (rec->role == TCPLIFE_ROLE_ACTIVE &&
	    !(rec->flags & TCPLIFE_F_SYN_SENT))
		return reason_no_syn(rec);
	if (rec->last_state == TCP_SYN_SENT)
		return TCPLIFE_END_CLOSED_IN_HANDSHAKE;
	/* An MPTCP subflow is reset without more ado: mptcp_subflow_reset() */
	return rec->flags & TCPLIFE_F_RST_SENT ? TCPLIFE_END_RESET_SENT :
						 TCPLIFE_END_UNKNOWN;
}

/**
 * tcplife_reason - why a connection ended
 * @rec: complete, its socket or timewait socket gone
 *
 * How the close ones are told apart: where the cause is set, in teardown.c and
 * timewait.c. Context: any. Return: the reason, END_UNKNOWN if the facts do not
 * show one, which is a bug to count.
 */
enum tcplife_end tcplife_reason(const struct tcplife_record *rec)
{
	if (rec->flags & TCPLIFE_F_TIMEWAIT)
		return reason_timewait(rec);

	switch (rec->cause) {
	case TCPLIFE_CAUSE_NONE:
		return reason_plain(rec);
	case TCPLIFE_CAUSE_TW_OVERFLOW:
		/* An orphan in FIN_WAIT2 is dropped: a limit was met. */
		return rec->flags & TCPLIFE_F_FIN_REMOTE ?
		       TCPLIFE_END_FIN : TCPLIFE_END_OUT_OF_MEMORY;
	case TCPLIFE_CAUSE_RESET:
		return reason_reset(rec);
	case TCPLIFE_CAUSE_ICMP:
		return TCPLIFE_END_UNREACHABLE;
	case TCPLIFE_CAUSE_RETRANSMIT:
		return reason_retransmit(rec);
	case TCPLIFE_CAUSE_FIN_RETRANSMIT:
		return TCPLIFE_END_FIN_TIMEOUT;
	case TCPLIFE_CAUSE_PROBE:
		return TCPLIFE_END_PROBE_TIMEOUT;
	case TCPLIFE_CAUSE_KEEPALIVE:
		return TCPLIFE_END_KEEPALIVE_TIMEOUT;
	case TCPLIFE_CAUSE_USER_TIMEOUT:
		return TCPLIFE_END_USER_TIMEOUT;
	case TCPLIFE_CAUSE_FIN_WAIT2:
		return TCPLIFE_END_FIN_WAIT2_TIMEOUT;
	case TCPLIFE_CAUSE_ABORT:
		return TCPLIFE_END_ABORTED;
	case TCPLIFE_CAUSE_REPAIR:
		return TCPLIFE_END_REPAIR_CLOSED;
	case TCPLIFE_CAUSE_LISTENER:
		return TCPLIFE_END_LISTENER_CLOSED;
	case TCPLIFE_CAUSE_DISCONNECT:
		/* shutdown() in SYN_SENT disconnects: inet_shutdown(). */
		return rec->last_state == TCP_SYN_SENT ?
		       TCPLIFE_END_CLOSED_IN_HANDSHAKE :
		       TCPLIFE_END_DISCONNECTED;
	case TCPLIFE_CAUSE_LATE_DATA:
	case TCPLIFE_CAUSE_LINGER:
	case TCPLIFE_CAUSE_UNREAD:
	case TCPLIFE_CAUSE_LINGER2:
		/* In SYN_SENT or LAST_ACK there is nothing to reset; a RST for
		 * another reason may have gone out before.
		 */
		return rec->flags & TCPLIFE_F_RST_SENT &&
		       rec->rst_why != TCPLIFE_RST_OTHER ?
		       TCPLIFE_END_RESET_SENT : reason_plain(rec);
	case TCPLIFE_CAUSE_OOM:
		return TCPLIFE_END_OUT_OF_MEMORY;
	case TCPLIFE_CAUSE_NETNS:
		return TCPLIFE_END_NETNS_GONE;
	}
	return TCPLIFE_END_UNKNOWN;
}
