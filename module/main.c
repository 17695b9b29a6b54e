// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife: one exact record of every TCP connection's life.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/utsname.h>
#include <tcplife/version.h>

#include "history.h"
#include "hooks.h"
#include "import.h"
#include "listener.h"
#include "netlink.h"
#include "proc.h"
#include "queue.h"
#include "stats.h"
#include "table.h"

/* The most connections, and the longest history. */
#define COUNT_MAX		1048576U

/* A number with bounds; what is out of them is refused with the range. */
static int count_set(const char *val, const struct kernel_param *kp)
{
	unsigned int n;

	if (kstrtouint(val, 0, &n) || n < 1 || n > COUNT_MAX) {
		pr_err("%s=%s is not in 1 to %u\n", kp->name, val, COUNT_MAX);
		return -EINVAL;
	}
	*(unsigned int *)kp->arg = n;
	return 0;
}

static const struct kernel_param_ops count_ops = {
	.set	= count_set,
	.get	= param_get_uint,
};

/* Set at load only; to be read as the files in /proc are. 0: not given. */
static unsigned int max_connections;
module_param_cb(max_connections, &count_ops, &max_connections, 0440);
MODULE_PARM_DESC(max_connections,
		 "endpoints to keep at once, 1 to 1048576 (default: a 64th of memory)");

static unsigned int history = 4096;
module_param_cb(history, &count_ops, &history, 0440);
MODULE_PARM_DESC(history, "finished records to keep, 1 to 1048576 (default: 4096)");

static char *attach = "auto";
module_param(attach, charp, 0440);
MODULE_PARM_DESC(attach,
		 "how to hook functions: auto, ftrace or kprobe (default: auto)");

static const char * const attach_names[] = {
	[TCPLIFE_ATTACH_AUTO]	= "auto",
	[TCPLIFE_ATTACH_FTRACE]	= "ftrace",
	[TCPLIFE_ATTACH_KPROBE]	= "kprobe",
};

/* A 64th of memory by the size of a record. */
static unsigned int __init default_connections(void)
{
	u64 bytes = (u64)totalram_pages() << PAGE_SHIFT;

	return clamp_t(u64, bytes / 64 / sizeof(struct tcplife_record), 1024,
		       COUNT_MAX);
}

/* Which mechanism is asked for, or an error. */
static int __init attach_parse(void)
{
	int how = match_string(attach_names, ARRAY_SIZE(attach_names), attach);

	if (how < 0)
		pr_err("attach=%s is not auto, ftrace or kprobe\n", attach);
	return how;
}

static void __init announce(void)
{
	char off[512];

	tcplife_hooks_off(off, sizeof(off));
	pr_info("%s for Linux %s loaded, features off: %s\n", TCPLIFE_VERSION,
		init_utsname()->release, off);
}

static int __init tcplife_start(void)
{
	int how, ret;

	how = attach_parse();
	if (how < 0)
		return how;
	if (!max_connections)
		max_connections = default_connections();
	ret = tcplife_history_init(history);
	if (ret)
		return ret;
	ret = tcplife_table_init(max_connections);
	if (ret)
		goto err_history;
	ret = tcplife_queue_init(max_connections);
	if (ret)
		goto err_table;
	ret = tcplife_listener_init();
	if (ret)
		goto err_queue;
	ret = tcplife_stats_init();
	if (ret)
		goto err_listener;
	ret = tcplife_hooks_attach(how);
	if (ret)
		goto err_stats;
	tcplife_stats_armed();
	/* After the hooks: what opens meanwhile is seen by them. */
	ret = tcplife_import();
	if (ret)
		goto err_hooks;
	ret = tcplife_proc_init();
	if (ret)
		goto err_hooks;
	ret = tcplife_netlink_init();
	if (ret)
		goto err_proc;
	announce();
	return 0;

err_proc:
	tcplife_proc_exit();
err_hooks:
	tcplife_hooks_detach();
err_stats:
	tcplife_stats_exit();
err_listener:
	tcplife_listener_exit();
err_queue:
	tcplife_queue_exit();
err_table:
	tcplife_table_exit();
err_history:
	tcplife_history_exit();
	return ret;
}

/* insmod has an error number for why, which may not be seen by whoever is asked. */
static int __init tcplife_init(void)
{
	int ret = tcplife_start();

	if (ret)
		pr_err("not loaded: %pe\n", ERR_PTR(ret));
	return ret;
}

static void __exit tcplife_exit(void)
{
	/* Readers first: a reader may wait for the hooks' grace periods, never
	 * the other way round.
	 */
	tcplife_netlink_exit();
	tcplife_proc_exit();
	tcplife_hooks_detach();
	tcplife_stats_exit();
	tcplife_listener_exit();
	tcplife_queue_exit();
	tcplife_table_exit();
	tcplife_history_exit();
	pr_info("unloaded\n");
}

module_init(tcplife_init);
module_exit(tcplife_exit);

MODULE_DESCRIPTION("TCP connection lifecycle tracer");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCPLIFE_VERSION);
