// SPDX-License-Identifier: GPL-2.0-only
/*
 * How tcplife top looks: counters, listeners, failures; at least 80x24.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../module/names.h"
#include "clock.h"
#include "ladder_words.h"
#include "screen.h"
#include "top.h"

#define HEAD_LINES	5	/* above the listeners */
#define RATE_ROOM	32
#define SYNQ_BAR	5
#define ACCQ_BAR	8

static void line(int y, int attributes, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* One line, as much of it as there is room for. */
static void line(int y, int attributes, const char *fmt, ...)
{
	char text[512], *c;
	va_list ap;

	if (y < 0 || y >= LINES)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* Names of processes: what is cut in the middle of a character, and
	 * what moves the cursor.
	 */
	for (c = text; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
			*c = '?';
	attrset(attributes);
	mvaddnstr(y, 0, text, COLS);
	if (attributes & A_REVERSE)
		mvchgat(y, 0, COLS, attributes, 0, NULL);
	attrset(A_NORMAL);
}

/* What a counter did since the last look. */
static double rate(const struct top *t, unsigned int attr)
{
	if (!t->seconds || !attr_has(t->before.has, attr))
		return 0;
	return (double)(__s64)(t->stats.value[attr] - t->before.value[attr]) /
	       t->seconds;
}

#define RATE(t, name)	rate(t, TCPLIFE_A_STATS_##name)
#define NOW(t, name)	((__s64)stats_value(&(t)->stats, name))

/* What the failures below lack. How much a full buffer lost is known with the
 * next message.
 */
static void missing_text(const struct top *t, char *text, size_t size)
{
	__u64 lost = t->tally.lost_kernel + t->tally.lost_socket;
	int n = 0;

	*text = '\0';
	if (t->filtered)
		n = snprintf(text, size, "  FILTERED");
	if (lost)
		snprintf(text + n, size - n, "  %llu EVENTS LOST", lost);
	else if (t->overruns)
		snprintf(text + n, size - n, "  EVENTS LOST");
}

static void draw_title(const struct top *t)
{
	char now[9], filter[TOP_FILTER + 16] = "", missing[64];
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	clock_time_of_day(ts.tv_sec * NSEC_PER_SEC, now);
	if (*t->filter)
		snprintf(filter, sizeof(filter), "  filter: %s", t->filter);
	missing_text(t, missing, sizeof(missing));
	line(0, A_REVERSE, "tcplife top  %s  every %g s%s%s%s  ?: help", now,
	     t->interval, t->paused ? "  PAUSED" : "", missing, filter);
}

/* Decimals only where they say something. */
static const char *rate_text(char *text, double n)
{
	snprintf(text, RATE_ROOM, n < 99.95 ? "%.1f" : "%.0f", n);
	return text;
}

static void draw_counters(const struct top *t)
{
	double drops = RATE(t, DROP_SYNQ_FULL) + RATE(t, DROP_ACCQ_FULL) +
		       RATE(t, DROP_MAX_SYN_BACKLOG) + RATE(t, DROP_OTHER);
	double again = RATE(t, RETRANS_SYN) + RATE(t, RETRANS_SYNACK) +
		       RATE(t, RETRANS_FIN) + RATE(t, RETRANS_DATA);
	char text[6][RATE_ROOM];

	line(1, 0,
	     "now  half-open %lld  SYN_SENT %lld  SYN_RECV %lld  ESTABLISHED %lld  CLOSE_WAIT %lld",
	     NOW(t, HALFOPEN_NOW), NOW(t, NOW_SYN_SENT), NOW(t, NOW_SYN_RECV),
	     NOW(t, NOW_ESTABLISHED), NOW(t, NOW_CLOSE_WAIT));
	line(2, 0,
	     "     FIN_WAIT1 %lld  FIN_WAIT2 %lld  CLOSING %lld  LAST_ACK %lld  TIME_WAIT %lld",
	     NOW(t, NOW_FIN_WAIT1), NOW(t, NOW_FIN_WAIT2), NOW(t, NOW_CLOSING),
	     NOW(t, NOW_LAST_ACK), NOW(t, NOW_TIME_WAIT));
	line(3, 0,
	     "/s   connect %s  accept %s  ended %s  SYNs %s  dropped %s  resent %s",
	     rate_text(text[0], RATE(t, ACTIVE_OPENS)),
	     rate_text(text[1], RATE(t, ACCEPTED)),
	     rate_text(text[2], RATE(t, ENDED)),
	     rate_text(text[3], RATE(t, SYN_RECEIVED)),
	     rate_text(text[4], drops), rate_text(text[5], again));
}

/* "#####...  ": how much of a queue is in use; it takes one more than the
 * backlog.
 */
static const char *bar(char *text, int width, __u32 n, __u32 backlog)
{
	double part = (double)n / (backlog + 1.0);
	int i, full = part * width + 0.5;

	if (n && !full)
		full = 1;
	for (i = 0; i < width; i++)
		text[i] = i < full ? '#' : '.';
	text[width] = '\0';
	return text;
}

static const char *listener_host(const struct listener *l, char *buf)
{
	snprintf(buf, INET6_ADDRSTRLEN, "-");
	if (listener_has(l, LOCAL_IPV4))
		inet_ntop(AF_INET, &l->local_ipv4, buf, INET6_ADDRSTRLEN);
	else if (listener_has(l, LOCAL_IPV6))
		inet_ntop(AF_INET6, l->local_ipv6, buf, INET6_ADDRSTRLEN);
	return buf;
}

/* Columns that the address may have: what 80 leave, and more if there is. */
static int host_width(void)
{
	int width = 13 + COLS - 80;

	return width < 13 ? 13 : width > 39 ? 39 : width;
}

static void draw_listener(const struct top *t, size_t i, int y, bool selected)
{
	const struct top_listener *row = &t->listeners[i];
	const struct listener *l = &row->now;
	char host[INET6_ADDRSTRLEN], synq[SYNQ_BAR + 1], accq[ACCQ_BAR + 1];
	__u64 drops = l->drop_synq + l->drop_synmax + l->drop_accq +
		      l->drop_other + l->ack_ignored;
	int attributes = selected ? A_REVERSE : 0;

	if (l->accq > l->backlog)
		attributes |= A_BOLD;
	line(y, attributes,
	     "%5u %-*.*s %-12.12s %4u %s %4u %s %6.0f %6.0f %6llu",
	     l->local_port, host_width(), host_width(), listener_host(l, host),
	     listener_has(l, COMM) ? l->comm : "-", l->synq,
	     bar(synq, SYNQ_BAR, l->synq, l->backlog), l->accq,
	     bar(accq, ACCQ_BAR, l->accq, l->backlog), row->syns, row->accepts,
	     drops);
}

static const char * const sort_names[TOP_SORTS] = {
	[TOP_BY_ACCQ]	 = "accept queue",
	[TOP_BY_SYNQ]	 = "SYN queue",
	[TOP_BY_SYNS]	 = "SYNs a second",
	[TOP_BY_ACCEPTS] = "accepts a second",
	[TOP_BY_DROPS]	 = "drops",
	[TOP_BY_PORT]	 = "port",
};

/* The first row to show, so that the cursor is in sight. */
static size_t first_row(size_t cursor, int rows)
{
	return cursor < (size_t)rows ? 0 : cursor - rows + 1;
}

static void draw_listeners(const struct top *t, int y, int rows)
{
	size_t i = first_row(t->cursor[0], rows), end = i + rows;

	line(y, A_UNDERLINE | (t->in_failures ? 0 : A_BOLD),
	     "%5s %-*s %-12s %4s %-5s %4s %-8s %6s %6s %6s", "LPORT",
	     host_width(), "LADDR", "COMM", "SYNQ", "", "ACCQ", "", "SYN/s",
	     "ACC/s", "DROPS");
	for (; i < end && i < t->nr_listeners; i++)
		draw_listener(t, i, ++y, !t->in_failures && i == t->cursor[0]);
	if (!t->nr_listeners)
		line(y + 1, A_DIM, "%s", *t->filter ?
		     "(no listener fits the filter)" : "(nobody listens)");
}

static void draw_failure(const struct top_failure *f, int y, bool selected)
{
	char time[9], local[WORDS_ADDRESS], remote[WORDS_ADDRESS];
	const struct record *rec = &f->rec;

	clock_time_of_day(clock_wall(&f->batch, rec->ended), time);
	line(y, selected ? A_REVERSE : 0, "%s %-19.19s %-12.12s %s > %s", time,
	     tcplife_end_name(rec->end), record_has(rec, COMM) ? rec->comm :
	     "-", words_local(local, rec), words_remote(remote, rec));
}

static void draw_failures(const struct top *t, int y, int rows)
{
	size_t i = first_row(t->cursor[1], rows), end = i + rows;

	line(y, A_UNDERLINE | (t->in_failures ? A_BOLD : 0),
	     "%-8s %-19s %-12s %s", "TIME", "FAILED", "COMM",
	     "LOCAL > REMOTE");
	for (; i < end && i < t->nr_shown; i++)
		draw_failure(top_failure(t, i), ++y,
			     t->in_failures && i == t->cursor[1]);
	if (!t->nr_shown)
		line(y + 1, A_DIM, "%s", *t->filter ?
		     "(no failure fits the filter)" :
		     "(none since top was started)");
}

/**
 * top_draw - the whole screen
 * @t: what to show
 */
void top_draw(const struct top *t)
{
	int rows = LINES - HEAD_LINES - 3, upper = rows - rows / 2;

	erase();
	draw_title(t);
	if (!t->connected) {
		line(2, A_BOLD, t->gone ? "module not loaded, waiting" :
		     "no answer from the module, trying again");
		line(3, 0, "%s", t->gone ?
		     "modprobe tcplife, or insmod tcplife.ko, loads it" :
		     t->ask.error);
	} else if (rows < 4 || COLS < 40) {
		line(1, 0, "the window is too small");
	} else {
		/* What the listeners do not need is for the failures. */
		if (t->nr_listeners < (size_t)upper)
			upper = t->nr_listeners ? t->nr_listeners : 1;
		draw_counters(t);
		draw_listeners(t, HEAD_LINES, upper);
		draw_failures(t, HEAD_LINES + upper + 2, rows - upper);
		line(HEAD_LINES - 1, A_DIM,
		     "%zu listeners, by %s%s; %lld connections; %llu failures",
		     t->nr_listeners, sort_names[t->sort],
		     t->reverse ? ", reversed" : "", NOW(t, ALIVE),
		     t->nr_failures);
	}
	refresh();
}
