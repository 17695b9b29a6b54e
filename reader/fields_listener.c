// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields of what is asked for: listeners, hooks, counters.
 */
#include <string.h>
#include <tcplife/counters.h>

#include "fields.h"

#define OFF(member)	offsetof(struct listener, member)

static const struct field listener_rows[] = {
	[TCPLIFE_A_LISTENER_COOKIE] = {
		"cookie", OFF(cookie), FIELD_U64, SHOW_COOKIE, "",
		"the socket's",
	},
	[TCPLIFE_A_LISTENER_NETNS] = {
		"netns", OFF(netns), FIELD_U32, SHOW_NUMBER, "",
		"inode number of its network namespace",
	},
	[TCPLIFE_A_LISTENER_NET_COOKIE] = {
		"net_cookie", OFF(net_cookie), FIELD_U64, SHOW_NUMBER, "",
		"cookie of its network namespace",
	},
	[TCPLIFE_A_LISTENER_LOCAL_IPV4] = {
		"laddr", OFF(local_ipv4), FIELD_U32, SHOW_IPV4, "",
		"local address; a v4-mapped one as IPv4",
	},
	[TCPLIFE_A_LISTENER_LOCAL_IPV6] = {
		"laddr", OFF(local_ipv6), FIELD_IPV6, SHOW_IPV6, "",
		"local address",
	},
	[TCPLIFE_A_LISTENER_LOCAL_PORT] = {
		"lport", OFF(local_port), FIELD_PORT, SHOW_NUMBER, "",
		"local port",
	},
	[TCPLIFE_A_LISTENER_PID] = {
		"pid", OFF(pid), FIELD_U32, SHOW_NUMBER, "",
		"process that called listen()",
	},
	[TCPLIFE_A_LISTENER_PID_NS] = {
		"pid_ns", OFF(pid_ns), FIELD_U32, SHOW_NUMBER, "",
		"inode number of the pid namespace that the pid is of; absent: the initial one",
	},
	[TCPLIFE_A_LISTENER_KTHREAD] = {
		"kthread", OFF(kthread), FIELD_FLAG, SHOW_TRUE, "",
		"that process is a kernel thread",
	},
	[TCPLIFE_A_LISTENER_COMM] = {
		"comm", OFF(comm), FIELD_COMM, SHOW_STRING, "",
		"name of that process",
	},
	[TCPLIFE_A_LISTENER_UID] = {
		"uid", OFF(uid), FIELD_U32, SHOW_NUMBER, "",
		"its user",
	},
	[TCPLIFE_A_LISTENER_BACKLOG_ASKED] = {
		"backlog_asked", OFF(backlog_asked), FIELD_S32, SHOW_NUMBER, "",
		"backlog given to listen()",
	},
	[TCPLIFE_A_LISTENER_BACKLOG] = {
		"backlog", OFF(backlog), FIELD_U32, SHOW_NUMBER, "",
		"backlog in force, cut by somaxconn; the accept queue takes one more",
	},
	[TCPLIFE_A_LISTENER_SYNQ] = {
		"synq", OFF(synq), FIELD_U32, SHOW_NUMBER, "",
		"half-open requests now",
	},
	[TCPLIFE_A_LISTENER_SYNQ_MAX] = {
		"synq_max", OFF(synq_max), FIELD_U32, SHOW_NUMBER, "",
		"most at once",
	},
	[TCPLIFE_A_LISTENER_ACCQ] = {
		"accq", OFF(accq), FIELD_U32, SHOW_NUMBER, "",
		"connections that wait for accept() now",
	},
	[TCPLIFE_A_LISTENER_ACCQ_MAX] = {
		"accq_max", OFF(accq_max), FIELD_U32, SHOW_NUMBER, "",
		"most at once",
	},
	[TCPLIFE_A_LISTENER_SYNS] = {
		"syns", OFF(syns), FIELD_U64, SHOW_NUMBER, "",
		"SYNs received, duplicates not included",
	},
	[TCPLIFE_A_LISTENER_SYN_DUP] = {
		"syn_dup", OFF(syn_dup), FIELD_U64, SHOW_NUMBER, "",
		"SYNs for a request that was half-open already",
	},
	[TCPLIFE_A_LISTENER_DROP_SYNQ] = {
		"drop_synq", OFF(drop_synq), FIELD_U64, SHOW_NUMBER, "",
		"SYNs dropped: the SYN queue was full",
	},
	[TCPLIFE_A_LISTENER_DROP_SYNMAX] = {
		"drop_synmax", OFF(drop_synmax), FIELD_U64, SHOW_NUMBER, "",
		"SYNs dropped by the limit of tcp_max_syn_backlog",
	},
	[TCPLIFE_A_LISTENER_DROP_ACCQ] = {
		"drop_accq", OFF(drop_accq), FIELD_U64, SHOW_NUMBER, "",
		"SYNs dropped: the accept queue was full",
	},
	[TCPLIFE_A_LISTENER_DROP_OTHER] = {
		"drop_other", OFF(drop_other), FIELD_U64, SHOW_NUMBER, "",
		"SYNs dropped for another reason",
	},
	[TCPLIFE_A_LISTENER_ACK_IGNORED] = {
		"ack_ignored", OFF(ack_ignored), FIELD_U64, SHOW_NUMBER, "",
		"final ACKs ignored: the accept queue was full",
	},
	[TCPLIFE_A_LISTENER_COOKIE_SENT] = {
		"cookie_sent", OFF(cookie_sent), FIELD_U64, SHOW_NUMBER, "",
		"SYN-ACKs with a syncookie",
	},
	[TCPLIFE_A_LISTENER_COOKIE_OK] = {
		"cookie_ok", OFF(cookie_ok), FIELD_U64, SHOW_NUMBER, "",
		"valid syncookies that came back",
	},
	[TCPLIFE_A_LISTENER_COOKIE_BAD] = {
		"cookie_bad", OFF(cookie_bad), FIELD_U64, SHOW_NUMBER, "",
		"invalid ones",
	},
	[TCPLIFE_A_LISTENER_SYNACK_RETR] = {
		"synack_retr", OFF(synack_retr), FIELD_U64, SHOW_NUMBER, "",
		"SYN-ACKs sent again",
	},
	[TCPLIFE_A_LISTENER_HO_ESTAB] = {
		"ho_estab", OFF(ho_estab), FIELD_U64, SHOW_NUMBER, "",
		"requests that the final ACK made a connection of",
	},
	[TCPLIFE_A_LISTENER_HO_TIMEOUT] = {
		"ho_timeout", OFF(ho_timeout), FIELD_U64, SHOW_NUMBER, "",
		"requests whose SYN-ACKs had no answer",
	},
	[TCPLIFE_A_LISTENER_HO_RESET] = {
		"ho_reset", OFF(ho_reset), FIELD_U64, SHOW_NUMBER, "",
		"requests that the client reset",
	},
	[TCPLIFE_A_LISTENER_HO_CLOSED] = {
		"ho_closed", OFF(ho_closed), FIELD_U64, SHOW_NUMBER, "",
		"requests ended because the listener closed",
	},
	[TCPLIFE_A_LISTENER_HO_OVERFLOW] = {
		"ho_overflow", OFF(ho_overflow), FIELD_U64, SHOW_NUMBER, "",
		"requests that never got into the accept queue",
	},
	[TCPLIFE_A_LISTENER_HO_ABORTED] = {
		"ho_aborted", OFF(ho_aborted), FIELD_U64, SHOW_NUMBER, "",
		"requests ended by ss -K",
	},
	[TCPLIFE_A_LISTENER_HO_UNREACH] = {
		"ho_unreach", OFF(ho_unreach), FIELD_U64, SHOW_NUMBER, "",
		"requests ended by an ICMP error",
	},
	[TCPLIFE_A_LISTENER_HO_OTHER] = {
		"ho_other", OFF(ho_other), FIELD_U64, SHOW_NUMBER, "",
		"requests that ended otherwise",
	},
	[TCPLIFE_A_LISTENER_ACCEPTS] = {
		"accepts", OFF(accepts), FIELD_U64, SHOW_NUMBER, "",
		"connections that accept() returned",
	},
	[TCPLIFE_A_LISTENER_WAIT_SUM] = {
		"wait_sum", OFF(wait_sum), FIELD_U64, SHOW_NS, "ms",
		"time waited for accept() by all",
	},
	[TCPLIFE_A_LISTENER_WAIT_MAX] = {
		"wait_max", OFF(wait_max), FIELD_U64, SHOW_NS, "ms",
		"longest wait",
	},
	[TCPLIFE_A_LISTENER_WAIT_BUCKET] = {
		"wait_bucket", OFF(wait_bucket), FIELD_BUCKETS, SHOW_BUCKETS, "",
		"histogram of the waits: bucket b counts those below 2^b us, the last one all above",
	},
};

