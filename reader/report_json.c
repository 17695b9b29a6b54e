// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the page shows, as JSON: see page/report.js, which draws it. Times are
 * seconds since the recording began; what is not known is null.
 */
#include <string.h>

#include "../module/names.h"
#include "fields.h"
#include "host.h"
#include "report.h"

static void put(json_t *array, bool known, double value)
{
	json_array_append_new(array, known ? json_real(value) : json_null());
}

static void put_count(json_t *array, __u64 n)
{
	json_array_append_new(array, json_integer(n));
}

/* -- the bins -- */

static json_t *opened(const struct bins *bins, unsigned int role)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < bins->used; i++)
		put_count(array, bins->bin[i].opened[role]);
	return array;
}

/* Reasons that there are, with how often it was so. */
static json_t *ended(const struct bins *bins)
{
	json_t *all = json_array(), *counts, *one;
	unsigned int end, i;

	for (end = 0; end < NR_ENDS; end++) {
		if (!bins->ends[end])
			continue;
		counts = json_array();
		for (i = 0; i < bins->used; i++)
			put_count(counts, bins->bin[i].ended[end]);
		one = json_pack("{s:s, s:I, s:o}",
				"name", end ? tcplife_end_name(end) : "closed",
				"total", (json_int_t)bins->ends[end],
				"counts", counts);
		json_array_append_new(all, one);
	}
	return all;
}

static json_t *spans(const struct bins *bins, unsigned int which)
{
	static const double parts[] = { 0.5, 0.9, 0.99, 1 };
	json_t *lines = json_array(), *line, *counts = json_array();
	const struct spans *s;
	unsigned int i, p;

	for (p = 0; p < sizeof(parts) / sizeof(*parts); p++) {
		line = json_array();
		for (i = 0; i < bins->used; i++) {
			s = &bins->bin[i].spans[which];
			put(line, s->n, spans_percentile(s, parts[p]) / 1e6);
		}
		json_array_append_new(lines, line);
	}
	for (i = 0; i < bins->used; i++)
		put_count(counts, bins->bin[i].spans[which].n);
	return json_pack("{s:o, s:o}", "lines", lines, "counts", counts);
}

/* -- the samples -- */

static json_t *sample_times(const struct report *r)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < r->samples.n; i++)
		put(array, true,
		    report_seconds(r, r->samples.items[i].time));
	return array;
}

/* Of a counter how many since the sample before. */
static json_t *sample_series(const struct report *r, unsigned int which)
{
	const struct sample *items = r->samples.items;
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < r->samples.n; i++) {
		if (which < SAMPLE_GAUGES)
			put_count(array, items[i].stats[which]);
		else
			put_count(array, i ? items[i].stats[which] -
				  items[i - 1].stats[which] : 0);
	}
	return array;
}

static json_t *samples(const struct report *r)
{
	json_t *object = json_object();
	unsigned int i;

	json_object_set_new(object, "t", sample_times(r));
	for (i = 0; i < SAMPLE_STATS; i++)
		json_object_set_new(object, stats_name(sample_stats[i]),
				    sample_series(r, i));
	return object;
}

/* -- all of it -- */

static json_t *tally(const struct tally *t)
{
	return json_pack("{s:I, s:I, s:I, s:I}",
			 "records", (json_int_t)t->seen,
			 "lost_kernel", (json_int_t)t->lost_kernel,
			 "lost_socket", (json_int_t)t->lost_socket,
			 "kept_back", (json_int_t)t->kept_back);
}

static json_t *totals(const struct report *r)
{
	const struct stats *s = &r->facts.stats;
	json_t *object = json_object();
	unsigned int i;

	for (i = 1; i <= TCPLIFE_A_STATS_MAX; i++)
		if (stats_name(i) && attr_has(s->has, i))
			json_object_set_new(object, stats_name(i),
					    json_integer(s->value[i]));
	return object;
}

/**
 * report_json - all that the page shows
 * @r: the report
 *
 * Return: an object, or NULL when there is no memory.
 */
json_t *report_json(const struct report *r)
{
	static const char format[] =
		"{s:O,s:I,s:f,s:f,s:i,s:b,s:b,s:o,s:o,s:o,s:o,s:o,s:[ooo],s:o,s:o,s:o,s:o,s:i,s:b}";
	const struct bins *b = &r->bins;

	return json_pack(format,
			 "header", host_header(),
			 "start",
			 (json_int_t)((r->start + r->clock_offset) / 1000000),
			 "length", report_seconds(r, r->end),
			 "width", b->width / 1e9, "bins", (int)b->used,
			 "whole", host_ended(), "closes", r->closes,
			 "tally", tally(&r->tally), "totals", totals(r),
			 "active", opened(b, TCPLIFE_ROLE_ACTIVE),
			 "passive", opened(b, TCPLIFE_ROLE_PASSIVE),
			 "ended", ended(b),
			 "spans", spans(b, SPAN_HANDSHAKE),
			 spans(b, SPAN_ACCEPT), spans(b, SPAN_LIFE),
			 "samples", samples(r), "queues", report_queues(r),
			 "findings", report_findings(r),
			 "worst", report_worst(r),
			 "left_out", (int)r->busiest.left_out,
			 "crowded", r->bins.crowded);
}
