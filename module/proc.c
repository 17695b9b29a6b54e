// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/tcplife: the files, and who may see what.
 *
 * 0440, user and group root of the initial user namespace: addresses, names and
 * users of everyone's connections are in there. What a reader sees is fixed when
 * it opens the file, by the network namespace that it is in.
 */
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "proc.h"

/* The mode lets in whoever is user or group root of the host. That is also root
 * of a user namespace that maps him to himself, who has no rights over the host:
 * a container's, for one. By netlink he has none either, so not here.
 */
static bool proc_may_open(const struct file *file)
{
	return file->f_cred->user_ns == &init_user_ns;
}

static void view_open(struct tcplife_view *view)
{
	struct net *net = current->nsproxy->net_ns;

	if (net_eq(net, &init_net))
		return;
	view->net = get_net(net);
	view->netns = net->net_cookie;
}

static void view_release(struct tcplife_view *view)
{
	if (view->net)
		put_net(view->net);
}

static int list_open(struct inode *inode, struct file *file)
{
	struct tcplife_walk *walk;

	if (!proc_may_open(file))
		return -EACCES;
	walk = __seq_open_private(file, &tcplife_list_ops, sizeof(*walk));
	if (!walk)
		return -ENOMEM;
	walk->lister = pde_data(inode);
	view_open(&walk->view);
	walk->cur.list = walk->lister->list;
	walk->cur.netns = walk->view.netns;
	/* of the initial user namespace: proc_may_open() */
	walk->cur.trusted = true;
	return 0;
}

static int list_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct tcplife_walk *walk = m->private;

	view_release(&walk->view);
	return seq_release_private(inode, file);
}

static const struct proc_ops list_proc_ops = {
	.proc_open	= list_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= list_release,
};

static int sum_open(struct inode *inode, struct file *file)
{
	struct tcplife_view *view;
	int ret;

	if (!proc_may_open(file))
		return -EACCES;
	view = kzalloc(sizeof(*view), GFP_KERNEL);
	if (!view)
		return -ENOMEM;
	ret = single_open(file, pde_data(inode), view);
	if (ret) {
		kfree(view);
		return ret;
	}
	view_open(view);
	return 0;
}

static int sum_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct tcplife_view *view = m->private;

	view_release(view);
	kfree(view);
	return single_release(inode, file);
}

static const struct proc_ops sum_proc_ops = {
	.proc_open	= sum_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= sum_release,
};

static const struct {
	const char		*name;
	const struct proc_ops	*ops;
	const void		*data;
} proc_files[] = {
	{ "stats", &sum_proc_ops, tcplife_stats_show },
	{ "connections", &list_proc_ops, &tcplife_connections_lister },
	{ "timewait", &list_proc_ops, &tcplife_timewait_lister },
	{ "listeners", &list_proc_ops, &tcplife_listeners_lister },
	{ "history", &list_proc_ops, &tcplife_history_lister },
	{ "latency", &sum_proc_ops, tcplife_latency_show },
	{ "hooks", &sum_proc_ops, tcplife_hooks_show },
};

/**
 * tcplife_proc_init - make /proc/tcplife
 *
 * Context: process. Return: 0 or an error with nothing left behind.
 */
int tcplife_proc_init(void)
{
	struct proc_dir_entry *dir = proc_mkdir("tcplife", NULL);
	unsigned int i;

	if (!dir)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(proc_files); i++)
		if (!proc_create_data(proc_files[i].name, 0440, dir,
				      proc_files[i].ops,
				      (void *)proc_files[i].data)) {
			tcplife_proc_exit();
			return -ENOMEM;
		}
	return 0;
}

/**
 * tcplife_proc_exit - remove /proc/tcplife
 *
 * Context: process. Waits for calls under way and releases files that are open.
 */
void tcplife_proc_exit(void)
{
	remove_proc_subtree("tcplife", NULL);
}
