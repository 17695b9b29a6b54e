// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scrape: asks the module for everything and makes a page of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tcplife/version.h>

#include "clock.h"
#include "doctor.h"
#include "metrics.h"

/* By TCPLIFE_HISTOGRAM_. */
static const unsigned int histogram_metrics[] = {
	M_HANDSHAKE, M_ACCEPT_WAIT, M_LIFETIME, M_HALF_CLOSE, M_CLOSE_WAIT,
	M_TIME_WAIT,
};

#define NR_HISTOGRAMS \
	(sizeof(histogram_metrics) / sizeof(*histogram_metrics))

/* -- gathering -- */

/* Ports that are used up are asked of all connections, so only where that is
 * about the ports which we know: those of our namespace.
 */
static int take_ports(struct scraper *s)
{
	struct facts *f = calloc(1, sizeof(*f));
	struct peer worst;
	int ret;

	s->snapshot.ephemeral = 0;
	if (!f)
		return -ENOMEM;
	ret = facts_take_used(&s->session, f);
	if (!ret) {
		s->snapshot.ephemeral = f->nr_ephemeral;
		s->snapshot.used = peers_count(&f->used, 0, true, &worst);
	}
	facts_free(f);
	free(f);
	return ret;
}

static int take_listeners(struct scraper *s)
{
	struct gathered listeners = { .n = 0 };
	int ret;

	ret = gather_some_listeners(&s->session, s->o, &listeners);
	if (!ret)
		ret = groups_update(&s->groups, &listeners, s->session.family,
				    s->o->max_listeners);
	gather_free(&listeners);
	return ret;
}

/* A session of its own for each: the module may have gone and come back. */
static int take(struct scraper *s)
{
	struct snapshot *snap = &s->snapshot;
	int ret = session_open(&s->session);

	if (ret)
		return ret;
	memset(snap, 0, sizeof(*snap));
	ret = gather_stats(&s->session, s->o->netns, &snap->stats);
	if (!ret)
		ret = gather_latency(&s->session, s->o->netns,
				     snap->histograms, NR_HISTOGRAMS);
	if (!ret)
		ret = take_listeners(s);
	if (!ret && !s->o->netns)
		ret = take_ports(s);
	if (ret == -ENOMEM)
		snprintf(s->session.error, sizeof(s->session.error),
			 "no memory");
	session_close(&s->session);
	return ret;
}

/* -- the page -- */

static void expose_one(struct exposition *e, unsigned int id,
		       const char *value, __s64 n)
{
	expose_head(e, id);
	expose(e, id, value, n);
}

static void expose_histogram(const struct histogram *h, struct exposition *e,
			     unsigned int id)
{
	if (!h->nr_buckets)
		return;
	expose_head(e, id);
	expose_buckets(e, id, "", h->bucket, h->nr_buckets);
	if (attr_has(h->has, TCPLIFE_A_HISTOGRAM_SUM))
		expose_sum(e, id, "", h->bucket, h->nr_buckets, h->sum);
}

static void expose_module(const struct scraper *s, struct exposition *e)
{
	const struct snapshot *snap = &s->snapshot;
	unsigned int i;

	stats_expose(&snap->stats, e);
	expose_one(e, M_LISTENERS_LEFT_OUT, NULL, s->groups.left_out);
	if (snap->ephemeral) {
		expose_one(e, M_PORTS, NULL, snap->ephemeral);
		expose_one(e, M_PORTS_USED, NULL, snap->used);
	}
	for (i = 0; i < NR_HISTOGRAMS; i++)
		expose_histogram(&snap->histograms[i], e,
				 histogram_metrics[i]);
	groups_expose(&s->groups, e);
}

static void expose_self(const struct scraper *s, struct exposition *e,
			__u64 duration)
{
	if (s->serves) {
		expose_one(e, M_X_SCRAPES, NULL, s->scrapes);
		expose_one(e, M_X_ERRORS, NULL, s->errors);
		expose_one(e, M_X_REFUSED, NULL, s->refused);
	}
	expose_head(e, M_X_DURATION);
	expose_ns(e, M_X_DURATION, "", duration);
}

/**
 * scrape - a page
 * @s: who
 * @open: as OpenMetrics
 * @size: set to how long it is
 * @error: set to what the session said, with words for it there
 *
 * Return: the page, to be freed; NULL without memory.
 */
char *scrape(struct scraper *s, bool open, size_t *size, int *error)
{
	struct exposition e = { .open = open };
	char *page = NULL;
	__u64 begin;

	*error = 0;
	e.file = open_memstream(&page, size);
	if (!e.file)
		return NULL;
	begin = clock_now();
	*error = take(s);
	s->scrapes++;
	s->errors += !!*error;
	expose_one(&e, M_UP, NULL, !*error);
	expose_one(&e, M_BUILD, TCPLIFE_VERSION, 1);
	if (!*error)
		expose_module(s, &e);
	expose_self(s, &e, clock_now() - begin);
	expose_end(&e);
	if (!fclose(e.file))
		return page;
	free(page);
	return NULL;
}
