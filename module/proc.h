/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/tcplife: the files, and what a reader may see of them.
 */
#ifndef _TCPLIFE_PROC_H
#define _TCPLIFE_PROC_H

#include <linux/seq_file.h>

#include "history.h"
#include "listener.h"
#include "table.h"

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
 * struct tcplife_walk - where a reader is in a list
 * @view: what it may see
 * @lister: the list
 * @pos: position of the entry in the copy
 * @table: for records that live
 * @history: for those that do not
 * @bucket: for listeners
 * @cookie: for listeners
 * @rec: copy of the last record
 * @listener: copy of the last listener
 */
struct tcplife_walk {
	struct tcplife_view		view;
	const struct tcplife_lister	*lister;
	loff_t				pos;
	union {
		struct tcplife_table_iter	table;
		struct tcplife_history_iter	history;
		struct {
			u32	bucket;
			u64	cookie;
		};
	};
	union {
		struct tcplife_record		rec;
		struct tcplife_listener_view	listener;
	};
};

/**
 * struct tcplife_lister - a list that a file shows
 * @columns: of a record, for lists of records
 * @rewind: go to its start
 * @next: copy the next entry; false at the end
 * @header: print the headings
 * @show: print the entry copied last
 */
struct tcplife_lister {
	const u8	*columns;
	void		(*rewind)(struct tcplife_walk *walk);
	bool		(*next)(struct tcplife_walk *walk);
	void		(*header)(struct seq_file *m,
				  const struct tcplife_walk *walk);
	void		(*show)(struct seq_file *m,
				const struct tcplife_walk *walk);
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
