// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach: how a row of the hook table gets to the kernel.
 *
 * Each function entry is registered as a disabled kprobe first. That finds its
 * address and shows that the function can be hooked. Then ftrace takes over
 * (attach_ftrace.c); where it cannot be used the same kprobe is armed.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "attach.h"
#include "attach_ftrace.h"

/* kretprobe instances: functions that may sleep hold one each meanwhile. */
#define RETURN_MAXACTIVE	256

/* What a worker does for tcplife_detach_*(). */
struct attach_forget {
	struct work_struct	work;
	struct tcplife_hook	*hooks;
	unsigned int		n;
};

/* A probe that kprobes has no memory to disarm stays armed, and nobody is told:
 * it would be hit when we are gone. So little memory cannot be had by a task that
 * the OOM killer has chosen, as insmod and rmmod may be, and by no other: ask for
 * it in another.
 */
static void attach_forget(work_func_t forget, struct tcplife_hook *hooks,
			  unsigned int n)
{
	struct attach_forget task = { .hooks = hooks, .n = n };

	INIT_WORK_ONSTACK(&task.work, forget);
	schedule_work(&task.work);
	flush_work(&task.work);
	destroy_work_on_stack(&task.work);
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

	tcplife_hook_hit(hook->id);
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

/* Unregisters the kprobes of the entry rows: one grace period for all. */
static void entry_forget(struct tcplife_hook *hooks, unsigned int n)
{
	struct kprobe **kps = kcalloc(n, sizeof(*kps), GFP_KERNEL);
	struct tcplife_hook *hook;
	int found = 0;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (!tcplife_entry_found(hook) || !hook->kp.addr)
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

static void entry_forget_work(struct work_struct *work)
{
	struct attach_forget *task = container_of(work, struct attach_forget,
						  work);

	entry_forget(task->hooks, task->n);
}

static int entry_attach_kprobes(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;
	int ret;

	ret = tcplife_ftrace_guard(&hooks[TCPLIFE_HOOK_DISCONNECT]);
	if (ret)
		return ret;
	for (hook = hooks; hook < hooks + n; hook++) {
		if (!tcplife_entry_found(hook))
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

	for (hook = hooks; hook < hooks + n; hook++) {
		if (hook->kind != TCPLIFE_KIND_ENTRY)
			continue;
		ret = entry_find(hook);
		if (ret == -ENOMEM)
			return ret;
		if (ret)
			hook->status = TCPLIFE_STATUS_ABSENT;
	}

	if (how != TCPLIFE_ATTACH_KPROBE) {
		ret = tcplife_ftrace_attach(hooks, n);
		if (!ret)
			entry_forget(hooks, n);
		if (!ret || how == TCPLIFE_ATTACH_FTRACE || ret == -ENOMEM)
			return ret;
		/* Where kprobes sit on ftrace they do no better than it; where
		 * it is off (-EBUSY) they would never be hit.
		 */
		if (IS_ENABLED(CONFIG_KPROBES_ON_FTRACE) && ret != -EOPNOTSUPP)
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
		tcplife_ftrace_detach();
	else
		attach_forget(entry_forget_work, hooks, n);
	tcplife_ftrace_unguard();
	for (hook = hooks; hook < hooks + n; hook++)
		if (tcplife_entry_found(hook)) {
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

static void return_forget_work(struct work_struct *work)
{
	struct attach_forget *task = container_of(work, struct attach_forget,
						  work);
	struct tcplife_hook *hook;

	for (hook = task->hooks; hook < task->hooks + task->n; hook++) {
		if (hook->status != TCPLIFE_STATUS_KRETPROBE)
			continue;
		unregister_kretprobe(hook->rp);
		hook->status = TCPLIFE_STATUS_OFF;
	}
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
	attach_forget(return_forget_work, hooks, n);
}
