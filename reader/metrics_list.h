/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The metrics, in the order of the page:
 *
 *	METRIC(id, name, type, unit, label, help)
 *
 * The name of a counter is without its _total. New ones may be added; a name, a
 * label and its values stay what they are.
 */
METRIC(UP, "tcplife_up", GAUGE, NULL, NULL,
	"1 if the module answered this scrape, 0 if not: then there are only metrics of the exporter itself")
METRIC(BUILD, "tcplife_build_info", GAUGE, NULL, "version",
	"Always 1; the label has the version of the exporter")

METRIC(BEGUN, "tcplife_records_begun", COUNTER, NULL, NULL,
	"Records begun, those of connections that were open at load included")
METRIC(IMPORTED, "tcplife_records_imported", COUNTER, NULL, NULL,
	"Records of connections that were open when the module was loaded")
METRIC(ENDED, "tcplife_records_ended", COUNTER, NULL, "end",
	"Records finished, by why the connection ended")
METRIC(ALIVE, "tcplife_records_alive", GAUGE, NULL, NULL,
	"Records that have not ended: full sockets and timewait sockets")
METRIC(LOST, "tcplife_records_lost", COUNTER, NULL, "reason",
	"Endpoints that got no record")
METRIC(OVERWRITTEN, "tcplife_history_overwritten", COUNTER, NULL, NULL,
	"Records that went from the history to make room for newer ones")
METRIC(HOOKS_MISSED, "tcplife_hooks_missed", COUNTER, NULL, NULL,
	"Hits of hooks that the kernel could not deliver: other numbers may be short by as many")
METRIC(EVENTS_DROPPED, "tcplife_events_dropped", COUNTER, NULL, NULL,
	"Events that a follower was waiting for and that were lost in the module")
METRIC(EVENTS_FILTERED, "tcplife_events_filtered", COUNTER, NULL, NULL,
	"Events that the event filter kept from followers")

METRIC(OPENS, "tcplife_opens", COUNTER, NULL, "role",
	"Connections begun: active, connect() that sent a SYN; passive, made by a listener's final ACK")
METRIC(ACCEPTED, "tcplife_accepted", COUNTER, NULL, NULL,
	"Connections that accept() returned")
METRIC(ATTEMPT_FAILS, "tcplife_attempt_fails", COUNTER, NULL, NULL,
	"Handshakes that failed (AttemptFails)")
METRIC(ESTAB_RESETS, "tcplife_established_resets", COUNTER, NULL, NULL,
	"Connections that went from ESTABLISHED or CLOSE_WAIT to CLOSE at once (EstabResets)")
METRIC(CONNECTIONS, "tcplife_connections", GAUGE, NULL, "state",
	"Connection endpoints in each state; timewait sockets under the state that they stand for")
METRIC(LISTENERS, "tcplife_listeners", GAUGE, NULL, NULL,
	"Listening sockets")
METRIC(LISTENERS_LOST, "tcplife_listeners_lost", COUNTER, NULL, NULL,
	"Listening sockets that the module had no room for")
METRIC(LISTENERS_LEFT_OUT, "tcplife_listeners_left_out", GAUGE, NULL, NULL,
	"Listening addresses and ports that have no series here, as --max-listeners allows no more")

METRIC(RETRANSMITTED, "tcplife_segments_retransmitted", COUNTER, NULL, "segment",
	"Segments sent again, by what they carried")
METRIC(TIMEOUTS, "tcplife_retransmit_timeouts", COUNTER, NULL, "segment",
	"Retransmission timers that ran out, by what they waited for")
METRIC(PROBES, "tcplife_probes_sent", COUNTER, NULL, "kind",
	"Probes sent: of keepalive, or of a zero window")
METRIC(DUP_FINS, "tcplife_duplicate_fins_received", COUNTER, NULL, NULL,
	"FINs that came again")
METRIC(RST_SENT, "tcplife_resets_sent", COUNTER, NULL, NULL,
	"RST segments sent")
METRIC(RST_SIGNED, "tcplife_signed_resets_sent", COUNTER, NULL, NULL,
	"Those of tcplife_resets_sent that answer a segment with a signature for which there was no full socket")
METRIC(RST_RECEIVED, "tcplife_resets_received", COUNTER, NULL, NULL,
	"RST segments that ended something")
