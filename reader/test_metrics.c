// SPDX-License-Identifier: GPL-2.0-only
/*
 * What metrics promise and no scrape of one module shows: that each counter has
 * a series, that names are as Prometheus wants them, what is escaped, and that a
 * group's counters do not fall when sockets come and go. Needs no module.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "metrics.h"

static unsigned int scenes, failed;

static void expect(bool ok, const char *what)
{
	scenes++;
	if (ok)
		return;
	failed++;
	fprintf(stderr, "metrics: %s\n", what);
}

/* -- the list -- */

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static void check_name(const struct metric *m)
{
	const char *c;

	expect(!strncmp(m->name, "tcplife_", 8), m->name);
	for (c = m->name; *c; c++)
		expect(islower(*c) || isdigit(*c) || *c == '_', m->name);
	expect(!ends_with(m->name, "_total") && !ends_with(m->name, "_count") &&
	       !ends_with(m->name, "_sum") && !ends_with(m->name, "_bucket"),
	       m->name);
	expect(!m->unit || ends_with(m->name, m->unit), m->name);
	expect(!!m->unit == !!strstr(m->name, "seconds"), m->name);
	expect(*m->help && !strchr(m->help, '\n') && !ends_with(m->help, "."),
	       m->name);
}

static void check_list(void)
{
	unsigned int i, j;

	for (i = 0; i < NR_METRICS; i++) {
		check_name(&metrics[i]);
		for (j = 0; j < i; j++)
			expect(strcmp(metrics[i].name, metrics[j].name),
			       metrics[i].name);
	}
	for (i = 1; i <= TCPLIFE_A_STATS_MAX; i++)
		if (stats_name(i))
			expect(stats_is_exposed(i), stats_name(i));
}

/* -- text -- */

static char *page;
static size_t page_size;

static struct exposition page_begin(bool open)
{
	struct exposition e = { .open = open };

	free(page);
	page = NULL;
	e.file = open_memstream(&page, &page_size);
	if (!e.file)
		abort();
	return e;
}

static void page_is(struct exposition *e, const char *want)
{
	fclose(e->file);
	expect(!strcmp(page, want), page);
}

static void check_text(void)
{
	static const __u64 bucket[4] = { 1, 0, 2, 4 };
	struct exposition e = page_begin(false);

	expose(&e, M_BUILD, "a\"b\\c\nd", -1);
	page_is(&e, "tcplife_build_info{version=\"a\\\"b\\\\c\\nd\"} -1\n");
	e = page_begin(false);
	expose_text(&e, "a\"b\\c\nd", false);
	page_is(&e, "a\"b\\\\c\\nd");
	e = page_begin(false);
	expose_buckets(&e, M_HANDSHAKE, "", bucket, 4);
	expose_sum(&e, M_HANDSHAKE, "", bucket, 4, 1000000023);
	page_is(&e, "tcplife_handshake_seconds_bucket{le=\"0.000001\"} 1\n"
		"tcplife_handshake_seconds_bucket{le=\"0.000002\"} 1\n"
		"tcplife_handshake_seconds_bucket{le=\"0.000004\"} 3\n"
		"tcplife_handshake_seconds_bucket{le=\"+Inf\"} 7\n"
		"tcplife_handshake_seconds_sum 1.000000023\n"
		"tcplife_handshake_seconds_count 7\n");
	e = page_begin(true);
	expose_head(&e, M_HANDSHAKE);
	expose_head(&e, M_ACCEPTED);
	expose_end(&e);
	page_is(&e, "# HELP tcplife_handshake_seconds First SYN or SYN-ACK to ESTABLISHED\n"
		"# UNIT tcplife_handshake_seconds seconds\n"
		"# TYPE tcplife_handshake_seconds histogram\n"
		"# HELP tcplife_accepted Connections that accept() returned\n"
		"# TYPE tcplife_accepted counter\n# EOF\n");
}

/* -- groups -- */

/* A socket, by its cookie, and what it has counted. */
struct socket {
	__u64	cookie;
	__u16	port;
	__u64	accepts;
};

