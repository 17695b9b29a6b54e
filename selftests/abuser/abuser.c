// SPDX-License-Identifier: GPL-2.0-only
/*
 * abuser: sits on the functions that it is told, as others do, for the tests of
 * abuse. Either as a livepatch does, with FTRACE_OPS_FL_IPMODIFY and PERMANENT,
 * though what is executed remains the function itself; or with kprobes whose
 * handlers take their time, interrupts on, so that what an interrupt brings
 * finds a kprobe running.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>

#define SYMBOLS_MAX	64

static char *symbols[SYMBOLS_MAX];
static int nr_symbols;
module_param_array(symbols, charp, &nr_symbols, 0444);
MODULE_PARM_DESC(symbols, "functions to sit on");

static bool kprobe;
module_param(kprobe, bool, 0444);
MODULE_PARM_DESC(kprobe, "by kprobes, not as a livepatch");

static unsigned int spin_us;
module_param(spin_us, uint, 0644);
MODULE_PARM_DESC(spin_us, "how long a kprobe's handler takes");

static unsigned long hits;
module_param(hits, ulong, 0444);
MODULE_PARM_DESC(hits, "how often a function was entered");

static struct kprobe kprobes[SYMBOLS_MAX];

static int abuser_kprobe(struct kprobe *kp, struct pt_regs *regs)
{
	hits++;
	if (spin_us)
		mdelay(DIV_ROUND_UP(READ_ONCE(spin_us), 1000));
	return 0;
}

static void notrace abuser_ftrace(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops,
				  struct ftrace_regs *fregs)
{
	hits++;
}

static struct ftrace_ops abuser_ops = {
	.func	= abuser_ftrace,
	.flags	= FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT |
		  FTRACE_OPS_FL_SAVE_REGS,
};

static void kprobes_stop(int n)
{
	while (n--)
		unregister_kprobe(&kprobes[n]);
}

static int __init kprobes_start(void)
{
	int i, ret;

	for (i = 0; i < nr_symbols; i++) {
		kprobes[i].symbol_name = symbols[i];
		kprobes[i].pre_handler = abuser_kprobe;
		ret = register_kprobe(&kprobes[i]);
		if (ret) {
			pr_err("no kprobe on %s: %d\n", symbols[i], ret);
			kprobes_stop(i);
			return ret;
		}
	}
	return 0;
}

static int __init ftrace_start(void)
{
	int i, ret;

	for (i = 0; i < nr_symbols; i++) {
		ret = ftrace_set_filter(&abuser_ops, symbols[i],
					strlen(symbols[i]), 0);
		if (ret) {
			pr_err("no filter for %s: %d\n", symbols[i], ret);
			return ret;
		}
	}
	return register_ftrace_function(&abuser_ops);
}

static int __init abuser_init(void)
{
	if (!nr_symbols)
		return -EINVAL;
	return kprobe ? kprobes_start() : ftrace_start();
}

static void __exit abuser_exit(void)
{
	if (kprobe) {
		kprobes_stop(nr_symbols);
	} else {
		unregister_ftrace_function(&abuser_ops);
		ftrace_free_filter(&abuser_ops);
	}
}

module_init(abuser_init);
module_exit(abuser_exit);

MODULE_DESCRIPTION("Sits on functions, for the tests of tcplife");
MODULE_LICENSE("GPL");
