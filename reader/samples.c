// SPDX-License-Identifier: GPL-2.0-only
/*
 * Samples: when there is no more room, each second one goes. Of a gauge the
 * larger one stays, and a counter has all that was before.
 */
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "samples.h"

const __u8 sample_stats[SAMPLE_STATS] = {
	TCPLIFE_A_STATS_NOW_ESTABLISHED, TCPLIFE_A_STATS_NOW_TIME_WAIT,
	TCPLIFE_A_STATS_NOW_CLOSE_WAIT, TCPLIFE_A_STATS_HALFOPEN_NOW,
	TCPLIFE_A_STATS_RETRANS_SYN, TCPLIFE_A_STATS_RETRANS_SYNACK,
	TCPLIFE_A_STATS_RETRANS_FIN, TCPLIFE_A_STATS_RETRANS_DATA,
};

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/* @to is the later one. */
static void merge(struct sample *to, const struct sample *from)
{
	unsigned int i;

	for (i = 0; i < SAMPLE_GAUGES; i++)
		to->stats[i] = larger(to->stats[i], from->stats[i]);
	for (i = 0; i < SAMPLE_LISTENERS; i++) {
		struct level *l = &to->level[i];

		l->synq = larger(l->synq, from->level[i].synq);
		l->accq = larger(l->accq, from->level[i].accq);
		l->dropped = larger(l->dropped, from->level[i].dropped);
		l->known = l->known || from->level[i].known;
	}
}

static void halve(struct samples *s)
{
	unsigned int i;

	for (i = 0; i < SAMPLES / 2; i++) {
		merge(&s->items[2 * i + 1], &s->items[2 * i]);
		s->items[i] = s->items[2 * i + 1];
	}
	s->n = SAMPLES / 2;
	s->every *= 2;
}

/**
 * samples_stats - a sample begins
 * @s: the samples
 * @time: when
 * @stats: the counters then
 */
void samples_stats(struct samples *s, __u64 time, const struct stats *stats)
{
	struct sample *last = s->n ? &s->items[s->n - 1] : NULL, item;
	unsigned int i;

	if (!s->begun)
		s->first = *stats;
	s->begun = true;
	s->last = *stats;
	memset(&item, 0, sizeof(item));
	item.time = time;
	for (i = 0; i < SAMPLE_STATS; i++)
		item.stats[i] = stats->value[sample_stats[i]];
	/* A gauge below 0 is one that is read while it moves. */
	for (i = 0; i < SAMPLE_GAUGES; i++)
		if ((__s64)item.stats[i] < 0)
			item.stats[i] = 0;
	if (!s->every)
		s->every = 1;
	if (last && ++s->skipped < s->every) {
		merge(&item, last);
		*last = item;
		return;
	}
	s->skipped = 0;
	if (s->n == SAMPLES)
		halve(s);
	s->items[s->n++] = item;
}

/** samples_dropped - SYNs and connections that came and were not taken */
__u64 samples_dropped(const struct listener *l)
{
	return l->drop_synq + l->drop_synmax + l->drop_accq + l->drop_other +
	       l->ack_ignored;
}

static int place(struct samples *s, const struct listener *l)
{
	unsigned int i;

	for (i = 0; i < s->nr_listeners; i++)
		if (s->last_listener[i].cookie == l->cookie)
			return i;
	if (i == SAMPLE_LISTENERS)
		return -1;
	s->nr_listeners++;
	/* Of one that came later, all is new. */
	if (s->n <= 1)
		s->first_listener[i] = *l;
	return i;
}

/* What was counted while it was recorded. */
static void listener_since(struct listener *l, const struct listener *first)
{
	__u64 *to = &l->syns;
	const __u64 *from = &first->syns;
	unsigned int i;

	for (; to <= &l->accepts; to++, from++)
		*to -= *from;
	for (i = 0; i < l->nr_buckets; i++)
		l->wait_bucket[i] -= first->wait_bucket[i];
}

/* A socket that listens again, after shutdown() for one, has the cookie that it
 * had, and counts from 0. What it had counted stays, in a first one that is below
 * 0: all of this is modulo 2^64.
 */
static void goes_on(struct listener *first, const struct listener *last,
		    const struct listener *l)
{
	if (l->syns >= last->syns && l->accepts >= last->accepts)
		return;
	first->nr_buckets = last->nr_buckets;
	listener_since(first, last);
}

/**
 * samples_listener - a listener of the sample that has begun
 * @s: the samples
 * @l: the listener
 */
void samples_listener(struct samples *s, const struct listener *l)
{
	struct level *level;
	int i = s->n ? place(s, l) : -1;

	if (i < 0)
		return;
	goes_on(&s->first_listener[i], &s->last_listener[i], l);
	s->last_listener[i] = *l;
	level = &s->items[s->n - 1].level[i];
	level->synq = larger(level->synq, l->synq);
	level->accq = larger(level->accq, l->accq);
	level->dropped = samples_dropped(l) -
			 samples_dropped(&s->first_listener[i]);
	level->known = true;
}

/**
 * samples_since - what was counted since the first sample
 * @s: the samples
 * @stats: set to the counters; gauges are as they were last
 * @listeners: set to listeners, those that are no more, too
 */
void samples_since(const struct samples *s, struct stats *stats,
		   struct gathered *listeners)
{
	unsigned int i;

	*stats = s->last;
	for (i = 1; i <= TCPLIFE_A_STATS_MAX; i++)
		if (stats_name(i) && !stats_is_gauge(i))
			stats->value[i] -= s->first.value[i];
	listeners->size = sizeof(struct listener);
	listeners->n = 0;
	if (!listeners->items) {
		listeners->items = calloc(SAMPLE_LISTENERS, listeners->size);
		listeners->room = SAMPLE_LISTENERS;
	}
	for (i = 0; listeners->items && i < s->nr_listeners; i++) {
		struct listener *l = gathered_listener(listeners, i);

		*l = s->last_listener[i];
		listener_since(l, &s->first_listener[i]);
		listeners->n++;
	}
}
