/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of tcplife metrics: what is exported, how it is written, and what has
 * to be remembered between two scrapes.
 */
#ifndef _READER_METRICS_H
#define _READER_METRICS_H

#include <stdio.h>

#include "gather.h"
#include "options.h"

/* Where --listen is without a port, and how many listeners have series. */
#define METRICS_PORT		9743
#define METRICS_LISTENERS	128

enum metric_type {
	METRIC_COUNTER,
	METRIC_GAUGE,
	METRIC_HISTOGRAM,
};

/**
 * struct metric - a family, as Prometheus calls it
 * @name: of it; a counter's series end in _total
 * @type: of it
 * @unit: the last word of @name, NULL if it is a mere number
 * @label: the label that tells its series apart, NULL if there is one series;
 *	those of listeners have address and port, too
 * @help: what it is, without a newline
 */
struct metric {
	const char		*name;
	enum metric_type	type;
	const char		*unit;
	const char		*label;
	const char		*help;
};

enum {
#define METRIC(id, ...) M_##id,
#include "metrics_list.h"
#undef METRIC
	NR_METRICS,
};

extern const struct metric metrics[NR_METRICS];

/**
 * struct exposition - a page on its way
 * @file: where it goes
 * @open: OpenMetrics, not text 0.0.4
 */
struct exposition {
	FILE	*file;
	bool	open;
};

void expose_head(struct exposition *e, unsigned int id);
void expose_name(const struct exposition *e, unsigned int id,
		 const char *suffix);
void expose_text(const struct exposition *e, const char *text, bool quotes);
void expose(struct exposition *e, unsigned int id, const char *value, __s64 n);
void expose_listener(struct exposition *e, unsigned int id,
		     const char *labels, const char *value, __s64 n);
void expose_ns(struct exposition *e, unsigned int id, const char *labels,
	       __u64 ns);
void expose_buckets(struct exposition *e, unsigned int id, const char *labels,
		    const __u64 *bucket, unsigned int n);
void expose_sum(struct exposition *e, unsigned int id, const char *labels,
		const __u64 *bucket, unsigned int n, __u64 ns);
void expose_end(struct exposition *e);

#define METRICS_LABELS	96

/**
 * struct group - the sockets that listen on one address and port
 * @sum: what they have now; counters with those of @base
 * @base: what sockets had counted that are closed, so that no counter falls
 * @sockets: how many
 * @labelled: it has series of its own
 */
struct group {
	struct listener	sum;
	struct listener	base;
	unsigned int	sockets;
	bool		labelled;
};

/**
 * struct groups - all of them, by port and address
 * @items: them
 * @n: how many
 * @left_out: those that are not labelled
 * @last: the listeners of the last scrape
 * @family: of the module then: loaded again it has another number
 */
struct groups {
	struct group	*items;
	size_t		n;
	size_t		left_out;
	struct gathered	last;
	__u16		family;
};

int groups_update(struct groups *groups, struct gathered *now, __u16 family,
		  size_t most);
void groups_expose(const struct groups *groups, struct exposition *e);
void groups_free(struct groups *groups);
char *group_labels(const struct listener *l, char *buf);

/**
 * struct snapshot - what the module said
 * @stats: counters and gauges
 * @histograms: by TCPLIFE_HISTOGRAM_
 * @ephemeral: how many local ports connect() may take by itself, 0: unknown
 * @used: of those, in use for the one remote address and port with most
 */
struct snapshot {
	struct stats		stats;
	struct histogram	histograms[TCPLIFE_HISTOGRAM_TIME_WAIT + 1];
	unsigned int		ephemeral;
	size_t			used;
};

void stats_expose(const struct stats *stats, struct exposition *e);
bool stats_is_exposed(unsigned int attr);

/**
 * struct scraper - who answers scrapes
 * @o: the options
 * @session: with the module
 * @groups: of listeners
 * @snapshot: the last one
 * @scrapes: that were asked for
 * @errors: those of them that failed
 * @refused: requests that were not answered
 * @serves: it lasts, so that these three mean something
 */
struct scraper {
	const struct options	*o;
	struct session		session;
	struct groups		groups;
	struct snapshot		snapshot;
	__u64			scrapes;
	__u64			errors;
	__u64			refused;
	bool			serves;
};

char *scrape(struct scraper *s, bool open, size_t *size, int *error);
int metrics_serve(struct scraper *s);
int metrics_print_list(void);

#endif /* _READER_METRICS_H */
