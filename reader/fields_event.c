// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields of events that are no records, and of the head of a message.
 */
#include "fields.h"

#define OFF(member)	offsetof(struct transition, member)

static const struct field transition_rows[] = {
	[TCPLIFE_A_TRANSITION_COOKIE] = {
		"cookie", OFF(cookie), FIELD_U64, SHOW_COOKIE, "",
		"the socket's, as ss -e shows it",
	},
	[TCPLIFE_A_TRANSITION_GENERATION] = {
		"generation", OFF(generation), FIELD_U32, SHOW_NUMBER, "",
		"which life of the socket, from 0",
	},
	[TCPLIFE_A_TRANSITION_NETNS] = {
		"netns", OFF(netns), FIELD_U32, SHOW_NUMBER, "",
		"inode number of its network namespace",
	},
	[TCPLIFE_A_TRANSITION_NET_COOKIE] = {
		"net_cookie", OFF(net_cookie), FIELD_U64, SHOW_NUMBER, "",
		"cookie of its network namespace, never given twice",
	},
	[TCPLIFE_A_TRANSITION_LOCAL_IPV4] = {
		"laddr", OFF(local_ipv4), FIELD_U32, SHOW_IPV4, "",
		"local address; a v4-mapped one as IPv4",
	},
	[TCPLIFE_A_TRANSITION_LOCAL_IPV6] = {
		"laddr", OFF(local_ipv6), FIELD_IPV6, SHOW_IPV6, "",
		"local address",
	},
	[TCPLIFE_A_TRANSITION_REMOTE_IPV4] = {
		"raddr", OFF(remote_ipv4), FIELD_U32, SHOW_IPV4, "",
		"remote address; a v4-mapped one as IPv4",
	},
	[TCPLIFE_A_TRANSITION_REMOTE_IPV6] = {
		"raddr", OFF(remote_ipv6), FIELD_IPV6, SHOW_IPV6, "",
		"remote address",
	},
	[TCPLIFE_A_TRANSITION_LOCAL_PORT] = {
		"lport", OFF(local_port), FIELD_PORT, SHOW_NUMBER, "",
		"local port",
	},
	[TCPLIFE_A_TRANSITION_REMOTE_PORT] = {
		"rport", OFF(remote_port), FIELD_PORT, SHOW_NUMBER, "",
		"remote port",
	},
	[TCPLIFE_A_TRANSITION_ROLE] = {
		"role", OFF(role), FIELD_U32, SHOW_ROLE, "",
		"which side it is",
	},
	[TCPLIFE_A_TRANSITION_OLD_STATE] = {
		"old_state", OFF(old_state), FIELD_U32, SHOW_STATE, "",
		"the state that it left",
	},
	[TCPLIFE_A_TRANSITION_NEW_STATE] = {
		"new_state", OFF(new_state), FIELD_U32, SHOW_STATE, "",
		"the state that it entered",
	},
	[TCPLIFE_A_TRANSITION_TIMEWAIT] = {
		"timewait", OFF(timewait), FIELD_FLAG, SHOW_TRUE, "",
		"it is a timewait socket by now",
	},
	[TCPLIFE_A_TRANSITION_TIME] = {
		"time", OFF(time), FIELD_U64, SHOW_TIME, "s",
		"when",
	},
	[TCPLIFE_A_TRANSITION_DURATION] = {
		"duration", OFF(duration), FIELD_U64, SHOW_NS, "ms",
		"time in the old state; absent for the first",
	},
	[TCPLIFE_A_TRANSITION_PID] = {
		"pid", OFF(pid), FIELD_U32, SHOW_NUMBER, "",
		"owner of the connection, if known by then",
	},
	[TCPLIFE_A_TRANSITION_PID_NS] = {
		"pid_ns", OFF(pid_ns), FIELD_U32, SHOW_NUMBER, "",
		"inode number of the pid namespace that the pid is of; absent: the initial one",
	},
	[TCPLIFE_A_TRANSITION_KTHREAD] = {
		"kthread", OFF(kthread), FIELD_FLAG, SHOW_TRUE, "",
		"that process is a kernel thread",
	},
	[TCPLIFE_A_TRANSITION_COMM] = {
		"comm", OFF(comm), FIELD_COMM, SHOW_STRING, "",
		"name of that process",
	},
};

const struct field_set transition_fields = {
	"transition", transition_rows, sizeof(transition_rows) / sizeof(*transition_rows),
	sizeof(struct transition),
};

#undef OFF

#define OFF(member)	offsetof(struct request, member)

