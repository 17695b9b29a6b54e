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
 * @TCPLIFE_END_NONE: it has not
 * @TCPLIFE_END_FIN: both sides closed
 * @TCPLIFE_END_REFUSED: a RST answered the SYN
 * @TCPLIFE_END_CONNECT_TIMEOUT: nothing answered the SYN
 * @TCPLIFE_END_UNREACHABLE: no route, or ICMP said so
 * @TCPLIFE_END_NO_LOCAL_PORT: no ephemeral port was left
 * @TCPLIFE_END_SYN_ACK_TIMEOUT: the final ACK never came
 * @TCPLIFE_END_EMBRYONIC_RESET: a RST came for a half-open request
 * @TCPLIFE_END_LISTENER_CLOSED: before accept()
 * @TCPLIFE_END_ACCEPT_OVERFLOW: the accept queue stayed full
 * @TCPLIFE_END_CLOSED_IN_HANDSHAKE: by its own application
 * @TCPLIFE_END_DISCONNECTED: by connect(AF_UNSPEC)
 * @TCPLIFE_END_RESET_RECEIVED: a RST came
 * @TCPLIFE_END_RESET_SENT: see enum tcplife_rst_why
 * @TCPLIFE_END_RETRANSMIT_TIMEOUT: data was not acknowledged
 * @TCPLIFE_END_PROBE_TIMEOUT: a zero window never opened
 * @TCPLIFE_END_FIN_TIMEOUT: our FIN was not acknowledged
 * @TCPLIFE_END_FIN_WAIT2_TIMEOUT: the peer's FIN never came
 * @TCPLIFE_END_KEEPALIVE_TIMEOUT: keepalive probes were not answered
 * @TCPLIFE_END_USER_TIMEOUT: TCP_USER_TIMEOUT ran out
 * @TCPLIFE_END_ABORTED: by the administrator: ss -K
 * @TCPLIFE_END_OUT_OF_MEMORY: or too many orphans or timewait sockets
 * @TCPLIFE_END_NETNS_GONE: its network namespace was removed
 * @TCPLIFE_END_REPAIR_CLOSED: closed in TCP_REPAIR mode, in silence
 * @TCPLIFE_END_UNKNOWN: a bug, to be reported
 *
 * A half-open request has no record: what ends it is only counted.
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
 * @TCPLIFE_TW_NONE: there was none, or it lives
 * @TCPLIFE_TW_EXPIRED: its timer ran out
 * @TCPLIFE_TW_REUSED: connect() took its port
 * @TCPLIFE_TW_RECYCLED: a SYN began a new connection
 * @TCPLIFE_TW_RST_RECEIVED: a RST came
 * @TCPLIFE_TW_RST_SENT: data or a SYN came after close()
 * @TCPLIFE_TW_KILLED: ss -K
 * @TCPLIFE_TW_NETNS_GONE: its network namespace was removed
 * @TCPLIFE_TW_OVERFLOW: it was never made: tcp_max_tw_buckets, or no memory
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
 * @TCPLIFE_RST_NONE: it did not
 * @TCPLIFE_RST_LINGER: close() with SO_LINGER 0, or TCP_LINGER2 below 0
 * @TCPLIFE_RST_UNREAD: close() with data not read
 * @TCPLIFE_RST_DATA_AFTER_CLOSE: the peer sent to a socket that was closed
 * @TCPLIFE_RST_DISCONNECT: connect(AF_UNSPEC)
 * @TCPLIFE_RST_LISTENER: its listener closed before accept()
 * @TCPLIFE_RST_KEEPALIVE: the last act of a keepalive time-out
 * @TCPLIFE_RST_OOM: memory or orphans exceeded
 * @TCPLIFE_RST_ABORT: ss -K
 * @TCPLIFE_RST_OTHER: none of these
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
