// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook table: event, function, handler, and what is lost without it.
 *
 * Which functions really are called, and are not inlined, in which kernel was
 * measured; a symbol may not be exchanged for a likely-looking one. Two traps:
 * inet_csk_reqsk_queue_add() is inlined on the main path, inet_twsk_free()
 * misses most frees from 7.x on.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>
#include <net/sock.h>
#include <trace/events/sock.h>
#include <trace/events/tcp.h>

#include "attach.h"
#include "conn.h"
#include "handlers.h"
#include "hooks.h"

#define ENTRY(_id, _event, _feature, _fn, ...)				\
	[TCPLIFE_HOOK_##_id] = { .id = TCPLIFE_HOOK_##_id,		\
		.event = _event, .feature = _feature, .entry = _fn,	\
		.kind = TCPLIFE_KIND_ENTRY, .symbols = { __VA_ARGS__ },	\
	}
#define TRACEPOINT(_id, _event, _feature, _fn, _tp)			\
	[TCPLIFE_HOOK_##_id] = { .id = TCPLIFE_HOOK_##_id,		\
		.event = _event, .feature = _feature, .probe = _fn,	\
		.kind = TCPLIFE_KIND_TRACEPOINT, .symbols = { _tp },	\
	}
#define RETURN(_id, _event, _feature, _rp, _sym)			\
	[TCPLIFE_HOOK_##_id] = { .id = TCPLIFE_HOOK_##_id,		\
		.event = _event, .feature = _feature, .rp = _rp,	\
		.kind = TCPLIFE_KIND_RETURN, .symbols = { _sym },	\
	}
/* The module does not load without the row. */
#define REQUIRED NULL

static struct tcplife_hook hooks_table[TCPLIFE_NR_HOOKS] = {
	TRACEPOINT(DESTROY, "socket-destroyed", REQUIRED,
		   tcplife_on_destroy, "tcp_destroy_sock"),
	TRACEPOINT(SET_STATE, "state-change", REQUIRED,
		   tcplife_on_set_state, "inet_sock_set_state"),
	TRACEPOINT(RETRANSMIT, "retransmit", "retransmits",
		   tcplife_on_retransmit, "tcp_retransmit_skb"),
	TRACEPOINT(RETRANSMIT_SYNACK, "syn-ack-resent", "SYN-ACK retransmits",
		   tcplife_on_retransmit_synack, "tcp_retransmit_synack"),

	ENTRY(CONNECT, "syn-sent", REQUIRED,
	      tcplife_on_connect, "tcp_connect"),
	RETURN(CONNECT4, "connect-failed", "failed connects (IPv4)",
	       &tcplife_connect4_probe, "tcp_v4_connect"),
	RETURN(CONNECT6, "connect-failed6", "failed connects (IPv6)",
	       &tcplife_connect6_probe, "tcp_v6_connect"),
	RETURN(BIND, "bind-failed", "ports in use",
	       &tcplife_bind_probe, "inet_csk_get_port"),
	ENTRY(LISTEN, "listen", "backlog asked for",
	      tcplife_on_listen, "__sys_listen"),
	ENTRY(LISTEN_AGAIN, "listen-again", "backlog asked for again",
	      tcplife_on_listen_again, "inet_listen"),

	ENTRY(SYN, "syn-received", "SYN drops",
	      tcplife_on_syn, "tcp_conn_request"),
	ENTRY(SYN_QUEUED, "syn-queued", "SYN drops",
	      tcplife_on_syn_queued, "inet_csk_reqsk_queue_hash_add"),
	ENTRY(COOKIE_SENT4, "cookie-sent", "syncookies (IPv4)",
	      tcplife_on_cookie_sent, "cookie_v4_init_sequence"),
	ENTRY(COOKIE_SENT6, "cookie-sent6", "syncookies (IPv6)",
	      tcplife_on_cookie_sent, "cookie_v6_init_sequence"),
	ENTRY(COOKIE_TEST4, "cookie-tested", "failed syncookies (IPv4)",
	      tcplife_on_cookie_test, "cookie_v4_check"),
	ENTRY(COOKIE_TEST6, "cookie-tested6", "failed syncookies (IPv6)",
	      tcplife_on_cookie_test, "cookie_v6_check"),
#if TCPLIFE_COOKIE_DECODED_INLINED
	RETURN(COOKIE_GOOD4, "cookie-good", "syncookies refused later (IPv4)",
	       &tcplife_cookie4_probe, "__cookie_v4_check"),
#endif
	ENTRY(COOKIE_DECODED, "cookie-decoded", "syncookies refused later",
	      tcplife_on_cookie_decoded, "cookie_timestamp_decode"),
	ENTRY(COOKIE_VALID, "cookie-valid", "syncookies",
	      tcplife_on_cookie_valid, "tcp_get_cookie_sock"),
	ENTRY(CHECK_REQ, "request-segment", "ends of half-open requests",
	      tcplife_on_check_req, "tcp_check_req"),
	ENTRY(SYN_RECV4, "final-ack", "ignored final ACKs (IPv4)",
	      tcplife_on_syn_recv4, "tcp_v4_syn_recv_sock"),
	ENTRY(SYN_RECV6, "final-ack6", "ignored final ACKs (IPv6)",
	      tcplife_on_syn_recv6, "tcp_v6_syn_recv_sock"),
	ENTRY(PROMOTED, "request-promoted", REQUIRED,
	      tcplife_on_promoted, "inet_csk_complete_hashdance"),
	ENTRY(QUEUE_ADD, "child-queued", "children of syncookies and TFO",
	      tcplife_on_queue_add, "inet_csk_reqsk_queue_add"),
	ENTRY(REQ_DROP, "request-dropped", "ends of half-open requests",
	      tcplife_on_req_drop, "__inet_csk_reqsk_queue_drop"),
	ENTRY(REQ_ERR, "request-icmp", "ICMP for half-open requests",
	      tcplife_on_req_err, "tcp_req_err"),
	ENTRY(MIGRATED, "request-migrated", "migration between listeners",
	      tcplife_on_migrated, "inet_reqsk_clone"),
	ENTRY(CHILD_FORGET, "child-forgotten", "children of closed listeners",
	      tcplife_on_child_forget, "inet_child_forget"),
	ENTRY(ACCEPT, "accept", "accept() and its owner",
	      tcplife_on_accept, "__inet_accept"),

