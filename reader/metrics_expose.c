// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expose: how metrics are written, as Prometheus' text format 0.0.4 and as
 * OpenMetrics 1.0. They differ in what HELP and TYPE call a counter, in UNIT, in
 * what is escaped, and in the last line.
 */
#include "clock.h"
#include "metrics.h"

const struct metric metrics[NR_METRICS] = {
#define METRIC(id, name, type, unit, label, help) \
	[M_##id] = { name, METRIC_##type, unit, label, help },
#include "metrics_list.h"
#undef METRIC
};

static const char * const type_names[] = {
	[METRIC_COUNTER] = "counter",
	[METRIC_GAUGE] = "gauge",
	[METRIC_HISTOGRAM] = "histogram",
};

/**
 * expose_text - a HELP text or the value of a label
 * @e: the page
 * @text: it
 * @quotes: escape them, too: in a label, and in OpenMetrics everywhere
 */
void expose_text(const struct exposition *e, const char *text, bool quotes)
{
	for (; *text; text++) {
		switch (*text) {
		case '\n':
			fputs("\\n", e->file);
			continue;
		case '"':
			if (quotes)
				fputc('\\', e->file);
			break;
		case '\\':
			fputc('\\', e->file);
			break;
		}
		fputc(*text, e->file);
	}
}

/** expose_name - the name of a series, with what comes behind it */
void expose_name(const struct exposition *e, unsigned int id,
		 const char *suffix)
{
	fputs(metrics[id].name, e->file);
	fputs(suffix, e->file);
}

static const char *suffix_of(unsigned int id)
{
	return metrics[id].type == METRIC_COUNTER ? "_total" : "";
}

/* In OpenMetrics the family has no _total, in text its series are the family. */
static void head_line(struct exposition *e, unsigned int id, const char *word)
{
	fprintf(e->file, "# %s ", word);
	expose_name(e, id, e->open ? "" : suffix_of(id));
	fputc(' ', e->file);
}

/** expose_head - the lines in front of all series of a metric */
void expose_head(struct exposition *e, unsigned int id)
{
	const struct metric *m = &metrics[id];

	head_line(e, id, "HELP");
	expose_text(e, m->help, e->open);
	fputc('\n', e->file);
	if (e->open && m->unit) {
		head_line(e, id, "UNIT");
		fprintf(e->file, "%s\n", m->unit);
	}
	head_line(e, id, "TYPE");
	fprintf(e->file, "%s\n", type_names[m->type]);
}

/* All labels: those of the listener, escaped, then the one of the metric. */
static void put_labels(const struct exposition *e, const char *labels,
		       const char *name, const char *value)
{
	if (!*labels && !value)
		return;
	fprintf(e->file, "{%s", labels);
	if (value) {
		fprintf(e->file, "%s%s=\"", *labels ? "," : "", name);
		expose_text(e, value, true);
		fputc('"', e->file);
	}
	fputc('}', e->file);
}

/** expose_listener - a series of a listener, or of another with @labels "" */
void expose_listener(struct exposition *e, unsigned int id,
		     const char *labels, const char *value, __s64 n)
{
	expose_name(e, id, suffix_of(id));
	put_labels(e, labels, metrics[id].label, value);
	fprintf(e->file, " %lld\n", n);
}

/**
 * expose - a series
 * @e: the page
 * @id: of the metric
 * @value: of its label; NULL if it has none
 * @n: the number
 */
void expose(struct exposition *e, unsigned int id, const char *value, __s64 n)
{
	expose_listener(e, id, "", value, n);
}

static void put_seconds(const struct exposition *e, __u64 ns)
{
	fprintf(e->file, " %llu.%09llu\n", ns / NSEC_PER_SEC,
		ns % NSEC_PER_SEC);
}

/** expose_ns - a time, as seconds */
void expose_ns(struct exposition *e, unsigned int id, const char *labels,
	       __u64 ns)
{
	expose_name(e, id, suffix_of(id));
	put_labels(e, labels, NULL, NULL);
	put_seconds(e, ns);
}

/* 2^exponent us in seconds, without zeros behind: the same text in each scrape,
 * for it is the name of a series.
 */
static void bound_text(unsigned int exponent, char *buf, size_t size)
{
	__u64 us = 1ULL << exponent;
	int len = snprintf(buf, size, "%llu.%06llu", us / 1000000,
			   us % 1000000);

	while (buf[len - 1] == '0' && buf[len - 2] != '.')
		buf[--len] = 0;
}

static void put_bucket(struct exposition *e, unsigned int id,
		       const char *labels, const char *bound, __u64 n)
{
	expose_name(e, id, "_bucket");
	put_labels(e, labels, "le", bound);
	fprintf(e->file, " %llu\n", n);
}

/* A listener has series of 64 us to 16 s only, as there may be many. */
#define LISTENER_LOW	6
#define LISTENER_HIGH	24

/**
 * expose_buckets - the buckets of a histogram, each with those below it
 * @e: the page
 * @id: of the metric
 * @labels: of a listener, or ""
 * @bucket: bucket b has the times below 2^b us, the last one all above
 * @n: how many buckets
 */
void expose_buckets(struct exposition *e, unsigned int id, const char *labels,
		    const __u64 *bucket, unsigned int n)
{
	unsigned int b;
	char bound[32];
	__u64 sum = 0;

	for (b = 0; b < n; b++) {
		sum += bucket[b];
		if (b + 1 == n ||
		    (*labels && (b < LISTENER_LOW || b > LISTENER_HIGH)))
			continue;
		bound_text(b, bound, sizeof(bound));
		put_bucket(e, id, labels, bound, sum);
	}
	put_bucket(e, id, labels, "+Inf", sum);
}

/** expose_sum - what follows the buckets: the sum of the times, their number */
void expose_sum(struct exposition *e, unsigned int id, const char *labels,
		const __u64 *bucket, unsigned int n, __u64 ns)
{
	__u64 sum = 0;
	unsigned int b;

	for (b = 0; b < n; b++)
		sum += bucket[b];
	expose_name(e, id, "_sum");
	put_labels(e, labels, NULL, NULL);
	put_seconds(e, ns);
	expose_name(e, id, "_count");
	put_labels(e, labels, NULL, NULL);
	fprintf(e->file, " %llu\n", sum);
}

/** expose_end - the end of the page */
void expose_end(struct exposition *e)
{
	if (e->open)
		fputs("# EOF\n", e->file);
}
