// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names: how states, roles and reasons are spelled, everywhere. The reader is
 * built with this file, too, and may meet a number of a later module.
 */
#include "names.h"

static const char * const end_names[__TCPLIFE_END_MAX] = {
	[TCPLIFE_END_NONE]		= "-",
	[TCPLIFE_END_FIN]		= "fin",
	[TCPLIFE_END_REFUSED]		= "refused",
	[TCPLIFE_END_CONNECT_TIMEOUT]	= "connect-timeout",
	[TCPLIFE_END_UNREACHABLE]	= "unreachable",
	[TCPLIFE_END_NO_LOCAL_PORT]	= "no-local-port",
	[TCPLIFE_END_SYN_ACK_TIMEOUT]	= "syn-ack-timeout",
	[TCPLIFE_END_EMBRYONIC_RESET]	= "embryonic-reset",
	[TCPLIFE_END_LISTENER_CLOSED]	= "listener-closed",
	[TCPLIFE_END_ACCEPT_OVERFLOW]	= "accept-overflow",
	[TCPLIFE_END_CLOSED_IN_HANDSHAKE] = "closed-in-handshake",
	[TCPLIFE_END_DISCONNECTED]	= "disconnected",
	[TCPLIFE_END_RESET_RECEIVED]	= "reset-received",
	[TCPLIFE_END_RESET_SENT]	= "reset-sent",
	[TCPLIFE_END_RETRANSMIT_TIMEOUT] = "retransmit-timeout",
	[TCPLIFE_END_PROBE_TIMEOUT]	= "probe-timeout",
	[TCPLIFE_END_FIN_TIMEOUT]	= "fin-timeout",
	[TCPLIFE_END_FIN_WAIT2_TIMEOUT]	= "fin-wait2-timeout",
	[TCPLIFE_END_KEEPALIVE_TIMEOUT]	= "keepalive-timeout",
	[TCPLIFE_END_USER_TIMEOUT]	= "user-timeout",
	[TCPLIFE_END_ABORTED]		= "aborted",
	[TCPLIFE_END_OUT_OF_MEMORY]	= "out-of-memory",
	[TCPLIFE_END_NETNS_GONE]	= "netns-gone",
	[TCPLIFE_END_REPAIR_CLOSED]	= "repair-closed",
	[TCPLIFE_END_UNKNOWN]		= "unknown",
};

static const char * const tw_names[__TCPLIFE_TW_MAX] = {
	[TCPLIFE_TW_NONE]		= "-",
	[TCPLIFE_TW_EXPIRED]		= "expired",
	[TCPLIFE_TW_REUSED]		= "reused",
	[TCPLIFE_TW_RECYCLED]		= "recycled",
	[TCPLIFE_TW_RST_RECEIVED]	= "rst-received",
	[TCPLIFE_TW_RST_SENT]		= "rst-sent",
	[TCPLIFE_TW_KILLED]		= "killed",
	[TCPLIFE_TW_NETNS_GONE]		= "netns-gone",
	[TCPLIFE_TW_OVERFLOW]		= "overflow",
};

static const char * const rst_names[__TCPLIFE_RST_MAX] = {
	[TCPLIFE_RST_NONE]		= "-",
	[TCPLIFE_RST_LINGER]		= "linger",
	[TCPLIFE_RST_UNREAD]		= "unread",
	[TCPLIFE_RST_DATA_AFTER_CLOSE]	= "data-after-close",
	[TCPLIFE_RST_DISCONNECT]	= "disconnect",
	[TCPLIFE_RST_LISTENER]		= "listener",
	[TCPLIFE_RST_KEEPALIVE]		= "keepalive",
	[TCPLIFE_RST_OOM]		= "oom",
	[TCPLIFE_RST_ABORT]		= "abort",
	[TCPLIFE_RST_OTHER]		= "other",
};

static const char * const state_names[__TCPLIFE_STATE_MAX] = {
	[TCPLIFE_STATE_ESTABLISHED]	= "ESTABLISHED",
	[TCPLIFE_STATE_SYN_SENT]		= "SYN_SENT",
	[TCPLIFE_STATE_SYN_RECV]		= "SYN_RECV",
	[TCPLIFE_STATE_FIN_WAIT1]		= "FIN_WAIT1",
	[TCPLIFE_STATE_FIN_WAIT2]		= "FIN_WAIT2",
	[TCPLIFE_STATE_TIME_WAIT]		= "TIME_WAIT",
	[TCPLIFE_STATE_CLOSE]		= "CLOSE",
	[TCPLIFE_STATE_CLOSE_WAIT]	= "CLOSE_WAIT",
	[TCPLIFE_STATE_LAST_ACK]		= "LAST_ACK",
	[TCPLIFE_STATE_LISTEN]		= "LISTEN",
	[TCPLIFE_STATE_CLOSING]		= "CLOSING",
};

static const char * const role_names[__TCPLIFE_ROLE_MAX] = {
	[TCPLIFE_ROLE_ACTIVE]		= "active",
	[TCPLIFE_ROLE_PASSIVE]		= "passive",
	[TCPLIFE_ROLE_PREEXISTING]	= "pre-existing",
};

static const char *name_of(const char * const *names, unsigned int n,
			   unsigned int i)
{
	return i < n && names[i] ? names[i] : "?";
}

/** tcplife_end_name - "fin", "refused" and so on. */
const char *tcplife_end_name(enum tcplife_end end)
{
	return name_of(end_names, __TCPLIFE_END_MAX, end);
}

/** tcplife_tw_exit_name - "expired", "reused" and so on. */
const char *tcplife_tw_exit_name(enum tcplife_tw tw_exit)
{
	return name_of(tw_names, __TCPLIFE_TW_MAX, tw_exit);
}

/** tcplife_rst_why_name - "linger", "unread" and so on. */
const char *tcplife_rst_why_name(enum tcplife_rst why)
{
	return name_of(rst_names, __TCPLIFE_RST_MAX, why);
}

/** tcplife_state_name - as the kernel spells it, without TCP_. */
const char *tcplife_state_name(unsigned int state)
{
	return name_of(state_names, __TCPLIFE_STATE_MAX, state);
}

/** tcplife_role_name - "active", "passive" or "pre-existing". */
const char *tcplife_role_name(enum tcplife_role role)
{
	return name_of(role_names, __TCPLIFE_ROLE_MAX, role);
}