	ENTRY(OLD_SEGMENT, "old-segment", "duplicate FINs",
	      tcplife_on_old_segment,
	      "tcp_rcv_spurious_retrans", "tcp_data_queue"),
	ENTRY(OUT_OF_WINDOW, "out-of-window", "segments with old timestamps",
	      tcplife_on_out_of_window, "tcp_oow_rate_limited"),
	ENTRY(RESET, "reset-received", REQUIRED,
	      tcplife_on_reset, "tcp_reset"),
	ENTRY(DONE_ERROR, "error", REQUIRED,
	      tcplife_on_done_error, "tcp_done_with_error"),
	ENTRY(ICMP4, "icmp", "ICMP errors (IPv4)",
	      tcplife_on_icmp, "tcp_v4_err"),
	ENTRY(ICMP6, "icmp6", "ICMP errors (IPv6)",
	      tcplife_on_icmp, "tcp_v6_err"),
	ENTRY(WRITE_TIMER, "write-timer", "kind of time-out",
	      tcplife_on_write_timer, "tcp_write_timer_handler"),
	ENTRY(RETRANSMIT_TIMER, "retransmit-timer", "time-outs",
	      tcplife_on_retransmit_timer, "tcp_retransmit_timer"),
	ENTRY(SYNACK_TIMER, "syn-ack-timer", "time-outs of SYN-ACKs",
	      tcplife_on_synack_timer, "tcp_syn_ack_timeout"),
	ENTRY(KEEPALIVE_TIMER, "keepalive-timer", "kind of time-out",
	      tcplife_on_keepalive_timer, "tcp_keepalive_timer"),
	ENTRY(PROBE, "probe-sent", "keepalive and window probes",
	      tcplife_on_probe, "tcp_xmit_probe_skb"),
	ENTRY(DISCONNECT, "disconnect", REQUIRED,
	      tcplife_on_disconnect, "tcp_disconnect"),
	ENTRY(ABORT, "abort", "ss -K",
	      tcplife_on_abort, "tcp_abort"),
	ENTRY(ACTIVE_RESET, "reset-sent", REQUIRED,
	      tcplife_on_active_reset, "tcp_send_active_reset"),
	ENTRY(SEND_RESET4, "reset-replied", "resets in reply (IPv4)",
	      tcplife_on_send_reset4, "tcp_v4_send_reset"),
	ENTRY(SEND_RESET6, "reset-replied6", "resets in reply (IPv6)",
	      tcplife_on_send_reset6, "tcp_v6_send_reset"),

	ENTRY(TW_TRY, "timewait-tried", REQUIRED,
	      tcplife_on_tw_try, "tcp_time_wait"),
	ENTRY(TW_ENTER, "timewait-entered", REQUIRED, tcplife_on_tw_enter,
	      "inet_twsk_hashdance_schedule", "inet_twsk_hashdance"),
	ENTRY(TW_RESTART, "timewait-restarted", REQUIRED,
	      tcplife_on_tw_restart, "mod_timer_pending"),
	ENTRY(TW_SEGMENT, "timewait-segment", REQUIRED,
	      tcplife_on_tw_segment, "tcp_timewait_state_process"),
	ENTRY(TW_UNIQUE, "timewait-reuse", "why a timewait ended",
	      tcplife_on_tw_unique, "tcp_twsk_unique"),
	ENTRY(TW_DESCHEDULE, "timewait-descheduled", "why a timewait ended",
	      tcplife_on_tw_deschedule, "inet_twsk_deschedule_put"),
	ENTRY(TW_KILL, "timewait-ended", REQUIRED,
	      tcplife_on_tw_kill, "inet_twsk_kill"),
};

