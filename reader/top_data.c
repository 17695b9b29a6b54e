// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tcplife top knows: the counters and listeners of now and of before, and
 * the newest failures. The module may go and come back at any time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../module/names.h"
#include "clock.h"
#include "decode.h"
#include "filter.h"
#include "ladder_words.h"
#include "self.h"
#include "top.h"

/* The multicast group of records that end. */
#define GROUP	"records"

/* What is lost from now on can be told, if the module says what it has sent. */
static int begin_tally(struct top *t)
{
	struct sent sent;
	int ret = sent_ask(&t->ask, GROUP, &sent);

	t->tally.begun = false;
	t->tally.since = 0;
	if (!ret)
		tally_begin(&t->tally, &sent);
	return ret == -EOPNOTSUPP ? 0 : ret;
}

static int listen_to(struct top *t)
{
	int ret = session_open(&t->events);

	if (!ret)
		ret = session_join(&t->events, GROUP);
	if (!ret)
		ret = session_watch_unload(&t->events);
	if (ret)
		memcpy(t->ask.error, t->events.error, sizeof(t->ask.error));
	return ret;
}

/**
 * top_connect - open both sessions
 * @t: top
 *
 * Return: 0 or an error, with words for it in @t->ask.
 */
int top_connect(struct top *t)
{
	int ret = session_open(&t->ask);

	if (ret)
		return ret;
	ret = listen_to(t);
	if (!ret)
		ret = begin_tally(t);
	if (ret) {
		top_disconnect(t);
		return ret;
	}
	t->connected = true;
	t->seconds = 0;
	t->taken = 0;
	return 0;
}

/** top_disconnect - the module is gone, or we are to go */
void top_disconnect(struct top *t)
{
	session_close(&t->ask);
	session_close(&t->events);
	gather_free(&t->all);
	gather_free(&t->all_before);
	t->nr_listeners = 0;
	t->connected = false;
}

/* Anybody may set it, or remove it, at any time. */
static int look_at_filter(struct top *t)
{
	struct event_filter f;
	int ret = gather_event_filter(&t->ask, &f);

	t->filtered = !ret && event_filter_is_set(&f);
	return ret;
}

static __u64 monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/**
 * top_look - ask for counters and listeners, once more
 * @t: top
 *
 * Return: 0 or an error: the module is gone.
 */
int top_look(struct top *t)
{
	__u64 last = t->taken;
	int ret;

	t->before = t->stats;
	gather_free(&t->all_before);
	t->all_before = t->all;
	memset(&t->all, 0, sizeof(t->all));
	ret = gather_stats(&t->ask, 0, &t->stats);
	if (ret)
		return ret;
	t->taken = monotonic();
	t->seconds = last ? (t->taken - last) / 1e9 : 0;
	ret = gather_listeners(&t->ask, &t->all);
	if (!ret)
		ret = look_at_filter(t);
	if (!ret)
		top_arrange(t);
	return ret;
}

/* -- failures -- */

/* Any part of what is shown of it, or the whole of a port. */
static bool contains(const struct top *t, const char *text)
{
	return !*t->filter || strcasestr(text, t->filter);
}

static bool fits_failure(const struct top *t, const struct record *rec)
{
	char local[WORDS_ADDRESS], remote[WORDS_ADDRESS];
	char text[3 * WORDS_ADDRESS];

	snprintf(text, sizeof(text), "%s %s %s %s",
		 tcplife_end_name(rec->end),
		 record_has(rec, COMM) ? rec->comm : "-",
		 words_local(local, rec), words_remote(remote, rec));
	return contains(t, text);
}

/* Not in its place before it is known to be one: that is the oldest one's. */
static void take_record(struct top *t, const struct batch *b,
			const struct nlattr *nest)
{
	struct top_failure *to;
	struct record rec;

	if (!decode_record(nest, &rec) || !filter_failed(&rec))
		return;
	self_mask_record(b, &rec);
	to = &t->failures[t->nr_failures++ % TOP_FAILURES];
	to->rec = rec;
	to->batch = *b;
}

static int take_event(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct top *t = arg;
	unsigned int n = 0;
	struct batch b;

	if (session_is_unload(&t->events, nlh))
		return -ENOENT;
	if (nlh->nlmsg_type != t->events.family || decode_batch(nlh, &b) ||
	    tally_is_old(&t->tally, &b))
		return 0;
	for (nest = decode_next(&b, NULL, TCPLIFE_A_RECORD); nest;
	     nest = decode_next(&b, nest, TCPLIFE_A_RECORD), n++)
		take_record(t, &b, nest);
	tally_message(&t->tally, &b, n, NULL);
	return 0;
}