METRIC(ABORTS, "tcplife_aborts", COUNTER, NULL, "reason",
	"Connections given up (TCPAbortOn...)")
METRIC(BIND_IN_USE, "tcplife_bind_in_use", COUNTER, NULL, NULL,
	"Calls of bind() and listen() that failed because the port was in use")
METRIC(FAST_OPENS, "tcplife_fast_opens", COUNTER, NULL, "role",
	"TCP Fast Open: SYNs with data that were taken")
METRIC(FAST_OPEN_FAILS, "tcplife_fast_open_fails", COUNTER, NULL, "role",
	"TCP Fast Open that failed")
METRIC(PAWS, "tcplife_paws_rejected", COUNTER, NULL, "kind",
	"Segments with an impossible timestamp: syn-sent, in an answer to our SYN; old, later")

METRIC(SYNS, "tcplife_syns_received", COUNTER, NULL, NULL,
	"SYNs that came to a listener, without duplicates of a half-open request")
METRIC(SYNS_QUEUED, "tcplife_syns_queued", COUNTER, NULL, NULL,
	"SYNs that became a half-open request")
METRIC(SYNS_DUPLICATE, "tcplife_syns_duplicate", COUNTER, NULL, NULL,
	"SYNs for a request that was half-open already")
METRIC(SYNS_DROPPED, "tcplife_syns_dropped", COUNTER, NULL, "reason",
	"SYNs that a listener dropped")
METRIC(ACKS_IGNORED, "tcplife_acks_ignored", COUNTER, NULL, NULL,
	"Final ACKs ignored because the accept queue was full: the client believes that it is connected")
METRIC(COOKIES_WANTED, "tcplife_syncookies_wanted", COUNTER, NULL, NULL,
	"SYNs that were to be answered with a syncookie, whether that was then dropped or not")
METRIC(COOKIES_SENT, "tcplife_syncookies_sent", COUNTER, NULL, NULL,
	"SYN-ACKs with a syncookie")
METRIC(COOKIES_RECEIVED, "tcplife_syncookies_received", COUNTER, NULL, "result",
	"ACKs with a syncookie, valid or not")
METRIC(HALFOPEN, "tcplife_halfopen_requests", GAUGE, NULL, NULL,
	"Requests in the SYN queues")
METRIC(HALFOPEN_ENDED, "tcplife_halfopen_requests_ended", COUNTER, NULL, "end",
	"Half-open requests that ended, by why")
METRIC(HALFOPEN_RESETS, "tcplife_halfopen_overflow_resets", COUNTER, NULL, NULL,
	"Those that tcp_abort_on_overflow reset, also counted as accept-overflow")

METRIC(TW_ENTERED, "tcplife_timewait_entered", COUNTER, NULL, NULL,
	"Timewait sockets made")
METRIC(TW_FIN_WAIT2, "tcplife_timewait_fin_wait2_entered", COUNTER, NULL, NULL,
	"Those of tcplife_timewait_entered that began as FIN_WAIT2")
METRIC(TW_SHORT, "tcplife_timewait_short_entered", COUNTER, NULL, NULL,
	"Those of tcplife_timewait_entered that were to last 4 seconds at most")
METRIC(TW_OVERFLOW, "tcplife_timewait_overflow", COUNTER, NULL, NULL,
	"Timewait sockets not made: tcp_max_tw_buckets, or no memory")
METRIC(TW_RESTARTS, "tcplife_timewait_restarts", COUNTER, NULL, NULL,
	"Times that a segment made the 60 seconds of TIME_WAIT start anew")
METRIC(TW_ENDED, "tcplife_timewait_ended", COUNTER, NULL, "exit",
	"Timewait sockets that ended, by how")
METRIC(PORTS, "tcplife_local_ports", GAUGE, NULL, NULL,
	"Local ports that connect() may take by itself, in the exporter's namespace")
METRIC(PORTS_USED, "tcplife_local_ports_used_max", GAUGE, NULL, NULL,
	"Those of tcplife_local_ports in use for one remote address and port, TIME_WAIT included: of the one that has most")

METRIC(HANDSHAKE, "tcplife_handshake_seconds", HISTOGRAM, "seconds", NULL,
	"First SYN or SYN-ACK to ESTABLISHED")
METRIC(ACCEPT_WAIT, "tcplife_accept_wait_seconds", HISTOGRAM, "seconds", NULL,
	"Time in the accept queue")