static void listeners(struct gathered *g, const struct socket *s, size_t n)
{
	struct listener *l;
	size_t i;

	*g = (struct gathered){ .n = n, .size = sizeof(*l) };
	g->items = calloc(n + 1, sizeof(*l));
	for (i = 0; i < n; i++) {
		l = gathered_listener(g, i);
		attr_set(l->has, TCPLIFE_A_LISTENER_LOCAL_IPV4);
		l->cookie = s[i].cookie;
		l->local_port = s[i].port;
		l->accepts = s[i].accepts;
		l->wait_bucket[3] = s[i].accepts;
		l->nr_buckets = 5;
		l->backlog = 10;
	}
}

static void update(struct groups *groups, __u16 family, size_t most,
		   const struct socket *s, size_t n)
{
	struct gathered now;

	listeners(&now, s, n);
	expect(!groups_update(groups, &now, family, most), "groups_update");
	gather_free(&now);
}

#define UPDATE(groups, family, most, ...) do {				\
	const struct socket _s[] = { __VA_ARGS__ };			\
									\
	update(groups, family, most, _s, sizeof(_s) / sizeof(*_s));	\
} while (0)

static const struct group *group_at(const struct groups *groups, __u16 port)
{
	static const struct group none;
	size_t i;

	for (i = 0; i < groups->n; i++)
		if (groups->items[i].sum.local_port == port)
			return &groups->items[i];
	return &none;
}

static void counts(const struct groups *groups, __u16 port, __u64 accepts,
		   __u32 sockets, const char *what)
{
	const struct group *g = group_at(groups, port);

	expect(g->sum.accepts == accepts && g->sum.wait_bucket[3] == accepts &&
	       g->sockets == sockets && g->sum.backlog == 10 * sockets, what);
}

static void check_sums(void)
{
	struct groups g = { .n = 0 };

	UPDATE(&g, 1, 9, { 1, 80, 100 }, { 2, 80, 50 }, { 3, 81, 7 });
	counts(&g, 80, 150, 2, "two sockets, one sum");
	counts(&g, 81, 7, 1, "another port");
	UPDATE(&g, 1, 9, { 2, 80, 60 }, { 3, 81, 7 });
	counts(&g, 80, 160, 1, "one of two was closed: nothing falls");
	UPDATE(&g, 1, 9, { 2, 80, 60 }, { 4, 80, 5 });
	counts(&g, 80, 165, 2, "another one came");
	UPDATE(&g, 1, 9, { 5, 80, 1 });
	counts(&g, 80, 166, 1, "all were closed, and one came");
	UPDATE(&g, 1, 9, { 5, 80, 0 }, { 7, 80, 1 });
	counts(&g, 80, 167, 2, "it listens again, and begins at 0");
	UPDATE(&g, 1, 9, { 5, 82, 3 }, { 7, 80, 1 });
	counts(&g, 80, 167, 1, "it listens again, elsewhere");
	counts(&g, 82, 3, 1, "and counts there");
	update(&g, 1, 9, NULL, 0);
	expect(!g.n, "nothing listens");
	UPDATE(&g, 1, 9, { 6, 80, 2 });
	counts(&g, 80, 2, 1, "after a gap it begins at 0");
	UPDATE(&g, 2, 9, { 6, 80, 1 });
	counts(&g, 80, 1, 1, "another module begins at 0");
	groups_free(&g);
}

static void check_bound(void)
{
	struct groups g = { .n = 0 };

	UPDATE(&g, 1, 2, { 1, 83, 0 }, { 2, 82, 0 }, { 3, 81, 0 });
	expect(group_at(&g, 81)->labelled && group_at(&g, 82)->labelled &&
	       !group_at(&g, 83)->labelled && g.left_out == 1,
	       "the lowest ports have series");
	UPDATE(&g, 1, 2, { 1, 83, 0 }, { 2, 82, 0 }, { 3, 81, 0 },
	       { 4, 80, 0 });
	expect(group_at(&g, 81)->labelled && group_at(&g, 82)->labelled &&
	       g.left_out == 2, "who has series keeps them");
	UPDATE(&g, 1, 2, { 1, 83, 0 }, { 2, 82, 0 });
	expect(group_at(&g, 82)->labelled && group_at(&g, 83)->labelled &&
	       !g.left_out, "room that was left is taken");
	groups_free(&g);
}

int main(void)
{
	check_list();
	check_text();
	check_sums();
	check_bound();
	free(page);
	printf("metrics: %u scenes, %u failed\n", scenes, failed);
	return failed != 0;
}
