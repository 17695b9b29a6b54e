/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of tcplife top: what it knows, and how it looks.
 */
#ifndef _READER_TOP_H
#define _READER_TOP_H

#include "gather.h"
#include "tally.h"

#define TOP_FAILURES	512	/* the newest that are kept */
#define TOP_FILTER	32

/** struct top_failure - a connection that failed, and its message */
struct top_failure {
	struct record	rec;
	struct batch	batch;
};

/** enum top_sort - what the listeners are sorted by */
enum top_sort {
	TOP_BY_ACCQ,
	TOP_BY_SYNQ,
	TOP_BY_SYNS,
	TOP_BY_ACCEPTS,
	TOP_BY_DROPS,
	TOP_BY_PORT,
	TOP_SORTS,
};

/** struct top_listener - a listener, and what happened since the last look */
struct top_listener {
	struct listener	now;
	double		syns;		/* a second */
	double		accepts;
};

/**
 * struct top - all of it
 * @ask: for questions; it is open while the module is loaded
 * @events: for the records that end
 * @connected: both are open
 * @gone: they are not, as there is no module
 * @stats: now
 * @before: at the last look
 * @seconds: between them; 0: there was none
 * @taken: when @stats was, ns of CLOCK_MONOTONIC
 * @listeners: those that the filter lets through, sorted
 * @nr_listeners: how many
 * @all: of the module
 * @all_before: at the last look
 * @failures: a ring
 * @nr_failures: how many there have been
 * @shown: numbers, from 1, of those that the filter let through when they were
 *	last drawn, the newest first
 * @nr_shown: how many
 * @nr_arranged: how many failures there had been by then
 * @overruns: times that our socket's buffer was full
 * @tally: of the records that ended: what is missing, and what was kept back
 * @filtered: the kernel has an event filter, so that not all failures come
 * @filter: a part of a name, address, port or end
 * @interval: seconds between looks
 * @paused: nothing moves
 * @sort: of the listeners
 * @reverse: the other way round
 * @in_failures: the cursor is there, not in the listeners
 * @cursor: the row that it is in, in each list
 */
struct top {
	struct session		ask;
	struct session		events;
	bool			connected;
	bool			gone;
	struct stats		stats;
	struct stats		before;
	double			seconds;
	__u64			taken;
	struct top_listener	*listeners;
	size_t			nr_listeners;
	struct gathered		all;
	struct gathered		all_before;
	struct top_failure	failures[TOP_FAILURES];
	__u64			nr_failures;
	__u64			shown[TOP_FAILURES];
	size_t			nr_shown;
	__u64			nr_arranged;
	__u64			overruns;
	struct tally		tally;
	bool			filtered;
	char			filter[TOP_FILTER];
	double			interval;
	bool			paused;
	enum top_sort		sort;
	bool			reverse;
	bool			in_failures;
	size_t			cursor[2];
};

int top_connect(struct top *t);
void top_disconnect(struct top *t);
int top_look(struct top *t);
int top_events(struct top *t);
void top_arrange(struct top *t);
const struct top_failure *top_failure(const struct top *t, size_t row);

void top_draw(const struct top *t);
void top_page(const char *title, const char *text);
void top_help(void);
void top_open(const struct top *t);

#endif /* _READER_TOP_H */
