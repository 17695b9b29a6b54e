// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gather: all that one command of the module answers, in memory.
 */
#include <errno.h>
#include <stdlib.h>

#include "decode.h"
#include "filter.h"
#include "gather.h"
#include "host.h"
#include "self.h"

/* Room for one more; it counts when gather_keep() says so. */
static void *gather_room(struct gathered *g)
{
	size_t room = g->room ? 2 * g->room : 64;
	void *items;

	if (g->n == g->room) {
		items = realloc(g->items, room * g->size);
		if (!items)
			return NULL;
		g->items = items;
		g->room = room;
	}
	return (char *)g->items + g->n * g->size;
}

/** gather_free - forget them */
void gather_free(struct gathered *g)
{
	free(g->items);
	*g = (struct gathered){ .size = g->size };
}

/** gather_netns - inode number of our network namespace, 0 if unknown */
__u32 gather_netns(void)
{
	return host_inode("net");
}

static int take_event_filter(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	nest = decode_next(&b, NULL, TCPLIFE_A_EVENT_FILTER);
	return nest && !decode_event_filter(nest, arg) ? -EBADMSG : 0;
}

/**
 * gather_event_filter - what the kernel tells to those who follow events
 * @s: the session
 * @f: set to it; event_filter_is_set() says whether there is one
 *
 * Return: 0 or an error, with words for it in @s, as all functions here.
 */
int gather_event_filter(struct session *s, struct event_filter *f)
{
	*f = (struct event_filter){ };
	return session_request(s, TCPLIFE_CMD_EVENT_FILTER_GET,
			       take_event_filter, f);
}

static int take_stats(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	nest = decode_next(&b, NULL, TCPLIFE_A_STATS);
	return nest && !decode_stats(nest, arg) ? -EBADMSG : 0;
}

/* Sums, of one namespace or, with 0, of all that we may see. */
static int ask_sums(struct session *s, __u8 cmd, __u32 netns, session_fn fn,
		    void *arg)
{
	struct options o = { .netns = netns };
	struct nlmsghdr *nlh;

	o.local_ports.any = true;
	o.remote_ports.any = true;
	nlh = session_prepare(s, cmd, NLM_F_ACK);
	if (netns)
		filter_put(nlh, &o);
	return session_ask(s, nlh, fn, arg);
}

/**
 * gather_stats - counters and gauges
 * @s: the session
 * @netns: of this namespace alone; 0: of all that we may see
 * @stats: set to them
 */
int gather_stats(struct session *s, __u32 netns, struct stats *stats)
{
	return ask_sums(s, TCPLIFE_CMD_STATS_GET, netns, take_stats, stats);
}

/* Where histograms go, by their number. */
struct histograms {
	struct histogram	*items;
	unsigned int		n;
};

static int take_latency(const struct nlmsghdr *nlh, void *arg)
{
	struct histograms *to = arg;
	const struct nlattr *nest;
	struct histogram h;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	for (nest = decode_next(&b, NULL, TCPLIFE_A_HISTOGRAM); nest;
	     nest = decode_next(&b, nest, TCPLIFE_A_HISTOGRAM)) {
		if (!decode_histogram(nest, &h))
			return -EBADMSG;
		if (h.id < to->n)
			to->items[h.id] = h;
	}
	return 0;
}

/**
 * gather_latency - histograms
 * @s: the session
 * @netns: as for gather_stats()
 * @h: where they go, by TCPLIFE_HISTOGRAM_; others stay as they are
 * @n: for how many there is room
 */
int gather_latency(struct session *s, __u32 netns, struct histogram *h,
		   unsigned int n)
{
	struct histograms to = { .items = h, .n = n };

	return ask_sums(s, TCPLIFE_CMD_LATENCY_GET, netns, take_latency, &to);
}

static int take_listeners(const struct nlmsghdr *nlh, void *arg)
{
	struct gathered *g = arg;
	const struct nlattr *nest;
	struct listener *l;

	if (decode_batch(nlh, &g->batch))
		return 0;
	for (nest = decode_next(&g->batch, NULL, TCPLIFE_A_LISTENER); nest;
	     nest = decode_next(&g->batch, nest, TCPLIFE_A_LISTENER)) {
		l = gather_room(g);
		if (!l)
			return -ENOMEM;
		if (!decode_listener(nest, l))
			continue;
		self_mask_listener(&g->batch, l);
		g->n++;
	}
	return 0;
}

