// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach by ftrace's own hook API: all function entries with one ftrace_ops, so
 * with one trampoline and one grace period at unload. A softirq inside a handler
 * is not missed, as it is with kprobes. Less than half the instructions, too.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <tcplife/compat.h>

#include "attach_ftrace.h"

#ifdef TCPLIFE_HAVE_FTRACE_ARGS

/* From the address that ftrace reports to its row. Written before
 * register_ftrace_function() and after unregister_ftrace_function() only.
 */
#define ENTRY_SLOT_BITS	9

/* How deep handlers of a CPU may be nested: a softirq's in a task's, and two to
 * spare. No handler calls a function that is hooked, but somebody's probe on what
 * it does call might. Then the depth ends it; or, if the handler holds a bucket,
 * which the next one may want, that interrupts are off, as they never are when a
 * softirq begins. ftrace's own guard, ftrace_test_recursion_trylock(), would add
 * 25 instructions to the 69 of a hit.
 */
#define ENTRY_DEPTH	4

static DEFINE_PER_CPU(unsigned int, entry_depth);

/* @count is what this CPU has of it, where the row's number would have to be
 * looked up. In one cache line, and found by a shift.
 */
struct entry_slot {
	unsigned long				ip;
	tcplife_entry_fn			entry;
	struct tcplife_hook_count __percpu	*count;
} __aligned(32);

static struct entry_slot entry_slots[1 << ENTRY_SLOT_BITS] __read_mostly;

static noinline struct entry_slot *entry_slot(unsigned long ip)
{
	u32 i = hash_long(ip, ENTRY_SLOT_BITS);

	while (entry_slots[i].ip && entry_slots[i].ip != ip)
		i = (i + 1) % ARRAY_SIZE(entry_slots);
	return &entry_slots[i];
}

static __always_inline bool entry_allowed(void)
{
	unsigned int depth = this_cpu_read(entry_depth);

	return likely(depth == 1) ||
	       (depth <= ENTRY_DEPTH && !irqs_disabled());
}

static void notrace entry_ftrace(unsigned long ip, unsigned long parent_ip,
				 struct ftrace_ops *ops,
				 struct ftrace_regs *fregs)
{
	struct entry_slot *slot = &entry_slots[hash_long(ip, ENTRY_SLOT_BITS)];

	/* The compiler would compute it twice. */
	OPTIMIZER_HIDE_VAR(slot);
	/* Most are where they are looked for first. */
	if (unlikely(slot->ip != ip)) {
		slot = entry_slot(ip);
		if (WARN_ON_ONCE(!slot->ip))
			return;
	}
	preempt_disable_notrace();
	this_cpu_inc(entry_depth);
	if (likely(entry_allowed())) {
		this_cpu_inc(slot->count->hits);
		slot->entry(tcplife_fregs_arg(fregs, 0),
			    tcplife_fregs_arg(fregs, 1),
			    tcplife_fregs_arg(fregs, 2),
			    tcplife_fregs_arg(fregs, 3));
	} else {
		this_cpu_inc(slot->count->missed);
	}
	this_cpu_dec(entry_depth);
	preempt_enable_notrace();
}

/* PERMANENT: with it kernel.ftrace_enabled=0 is refused while we are loaded,
 * without it that sysctl would blind us in silence.
 */
static struct ftrace_ops entry_ops = {
	.func	= entry_ftrace,
	.flags	= FTRACE_OPS_FL_PERMANENT,
};

/* Adds a function to those that are hooked, and tells where ftrace's call in it
 * is. Where kprobes use ftrace, a kprobe has found that. Elsewhere (arm64) it
 * comes behind the first instruction, or the second, and ftrace would take the
 * function's address but not say what it made of it: so ask for each place.
 */
static int entry_filter(const struct tcplife_hook *hook, unsigned long *ip)
{
	int i, ret = -EINVAL;

	*ip = (unsigned long)hook->kp.addr;
	if (hook->kp.flags & KPROBE_FLAG_FTRACE)
		return ftrace_set_filter_ip(&entry_ops, *ip, 0, 0);
	if (IS_ENABLED(CONFIG_KPROBES_ON_FTRACE))
		return -EOPNOTSUPP;
	for (i = 0; i < 2 && ret == -EINVAL; i++) {
		*ip += MCOUNT_INSN_SIZE;
		ret = ftrace_set_filter_ip(&entry_ops, *ip, 0, 0);
	}
	return ret == -EINVAL ? -EOPNOTSUPP : ret;
}

