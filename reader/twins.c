// SPDX-License-Identifier: GPL-2.0-only
/*
 * Twins: which counters must move together, and where they need not.
 *
 * Exact, unless a row says otherwise. The kernel counts at other places than
 * those that can be hooked: before a segment is sent, which may then fail; or
 * after it has looked at a queue once more. A row names who may take how much.
 */
#include <uapi/linux/tcplife.h>

#include "twins.h"

#define S(name)		TCPLIFE_A_STATS_##name

const struct twin twins[] = {
	{
		.ours = "active_opens", .theirs = "TcpActiveOpens",
		.stats = { S(ACTIVE_OPENS) },
		.mibs = { "TcpActiveOpens" },
	}, {
		.ours = "passive_opens", .theirs = "TcpPassiveOpens",
		.stats = { S(PASSIVE_OPENS) },
		.mibs = { "TcpPassiveOpens" },
	}, {
		.ours = "attempt_fails", .theirs = "TcpAttemptFails",
		.stats = { S(ATTEMPT_FAILS) },
		.mibs = { "TcpAttemptFails" },
	}, {
		.ours = "estab_resets", .theirs = "TcpEstabResets",
		.stats = { S(ESTAB_RESETS) },
		.mibs = { "TcpEstabResets" },
	}, {
		.ours = "rst_sent", .theirs = "TcpOutRsts",
		.stats = { S(RST_SENT) },
		.mibs = { "TcpOutRsts" },
		.off_by = { "TcpExtTCPAbortFailed", "TcpExtTCPMD5NotFound",
			    "TcpExtTCPMD5Unexpected", "TcpExtTCPMD5Failure" },
		.why = "segments with a wrong MD5 signature get no RST",
		.hooks = "reset-replied reset-replied6",
	}, {
		.ours = "retrans_*", .theirs = "TcpRetransSegs",
		.stats = { S(RETRANS_SYN), S(RETRANS_SYNACK), S(RETRANS_FIN),
			   S(RETRANS_DATA) },
		.mibs = { "TcpRetransSegs" },
		.off_by = { "TcpExtTCPRetransFail" },
		.why = "TCPRetransFail counts those that could not be sent",
		.hooks = "retransmit syn-ack-resent",
	}, {
		.ours = "retrans_syn+_synack", .theirs = "TcpExtTCPSynRetrans",
		.stats = { S(RETRANS_SYN), S(RETRANS_SYNACK) },
		.mibs = { "TcpExtTCPSynRetrans" },
		.off_by = { "TcpExtTCPRetransFail" },
		.why = "TCPRetransFail counts those that could not be sent",
		.hooks = "retransmit syn-ack-resent",
	}, {
		.ours = "cookies_sent", .theirs = "TcpExtSyncookiesSent",
		.stats = { S(COOKIES_SENT) },
		.mibs = { "TcpExtSyncookiesSent" },
		.hooks = "syn-received cookie-sent cookie-sent6",
	}, {
		.ours = "cookies_valid", .theirs = "TcpExtSyncookiesRecv",
		.stats = { S(COOKIES_VALID) },
		.mibs = { "TcpExtSyncookiesRecv" },
		.hooks = "cookie-valid",
	}, {
		.ours = "cookies_failed", .theirs = "TcpExtSyncookiesFailed",
		.stats = { S(COOKIES_FAILED) },
		.mibs = { "TcpExtSyncookiesFailed" },
		.hooks = "cookie-tested cookie-tested6 cookie-valid",
	}, {
		.ours = "drop_synq_full", .theirs = "TcpExtTCPReqQFullDrop",
		.stats = { S(DROP_SYNQ_FULL) },
		.mibs = { "TcpExtTCPReqQFullDrop" },
		.race = true,
		.why = "the SYN queue may fill or empty on another CPU meanwhile",
		.hooks = "syn-received syn-queued",
	}, {
		.ours = "drop_accq+ack_ignored",
		.theirs = "TcpExtListenOverflows",
		.stats = { S(DROP_ACCQ_FULL), S(ACK_IGNORED) },
		.mibs = { "TcpExtListenOverflows" },
		.race = true,
		.why = "accept() may make room on another CPU meanwhile",
		.hooks = "syn-received syn-queued final-ack final-ack6",
	}, {
		.ours = "drop_*+ack_ignored", .theirs = "TcpExtListenDrops",
		.stats = { S(DROP_SYNQ_FULL), S(DROP_MAX_SYN_BACKLOG),
			   S(DROP_ACCQ_FULL), S(DROP_OTHER), S(ACK_IGNORED) },
		.mibs = { "TcpExtListenDrops" },
		.more = { S(HALFOPEN_UNREACHABLE) },
		.race = true,
		.why = "requests that ICMP ended are in it, too",
		.hooks = "syn-received syn-queued final-ack final-ack6",
	}, {
		.ours = "halfopen_embryonic_r.",
		.theirs = "TcpExtEmbryonicRsts",
		.stats = { S(HALFOPEN_EMBRYONIC_RESET) },
		.mibs = { "TcpExtEmbryonicRsts" },
		.more = { S(HALFOPEN_ACCEPT_OVERFLOW) },
		.why = "with tcp_abort_on_overflow, accept overflows are in it",
		.hooks = "request-segment request-dropped",
	}, {
		.ours = "tw_entered", .theirs = "TcpExtTW+TWKilled",
		.stats = { S(TW_ENTERED) },
		.mibs = { "TcpExtTW", "TcpExtTWKilled" },
	}, {
		.ours = "tw_overflow", .theirs = "TcpExtTCPTimeWaitOverflow",
		.stats = { S(TW_OVERFLOW) },
		.mibs = { "TcpExtTCPTimeWaitOverflow" },
	}, {
		.ours = "tw_exit_reused", .theirs = "TcpExtTWRecycled",
		.stats = { S(TW_EXIT_REUSED) },
		.mibs = { "TcpExtTWRecycled" },
		.hooks = "timewait-reuse timewait-descheduled",
	}, {
		.ours = "keepalive_probes", .theirs = "TcpExtTCPKeepAlive",
		.stats = { S(KEEPALIVE_PROBES) },
		.mibs = { "TcpExtTCPKeepAlive" },
		.hooks = "probe-sent",
	}, {
		.ours = "window_probes", .theirs = "TcpExtTCPWinProbe",
		.stats = { S(WINDOW_PROBES) },
		.mibs = { "TcpExtTCPWinProbe" },
		.hooks = "probe-sent",
	}, {
		.ours = "end_*_timeout", .theirs = "TcpExtTCPAbortOnTimeout",
		.stats = { S(END_KEEPALIVE_TIMEOUT), S(END_RETRANSMIT_TIMEOUT),
			   S(END_CONNECT_TIMEOUT), S(END_PROBE_TIMEOUT),
			   S(END_FIN_TIMEOUT), S(END_USER_TIMEOUT) },
		.mibs = { "TcpExtTCPAbortOnTimeout" },
		.more = { S(NOW_CLOSE), S(END_SYN_ACK_TIMEOUT),
			  S(LOST_TABLE_FULL), S(LOST_POOL_EMPTY) },
		.why = "a record ends when its socket is closed, too",
		.hooks = "write-timer keepalive-timer",
	},
};

const unsigned int nr_twins = sizeof(twins) / sizeof(*twins);
