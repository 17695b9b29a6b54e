// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bins: what happened over time.
 */
#include <string.h>

#include "bins.h"
#include "clock.h"
#include "derived.h"

/* -- how long it took -- */

/* Quarters between the powers of two, in us, as the four are of equal width in
 * a bucket of the powers.
 */
static unsigned int bucket_of(__u64 ns)
{
	__u64 us = ns / NSEC_PER_USEC;
	unsigned int log, i;

	if (us < SPAN_STEPS)
		return us;
	log = 63 - __builtin_clzll(us);
	i = (log - 1) * SPAN_STEPS + (us >> (log - 2)) % SPAN_STEPS;
	return i < SPAN_BUCKETS ? i : SPAN_BUCKETS - 1;
}

/* Where a bucket ends, in ns. */
static __u64 bucket_end(unsigned int i)
{
	unsigned int log = i / SPAN_STEPS + 1;

	if (i < SPAN_STEPS)
		return (i + 1) * NSEC_PER_USEC;
	return ((SPAN_STEPS + i % SPAN_STEPS + 1ULL) << (log - 2)) *
	       NSEC_PER_USEC;
}

static void spans_add(struct spans *s, __u64 ns)
{
	s->count[bucket_of(ns)]++;
	s->n++;
	if (ns > s->most)
		s->most = ns;
}

/**
 * spans_percentile - what so many of them did not exceed
 * @s: the times
 * @part: how many of all, as 0.99
 *
 * Return: the time in ns, within a fifth above it.
 */
__u64 spans_percentile(const struct spans *s, double part)
{
	unsigned int i;
	__u64 seen = 0;

	for (i = 0; i < SPAN_BUCKETS; i++) {
		seen += s->count[i];
		if (s->n && seen >= part * s->n)
			break;
	}
	if (i + 1 >= SPAN_BUCKETS || bucket_end(i) > s->most)
		return s->most;
	return bucket_end(i);
}

static void spans_merge(struct spans *to, const struct spans *from)
{
	unsigned int i;

	for (i = 0; i < SPAN_BUCKETS; i++)
		to->count[i] += from->count[i];
	to->n += from->n;
	if (from->most > to->most)
		to->most = from->most;
}

/* -- over time -- */

static void bin_merge(struct bin *to, const struct bin *from)
{
	unsigned int i;

	for (i = 0; i < 2; i++)
		to->opened[i] += from->opened[i];
	for (i = 0; i < NR_ENDS; i++)
		to->ended[i] += from->ended[i];
	for (i = 0; i < NR_SPANS; i++)
		spans_merge(&to->spans[i], &from->spans[i]);
}

static __u32 larger(__u32 a, __u32 b)
{
	return a > b ? a : b;
}

static void queue_halve(struct queue *q)
{
	unsigned int i;

	for (i = 0; i < BINS / 2; i++) {
		q->synq[i] = larger(q->synq[2 * i], q->synq[2 * i + 1]);
		q->accq[i] = larger(q->accq[2 * i], q->accq[2 * i + 1]);
		q->met[i] = q->met[2 * i] || q->met[2 * i + 1];
	}
	memset(q->synq + i, 0, i * sizeof(*q->synq));
	memset(q->accq + i, 0, i * sizeof(*q->accq));
	memset(q->met + i, 0, i * sizeof(*q->met));
}

static void halve(struct bins *bins)
{
	unsigned int i;

	for (i = 0; i < BINS / 2; i++) {
		if (i)
			bins->bin[i] = bins->bin[2 * i];
		bin_merge(&bins->bin[i], &bins->bin[2 * i + 1]);
	}
	memset(bins->bin + i, 0, i * sizeof(*bins->bin));
	for (i = 0; i < bins->nr_queues; i++)
		queue_halve(&bins->queue[i]);
	bins->width *= 2;
	bins->used = (bins->used + 1) / 2;
}

/* What was before the beginning is in no bin. A time of a broken file may be any,
 * and a recording of 64 years is none.
 */
static int bin_at(struct bins *bins, __u64 time)
{
	__u64 i;

	if (!bins->width)
		bins->width = BIN_NS;
	if (time < bins->start || time - bins->start > 1ULL << 61)
		return -1;
	while ((time - bins->start) / bins->width >= BINS)
		halve(bins);
	i = (time - bins->start) / bins->width;
	if (i >= bins->used)
		bins->used = i + 1;
	return i;
}