DEFINE_PER_CPU(struct tcplife_hook_count, tcplife_hook_counts[TCPLIFE_NR_HOOKS]);

/* The build breaks here when a kernel changes a tracepoint's prototype:
 * registering by name does not check it.
 */
static void __maybe_unused hooks_check_types(void)
{
	check_trace_callback_type_inet_sock_set_state(tcplife_on_set_state);
	check_trace_callback_type_tcp_destroy_sock(tcplife_on_destroy);
	check_trace_callback_type_tcp_retransmit_skb(tcplife_on_retransmit);
	check_trace_callback_type_tcp_retransmit_synack
		(tcplife_on_retransmit_synack);
}

/* Says which required row is missing; true if none is. */
static bool hooks_complete(void)
{
	const struct tcplife_hook *hook;
	bool complete = true;

	for (hook = hooks_table; hook < hooks_table + TCPLIFE_NR_HOOKS; hook++)
		if (!hook->feature && hook->status == TCPLIFE_STATUS_ABSENT) {
			pr_err("this kernel has no %s to hook (%s)\n",
			       hook->symbols[0], hook->event);
			complete = false;
		}
	return complete;
}

/**
 * tcplife_hooks_attach - start to look
 * @how: mechanism for function entries
 *
 * Context: process. Return: 0, or an error with nothing left attached.
 */
int tcplife_hooks_attach(enum tcplife_attach how)
{
	int ret;

	ret = tcplife_attach_entries(hooks_table, TCPLIFE_NR_HOOKS, how);
	if (!ret)
		ret = tcplife_attach_returns(hooks_table, TCPLIFE_NR_HOOKS);
	if (!ret)
		ret = tcplife_attach_tracepoints(hooks_table, TCPLIFE_NR_HOOKS);
	if (!ret && !hooks_complete())
		ret = -EOPNOTSUPP;
	if (ret)
		tcplife_hooks_detach();
	else
		/* Not before: nothing may be born whose end is not hooked. */
		WRITE_ONCE(tcplife_conn_armed, true);
	return ret;
}

/**
 * tcplife_hooks_detach - stop to look
 *
 * Context: process. No handler runs when it returns.
 */
void tcplife_hooks_detach(void)
{
	tcplife_detach_tracepoints(hooks_table, TCPLIFE_NR_HOOKS);
	/* Before the returns: where ftrace is dead this stays, and what kprobes on
	 * it would call must, too.
	 */
	tcplife_detach_entries(hooks_table, TCPLIFE_NR_HOOKS);
	tcplife_detach_returns(hooks_table, TCPLIFE_NR_HOOKS);
}

/**
 * tcplife_hook_row - a row of the table
 * @id: its number
 *
 * Return: the row; what became of it does not change until detach.
 */
const struct tcplife_hook *tcplife_hook_row(unsigned int id)
{
	return &hooks_table[id];
}

/**
 * tcplife_hook_sum - how often a row was hit, and how often it was missed
 * @id: its number
 * @hits: set
 * @missed: set; what the mechanism itself could not deliver
 *
 * Context: any.
 */
void tcplife_hook_sum(unsigned int id, u64 *hits, u64 *missed)
{
	const struct tcplife_hook *hook = &hooks_table[id];
	const struct tcplife_hook_count *count;
	int cpu;

	*hits = 0;
	*missed = 0;
	for_each_possible_cpu(cpu) {
		count = &per_cpu(tcplife_hook_counts[id], cpu);
		*hits += READ_ONCE(count->hits);
		*missed += READ_ONCE(count->missed);
	}
	if (hook->status == TCPLIFE_STATUS_KPROBE)
		*missed += hook->kp.nmissed;
	if (hook->status == TCPLIFE_STATUS_KRETPROBE)
		*missed += hook->rp->nmissed + hook->rp->kp.nmissed;
}

/** tcplife_hooks_missed - events that no row could deliver, in all. */
u64 tcplife_hooks_missed(void)
{
	u64 hits, missed, sum = 0;
	unsigned int id;

	for (id = 0; id < TCPLIFE_NR_HOOKS; id++) {
		tcplife_hook_sum(id, &hits, &missed);
		sum += missed;
	}
	return sum;
}

/**
 * tcplife_hooks_off - name the features that are off, and why
 * @buf: filled: "none", or "feature (no symbol), ..."
 * @size: of it
 */
void tcplife_hooks_off(char *buf, size_t size)
{
	const struct tcplife_hook *hook;
	size_t len = 0;

	strscpy(buf, "none", size);
	for (hook = hooks_table; hook < hooks_table + TCPLIFE_NR_HOOKS; hook++)
		if (hook->status == TCPLIFE_STATUS_ABSENT)
			len += scnprintf(buf + len, size - len, "%s%s (no %s)",
					 len ? ", " : "", hook->feature,
					 hook->symbols[0]);
	/* Cut short: the whole list is in /proc/tcplife/hooks. */
	if (len == size - 1)
		strscpy(buf + size - 4, "...", 4);
}
