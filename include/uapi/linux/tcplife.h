/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause */
/*
 * tcplife: the life of a TCP connection, as the kernel module reports it.
 *
 * The numbers below are ABI: new values go to the end, none changes.
 */
#ifndef _UAPI_LINUX_TCPLIFE_H
#define _UAPI_LINUX_TCPLIFE_H

/**
 * enum tcplife_role - which side of the connection an endpoint is
 * @TCPLIFE_ROLE_ACTIVE: it called connect()
 * @TCPLIFE_ROLE_PASSIVE: it came out of a listener
 * @TCPLIFE_ROLE_PREEXISTING: it was open when the module was loaded
 */
enum tcplife_role {
	TCPLIFE_ROLE_ACTIVE,
	TCPLIFE_ROLE_PASSIVE,
	TCPLIFE_ROLE_PREEXISTING,
};

/**
 * enum tcplife_end - why a connection, or a half-open request, ended
 *
 * TCPLIFE_END_NONE is a record that has not ended. The reasons that name a
 * half-open request (syn-ack-timeout, embryonic-reset, accept-overflow) appear
 * in counters only: such a request has no record.
 */
enum tcplife_end {
	TCPLIFE_END_NONE,
	TCPLIFE_END_FIN,
	TCPLIFE_END_REFUSED,
	TCPLIFE_END_CONNECT_TIMEOUT,
	TCPLIFE_END_UNREACHABLE,
	TCPLIFE_END_NO_LOCAL_PORT,
	TCPLIFE_END_SYN_ACK_TIMEOUT,
	TCPLIFE_END_EMBRYONIC_RESET,
	TCPLIFE_END_LISTENER_CLOSED,
	TCPLIFE_END_ACCEPT_OVERFLOW,
	TCPLIFE_END_CLOSED_IN_HANDSHAKE,
	TCPLIFE_END_DISCONNECTED,
	TCPLIFE_END_RESET_RECEIVED,
	TCPLIFE_END_RESET_SENT,
	TCPLIFE_END_RETRANSMIT_TIMEOUT,
	TCPLIFE_END_PROBE_TIMEOUT,
	TCPLIFE_END_FIN_TIMEOUT,
	TCPLIFE_END_FIN_WAIT2_TIMEOUT,
	TCPLIFE_END_KEEPALIVE_TIMEOUT,
	TCPLIFE_END_USER_TIMEOUT,
	TCPLIFE_END_ABORTED,
	TCPLIFE_END_OUT_OF_MEMORY,
	TCPLIFE_END_NETNS_GONE,
	TCPLIFE_END_REPAIR_CLOSED,
	TCPLIFE_END_UNKNOWN,

	/* private: */
	__TCPLIFE_END_MAX,
};

/**
 * enum tcplife_tw_exit - how a timewait socket ended
 */
enum tcplife_tw_exit {
	TCPLIFE_TW_NONE,
	TCPLIFE_TW_EXPIRED,
	TCPLIFE_TW_REUSED,
	TCPLIFE_TW_RECYCLED,
	TCPLIFE_TW_RST_RECEIVED,
	TCPLIFE_TW_RST_SENT,
	TCPLIFE_TW_KILLED,
	TCPLIFE_TW_NETNS_GONE,
	TCPLIFE_TW_OVERFLOW,

	/* private: */
	__TCPLIFE_TW_MAX,
};

/**
 * enum tcplife_rst_why - why this endpoint sent a RST
 */
enum tcplife_rst_why {
	TCPLIFE_RST_NONE,
	TCPLIFE_RST_LINGER,
	TCPLIFE_RST_UNREAD,
	TCPLIFE_RST_DATA_AFTER_CLOSE,
	TCPLIFE_RST_DISCONNECT,
	TCPLIFE_RST_LISTENER,
	TCPLIFE_RST_KEEPALIVE,
	TCPLIFE_RST_OOM,
	TCPLIFE_RST_ABORT,
	TCPLIFE_RST_OTHER,

	/* private: */
	__TCPLIFE_RST_MAX,
};

#endif /* _UAPI_LINUX_TCPLIFE_H */