/**
 * bins_until - there is time until then, though nothing may have happened
 * @bins: the bins
 * @time: the time
 */
void bins_until(struct bins *bins, __u64 time)
{
	bin_at(bins, time);
}

/** bins_queue - that of a listener, or NULL */
const struct queue *bins_queue(const struct bins *bins, __u64 cookie)
{
	unsigned int i;

	for (i = 0; i < bins->nr_queues; i++)
		if (bins->queue[i].cookie == cookie)
			return &bins->queue[i];
	return NULL;
}

/**
 * bins_reserve - a listener has a queue, whoever else comes
 * @bins: the bins
 * @cookie: of the listener
 */
void bins_reserve(struct bins *bins, __u64 cookie)
{
	if (bins->nr_queues < NR_QUEUES)
		bins->queue[bins->nr_queues++].cookie = cookie;
}

static struct queue *queue_of(struct bins *bins, const struct record *rec)
{
	struct queue *q = (struct queue *)bins_queue(bins, rec->listener);

	bins->crowded = bins->crowded || (!q && bins->nr_queues == NR_QUEUES);
	if (!q && !bins->crowded) {
		bins_reserve(bins, rec->listener);
		q = &bins->queue[bins->nr_queues - 1];
	}
	if (q && !q->conns)
		q->first = *rec;
	return q;
}

/**
 * bins_queues - how long the queues were when a connection came
 * @bins: the bins
 * @rec: its record, also if it has no listener
 */
void bins_queues(struct bins *bins, const struct record *rec)
{
	struct queue *q = NULL;
	__u64 wait;
	int i;

	if (record_has(rec, LISTENER) && rec->listener)
		q = queue_of(bins, rec);
	if (!q)
		return;
	q->conns++;
	if (derived_accept_wait(rec, &wait) && wait > q->wait_max)
		q->wait_max = wait;
	i = record_has(rec, SYN) && record_has(rec, SYNQ) ?
	    bin_at(bins, rec->syn) : -1;
	if (i >= 0) {
		q->synq[i] = larger(q->synq[i], rec->synq + 1);
		q->met[i] = true;
	}
	i = record_has(rec, QUEUED) && record_has(rec, ACCQ) ?
	    bin_at(bins, rec->queued) : -1;
	if (i >= 0) {
		q->accq[i] = larger(q->accq[i], rec->accq + 1);
		q->met[i] = true;
	}
}

static void add_span(struct bins *bins, unsigned int span, __u64 when,
		     bool known, __u64 ns)
{
	int i = known ? bin_at(bins, when) : -1;

	if (i >= 0)
		spans_add(&bins->bin[i].spans[span], ns);
}

/* Of what only closed, so far, the end is not known: TCPLIFE_END_NONE. */
static void add_end(struct bins *bins, const struct record *rec, bool closed)
{
	unsigned int end = record_has(rec, END) ? rec->end : TCPLIFE_END_NONE;
	int i = -1;

	if (record_has(rec, ENDED) && end && end < NR_ENDS)
		i = bin_at(bins, rec->ended);
	else if (closed && record_has(rec, SINCE_CLOSE) && !end)
		i = bin_at(bins, rec->since_close);
	if (i < 0)
		return;
	bins->bin[i].ended[end]++;
	bins->ends[end]++;
}

/**
 * bins_record - add a connection
 * @bins: the bins
 * @rec: its record, which may be of one that lives
 * @closed: it came when its socket closed, which may not be its end
 */
void bins_record(struct bins *bins, const struct record *rec, bool closed)
{
	__u64 ns;
	bool known;
	int i;

	bins->records++;
	i = record_has(rec, BORN) && rec->role < 2 ?
	    bin_at(bins, rec->born) : -1;
	if (i >= 0)
		bins->bin[i].opened[rec->role]++;
	add_end(bins, rec, closed);
	known = derived_handshake(rec, &ns);
	add_span(bins, SPAN_HANDSHAKE, rec->since_established, known, ns);
	known = derived_accept_wait(rec, &ns);
	add_span(bins, SPAN_ACCEPT, rec->accepted, known, ns);
	known = derived_life(rec, &ns);
	add_span(bins, SPAN_LIFE, rec->since_close, known, ns);
}