METRIC(LIFETIME, "tcplife_lifetime_seconds", HISTOGRAM, "seconds", NULL,
	"ESTABLISHED to the end of the full socket, hence without TIME_WAIT")
METRIC(HALF_CLOSE, "tcplife_half_close_seconds", HISTOGRAM, "seconds", NULL,
	"First FIN to the second")
METRIC(CLOSE_WAIT, "tcplife_close_wait_seconds", HISTOGRAM, "seconds", NULL,
	"Time in CLOSE_WAIT, of those that left it")
METRIC(TIME_WAIT, "tcplife_time_wait_seconds", HISTOGRAM, "seconds", NULL,
	"Time in TIME_WAIT, of those that ended")

METRIC(L_INFO, "tcplife_listener_info", GAUGE, NULL, "comm",
	"Always 1; the label has the program that listens, empty if it did before the module was loaded")
METRIC(L_SOCKETS, "tcplife_listener_sockets", GAUGE, NULL, NULL,
	"Sockets that listen on this address and port: SO_REUSEPORT, or in several namespaces")
METRIC(L_BACKLOG, "tcplife_listener_backlog", GAUGE, NULL, NULL,
	"Backlog in force, which both queues may be long; the sum of the sockets")
METRIC(L_SYNQ, "tcplife_listener_syn_queue_length", GAUGE, NULL, NULL,
	"Half-open requests now")
METRIC(L_SYNQ_MAX, "tcplife_listener_syn_queue_highest", GAUGE, NULL, NULL,
	"The most half-open requests that one of the sockets has had")
METRIC(L_ACCQ, "tcplife_listener_accept_queue_length", GAUGE, NULL, NULL,
	"Connections that wait for accept() now")
METRIC(L_ACCQ_MAX, "tcplife_listener_accept_queue_highest", GAUGE, NULL, NULL,
	"The most connections that waited at one of the sockets")
METRIC(L_SYNS, "tcplife_listener_syns_received", COUNTER, NULL, NULL,
	"SYNs that came, without duplicates of a half-open request")
METRIC(L_SYN_DUP, "tcplife_listener_syns_duplicate", COUNTER, NULL, NULL,
	"SYNs for a request that was half-open already")
METRIC(L_DROPPED, "tcplife_listener_syns_dropped", COUNTER, NULL, "reason",
	"SYNs dropped")
METRIC(L_ACKS_IGNORED, "tcplife_listener_acks_ignored", COUNTER, NULL, NULL,
	"Final ACKs ignored because the accept queue was full")
METRIC(L_COOKIES_SENT, "tcplife_listener_syncookies_sent", COUNTER, NULL, NULL,
	"SYN-ACKs with a syncookie")
METRIC(L_COOKIES, "tcplife_listener_syncookies_received", COUNTER, NULL, "result",
	"ACKs with a syncookie, valid or not")
METRIC(L_SYNACK_RETR, "tcplife_listener_synacks_retransmitted", COUNTER, NULL, NULL,
	"SYN-ACKs sent again")
METRIC(L_HALFOPEN, "tcplife_listener_requests_ended", COUNTER, NULL, "end",
	"Half-open requests that ended, by why")
METRIC(L_ACCEPTED, "tcplife_listener_accepted", COUNTER, NULL, NULL,
	"Connections that accept() returned")
METRIC(L_WAIT, "tcplife_listener_accept_wait_seconds", HISTOGRAM, "seconds", NULL,
	"Time in the accept queue, of those for which it is known")
METRIC(L_WAIT_MAX, "tcplife_listener_accept_wait_longest_seconds", GAUGE, "seconds", NULL,
	"The longest time in the accept queue")

METRIC(X_SCRAPES, "tcplife_exporter_scrapes", COUNTER, NULL, NULL,
	"Scrapes since the exporter was started, this one included")
METRIC(X_ERRORS, "tcplife_exporter_scrape_errors", COUNTER, NULL, NULL,
	"Scrapes for which the module did not answer")
METRIC(X_REFUSED, "tcplife_exporter_requests_refused", COUNTER, NULL, NULL,
	"HTTP requests that were not for what is served: 404 and 405")
METRIC(X_DURATION, "tcplife_exporter_scrape_duration_seconds", GAUGE, "seconds", NULL,
	"How long the module took to answer this scrape")
