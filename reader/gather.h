/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gather: all that one command of the module answers, in memory. For those who
 * need the whole of it before they can say anything.
 */
#ifndef _READER_GATHER_H
#define _READER_GATHER_H

#include "options.h"
#include "record.h"
#include "session.h"

/**
 * struct gathered - objects of one kind
 * @items: them, one after the other
 * @n: how many
 * @room: for how many there is
 * @size: of one
 * @batch: the head of the last message: the time then
 */
struct gathered {
	void		*items;
	size_t		n;
	size_t		room;
	size_t		size;
	struct batch	batch;
};

__u32 gather_netns(void);
int gather_event_filter(struct session *s, struct event_filter *f);
int gather_stats(struct session *s, __u32 netns, struct stats *stats);
int gather_listeners(struct session *s, struct gathered *g);
int gather_some_listeners(struct session *s, const struct options *filter,
			  struct gathered *g);
int gather_latency(struct session *s, __u32 netns, struct histogram *h,
		   unsigned int n);
int gather_hooks(struct session *s, struct gathered *g);
int gather_mibs(struct session *s, struct gathered *g);
int gather_records(struct session *s, __u8 cmd, const struct options *filter,
		   bool (*want)(const struct record *rec, void *arg), void *arg,
		   struct gathered *g);
void gather_free(struct gathered *g);

static inline struct listener *gathered_listener(const struct gathered *g,
						 size_t i)
{
	return (struct listener *)g->items + i;
}

static inline struct record *gathered_record(const struct gathered *g,
					     size_t i)
{
	return (struct record *)g->items + i;
}

static inline struct hook *gathered_hook(const struct gathered *g, size_t i)
{
	return (struct hook *)g->items + i;
}

static inline struct mib_entry *gathered_mib(const struct gathered *g,
					     size_t i)
{
	return (struct mib_entry *)g->items + i;
}

#endif /* _READER_GATHER_H */