/**
 * top_events - take the records that ended, one datagram of them
 * @t: top
 *
 * Return: 0, or an error: the module is gone.
 */
int top_events(struct top *t)
{
	int ret = session_receive(&t->events, take_event, t);

	if (ret == -ENOBUFS)
		t->overruns++;
	return ret == -ENOBUFS || ret == -EAGAIN ? 0 : ret;
}

/* Those that still have their place. */
static bool is_kept(const struct top *t, __u64 number)
{
	return number && number + TOP_FAILURES > t->nr_failures;
}

static const struct top_failure *numbered(const struct top *t, __u64 number)
{
	return &t->failures[(number - 1) % TOP_FAILURES];
}

/* The cursor stays on the failure that it is on; in the first row, where most
 * people never move it from, on the newest one.
 */
static void arrange_failures(struct top *t)
{
	size_t new = 0;
	__u64 n;

	t->nr_shown = 0;
	for (n = t->nr_failures; is_kept(t, n); n--) {
		if (!fits_failure(t, &numbered(t, n)->rec))
			continue;
		t->shown[t->nr_shown++] = n;
		new += n > t->nr_arranged;
	}
	if (t->cursor[1])
		t->cursor[1] += new;
	t->nr_arranged = t->nr_failures;
}

/**
 * top_failure - a row of the failures, as they were drawn
 * @t: top
 * @row: its number, less than @t->nr_shown
 *
 * Return: the failure; NULL if others took its place since.
 */
const struct top_failure *top_failure(const struct top *t, size_t row)
{
	__u64 number = t->shown[row];

	return is_kept(t, number) ? numbered(t, number) : NULL;
}

/* -- listeners -- */

static bool fits_listener(const struct top *t, const struct listener *l)
{
	char host[INET6_ADDRSTRLEN] = "-", text[128];

	if (listener_has(l, LOCAL_IPV4))
		inet_ntop(AF_INET, &l->local_ipv4, host, sizeof(host));
	else if (listener_has(l, LOCAL_IPV6))
		inet_ntop(AF_INET6, l->local_ipv6, host, sizeof(host));
	snprintf(text, sizeof(text), "%s %s:%u",
		 listener_has(l, COMM) ? l->comm : "-", host, l->local_port);
	return contains(t, text);
}

static const struct listener *listener_before(const struct top *t, __u64 cookie)
{
	size_t i;

	for (i = 0; i < t->all_before.n; i++)
		if (gathered_listener(&t->all_before, i)->cookie == cookie)
			return gathered_listener(&t->all_before, i);
	return NULL;
}

/* For qsort(), which has no argument for it. */
static enum top_sort sort_by;
static bool sort_reverse;

static double sort_key(const struct top_listener *l)
{
	switch (sort_by) {
	case TOP_BY_ACCQ:
		return l->now.accq;
	case TOP_BY_SYNQ:
		return l->now.synq;
	case TOP_BY_SYNS:
		return l->syns;
	case TOP_BY_ACCEPTS:
		return l->accepts;
	case TOP_BY_DROPS:
		return l->now.drop_accq + l->now.drop_synq +
		       l->now.drop_synmax + l->now.drop_other +
		       l->now.ack_ignored;
	default:
		return -(double)l->now.local_port;
	}
}

static int by_sort(const void *a, const void *b)
{
	double x = sort_key(a), y = sort_key(b);
	const struct top_listener *l = a, *m = b;

	if (x == y)
		return l->now.local_port - m->now.local_port;
	return (x < y ? 1 : -1) * (sort_reverse ? -1 : 1);
}

static void arrange_listeners(struct top *t)
{
	const struct listener *before;
	struct top_listener *to;
	size_t i;

	t->nr_listeners = 0;
	to = realloc(t->listeners, (t->all.n + 1) * sizeof(*to));
	if (!to)
		return;
	t->listeners = to;
	for (i = 0; i < t->all.n; i++) {
		const struct listener *l = gathered_listener(&t->all, i);

		if (!fits_listener(t, l))
			continue;
		to = &t->listeners[t->nr_listeners++];
		*to = (struct top_listener){ .now = *l };
		before = listener_before(t, l->cookie);
		if (!before || !t->seconds)
			continue;
		to->syns = (l->syns - before->syns) / t->seconds;
		to->accepts = (l->accepts - before->accepts) / t->seconds;
	}
	sort_by = t->sort;
	sort_reverse = t->reverse;
	qsort(t->listeners, t->nr_listeners, sizeof(*t->listeners), by_sort);
}

/**
 * top_arrange - filter and sort what is shown
 * @t: top
 */
void top_arrange(struct top *t)
{
	arrange_listeners(t);
	arrange_failures(t);
}
