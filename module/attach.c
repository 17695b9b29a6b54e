// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach: how a row of the hook table gets to the kernel.
 *
 * Function entries go through ftrace's own hook API, all with one ftrace_ops:
 * one trampoline, one grace period at unload, and a recursion guard for each
 * context, so that a softirq inside a handler is not missed as it is with
 * kprobes. Each row is registered as a disabled kprobe first. That finds its
 * address and shows that the function can be hooked; where ftrace cannot be
 * used the same kprobe is armed instead.
 */
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace_recursion.h>
#include <tcplife/compat.h>

#include "attach.h"

/* kretprobe instances: functions that may sleep hold one each meanwhile. */
#define RETURN_MAXACTIVE	256

static struct tcplife_hook *attach_rows;

static enum tcplife_hook_id row_id(const struct tcplife_hook *hook)
{
	return hook - attach_rows;
}

/* Tracepoints: not exported, so found by name. */

struct tp_search {
	struct tcplife_hook	*hooks;
	unsigned int		n;
};

static void tracepoint_match(struct tracepoint *tp, void *priv)
{
	struct tp_search *search = priv;
	struct tcplife_hook *hook;

	for (hook = search->hooks; hook < search->hooks + search->n; hook++)
		if (hook->kind == TCPLIFE_KIND_TRACEPOINT &&
		    !strcmp(hook->symbols[0], tp->name)) {
			hook->tp = tp;
			hook->symbol = tp->name;
		}
}

/**
 * tcplife_attach_tracepoints - register the tracepoint rows that exist
 * @hooks: the hook table
 * @n: its rows
 *
 * Context: process. Return: 0 or an error; what was registered stays so, for
 * tcplife_detach_tracepoints().
 */
int tcplife_attach_tracepoints(struct tcplife_hook *hooks, unsigned int n)
{
	struct tp_search search = { .hooks = hooks, .n = n };
	struct tcplife_hook *hook;
	int ret;

	for_each_kernel_tracepoint(tracepoint_match, &search);
	for (hook = hooks; hook < hooks + n; hook++) {
		if (hook->kind != TCPLIFE_KIND_TRACEPOINT)
			continue;
		if (!hook->tp) {
			hook->status = TCPLIFE_STATUS_ABSENT;
			continue;
		}
		ret = tracepoint_probe_register(hook->tp, hook->probe, NULL);
		if (ret)
			return ret;
		hook->status = TCPLIFE_STATUS_TRACEPOINT;
	}
	return 0;
}

/**
 * tcplife_detach_tracepoints - unregister the tracepoint rows
 * @hooks: the hook table
 * @n: its rows
 *
 * Context: process. No probe runs when it returns.
 */
void tcplife_detach_tracepoints(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (hook->status != TCPLIFE_STATUS_TRACEPOINT)
			continue;
		tracepoint_probe_unregister(hook->tp, hook->probe, NULL);
		hook->status = TCPLIFE_STATUS_OFF;
	}
	tracepoint_synchronize_unregister();
}

/* Function entries. */

static int entry_kprobe(struct kprobe *kp, struct pt_regs *regs)
{
	struct tcplife_hook *hook = container_of(kp, struct tcplife_hook, kp);

	tcplife_hook_hit(row_id(hook));
	hook->entry(regs_get_kernel_argument(regs, 0),
		    regs_get_kernel_argument(regs, 1),
		    regs_get_kernel_argument(regs, 2),
		    regs_get_kernel_argument(regs, 3));
	return 0;
}

/* Registers a disabled kprobe on the first candidate that exists. */
static int entry_find(struct tcplife_hook *hook)
{
	int ret = -ENOENT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hook->symbols) && hook->symbols[i]; i++) {
		memset(&hook->kp, 0, sizeof(hook->kp));
		hook->kp.symbol_name = hook->symbols[i];
		hook->kp.pre_handler = entry_kprobe;
		hook->kp.flags = KPROBE_FLAG_DISABLED;
		ret = register_kprobe(&hook->kp);
		if (!ret) {
			hook->symbol = hook->symbols[i];
			return 0;
		}
	}
	return ret;
}

static bool entry_found(const struct tcplife_hook *hook)
{
	return hook->kind == TCPLIFE_KIND_ENTRY && hook->symbol;
}

/* Unregisters the kprobes of the entry rows: one grace period for all. */
static void entry_forget(struct tcplife_hook *hooks, unsigned int n)
{
	struct kprobe **kps = kcalloc(n, sizeof(*kps), GFP_KERNEL);
	struct tcplife_hook *hook;
	int found = 0;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (!entry_found(hook) || !hook->kp.addr)
			continue;
		if (kps)
			kps[found++] = &hook->kp;
		else
			unregister_kprobe(&hook->kp);
	}
	if (found)
		unregister_kprobes(kps, found);
	kfree(kps);
}

#ifdef TCPLIFE_HAVE_FTRACE_ARGS
/* From the address that ftrace reports to its row. Written before
 * register_ftrace_function() and after unregister_ftrace_function() only.
 */
#define ENTRY_SLOT_BITS	8

struct entry_slot {
	unsigned long		ip;
	struct tcplife_hook	*hook;
};

static struct entry_slot entry_slots[1 << ENTRY_SLOT_BITS] __read_mostly;

static struct entry_slot *entry_slot(unsigned long ip)
{
	u32 i = hash_long(ip, ENTRY_SLOT_BITS);

	while (entry_slots[i].ip && entry_slots[i].ip != ip)
		i = (i + 1) % ARRAY_SIZE(entry_slots);
	return &entry_slots[i];
}

static void notrace entry_ftrace(unsigned long ip, unsigned long parent_ip,
				 struct ftrace_ops *ops,
				 struct ftrace_regs *fregs)
{
	struct tcplife_hook *hook = entry_slot(ip)->hook;
	int bit;

