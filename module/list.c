// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists that can be read, see list.h. Whoever lives through a whole walk is
 * found exactly once.
 */
#include "list.h"
#include "queue.h"
#include "syn.h"

/**
 * struct tcplife_list - a list
 * @rewind: goes to the start
 * @next: copies the next entry; false at the end
 */
struct tcplife_list {
	void	(*rewind)(struct tcplife_cursor *cur);
	bool	(*next)(struct tcplife_cursor *cur);
};

static void table_rewind(struct tcplife_cursor *cur)
{
	tcplife_table_walk(&cur->table);
}

static bool table_next(struct tcplife_cursor *cur, u32 timewait)
{
	while (tcplife_table_next(&cur->table, cur->netns, &cur->rec))
		if ((cur->rec.flags & TCPLIFE_F_TIMEWAIT) == timewait)
			return true;
	return false;
}

static bool connections_next(struct tcplife_cursor *cur)
{
	return table_next(cur, 0);
}

const struct tcplife_list tcplife_connections = {
	.rewind	= table_rewind,
	.next	= connections_next,
};

static bool timewait_next(struct tcplife_cursor *cur)
{
	return table_next(cur, TCPLIFE_F_TIMEWAIT);
}

const struct tcplife_list tcplife_timewait = {
	.rewind	= table_rewind,
	.next	= timewait_next,
};

static void history_rewind(struct tcplife_cursor *cur)
{
	tcplife_queue_settle();
	tcplife_history_walk(&cur->history);
}

static bool history_next(struct tcplife_cursor *cur)
{
	return tcplife_history_next(&cur->history, cur->netns, &cur->rec);
}

const struct tcplife_list tcplife_history = {
	.rewind	= history_rewind,
	.next	= history_next,
};

static void listeners_rewind(struct tcplife_cursor *cur)
{
	/* So that the drops are complete. */
	tcplife_syn_settle_for(cur->trusted);
	cur->bucket = 0;
	cur->cookie = U64_MAX;
}

static bool listeners_next(struct tcplife_cursor *cur)
{
	return tcplife_listener_next(&cur->bucket, &cur->cookie, cur->netns,
				     &cur->listener);
}

const struct tcplife_list tcplife_listeners = {
	.rewind	= listeners_rewind,
	.next	= listeners_next,
};

/**
 * tcplife_list_rewind - go to the start of the list
 * @cur: the cursor
 *
 * Context: process.
 */
void tcplife_list_rewind(struct tcplife_cursor *cur)
{
	cur->list->rewind(cur);
}

/**
 * tcplife_list_next - copy the next entry
 * @cur: the cursor, rewound
 *
 * Context: process. Return: whether there was one.
 */
bool tcplife_list_next(struct tcplife_cursor *cur)
{
	return cur->list->next(cur);
}

/**
 * tcplife_list_lost - what was there at the start, and gone when its turn came
 * @cur: the cursor
 *
 * Return: how many so far. Only the history overwrites what a walk should show.
 */
u64 tcplife_list_lost(const struct tcplife_cursor *cur)
{
	return cur->list == &tcplife_history ? cur->history.lost : 0;
}