static const struct field request_rows[] = {
	[TCPLIFE_A_REQUEST_LISTENER] = {
		"listener", OFF(listener), FIELD_U64, SHOW_COOKIE, "",
		"cookie of its listener",
	},
	[TCPLIFE_A_REQUEST_NETNS] = {
		"netns", OFF(netns), FIELD_U32, SHOW_NUMBER, "",
		"inode number of its network namespace",
	},
	[TCPLIFE_A_REQUEST_NET_COOKIE] = {
		"net_cookie", OFF(net_cookie), FIELD_U64, SHOW_NUMBER, "",
		"cookie of its network namespace",
	},
	[TCPLIFE_A_REQUEST_LOCAL_IPV4] = {
		"laddr", OFF(local_ipv4), FIELD_U32, SHOW_IPV4, "",
		"local address; a v4-mapped one as IPv4",
	},
	[TCPLIFE_A_REQUEST_LOCAL_IPV6] = {
		"laddr", OFF(local_ipv6), FIELD_IPV6, SHOW_IPV6, "",
		"local address",
	},
	[TCPLIFE_A_REQUEST_REMOTE_IPV4] = {
		"raddr", OFF(remote_ipv4), FIELD_U32, SHOW_IPV4, "",
		"remote address; a v4-mapped one as IPv4",
	},
	[TCPLIFE_A_REQUEST_REMOTE_IPV6] = {
		"raddr", OFF(remote_ipv6), FIELD_IPV6, SHOW_IPV6, "",
		"remote address",
	},
	[TCPLIFE_A_REQUEST_LOCAL_PORT] = {
		"lport", OFF(local_port), FIELD_PORT, SHOW_NUMBER, "",
		"local port",
	},
	[TCPLIFE_A_REQUEST_REMOTE_PORT] = {
		"rport", OFF(remote_port), FIELD_PORT, SHOW_NUMBER, "",
		"remote port",
	},
	[TCPLIFE_A_REQUEST_END] = {
		"end", OFF(end), FIELD_U32, SHOW_END, "",
		"why it died",
	},
	[TCPLIFE_A_REQUEST_TIME] = {
		"time", OFF(time), FIELD_U64, SHOW_TIME, "s",
		"when",
	},
	[TCPLIFE_A_REQUEST_AGE] = {
		"age", OFF(age), FIELD_U64, SHOW_NS, "ms",
		"since its SYN-ACK first went out",
	},
	[TCPLIFE_A_REQUEST_SYNACK_RETRANSMITS] = {
		"synack_retransmits", OFF(synack_retransmits), FIELD_U32, SHOW_NUMBER, "",
		"SYN-ACKs sent again",
	},
	[TCPLIFE_A_REQUEST_ISN_LOCAL] = {
		"isn_local", OFF(isn_local), FIELD_U32, SHOW_NUMBER, "",
		"our initial sequence number",
	},
	[TCPLIFE_A_REQUEST_ISN_REMOTE] = {
		"isn_remote", OFF(isn_remote), FIELD_U32, SHOW_NUMBER, "",
		"the peer's",
	},
};

const struct field_set request_fields = {
	"request", request_rows, sizeof(request_rows) / sizeof(*request_rows),
	sizeof(struct request),
};

#undef OFF

#define OFF(member)	offsetof(struct batch, member)

static const struct field batch_rows[] = {
	[TCPLIFE_A_SEQ] = {
		"seq", OFF(seq), FIELD_U64, SHOW_NUMBER, "", "",
	},
	[TCPLIFE_A_DROPPED] = {
		"dropped", OFF(dropped), FIELD_U64, SHOW_NUMBER, "", "",
	},
	[TCPLIFE_A_FILTERED] = {
		"filtered", OFF(filtered), FIELD_U64, SHOW_NUMBER, "", "",
	},
	[TCPLIFE_A_EVENTS] = {
		"events", OFF(events), FIELD_U64, SHOW_NUMBER, "", "",
	},
	[TCPLIFE_A_CLOCK_OFFSET] = {
		"clock_offset", OFF(clock_offset), FIELD_S64, SHOW_NUMBER, "",
		"",
	},
	[TCPLIFE_A_NOW] = {
		"now", OFF(now), FIELD_U64, SHOW_NUMBER, "", "",
	},
	[TCPLIFE_A_USER_NS] = {
		"user_ns", OFF(user_ns), FIELD_U32, SHOW_NUMBER, "", "",
	},
};

const struct field_set batch_fields = {
	"batch", batch_rows, sizeof(batch_rows) / sizeof(*batch_rows),
	sizeof(struct batch),
};