static int ftrace_register(struct ftrace_ops *ops)
{
	int ret = register_ftrace_function(ops);

	if (ret == -EBUSY)
		pr_err("function hooks are off: kernel.ftrace_enabled is 0\n");
	return ret;
}

/**
 * tcplife_ftrace_attach - hook the function entries that were found
 * @hooks: the hook table; each row's kprobe registered, which has the address
 * @n: its rows
 *
 * Context: process. Return: 0, the kprobes not needed any more; -EOPNOTSUPP if
 * a function is not traceable, -EBUSY if ftrace is switched off, or another
 * error; nothing is left attached then.
 */
int tcplife_ftrace_attach(struct tcplife_hook *hooks, unsigned int n)
{
	struct tcplife_hook *hook;
	struct entry_slot *slot;
	unsigned long ip;
	int ret;

	for (hook = hooks; hook < hooks + n; hook++) {
		if (!tcplife_entry_found(hook))
			continue;
		ret = entry_filter(hook, &ip);
		if (ret)
			goto err;
		slot = entry_slot(ip);
		slot->ip = ip;
		slot->entry = hook->entry;
		slot->count = &tcplife_hook_counts[hook->id];
	}
	ret = ftrace_register(&entry_ops);
	if (ret)
		goto err;

	for (hook = hooks; hook < hooks + n; hook++)
		if (tcplife_entry_found(hook))
			hook->status = TCPLIFE_STATUS_FTRACE;
	return 0;

err:
	ftrace_free_filter(&entry_ops);
	memset(entry_slots, 0, sizeof(entry_slots));
	return ret;
}

/* ftrace gives up for good when it finds a fault of its own, ftrace_kill(): then
 * the functions stay patched and go on to call us. A rmmod that never ends is
 * better than a host that executes freed memory.
 */
static void ftrace_stay(int err)
{
	pr_emerg("ftrace cannot unhook (%d): the module stays\n", err);
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
}

static void ftrace_unregister(struct ftrace_ops *ops)
{
	int ret = unregister_ftrace_function(ops);

	if (unlikely(ret))
		ftrace_stay(ret);
}

/**
 * tcplife_ftrace_detach - undo tcplife_ftrace_attach()
 *
 * Context: process. No handler runs when it returns.
 */
void tcplife_ftrace_detach(void)
{
	ftrace_unregister(&entry_ops);
	ftrace_free_filter(&entry_ops);
	memset(entry_slots, 0, sizeof(entry_slots));
}

static void notrace guard_ftrace(unsigned long ip, unsigned long parent_ip,
				 struct ftrace_ops *ops,
				 struct ftrace_regs *fregs)
{
}

/* Kprobes sit on ftrace, too, but without PERMANENT. This one does nothing but
 * keep ftrace on.
 */
static struct ftrace_ops guard_ops = {
	.func	= guard_ftrace,
	.flags	= FTRACE_OPS_FL_PERMANENT,
};

static bool guard_registered;

/**
 * tcplife_ftrace_guard - keep ftrace on for kprobes
 * @hook: a row whose function is rarely called
 *
 * Context: process. Return: 0, -EBUSY if ftrace is switched off, or another
 * error.
 */
int tcplife_ftrace_guard(const struct tcplife_hook *hook)
{
	int ret;

	if (!tcplife_entry_found(hook) || !(hook->kp.flags & KPROBE_FLAG_FTRACE))
		return 0;
	ret = ftrace_set_filter_ip(&guard_ops, (unsigned long)hook->kp.addr,
				   0, 0);
	if (!ret)
		ret = ftrace_register(&guard_ops);
	guard_registered = !ret;
	if (ret)
		ftrace_free_filter(&guard_ops);
	return ret;
}

/**
 * tcplife_ftrace_unguard - undo tcplife_ftrace_guard(), if it was called
 *
 * Context: process.
 */
void tcplife_ftrace_unguard(void)
{
	if (!guard_registered)
		return;
	guard_registered = false;
	ftrace_unregister(&guard_ops);
	ftrace_free_filter(&guard_ops);
}

#endif /* TCPLIFE_HAVE_FTRACE_ARGS */
