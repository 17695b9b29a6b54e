// SPDX-License-Identifier: GPL-2.0-only
/*
 * Groups: listening sockets by address and port. Several may have the same
 * (SO_REUSEPORT, namespaces), a series only one value. What a socket had counted
 * stays in its group when it is closed: Prometheus would take a sum that falls
 * for a restart, and all that is left for new.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "text.h"

/* Of a socket its counters are added up, of its group they are one. */
static const size_t counters[] = {
#define X(member) offsetof(struct listener, member),
	X(syns) X(syn_dup) X(drop_synq) X(drop_synmax) X(drop_accq)
	X(drop_other) X(ack_ignored) X(cookie_sent) X(cookie_ok)
	X(cookie_bad) X(synack_retr) X(ho_estab) X(ho_timeout)
	X(ho_reset) X(ho_closed) X(ho_overflow) X(ho_aborted)
	X(ho_unreach) X(ho_other) X(accepts) X(wait_sum)
#undef X
};

#define NR_COUNTERS	(sizeof(counters) / sizeof(*counters))

static __u64 *at(struct listener *l, size_t offset)
{
	return (__u64 *)((char *)l + offset);
}

static __u32 larger(__u32 a, __u32 b)
{
	return a > b ? a : b;
}

static void add_counters(struct listener *to, const struct listener *l)
{
	unsigned int i;

	for (i = 0; i < NR_COUNTERS; i++)
		*at(to, counters[i]) += *(const __u64 *)((const char *)l +
							 counters[i]);
	for (i = 0; i < l->nr_buckets; i++)
		to->wait_bucket[i] += l->wait_bucket[i];
	to->nr_buckets = larger(to->nr_buckets, l->nr_buckets);
	if (to->wait_max < l->wait_max)
		to->wait_max = l->wait_max;
	to->synq_max = larger(to->synq_max, l->synq_max);
	to->accq_max = larger(to->accq_max, l->accq_max);
}

static void add_gauges(struct listener *to, const struct listener *l)
{
	to->backlog += l->backlog;
	to->synq += l->synq;
	to->accq += l->accq;
}

/* -- order -- */

static int compare_address(const struct listener *a, const struct listener *b)
{
	int ret = listener_has(a, LOCAL_IPV6) - listener_has(b, LOCAL_IPV6);

	if (ret)
		return ret;
	if (listener_has(a, LOCAL_IPV6))
		return memcmp(a->local_ipv6, b->local_ipv6,
			      sizeof(a->local_ipv6));
	return memcmp(&a->local_ipv4, &b->local_ipv4, sizeof(a->local_ipv4));
}

/* A struct group begins with a struct listener, too. */
static int by_place(const void *a, const void *b)
{
	const struct listener *x = a, *y = b;

	if (x->local_port != y->local_port)
		return x->local_port < y->local_port ? -1 : 1;
	return compare_address(x, y);
}

static int by_cookie(const void *a, const void *b)
{
	const struct listener *x = a, *y = b;

	return (x->cookie > y->cookie) - (x->cookie < y->cookie);
}

static struct group *find_group(struct group *items, size_t n,
				const struct listener *l)
{
	if (!n)
		return NULL;
	return bsearch(l, items, n, sizeof(*items), by_place);
}

/* -- update -- */

static void copy_identity(struct listener *to, const struct listener *l)
{
	memcpy(to->has, l->has, sizeof(to->has));
	to->local_ipv4 = l->local_ipv4;
	memcpy(to->local_ipv6, l->local_ipv6, sizeof(to->local_ipv6));
	to->local_port = l->local_port;
	to->kthread = l->kthread;
	memcpy(to->comm, l->comm, sizeof(to->comm));
}

/* Of those that listen now, which are in order of their place. */
static size_t make(struct group *items, const struct groups *old,
		   const struct gathered *now)
{
	struct group *g = NULL;
	size_t i, n = 0;

	for (i = 0; i < now->n; i++) {
		const struct listener *l = gathered_listener(now, i);
		const struct group *before;

		if (!g || by_place(&g->sum, l)) {
			g = &items[n++];
			copy_identity(&g->sum, l);
			before = find_group(old->items, old->n, l);
			if (before) {
				g->base = before->base;
				g->labelled = before->labelled;
			}
		}
		g->sockets++;
		add_gauges(&g->sum, l);
		add_counters(&g->sum, l);
	}
	return n;
}

/* A socket that listens again, after shutdown() for one, has the cookie that it
 * had, and counts from 0.
 */
static bool goes_on(const struct listener *was, const struct gathered *now)
{
	const struct listener *is;

	if (!now->n)
		return false;
	is = bsearch(was, now->items, now->n, now->size, by_cookie);
	return is && !by_place(was, is) && is->syns >= was->syns &&
	       is->accepts >= was->accepts;
}

/* Of those that were there the last time; @now is in order of cookies. */
static void add_closed(struct group *items, size_t n,
		       const struct gathered *last, const struct gathered *now)
{
	struct group *g;
	size_t i;

	for (i = 0; i < last->n; i++) {
		const struct listener *l = gathered_listener(last, i);

		if (goes_on(l, now))
			continue;
		g = find_group(items, n, l);
		if (g)
			add_counters(&g->base, l);
	}
}

/* Who is labelled stays so; room goes to the lowest ports. */
static void choose(struct groups *groups, size_t most)
{
	size_t i, n = 0;

	for (i = 0; i < groups->n; i++)
		n += groups->items[i].labelled;
	groups->left_out = 0;
	for (i = 0; i < groups->n; i++) {
		if (groups->items[i].labelled)
			continue;
		groups->items[i].labelled = n < most;
		n += groups->items[i].labelled;
		groups->left_out += !groups->items[i].labelled;
	}
}

static void sort(struct gathered *g, int (*by)(const void *a, const void *b))
{
	if (g->n)
		qsort(g->items, g->n, g->size, by);
}

/**
 * groups_update - take what listens now
 * @groups: has what did before
 * @now: the listeners, which it keeps
 * @family: number of the module's family
 * @most: how many groups may have series
 *
 * Return: 0 or -ENOMEM: nothing has changed then, and @now is the caller's.
 */
int groups_update(struct groups *groups, struct gathered *now, __u16 family,
		  size_t most)
{
	struct group *items = calloc(now->n + 1, sizeof(*items));
	size_t i, n;

	if (!items)
		return -ENOMEM;
	if (groups->family != family)
		groups_free(groups);
	sort(now, by_place);
	n = make(items, groups, now);
	sort(now, by_cookie);
	add_closed(items, n, &groups->last, now);
	for (i = 0; i < n; i++)
		add_counters(&items[i].sum, &items[i].base);
	groups_free(groups);
	groups->items = items;
	groups->n = n;
	groups->last = *now;
	groups->family = family;
	*now = (struct gathered){ .n = 0 };
	choose(groups, most);
	return 0;
}

/** groups_free - forget them */
void groups_free(struct groups *groups)
{
	free(groups->items);
	gather_free(&groups->last);
	memset(groups, 0, sizeof(*groups));
}
