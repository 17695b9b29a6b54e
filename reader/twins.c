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
/* Only a record tells what ended its connection, and not each may have one. */
#define UNRECORDED	"of connections without a record it is not known"

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
		.fewer = { S(RST_SIGNED) },
		.why = "segments with a signature may get no RST",
		.hooks = "reset-replied reset-replied6",
	}, {
		.ours = "retrans_*", .theirs = "TcpRetransSegs",
		.stats = { S(RETRANS_SYN), S(RETRANS_SYNACK), S(RETRANS_FIN),
			   S(RETRANS_DATA) },
		.mibs = { "TcpRetransSegs" },
		.failed = { "TcpExtTCPRetransFail" },
		.why = "TCPRetransFail counts those that could not be sent",
		.hooks = "retransmit syn-ack-resent",
	}, {
		.ours = "retrans_syn+_synack", .theirs = "TcpExtTCPSynRetrans",
		.stats = { S(RETRANS_SYN), S(RETRANS_SYNACK) },
		.mibs = { "TcpExtTCPSynRetrans" },
		.failed = { "TcpExtTCPRetransFail" },
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
		.hooks = "cookie-good cookie-decoded cookie-valid",
	}, {
		.ours = "cookies_failed", .theirs = "TcpExtSyncookiesFailed",
		.stats = { S(COOKIES_FAILED) },
		.mibs = { "TcpExtSyncookiesFailed" },
		.hooks = "cookie-tested cookie-tested6 cookie-good cookie-decoded cookie-valid",
	}, {
		.ours = "drop_synq_full", .theirs = "TcpExtTCPReqQFullDrop",
		.stats = { S(DROP_SYNQ_FULL) },
		.mibs = { "TcpExtTCPReqQFullDrop" },
		.race = true,
		.why = "the SYN queue may fill or empty on another CPU meanwhile",
		.hooks = "syn-received syn-queued",
	}, {
		.ours = "cookies_wanted",
		.theirs = "TcpExtTCPReqQFullDoCookies",
		.stats = { S(COOKIES_WANTED) },
		.mibs = { "TcpExtTCPReqQFullDoCookies" },
		.race = true,
		.why = "the SYN queue may fill or empty on another CPU meanwhile",
		.hooks = "syn-received",
	}, {
		.ours = "drop_accq+ack_ignored",
		.theirs = "TcpExtListenOverflows",
		.stats = { S(DROP_ACCQ_FULL), S(ACK_IGNORED) },
		.mibs = { "TcpExtListenOverflows" },
		.race = true,
		.why = "accept() may make room on another CPU meanwhile",
		.hooks = "syn-received syn-queued final-ack final-ack6",
	}, {
		.ours = "drop_*+ack_ign.+unre.", .theirs = "TcpExtListenDrops",
		.stats = { S(DROP_SYNQ_FULL), S(DROP_MAX_SYN_BACKLOG),
			   S(DROP_ACCQ_FULL), S(DROP_OTHER), S(ACK_IGNORED),
			   S(HALFOPEN_UNREACHABLE) },
		.mibs = { "TcpExtListenDrops" },
		.race = true,
		.why = "the queues may change on another CPU meanwhile",
		.hooks =
		"syn-received syn-queued final-ack final-ack6 request-dropped request-icmp",
	}, {
		.ours = "halfopen_*_reset",
		.theirs = "TcpExtEmbryonicRsts",
		.stats = { S(HALFOPEN_EMBRYONIC_RESET),
			   S(HALFOPEN_OVERFLOW_RESET) },
		.mibs = { "TcpExtEmbryonicRsts" },
		.hooks = "request-segment request-dropped",
	}, {
		.ours = "tw_entered", .theirs = "TcpExtTW+TWKilled",
		.stats = { S(TW_ENTERED) },
		.mibs = { "TcpExtTW", "TcpExtTWKilled" },
	}, {
		.ours = "tw_entered_short", .theirs = "TcpExtTWKilled",
		.stats = { S(TW_ENTERED_SHORT) },
		.mibs = { "TcpExtTWKilled" },
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
		.ours = "timeouts_*", .theirs = "TcpExtTCPTimeouts",
		.stats = { S(TIMEOUTS_SYN), S(TIMEOUTS_SYNACK),
			   S(TIMEOUTS_DATA) },
		.mibs = { "TcpExtTCPTimeouts" },
		.hooks = "retransmit-timer syn-ack-timer",
	}, {
		.ours = "abort_linger+late_data",
		.theirs = "TcpExtTCPAbortOnData",
		.stats = { S(ABORT_LINGER), S(ABORT_LATE_DATA) },
		.mibs = { "TcpExtTCPAbortOnData" },
		.more = { S(LOST_TABLE_FULL), S(LOST_POOL_EMPTY),
			  S(LOST_IMPORT) },
		.why = UNRECORDED,
	}, {
		.ours = "abort_unread", .theirs = "TcpExtTCPAbortOnClose",
		.stats = { S(ABORT_UNREAD) },
		.mibs = { "TcpExtTCPAbortOnClose" },
		.more = { S(LOST_TABLE_FULL), S(LOST_POOL_EMPTY),
			  S(LOST_IMPORT) },
		.why = UNRECORDED,
	}, {
		.ours = "abort_linger2", .theirs = "TcpExtTCPAbortOnLinger",
		.stats = { S(ABORT_LINGER2) },
		.mibs = { "TcpExtTCPAbortOnLinger" },
		.more = { S(LOST_TABLE_FULL), S(LOST_POOL_EMPTY),
			  S(LOST_IMPORT) },
		.why = UNRECORDED,
	}, {
		.ours = "abort_memory", .theirs = "TcpExtTCPAbortOnMemory",
		.stats = { S(ABORT_MEMORY) },
		.mibs = { "TcpExtTCPAbortOnMemory" },
		.more = { S(LOST_TABLE_FULL), S(LOST_POOL_EMPTY),
			  S(LOST_IMPORT) },
		.why = UNRECORDED,
	}, {
		.ours = "abort_timeout", .theirs = "TcpExtTCPAbortOnTimeout",
		.stats = { S(ABORT_TIMEOUT) },
		.mibs = { "TcpExtTCPAbortOnTimeout" },
		.hooks = "write-timer keepalive-timer",
	}, {
		.ours = "-", .theirs = "TcpExtTCPAbortFailed",
		.mibs = { "TcpExtTCPAbortFailed" },
		.failed = { "TcpExtTCPAbortFailed" },
		.why = "no hook sees if a RST could be sent",
	}, {
		.ours = "tfo_active", .theirs = "TcpExtTCPFastOpenActive",
		.stats = { S(TFO_ACTIVE) },
		.mibs = { "TcpExtTCPFastOpenActive" },
	}, {
		.ours = "tfo_active_fail",
		.theirs = "TcpExtTCPFastOpenActiveFail",
		.stats = { S(TFO_ACTIVE_FAIL) },
		.mibs = { "TcpExtTCPFastOpenActiveFail" },
		.hooks = "retransmit-timer",
	}, {
		.ours = "tfo_passive", .theirs = "TcpExtTCPFastOpenPassive",
		.stats = { S(TFO_PASSIVE) },
		.mibs = { "TcpExtTCPFastOpenPassive" },
		.hooks = "child-queued",
	}, {
		.ours = "tfo_passive_fail",
		.theirs = "TcpExtTCPFastOpenPassiveFail",
		.stats = { S(TFO_PASSIVE_FAIL) },
		.mibs = { "TcpExtTCPFastOpenPassiveFail" },
		.race = true,
		.why = "the queue of TFO may change on another CPU meanwhile",
		.hooks = "syn-received syn-queued",
	}, {
		.ours = "paws_active", .theirs = "TcpExtPAWSActive",
		.stats = { S(PAWS_ACTIVE) },
		.mibs = { "TcpExtPAWSActive" },
		.hooks = "reset-replied reset-replied6",
	}, {
		.ours = "paws_old", .theirs = "TcpExtPAWSEstab",
		.stats = { S(PAWS_OLD) },
		.mibs = { "TcpExtPAWSEstab" },
		.hooks = "out-of-window request-segment timewait-segment",
	},
};

const unsigned int nr_twins = sizeof(twins) / sizeof(*twins);
