/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is counted, and how it is called: for the module and for its readers.
 */
#ifndef _TCPLIFE_COUNTERS_H
#define _TCPLIFE_COUNTERS_H

/*
 * Every counter: enumerator and the name that /proc/tcplife/stats prints.
 * The order is the order of the file: new ones go to the end.
 */
#define TCPLIFE_COUNTERS(X)					\
	X(BORN, "born")						\
	X(IMPORTED, "imported")					\
	X(ENDED, "ended")					\
	X(ALIVE, "alive")					\
	X(LOST_TABLE_FULL, "lost_table_full")			\
	X(LOST_POOL_EMPTY, "lost_pool_empty")			\
	X(HISTORY_OVERWRITTEN, "history_overwritten")		\
	X(LISTENERS_FULL, "listeners_full")			\
	X(ACTIVE_OPENS, "active_opens")				\
	X(PASSIVE_OPENS, "passive_opens")			\
	X(ATTEMPT_FAILS, "attempt_fails")			\
	X(ESTAB_RESETS, "estab_resets")				\
	X(END_FIN, "end_fin")					\
	X(END_REFUSED, "end_refused")				\
	X(END_CONNECT_TIMEOUT, "end_connect_timeout")		\
	X(END_UNREACHABLE, "end_unreachable")			\
	X(END_NO_LOCAL_PORT, "end_no_local_port")		\
	X(END_SYN_ACK_TIMEOUT, "end_syn_ack_timeout")		\
	X(END_EMBRYONIC_RESET, "end_embryonic_reset")		\
	X(END_LISTENER_CLOSED, "end_listener_closed")		\
	X(END_ACCEPT_OVERFLOW, "end_accept_overflow")		\
	X(END_CLOSED_IN_HANDSHAKE, "end_closed_in_handshake")	\
	X(END_DISCONNECTED, "end_disconnected")			\
	X(END_RESET_RECEIVED, "end_reset_received")		\
	X(END_RESET_SENT, "end_reset_sent")			\
	X(END_RETRANSMIT_TIMEOUT, "end_retransmit_timeout")	\
	X(END_PROBE_TIMEOUT, "end_probe_timeout")		\
	X(END_FIN_TIMEOUT, "end_fin_timeout")			\
	X(END_FIN_WAIT2_TIMEOUT, "end_fin_wait2_timeout")	\
	X(END_KEEPALIVE_TIMEOUT, "end_keepalive_timeout")	\
	X(END_USER_TIMEOUT, "end_user_timeout")			\
	X(END_ABORTED, "end_aborted")				\
	X(END_OUT_OF_MEMORY, "end_out_of_memory")		\
	X(END_NETNS_GONE, "end_netns_gone")			\
	X(END_REPAIR_CLOSED, "end_repair_closed")		\
	X(END_UNKNOWN, "end_unknown")				\
	X(NOW_ESTABLISHED, "now_established")			\
	X(NOW_SYN_SENT, "now_syn_sent")				\
	X(NOW_SYN_RECV, "now_syn_recv")				\
	X(NOW_FIN_WAIT1, "now_fin_wait1")			\
	X(NOW_FIN_WAIT2, "now_fin_wait2")			\
	X(NOW_TIME_WAIT, "now_time_wait")			\
	X(NOW_CLOSE, "now_close")				\
	X(NOW_CLOSE_WAIT, "now_close_wait")			\
	X(NOW_LAST_ACK, "now_last_ack")				\
	X(NOW_LISTEN, "now_listen")				\
	X(NOW_CLOSING, "now_closing")				\
	X(RETRANS_SYN, "retrans_syn")				\
	X(RETRANS_SYNACK, "retrans_synack")			\
	X(RETRANS_FIN, "retrans_fin")				\
	X(RETRANS_DATA, "retrans_data")				\
	X(SYN_RECEIVED, "syn_received")				\
	X(SYN_QUEUED, "syn_queued")				\
	X(SYN_DUPLICATE, "syn_duplicate")			\
	X(DROP_SYNQ_FULL, "drop_synq_full")			\
	X(DROP_MAX_SYN_BACKLOG, "drop_max_syn_backlog")		\
	X(DROP_ACCQ_FULL, "drop_accq_full")			\
	X(DROP_OTHER, "drop_other")				\
	X(ACK_IGNORED, "ack_ignored")				\
	X(COOKIES_SENT, "cookies_sent")				\
	X(COOKIES_VALID, "cookies_valid")			\
	X(COOKIES_FAILED, "cookies_failed")			\
	X(HALFOPEN_NOW, "halfopen_now")				\
	X(HALFOPEN_ESTABLISHED, "halfopen_established")		\
	X(HALFOPEN_SYN_ACK_TIMEOUT, "halfopen_syn_ack_timeout")	\
	X(HALFOPEN_EMBRYONIC_RESET, "halfopen_embryonic_reset")	\
	X(HALFOPEN_LISTENER_CLOSED, "halfopen_listener_closed")	\
	X(HALFOPEN_ACCEPT_OVERFLOW, "halfopen_accept_overflow")	\
	X(HALFOPEN_ABORTED, "halfopen_aborted")			\
	X(HALFOPEN_UNREACHABLE, "halfopen_unreachable")		\
	X(HALFOPEN_NETNS_GONE, "halfopen_netns_gone")		\
	X(HALFOPEN_UNKNOWN, "halfopen_unknown")			\
	X(ACCEPTED, "accepted")					\
	X(TW_ENTERED, "tw_entered")				\
	X(TW_FIN_WAIT2_ENTERED, "tw_fin_wait2_entered")		\
	X(TW_OVERFLOW, "tw_overflow")				\
	X(TW_RESTARTS, "tw_restarts")				\
	X(TW_EXIT_EXPIRED, "tw_exit_expired")			\
	X(TW_EXIT_REUSED, "tw_exit_reused")			\
	X(TW_EXIT_RECYCLED, "tw_exit_recycled")			\
	X(TW_EXIT_RST_RECEIVED, "tw_exit_rst_received")		\
	X(TW_EXIT_RST_SENT, "tw_exit_rst_sent")			\
	X(TW_EXIT_KILLED, "tw_exit_killed")			\
	X(TW_EXIT_NETNS_GONE, "tw_exit_netns_gone")		\
	X(RST_SENT, "rst_sent")					\
	X(RST_RECEIVED, "rst_received")				\
	X(KEEPALIVE_PROBES, "keepalive_probes")			\
	X(WINDOW_PROBES, "window_probes")			\
	X(DUP_FIN_RECEIVED, "dup_fin_received")			\
	X(HOOKS_MISSED, "hooks_missed")				\
	X(LOST_IMPORT, "lost_import")				\
	X(EVENTS_DROPPED, "events_dropped")			\
	X(EVENTS_FILTERED, "events_filtered")			\
	X(BIND_IN_USE, "bind_in_use")			\
	X(HALFOPEN_OVERFLOW_RESET, "halfopen_overflow_reset")	\
	X(COOKIES_WANTED, "cookies_wanted")			\
	X(TIMEOUTS_SYN, "timeouts_syn")				\
	X(TIMEOUTS_SYNACK, "timeouts_synack")			\
	X(TIMEOUTS_DATA, "timeouts_data")			\
	X(ABORT_LINGER, "abort_linger")				\
	X(ABORT_LATE_DATA, "abort_late_data")			\
	X(ABORT_LINGER2, "abort_linger2")			\
	X(ABORT_UNREAD, "abort_unread")				\
	X(ABORT_MEMORY, "abort_memory")				\
	X(ABORT_TIMEOUT, "abort_timeout")			\
	X(TFO_ACTIVE, "tfo_active")				\
	X(TFO_ACTIVE_FAIL, "tfo_active_fail")			\
	X(TFO_PASSIVE, "tfo_passive")				\
	X(TFO_PASSIVE_FAIL, "tfo_passive_fail")			\
	X(PAWS_ACTIVE, "paws_active")				\
	X(PAWS_OLD, "paws_old")					\
	X(RST_SIGNED, "rst_signed")				\
	X(TW_ENTERED_SHORT, "tw_entered_short")