const struct field_set listener_fields = {
	"listener", listener_rows, sizeof(listener_rows) / sizeof(*listener_rows),
	sizeof(struct listener),
};

#undef OFF

#define OFF(member)	offsetof(struct hook, member)

static const struct field hook_rows[] = {
	[TCPLIFE_A_HOOK_EVENT] = {
		"event", OFF(event), FIELD_NAME, SHOW_STRING, "",
		"what it sees",
	},
	[TCPLIFE_A_HOOK_TYPE] = {
		"type", OFF(type), FIELD_U32, SHOW_HOOK_TYPE, "",
		"how it is attached",
	},
	[TCPLIFE_A_HOOK_SYMBOL] = {
		"symbol", OFF(symbol), FIELD_NAME, SHOW_STRING, "",
		"tracepoint or function",
	},
	[TCPLIFE_A_HOOK_STATE] = {
		"state", OFF(state), FIELD_U32, SHOW_HOOK_STATE, "",
		"whether it works",
	},
	[TCPLIFE_A_HOOK_HITS] = {
		"hits", OFF(hits), FIELD_U64, SHOW_NUMBER, "",
		"times that it fired",
	},
	[TCPLIFE_A_HOOK_MISSED] = {
		"missed", OFF(missed), FIELD_U64, SHOW_NUMBER, "",
		"times that the kernel could not deliver",
	},
	[TCPLIFE_A_HOOK_OPTIONAL] = {
		"optional", OFF(optional), FIELD_FLAG, SHOW_TRUE, "",
		"the module loads without it",
	},
};