/** gather_listeners - listening sockets */
int gather_listeners(struct session *s, struct gathered *g)
{
	g->size = sizeof(struct listener);
	return session_dump(s, TCPLIFE_CMD_LISTENER_GET, take_listeners, g);
}

static int take_hooks(const struct nlmsghdr *nlh, void *arg)
{
	struct gathered *g = arg;
	const struct nlattr *nest;
	struct hook *hook;

	if (decode_batch(nlh, &g->batch))
		return 0;
	for (nest = decode_next(&g->batch, NULL, TCPLIFE_A_HOOK); nest;
	     nest = decode_next(&g->batch, nest, TCPLIFE_A_HOOK)) {
		hook = gather_room(g);
		if (!hook)
			return -ENOMEM;
		g->n += decode_hook(nest, hook);
	}
	return 0;
}

/* Those that the kernel does not filter out, ports, are forgotten here. */
static void keep_ports(const struct options *filter, struct gathered *g)
{
	size_t i, n = 0;

	for (i = 0; i < g->n; i++)
		if (ports_have(&filter->local_ports,
			       gathered_listener(g, i)->local_port))
			*gathered_listener(g, n++) = *gathered_listener(g, i);
	g->n = n;
}

/** gather_some_listeners - those of a namespace, and of local ports */
int gather_some_listeners(struct session *s, const struct options *filter,
			  struct gathered *g)
{
	struct nlmsghdr *nlh;
	int ret;

	g->size = sizeof(struct listener);
	nlh = session_prepare(s, TCPLIFE_CMD_LISTENER_GET, NLM_F_DUMP);
	filter_put(nlh, filter);
	ret = session_ask(s, nlh, take_listeners, g);
	if (!ret)
		keep_ports(filter, g);
	return ret;
}

/** gather_hooks - where the module looks at the kernel */
int gather_hooks(struct session *s, struct gathered *g)
{
	g->size = sizeof(struct hook);
	return session_dump(s, TCPLIFE_CMD_HOOK_GET, take_hooks, g);
}

static int take_mibs(const struct nlmsghdr *nlh, void *arg)
{
	struct gathered *g = arg;
	const struct nlattr *nest;
	struct mib_entry *mib;

	if (decode_batch(nlh, &g->batch))
		return 0;
	for (nest = decode_next(&g->batch, NULL, TCPLIFE_A_MIB); nest;
	     nest = decode_next(&g->batch, nest, TCPLIFE_A_MIB)) {
		mib = gather_room(g);
		if (!mib)
			return -ENOMEM;
		g->n += decode_mib(nest, mib);
	}
	return 0;
}

/** gather_mibs - the kernel's own counters when the module was loaded */
int gather_mibs(struct session *s, struct gathered *g)
{
	g->size = sizeof(struct mib_entry);
	return session_request(s, TCPLIFE_CMD_MIB_GET, take_mibs, g);
}

/* The records of a dump that someone wants. */
struct wanted {
	struct gathered	*g;
	bool		(*want)(const struct record *rec, void *arg);
	void		*arg;
};

static int take_records(const struct nlmsghdr *nlh, void *arg)
{
	struct wanted *w = arg;
	struct gathered *g = w->g;
	const struct nlattr *nest;
	struct record *rec;

	if (decode_batch(nlh, &g->batch))
		return 0;
	for (nest = decode_next_record(&g->batch, NULL); nest;
	     nest = decode_next_record(&g->batch, nest)) {
		rec = gather_room(g);
		if (!rec)
			return -ENOMEM;
		if (!decode_record(nest, rec))
			continue;
		self_mask_record(&g->batch, rec);
		g->n += !w->want || w->want(rec, w->arg);
	}
	return 0;
}

/**
 * gather_records - records of a dump
 * @s: the session
 * @cmd: which dump
 * @filter: for the kernel, NULL for none
 * @want: sees each record as it comes, and says whether to keep it; NULL: all
 * @arg: for @want
 * @g: where they go
 */
int gather_records(struct session *s, __u8 cmd, const struct options *filter,
		   bool (*want)(const struct record *rec, void *arg), void *arg,
		   struct gathered *g)
{
	struct wanted w = { .g = g, .want = want, .arg = arg };
	struct nlmsghdr *nlh;

	g->size = sizeof(struct record);
	nlh = session_prepare(s, cmd, NLM_F_DUMP);
	if (filter)
		filter_put(nlh, filter);
	return session_ask(s, nlh, take_records, &w);
}