/* What is counted on a listener, and the columns that show it. */
#define TCPLIFE_LISTENER_COUNTERS(X)		\
	X(SYNS, "SYNS")				\
	X(SYN_DUP, "SYN_DUP")			\
	X(DROP_SYNQ, "DROP_SYNQ")		\
	X(DROP_SYNMAX, "DROP_SYNMAX")		\
	X(DROP_ACCQ, "DROP_ACCQ")		\
	X(DROP_OTHER, "DROP_OTHER")		\
	X(ACK_IGNORED, "ACK_IGN")		\
	X(COOKIE_SENT, "COOKIE_SENT")		\
	X(COOKIE_OK, "COOKIE_OK")		\
	X(COOKIE_BAD, "COOKIE_BAD")		\
	X(SYNACK_RETR, "SYNACK_RETR")		\
	X(HO_ESTAB, "HO_ESTAB")			\
	X(HO_TIMEOUT, "HO_TIMEOUT")		\
	X(HO_RESET, "HO_RESET")			\
	X(HO_CLOSED, "HO_CLOSED")		\
	X(HO_OVERFLOW, "HO_OVERFLOW")		\
	X(HO_ABORTED, "HO_ABORTED")		\
	X(HO_UNREACH, "HO_UNREACH")		\
	X(HO_OTHER, "HO_OTHER")			\
	X(ACCEPTS, "ACCEPTS")

#endif /* _TCPLIFE_COUNTERS_H */