const struct field_set hook_fields = {
	"hook", hook_rows, sizeof(hook_rows) / sizeof(*hook_rows),
	sizeof(struct hook),
};

#undef OFF

#define OFF(member)	offsetof(struct mib_entry, member)

static const struct field mib_rows[] = {
	[TCPLIFE_A_MIB_NAME] = {
		"name", OFF(name), FIELD_NAME, SHOW_STRING, "",
		"as in /proc/net/snmp or /proc/net/netstat",
	},
	[TCPLIFE_A_MIB_BEFORE] = {
		"before", OFF(before), FIELD_U64, SHOW_NUMBER, "",
		"before the first hook was attached",
	},
	[TCPLIFE_A_MIB_AFTER] = {
		"after", OFF(after), FIELD_U64, SHOW_NUMBER, "",
		"after the last one was",
	},
};

const struct field_set mib_fields = {
	"mib", mib_rows, sizeof(mib_rows) / sizeof(*mib_rows),
	sizeof(struct mib_entry),
};

#undef OFF

#define OFF(member)	offsetof(struct histogram, member)

static const struct field histogram_rows[] = {
	[TCPLIFE_A_HISTOGRAM_ID] = {
		"id", OFF(id), FIELD_U32, SHOW_NUMBER, "", "what it is of",
	},
	[TCPLIFE_A_HISTOGRAM_BUCKET] = {
		"bucket", OFF(bucket), FIELD_BUCKETS, SHOW_NOT, "",
		"bucket b counts times below 2^b us, the last one all above",
	},
	[TCPLIFE_A_HISTOGRAM_SUM] = {
		"sum", OFF(sum), FIELD_U64, SHOW_NUMBER, "ns",
		"all times added up",
	},
};

const struct field_set histogram_fields = {
	"histogram", histogram_rows,
	sizeof(histogram_rows) / sizeof(*histogram_rows),
	sizeof(struct histogram),
};

static const char * const stats_names[TCPLIFE_A_STATS_MAX + 1] = {
#define X(sym, name) [TCPLIFE_A_STATS_##sym] = name,
	TCPLIFE_COUNTERS(X)
#undef X
};

/** stats_name - as /proc/tcplife/stats has it; NULL if there is none */
const char *stats_name(unsigned int attr)
{
	return attr <= TCPLIFE_A_STATS_MAX ? stats_names[attr] : NULL;
}

/** stats_is_gauge - it tells what is now, so it has no rate */
bool stats_is_gauge(unsigned int attr)
{
	return attr == TCPLIFE_A_STATS_ALIVE ||
	       attr == TCPLIFE_A_STATS_HALFOPEN_NOW ||
	       !strncmp(stats_names[attr], "now_", 4);
}
