// SPDX-License-Identifier: GPL-2.0-only
/*
 * The series of listeners, each with its address and port.
 */
#include <string.h>

#include "metrics.h"
#include "text.h"

/** struct column - a number of a listener */
struct column {
	unsigned int	metric;
	const char	*value;		/* of the label */
	size_t		offset;
	size_t		size;
};

#define C(metric, value, member) {					\
	M_L_##metric, value, offsetof(struct listener, member),		\
	sizeof(((struct listener *)0)->member),				\
}

/* Those of one metric are together. */
static const struct column columns[] = {
	C(BACKLOG, NULL, backlog),
	C(SYNQ, NULL, synq),
	C(SYNQ_MAX, NULL, synq_max),
	C(ACCQ, NULL, accq),
	C(ACCQ_MAX, NULL, accq_max),
	C(SYNS, NULL, syns),
	C(SYN_DUP, NULL, syn_dup),
	C(DROPPED, "accept-queue-full", drop_accq),
	C(DROPPED, "syn-queue-full", drop_synq),
	C(DROPPED, "max-syn-backlog", drop_synmax),
	C(DROPPED, "other", drop_other),
	C(ACKS_IGNORED, NULL, ack_ignored),
	C(COOKIES_SENT, NULL, cookie_sent),
	C(COOKIES, "valid", cookie_ok),
	C(COOKIES, "not-valid", cookie_bad),
	C(SYNACK_RETR, NULL, synack_retr),
	C(HALFOPEN, "established", ho_estab),
	C(HALFOPEN, "syn-ack-timeout", ho_timeout),
	C(HALFOPEN, "embryonic-reset", ho_reset),
	C(HALFOPEN, "listener-closed", ho_closed),
	C(HALFOPEN, "accept-overflow", ho_overflow),
	C(HALFOPEN, "aborted", ho_aborted),
	C(HALFOPEN, "unreachable", ho_unreach),
	C(HALFOPEN, "other", ho_other),
	C(ACCEPTED, NULL, accepts),
};

#define NR_COLUMNS	(sizeof(columns) / sizeof(*columns))

/**
 * group_labels - address and port of a listener, as labels
 * @l: the listener
 * @buf: METRICS_LABELS bytes
 *
 * Return: @buf. There is nothing in them that had to be escaped.
 */
char *group_labels(const struct listener *l, char *buf)
{
	char *end = text_put(buf, "address=\"");

	if (listener_has(l, LOCAL_IPV4))
		end = text_ipv4(end, l->local_ipv4);
	else if (listener_has(l, LOCAL_IPV6))
		end = text_ipv6(end, l->local_ipv6);
	end = text_put(end, "\",port=\"");
	end = text_number(end, l->local_port);
	end = text_put(end, "\"");
	*end = 0;
	return buf;
}

static __s64 number(const struct listener *l, const struct column *c)
{
	const char *data = (const char *)l + c->offset;
	__u32 n;
	__u64 wide;

	if (c->size == sizeof(n)) {
		memcpy(&n, data, sizeof(n));
		return n;
	}
	memcpy(&wide, data, sizeof(wide));
	return wide;
}

static void expose_column(const struct group *g, struct exposition *e,
			  const struct column *c)
{
	char labels[METRICS_LABELS];

	for (; c < columns + NR_COLUMNS; c++) {
		expose_listener(e, c->metric, group_labels(&g->sum, labels),
				c->value, number(&g->sum, c));
		if (c + 1 == columns + NR_COLUMNS || c[1].metric != c->metric)
			return;
	}
}

static void expose_columns(const struct groups *groups, struct exposition *e)
{
	unsigned int c;
	size_t i;

	for (c = 0; c < NR_COLUMNS; c++) {
		if (c && columns[c].metric == columns[c - 1].metric)
			continue;
		expose_head(e, columns[c].metric);
		for (i = 0; i < groups->n; i++)
			if (groups->items[i].labelled)
				expose_column(&groups->items[i], e,
					      &columns[c]);
	}
}

/* A name may be anything: as everywhere, what is odd in it is a number. */
static void expose_info(const struct group *g, struct exposition *e)
{
	char labels[METRICS_LABELS], comm[4 * COMM_LEN + 8] = "";

	if (listener_has(&g->sum, COMM))
		*text_name(comm, g->sum.comm, 4 * COMM_LEN,
			   listener_has(&g->sum, KTHREAD)) = 0;
	expose_listener(e, M_L_INFO, group_labels(&g->sum, labels), comm, 1);
}

static void expose_sockets(const struct group *g, struct exposition *e)
{
	char labels[METRICS_LABELS];

	expose_listener(e, M_L_SOCKETS, group_labels(&g->sum, labels), NULL,
			g->sockets);
}

static void expose_waits(const struct group *g, struct exposition *e)
{
	const struct listener *l = &g->sum;
	char labels[METRICS_LABELS];

	group_labels(l, labels);
	expose_buckets(e, M_L_WAIT, labels, l->wait_bucket, l->nr_buckets);
	expose_sum(e, M_L_WAIT, labels, l->wait_bucket, l->nr_buckets,
		   l->wait_sum);
}

static void expose_longest(const struct group *g, struct exposition *e)
{
	char labels[METRICS_LABELS];

	expose_ns(e, M_L_WAIT_MAX, group_labels(&g->sum, labels),
		  g->sum.wait_max);
}

static void expose_each(const struct groups *groups, struct exposition *e,
			unsigned int id,
			void (*fn)(const struct group *g, struct exposition *e))
{
	size_t i;

	expose_head(e, id);
	for (i = 0; i < groups->n; i++)
		if (groups->items[i].labelled)
			fn(&groups->items[i], e);
}

/**
 * groups_expose - all series of listeners
 * @groups: of them
 * @e: the page
 */
void groups_expose(const struct groups *groups, struct exposition *e)
{
	expose_each(groups, e, M_L_INFO, expose_info);
	expose_each(groups, e, M_L_SOCKETS, expose_sockets);
	expose_columns(groups, e);
	expose_each(groups, e, M_L_WAIT, expose_waits);
	expose_each(groups, e, M_L_WAIT_MAX, expose_longest);
}
