// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which counter of the module is which series.
 */
#include "fields.h"
#include "metrics.h"

/** struct series - a counter of the module */
struct series {
	unsigned int	attr;
	unsigned int	metric;
	const char	*value;		/* of the label */
};

#define S(attr, metric, ...) { TCPLIFE_A_STATS_##attr, M_##metric, __VA_ARGS__ }

/* Those of one metric are together, and metrics in the order of their list. */
static const struct series all_series[] = {
	S(BORN, BEGUN, NULL),
	S(IMPORTED, IMPORTED, NULL),
	S(END_FIN, ENDED, "fin"),
	S(END_REFUSED, ENDED, "refused"),
	S(END_CONNECT_TIMEOUT, ENDED, "connect-timeout"),
	S(END_UNREACHABLE, ENDED, "unreachable"),
	S(END_NO_LOCAL_PORT, ENDED, "no-local-port"),
	S(END_SYN_ACK_TIMEOUT, ENDED, "syn-ack-timeout"),
	S(END_EMBRYONIC_RESET, ENDED, "embryonic-reset"),
	S(END_LISTENER_CLOSED, ENDED, "listener-closed"),
	S(END_ACCEPT_OVERFLOW, ENDED, "accept-overflow"),
	S(END_CLOSED_IN_HANDSHAKE, ENDED, "closed-in-handshake"),
	S(END_DISCONNECTED, ENDED, "disconnected"),
	S(END_RESET_RECEIVED, ENDED, "reset-received"),
	S(END_RESET_SENT, ENDED, "reset-sent"),
	S(END_RETRANSMIT_TIMEOUT, ENDED, "retransmit-timeout"),
	S(END_PROBE_TIMEOUT, ENDED, "probe-timeout"),
	S(END_FIN_TIMEOUT, ENDED, "fin-timeout"),
	S(END_FIN_WAIT2_TIMEOUT, ENDED, "fin-wait2-timeout"),
	S(END_KEEPALIVE_TIMEOUT, ENDED, "keepalive-timeout"),
	S(END_USER_TIMEOUT, ENDED, "user-timeout"),
	S(END_ABORTED, ENDED, "aborted"),
	S(END_OUT_OF_MEMORY, ENDED, "out-of-memory"),
	S(END_NETNS_GONE, ENDED, "netns-gone"),
	S(END_REPAIR_CLOSED, ENDED, "repair-closed"),
	S(END_UNKNOWN, ENDED, "unknown"),
	S(ALIVE, ALIVE, NULL),
	S(LOST_TABLE_FULL, LOST, "table-full"),
	S(LOST_POOL_EMPTY, LOST, "pool-empty"),
	S(LOST_IMPORT, LOST, "import"),
	S(HISTORY_OVERWRITTEN, OVERWRITTEN, NULL),
	S(HOOKS_MISSED, HOOKS_MISSED, NULL),
	S(EVENTS_DROPPED, EVENTS_DROPPED, NULL),
	S(EVENTS_FILTERED, EVENTS_FILTERED, NULL),
	S(ACTIVE_OPENS, OPENS, "active"),
	S(PASSIVE_OPENS, OPENS, "passive"),
	S(ACCEPTED, ACCEPTED, NULL),
	S(ATTEMPT_FAILS, ATTEMPT_FAILS, NULL),
	S(ESTAB_RESETS, ESTAB_RESETS, NULL),
	S(NOW_ESTABLISHED, CONNECTIONS, "ESTABLISHED"),
	S(NOW_SYN_SENT, CONNECTIONS, "SYN_SENT"),
	S(NOW_SYN_RECV, CONNECTIONS, "SYN_RECV"),
	S(NOW_FIN_WAIT1, CONNECTIONS, "FIN_WAIT1"),
	S(NOW_FIN_WAIT2, CONNECTIONS, "FIN_WAIT2"),
	S(NOW_TIME_WAIT, CONNECTIONS, "TIME_WAIT"),
	S(NOW_CLOSE, CONNECTIONS, "CLOSE"),
	S(NOW_CLOSE_WAIT, CONNECTIONS, "CLOSE_WAIT"),
	S(NOW_LAST_ACK, CONNECTIONS, "LAST_ACK"),
	S(NOW_CLOSING, CONNECTIONS, "CLOSING"),
	S(NOW_LISTEN, LISTENERS, NULL),
	S(LISTENERS_FULL, LISTENERS_LOST, NULL),
	S(RETRANS_SYN, RETRANSMITTED, "syn"),
	S(RETRANS_SYNACK, RETRANSMITTED, "syn-ack"),
	S(RETRANS_FIN, RETRANSMITTED, "fin"),
	S(RETRANS_DATA, RETRANSMITTED, "data"),
	S(TIMEOUTS_SYN, TIMEOUTS, "syn"),
	S(TIMEOUTS_SYNACK, TIMEOUTS, "syn-ack"),
	S(TIMEOUTS_DATA, TIMEOUTS, "data"),
	S(KEEPALIVE_PROBES, PROBES, "keepalive"),
	S(WINDOW_PROBES, PROBES, "window"),
	S(DUP_FIN_RECEIVED, DUP_FINS, NULL),
	S(RST_SENT, RST_SENT, NULL),
	S(RST_SIGNED, RST_SIGNED, NULL),
	S(RST_RECEIVED, RST_RECEIVED, NULL),
	S(ABORT_LINGER, ABORTS, "linger"),
	S(ABORT_LATE_DATA, ABORTS, "late-data"),
	S(ABORT_LINGER2, ABORTS, "linger2"),
	S(ABORT_UNREAD, ABORTS, "unread"),
	S(ABORT_MEMORY, ABORTS, "memory"),
	S(ABORT_TIMEOUT, ABORTS, "timeout"),
	S(BIND_IN_USE, BIND_IN_USE, NULL),
	S(TFO_ACTIVE, FAST_OPENS, "active"),
	S(TFO_PASSIVE, FAST_OPENS, "passive"),
	S(TFO_ACTIVE_FAIL, FAST_OPEN_FAILS, "active"),
	S(TFO_PASSIVE_FAIL, FAST_OPEN_FAILS, "passive"),
	S(PAWS_ACTIVE, PAWS, "syn-sent"),
	S(PAWS_OLD, PAWS, "old"),
	S(SYN_RECEIVED, SYNS, NULL),
	S(SYN_QUEUED, SYNS_QUEUED, NULL),
	S(SYN_DUPLICATE, SYNS_DUPLICATE, NULL),
	S(DROP_ACCQ_FULL, SYNS_DROPPED, "accept-queue-full"),
	S(DROP_SYNQ_FULL, SYNS_DROPPED, "syn-queue-full"),
	S(DROP_MAX_SYN_BACKLOG, SYNS_DROPPED, "max-syn-backlog"),
	S(DROP_OTHER, SYNS_DROPPED, "other"),
	S(ACK_IGNORED, ACKS_IGNORED, NULL),
	S(COOKIES_WANTED, COOKIES_WANTED, NULL),
	S(COOKIES_SENT, COOKIES_SENT, NULL),
	S(COOKIES_VALID, COOKIES_RECEIVED, "valid"),
	S(COOKIES_FAILED, COOKIES_RECEIVED, "not-valid"),
	S(HALFOPEN_NOW, HALFOPEN, NULL),
	S(HALFOPEN_ESTABLISHED, HALFOPEN_ENDED, "established"),
	S(HALFOPEN_SYN_ACK_TIMEOUT, HALFOPEN_ENDED, "syn-ack-timeout"),
	S(HALFOPEN_EMBRYONIC_RESET, HALFOPEN_ENDED, "embryonic-reset"),
	S(HALFOPEN_LISTENER_CLOSED, HALFOPEN_ENDED, "listener-closed"),
	S(HALFOPEN_ACCEPT_OVERFLOW, HALFOPEN_ENDED, "accept-overflow"),
	S(HALFOPEN_ABORTED, HALFOPEN_ENDED, "aborted"),
	S(HALFOPEN_UNREACHABLE, HALFOPEN_ENDED, "unreachable"),
	S(HALFOPEN_NETNS_GONE, HALFOPEN_ENDED, "netns-gone"),
	S(HALFOPEN_UNKNOWN, HALFOPEN_ENDED, "unknown"),
	S(HALFOPEN_OVERFLOW_RESET, HALFOPEN_RESETS, NULL),
	S(TW_ENTERED, TW_ENTERED, NULL),
	S(TW_FIN_WAIT2_ENTERED, TW_FIN_WAIT2, NULL),
	S(TW_ENTERED_SHORT, TW_SHORT, NULL),
	S(TW_OVERFLOW, TW_OVERFLOW, NULL),
	S(TW_RESTARTS, TW_RESTARTS, NULL),
	S(TW_EXIT_EXPIRED, TW_ENDED, "expired"),
	S(TW_EXIT_REUSED, TW_ENDED, "reused"),
	S(TW_EXIT_RECYCLED, TW_ENDED, "recycled"),
	S(TW_EXIT_RST_RECEIVED, TW_ENDED, "rst-received"),
	S(TW_EXIT_RST_SENT, TW_ENDED, "rst-sent"),
	S(TW_EXIT_KILLED, TW_ENDED, "killed"),
	S(TW_EXIT_NETNS_GONE, TW_ENDED, "netns-gone"),
};

#define NR_SERIES	(sizeof(all_series) / sizeof(*all_series))

/** stats_is_exposed - whether this counter is a series; test_metrics asks */
bool stats_is_exposed(unsigned int attr)
{
	unsigned int i;

	/* The sum of those by end. */
	if (attr == TCPLIFE_A_STATS_ENDED)
		return true;
	for (i = 0; i < NR_SERIES; i++)
		if (all_series[i].attr == attr)
			return true;
	return false;
}

/**
 * stats_expose - all counters and gauges
 * @stats: them; what an older module does not have is left out
 * @e: the page
 */
void stats_expose(const struct stats *stats, struct exposition *e)
{
	unsigned int i, last = NR_METRICS;

	for (i = 0; i < NR_SERIES; i++) {
		const struct series *s = &all_series[i];

		if (!attr_has(stats->has, s->attr))
			continue;
		if (s->metric != last)
			expose_head(e, s->metric);
		last = s->metric;
		expose(e, s->metric, s->value, stats->value[s->attr]);
	}
}
