// SPDX-License-Identifier: GPL-2.0-only
/*
 * Busiest: those listeners that dropped most while it was recorded, and then those
 * that had most SYNs.
 */
#define _GNU_SOURCE	/* tdestroy(), twalk_r() */
#include <search.h>
#include <stdlib.h>

#include "busiest.h"
#include "samples.h"

/* Of a recording that somebody else made. */
#define MOST	65536

/** struct busy - a listener */
struct busy {
	__u64	cookie;
	__u64	last_drops;	/* by its counters */
	__u64	last_syns;
	__u64	drops;		/* while it was recorded */
	__u64	syns;
	bool	chosen;
};

static int by_cookie(const void *a, const void *b)
{
	const struct busy *x = a, *y = b;

	return x->cookie < y->cookie ? -1 : x->cookie > y->cookie;
}

/* The busier first, and of those that are equal always the same. */
static int by_work(const void *a, const void *b)
{
	const struct busy *x = *(struct busy *const *)a;
	const struct busy *y = *(struct busy *const *)b;

	if (x->drops != y->drops)
		return x->drops < y->drops ? 1 : -1;
	if (x->syns != y->syns)
		return x->syns < y->syns ? 1 : -1;
	return by_cookie(x, y);
}

static struct busy *find(const struct busiest *b, __u64 cookie)
{
	const struct busy key = { .cookie = cookie };
	struct busy **found = tfind(&key, &b->tree, by_cookie);

	return found ? *found : NULL;
}

static struct busy *add(struct busiest *b, __u64 cookie)
{
	struct busy *busy = b->n < MOST ? calloc(1, sizeof(*busy)) : NULL;

	if (!busy)
		return NULL;
	busy->cookie = cookie;
	if (!tsearch(busy, &b->tree, by_cookie)) {
		free(busy);
		return NULL;
	}
	b->n++;
	return busy;
}

/**
 * busiest_add - a listener as a sample has it
 * @b: all of them
 * @l: the listener
 * @first: it is the first sample: what was counted before is not of interest
 */
void busiest_add(struct busiest *b, const struct listener *l, bool first)
{
	struct busy *busy = find(b, l->cookie);
	__u64 drops = samples_dropped(l);

	if (!busy)
		busy = add(b, l->cookie);
	if (!busy) {
		b->beyond = true;
		return;
	}
	/* A socket that listens again counts from 0. */
	if (l->syns < busy->last_syns || drops < busy->last_drops) {
		busy->last_syns = 0;
		busy->last_drops = 0;
	}
	busy->drops += first ? 0 : drops - busy->last_drops;
	busy->syns += first ? 0 : l->syns - busy->last_syns;
	busy->last_drops = drops;
	busy->last_syns = l->syns;
}

struct list {
	struct busy	**items;
	size_t		n;
};

static void collect(const void *node, VISIT visit, void *arg)
{
	struct list *list = arg;

	if (visit == postorder || visit == leaf)
		list->items[list->n++] = *(struct busy *const *)node;
}

/**
 * busiest_choose - from here on it is known who has to do with it
 * @b: all of them
 * @most: how many there is room for
 * @fn: called for each of them
 * @arg: for @fn
 */
void busiest_choose(struct busiest *b, size_t most, busiest_fn *fn, void *arg)
{
	struct list list = { .items = calloc(b->n + 1, sizeof(*list.items)) };
	size_t i;

	b->chosen = true;
	b->left_out = b->n + b->beyond;
	if (!list.items)
		return;
	twalk_r(b->tree, collect, &list);
	qsort(list.items, list.n, sizeof(*list.items), by_work);
	for (i = 0; i < list.n && i < most; i++) {
		list.items[i]->chosen = true;
		fn(list.items[i]->cookie, arg);
	}
	b->left_out -= i;
	free(list.items);
}

/** busiest_has - whether a listener is chosen, or in no sample */
bool busiest_has(const struct busiest *b, __u64 cookie)
{
	const struct busy *busy = find(b, cookie);

	return !busy || busy->chosen;
}

/** busiest_free - give back the memory */
void busiest_free(struct busiest *b)
{
	tdestroy(b->tree, free);
	b->tree = NULL;
}
