/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hook handlers, by the file that defines them. Each follows the kernel
 * function that the hook table in hooks.c names beside it.
 *
 * Context of all: process or softirq, preemption off (tracepoints: turned off
 * by the handler, see tcplife_probe_enter()).
 */
#ifndef _TCPLIFE_HANDLERS_H
#define _TCPLIFE_HANDLERS_H

#include <linux/preempt.h>
#include <tcplife/compat.h>

#include "hooks.h"

struct request_sock;
struct sk_buff;
struct sock;

#define TCPLIFE_ENTRY(name)						\
	void name(unsigned long a0, unsigned long a1, unsigned long a2,	\
		  unsigned long a3)

/* Tracepoint probes run with preemption on from 7.x: the counters are per CPU
 * and the table's bit locks want it off.
 */
static inline void tcplife_probe_enter(enum tcplife_hook_id id)
{
	if (TCPLIFE_PROBE_PREEMPTIBLE)
		preempt_disable_notrace();
	tcplife_hook_hit(id);
}

static inline void tcplife_probe_exit(void)
{
	if (TCPLIFE_PROBE_PREEMPTIBLE)
		preempt_enable_notrace();
}

/* state.c */
void tcplife_on_set_state(void *data, const struct sock *sk, const int old,
			  const int new);
void tcplife_on_destroy(void *data, struct sock *sk);

/* handshake.c */
TCPLIFE_ENTRY(tcplife_on_connect);
TCPLIFE_ENTRY(tcplife_on_promoted);
TCPLIFE_ENTRY(tcplife_on_queue_add);
TCPLIFE_ENTRY(tcplife_on_migrated);
TCPLIFE_ENTRY(tcplife_on_child_forget);
TCPLIFE_ENTRY(tcplife_on_accept);

/* connect.c */
extern struct kretprobe tcplife_connect4_probe;
extern struct kretprobe tcplife_connect6_probe;
extern struct kretprobe tcplife_bind_probe;

/* syn.c */
#if TCPLIFE_COOKIE_DECODED_INLINED
extern struct kretprobe tcplife_cookie4_probe;
#endif
TCPLIFE_ENTRY(tcplife_on_syn);
TCPLIFE_ENTRY(tcplife_on_syn_queued);
TCPLIFE_ENTRY(tcplife_on_cookie_sent);
TCPLIFE_ENTRY(tcplife_on_cookie_test);
TCPLIFE_ENTRY(tcplife_on_cookie_decoded);
TCPLIFE_ENTRY(tcplife_on_cookie_valid);

/* halfopen.c */
TCPLIFE_ENTRY(tcplife_on_check_req);
TCPLIFE_ENTRY(tcplife_on_syn_recv4);
TCPLIFE_ENTRY(tcplife_on_syn_recv6);
TCPLIFE_ENTRY(tcplife_on_req_drop);
TCPLIFE_ENTRY(tcplife_on_req_err);
void tcplife_on_retransmit_synack(void *data, const struct sock *sk,
				  const struct request_sock *req);

/* listener.c */
TCPLIFE_ENTRY(tcplife_on_listen);
TCPLIFE_ENTRY(tcplife_on_listen_again);

/* retransmit.c */
#ifdef TCPLIFE_RETRANSMIT_SKB_ERR
void tcplife_on_retransmit(void *data, const struct sock *sk,
			   const struct sk_buff *skb, int err);
#else
void tcplife_on_retransmit(void *data, const struct sock *sk,
			   const struct sk_buff *skb);
#endif
TCPLIFE_ENTRY(tcplife_on_old_segment);
TCPLIFE_ENTRY(tcplife_on_probe);
TCPLIFE_ENTRY(tcplife_on_synack_timer);

/* teardown.c */
TCPLIFE_ENTRY(tcplife_on_reset);
TCPLIFE_ENTRY(tcplife_on_done_error);
TCPLIFE_ENTRY(tcplife_on_icmp);
TCPLIFE_ENTRY(tcplife_on_write_timer);
TCPLIFE_ENTRY(tcplife_on_keepalive_timer);
TCPLIFE_ENTRY(tcplife_on_retransmit_timer);
TCPLIFE_ENTRY(tcplife_on_disconnect);
TCPLIFE_ENTRY(tcplife_on_abort);

/* paws.c */
TCPLIFE_ENTRY(tcplife_on_out_of_window);

/* reset.c */
TCPLIFE_ENTRY(tcplife_on_active_reset);
TCPLIFE_ENTRY(tcplife_on_send_reset4);
TCPLIFE_ENTRY(tcplife_on_send_reset6);

/* timewait.c */
TCPLIFE_ENTRY(tcplife_on_tw_try);
TCPLIFE_ENTRY(tcplife_on_tw_enter);
TCPLIFE_ENTRY(tcplife_on_tw_restart);
TCPLIFE_ENTRY(tcplife_on_tw_segment);
TCPLIFE_ENTRY(tcplife_on_tw_unique);
TCPLIFE_ENTRY(tcplife_on_tw_deschedule);
TCPLIFE_ENTRY(tcplife_on_tw_kill);

#endif /* _TCPLIFE_HANDLERS_H */
