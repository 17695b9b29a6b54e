/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/tcplife: the files, and what a reader may see of them.
 */
#ifndef _TCPLIFE_PROC_H
#define _TCPLIFE_PROC_H

#include <linux/seq_file.h>

#include "list.h"

struct net;
struct tcplife_lister;

/**
 * struct tcplife_view - what a reader may see
 * @net: its namespace, held while the file is open; NULL: it sees all
 * @netns: cookie of it; 0: all
 */
struct tcplife_view {
	struct net	*net;
	u64		netns;
};

/**
 * struct tcplife_walk - where a reader is in a file
 * @view: what it may see
 * @lister: what the file shows
 * @pos: position of the cursor's entry
 * @cur: the cursor
 */
struct tcplife_walk {
	struct tcplife_view		view;
	const struct tcplife_lister	*lister;
	loff_t				pos;
	struct tcplife_cursor		cur;
};

/**
 * struct tcplife_lister - a list as a file shows it
 * @list: the list
 * @columns: of a record, for lists of records
 * @header: print the headings
 * @show: print the cursor's entry
 */
struct tcplife_lister {
	const struct tcplife_list	*list;
	const u8			*columns;
	void	(*header)(struct seq_file *m, const struct tcplife_walk *walk);
	void	(*show)(struct seq_file *m, const struct tcplife_walk *walk);
};

/* proc_lists.c */
extern const struct seq_operations tcplife_list_ops;
extern const struct tcplife_lister tcplife_connections_lister;
extern const struct tcplife_lister tcplife_timewait_lister;
extern const struct tcplife_lister tcplife_history_lister;
extern const struct tcplife_lister tcplife_listeners_lister;

/* proc_stats.c; m->private is the view */
int tcplife_stats_show(struct seq_file *m, void *v);
int tcplife_latency_show(struct seq_file *m, void *v);
int tcplife_hooks_show(struct seq_file *m, void *v);

/* proc.c */
int tcplife_proc_init(void);
void tcplife_proc_exit(void);

#endif /* _TCPLIFE_PROC_H */
