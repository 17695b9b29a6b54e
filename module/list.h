/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lists that can be read: connections, timewait, history, listeners.
 *
 * One cursor walks them for /proc and for netlink, which only print and filter
 * what it finds. It keeps a copy of an entry, so nothing is locked between two.
 */
#ifndef _TCPLIFE_LIST_H
#define _TCPLIFE_LIST_H

#include "history.h"
#include "listener.h"
#include "table.h"

struct tcplife_list;

/**
 * struct tcplife_cursor - where a reader is in a list
 * @list: the list
 * @netns: cookie of the only namespace to show, 0 for all
 * @trusted: it may cost a grace period each time, see tcplife_syn_settle_for()
 * @table: for records that live
 * @history: for those that do not
 * @bucket: for listeners
 * @cookie: for listeners
 * @rec: copy of the entry, for lists of records
 * @listener: copy of the entry, for listeners
 */
struct tcplife_cursor {
	const struct tcplife_list	*list;
	u64				netns;
	bool				trusted;
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

extern const struct tcplife_list tcplife_connections;
extern const struct tcplife_list tcplife_timewait;
extern const struct tcplife_list tcplife_history;
extern const struct tcplife_list tcplife_listeners;

void tcplife_list_rewind(struct tcplife_cursor *cur);
bool tcplife_list_next(struct tcplife_cursor *cur);
u64 tcplife_list_lost(const struct tcplife_cursor *cur);

#endif /* _TCPLIFE_LIST_H */