	if (WARN_ON_ONCE(!hook))
		return;
	bit = ftrace_test_recursion_trylock(ip, parent_ip);
	if (bit < 0) {
		tcplife_hook_miss(row_id(hook));
		return;
	}
	/* Preemption is off from here. */
	tcplife_hook_hit(row_id(hook));
	hook->entry(tcplife_fregs_arg(fregs, 0), tcplife_fregs_arg(fregs, 1),
		    tcplife_fregs_arg(fregs, 2), tcplife_fregs_arg(fregs, 3));
	ftrace_test_recursion_unlock(bit);
}

/* PERMANENT: with it kernel.ftrace_enabled=0 is refused while we are loaded,
 * without it that sysctl would blind us in silence.
 */
static struct ftrace_ops entry_ops = {
	.func	= entry_ftrace,
	.flags	= FTRACE_OPS_FL_PERMANENT,
};

static int entry_attach_ftrace(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;
	struct entry_slot *slot;
	int ret;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (!entry_found(hook))
			continue;
		if (!(hook->kp.flags & KPROBE_FLAG_FTRACE)) {
			ret = -EOPNOTSUPP;
			goto err;
		}
		slot = entry_slot((unsigned long)hook->kp.addr);
		slot->ip = (unsigned long)hook->kp.addr;
		slot->hook = hook;
		ret = ftrace_set_filter_ip(&entry_ops, slot->ip, 0, 0);
		if (ret)
			goto err;
	}
	ret = register_ftrace_function(&entry_ops);
	if (ret)
		goto err;

	for (hook = hooks; hook < hooks + n; hook++)
		if (entry_found(hook))
			hook->status = TCPLIFE_STATUS_FTRACE;
	entry_forget(hooks, n);
	return 0;

err:
	ftrace_free_filter(&entry_ops);
	memset(entry_slots, 0, sizeof(entry_slots));
	return ret;
}

static void entry_detach_ftrace(void)
{
	unregister_ftrace_function(&entry_ops);
	ftrace_free_filter(&entry_ops);
	memset(entry_slots, 0, sizeof(entry_slots));
}
#else
static int entry_attach_ftrace(struct tcplife_hook *hooks, unsigned int n)
{
	return -EOPNOTSUPP;
}

static void entry_detach_ftrace(void)
{
}
#endif /* TCPLIFE_HAVE_FTRACE_ARGS */

static int entry_attach_kprobes(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;
	int ret;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (!entry_found(hook))
			continue;
		ret = enable_kprobe(&hook->kp);
		if (ret)
			return ret;
		hook->status = TCPLIFE_STATUS_KPROBE;
	}
	return 0;
}

/**
 * tcplife_attach_entries - hook the function entries that exist
 * @hooks: the hook table
 * @n: its rows
 * @how: which mechanism; AUTO is ftrace where it can be had, else kprobes
 *
 * Context: process. Return: 0 or an error; tcplife_detach_entries() undoes it
 * in both cases.
 */
int tcplife_attach_entries(struct tcplife_hook *hooks, unsigned int n,
			   enum tcplife_attach how)
{
	struct tcplife_hook *hook;
	int ret;

	attach_rows = hooks;
	for (hook = hooks; hook < hooks + n; hook++)
		if (hook->kind == TCPLIFE_KIND_ENTRY && entry_find(hook))
			hook->status = TCPLIFE_STATUS_ABSENT;

	if (how != TCPLIFE_ATTACH_KPROBE) {
		ret = entry_attach_ftrace(hooks, n);
		if (!ret || how == TCPLIFE_ATTACH_FTRACE)
			return ret;
	}
	return entry_attach_kprobes(hooks, n);
}

/**
 * tcplife_detach_entries - unhook the function entries
 * @hooks: the hook table
 * @n: its rows
 *
 * Context: process. No handler runs when it returns.
 */
void tcplife_detach_entries(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;
	bool ftrace = false;

	for (hook = hooks; hook < hooks + n; hook++)
		ftrace |= hook->status == TCPLIFE_STATUS_FTRACE;
	if (ftrace)
		entry_detach_ftrace();
	else
		entry_forget(hooks, n);
	for (hook = hooks; hook < hooks + n; hook++)
		if (entry_found(hook)) {
			hook->status = TCPLIFE_STATUS_OFF;
			hook->symbol = NULL;
		}
}

/* Function returns. */

/**
 * tcplife_attach_returns - register the kretprobe rows that exist
 * @hooks: the hook table
 * @n: its rows
 *
 * Context: process. Return: 0 or an error, as tcplife_attach_tracepoints().
 */
int tcplife_attach_returns(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;
	int ret;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (hook->kind != TCPLIFE_KIND_RETURN)
			continue;
		hook->rp->kp.symbol_name = hook->symbols[0];
		hook->rp->maxactive = RETURN_MAXACTIVE;
		ret = register_kretprobe(hook->rp);
		if (ret == -ENOENT) {
			hook->status = TCPLIFE_STATUS_ABSENT;
			continue;
		}
		if (ret)
			return ret;
		hook->symbol = hook->symbols[0];
		hook->status = TCPLIFE_STATUS_KRETPROBE;
	}
	return 0;
}

/**
 * tcplife_detach_returns - unregister the kretprobe rows
 * @hooks: the hook table
 * @n: its rows
 *
 * Context: process. No handler runs when it returns; a function that is still
 * under way returns without one.
 */
void tcplife_detach_returns(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (hook->status != TCPLIFE_STATUS_KRETPROBE)
			continue;
		unregister_kretprobe(hook->rp);
		hook->status = TCPLIFE_STATUS_OFF;
	}
}
