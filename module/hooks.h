/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hooks: where the module looks at TCP.
 */
#ifndef _TCPLIFE_HOOKS_H
#define _TCPLIFE_HOOKS_H

#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/tracepoint.h>
#include <tcplife/compat.h>

/* Names a row of the hook table in hooks.c. */
enum tcplife_hook_id {
	TCPLIFE_HOOK_DESTROY,
	TCPLIFE_HOOK_SET_STATE,
	TCPLIFE_HOOK_RETRANSMIT,
	TCPLIFE_HOOK_RETRANSMIT_SYNACK,
	TCPLIFE_HOOK_CONNECT,
	TCPLIFE_HOOK_CONNECT4,
	TCPLIFE_HOOK_CONNECT6,
	TCPLIFE_HOOK_BIND,
	TCPLIFE_HOOK_LISTEN,
	TCPLIFE_HOOK_LISTEN_AGAIN,
	TCPLIFE_HOOK_SYN,
	TCPLIFE_HOOK_SYN_QUEUED,
	TCPLIFE_HOOK_COOKIE_SENT4,
	TCPLIFE_HOOK_COOKIE_SENT6,
	TCPLIFE_HOOK_COOKIE_TEST4,
	TCPLIFE_HOOK_COOKIE_TEST6,
#if TCPLIFE_COOKIE_DECODED_INLINED
	TCPLIFE_HOOK_COOKIE_GOOD4,
#endif
	TCPLIFE_HOOK_COOKIE_DECODED,
	TCPLIFE_HOOK_COOKIE_VALID,
	TCPLIFE_HOOK_CHECK_REQ,
	TCPLIFE_HOOK_SYN_RECV4,
	TCPLIFE_HOOK_SYN_RECV6,
	TCPLIFE_HOOK_PROMOTED,
	TCPLIFE_HOOK_QUEUE_ADD,
	TCPLIFE_HOOK_REQ_DROP,
	TCPLIFE_HOOK_REQ_ERR,
	TCPLIFE_HOOK_MIGRATED,
	TCPLIFE_HOOK_CHILD_FORGET,
	TCPLIFE_HOOK_ACCEPT,
	TCPLIFE_HOOK_OLD_SEGMENT,
	TCPLIFE_HOOK_OUT_OF_WINDOW,
	TCPLIFE_HOOK_RESET,
	TCPLIFE_HOOK_DONE_ERROR,
	TCPLIFE_HOOK_ICMP4,
	TCPLIFE_HOOK_ICMP6,
	TCPLIFE_HOOK_WRITE_TIMER,
	TCPLIFE_HOOK_RETRANSMIT_TIMER,
	TCPLIFE_HOOK_SYNACK_TIMER,
	TCPLIFE_HOOK_KEEPALIVE_TIMER,
	TCPLIFE_HOOK_PROBE,
	TCPLIFE_HOOK_DISCONNECT,
	TCPLIFE_HOOK_ABORT,
	TCPLIFE_HOOK_ACTIVE_RESET,
	TCPLIFE_HOOK_SEND_RESET4,
	TCPLIFE_HOOK_SEND_RESET6,
	TCPLIFE_HOOK_TW_TRY,
	TCPLIFE_HOOK_TW_ENTER,
	TCPLIFE_HOOK_TW_RESTART,
	TCPLIFE_HOOK_TW_SEGMENT,
	TCPLIFE_HOOK_TW_UNIQUE,
	TCPLIFE_HOOK_TW_DESCHEDULE,
	TCPLIFE_HOOK_TW_KILL,
	TCPLIFE_NR_HOOKS,
};

/* How a row is attached. */
enum tcplife_hook_kind {
	TCPLIFE_KIND_TRACEPOINT,
	TCPLIFE_KIND_ENTRY,	/* ftrace, or a kprobe */
	TCPLIFE_KIND_RETURN,	/* kretprobe */
};

/* What became of a row at load. */
enum tcplife_hook_status {
	TCPLIFE_STATUS_OFF,
	TCPLIFE_STATUS_ABSENT,
	TCPLIFE_STATUS_TRACEPOINT,
	TCPLIFE_STATUS_FTRACE,
	TCPLIFE_STATUS_KPROBE,
	TCPLIFE_STATUS_KRETPROBE,
};

/* The first four arguments of the hooked function, as registers hold them. */
typedef void (*tcplife_entry_fn)(unsigned long a0, unsigned long a1,
				 unsigned long a2, unsigned long a3);

/**
 * struct tcplife_hook - a row of the hook table
 * @event: what it tells, in the words of the documentation
 * @feature: what is lost without it; NULL: the module does not load without it
 * @symbols: the function or tracepoint; candidates in order
 * @probe: handler of a tracepoint
 * @entry: handler at a function's entry
 * @rp: handlers of a kretprobe
 * @id: its number
 * @kind: how to attach
 * @status: what became of it
 * @symbol: the candidate that was found
 * @tp: the tracepoint found
 * @kp: kprobe: finds the address, and stays when ftrace cannot be used
 */
struct tcplife_hook {
	const char			*event;
	const char			*feature;
	const char			*symbols[2];
	void				*probe;
	tcplife_entry_fn		entry;
	struct kretprobe		*rp;
	enum tcplife_hook_id		id;
	enum tcplife_hook_kind		kind;

	enum tcplife_hook_status	status;
	const char			*symbol;
	struct tracepoint		*tp;
	struct kprobe			kp;
};

/* Which mechanism entry hooks use: the attach parameter. */
enum tcplife_attach {
	TCPLIFE_ATTACH_AUTO,
	TCPLIFE_ATTACH_FTRACE,
	TCPLIFE_ATTACH_KPROBE,
};

struct tcplife_hook_count {
	u64	hits;
	u64	missed;
};

/* Written on its own CPU only, with preemption off. */
DECLARE_PER_CPU(struct tcplife_hook_count, tcplife_hook_counts[TCPLIFE_NR_HOOKS]);

static inline void tcplife_hook_hit(enum tcplife_hook_id id)
{
	this_cpu_inc(tcplife_hook_counts[id].hits);
}

static inline void tcplife_hook_miss(enum tcplife_hook_id id)
{
	this_cpu_inc(tcplife_hook_counts[id].missed);
}

int tcplife_hooks_attach(enum tcplife_attach how);
void tcplife_hooks_detach(void);
const struct tcplife_hook *tcplife_hook_row(unsigned int id);
void tcplife_hook_sum(unsigned int id, u64 *hits, u64 *missed);
u64 tcplife_hooks_missed(void);
void tcplife_hooks_off(char *buf, size_t size);

#endif /* _TCPLIFE_HOOKS_H */
