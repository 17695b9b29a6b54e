// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife stats: counters, or how fast they grow.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "decode.h"
#include "fields.h"
#include "gather.h"
#include "out.h"
#include "repeat.h"
#include "session.h"

#define NAME_WIDTH	27
#define VALUE_WIDTH	(-11)

static struct options o;
static struct session session;
static struct stats last, now;
static __u64 last_time, now_time;

static const int takes[] = { 'i', 'j', 0 };

static const struct usage usage = {
	.name = "stats",
	.about =
"Show what was counted since the module was loaded, and how many of everything\n"
"there are now. With -i, how much it grew in each interval, a second.",
	.takes = takes,
	.notes =
"What is 0 is left out, but for -j. The first time -i shows totals, as there is\n"
"no rate yet; with -j, lines of rates have the seconds as \"interval\".\n"
"/proc/tcplife/stats has the same names; Documentation/proc.rst explains them.",
};

static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct batch b;

	(void)arg;
	if (decode_batch(nlh, &b))
		return 0;
	nest = decode_next(&b, NULL, TCPLIFE_A_STATS);
	if (nest && decode_stats(nest, &now))
		now_time = b.now;
	return 0;
}

/* In seconds. */
static double interval(void)
{
	return (double)(now_time - last_time) / NSEC_PER_SEC;
}

static double rate(unsigned int i)
{
	return (now.value[i] - last.value[i]) / interval();
}

static bool has_rates(void)
{
	return last_time && now_time > last_time;
}

/* A gauge has no rate. */
static bool is_rate(unsigned int i)
{
	return has_rates() && !stats_is_gauge(i);
}

static bool is_shown(unsigned int i)
{
	if (!stats_name(i) || !attr_has(now.has, i))
		return false;
	return is_rate(i) ? now.value[i] != last.value[i] : now.value[i];
}

static void print_cell(unsigned int i)
{
	size_t at = out.len;

	out_text(stats_name(i));
	out_pad(at, NAME_WIDTH);
	at = out.len;
	if (is_rate(i)) {
		out_fixed(rate(i) * 10 + 0.5, 1);
		out_text("/s");
	} else {
		out_signed(now.value[i]);
	}
	out_pad(at, VALUE_WIDTH);
}

/* Two columns that read downwards. */
static void print_columns(void)
{
	unsigned int shown[TCPLIFE_A_STATS_MAX], n = 0, i, half;

	for (i = 1; i <= TCPLIFE_A_STATS_MAX; i++)
		if (is_shown(i))
			shown[n++] = i;
	half = (n + 1) / 2;
	for (i = 0; i < half; i++) {
		print_cell(shown[i]);
		if (i + half < n) {
			out_text("  ");
			print_cell(shown[i + half]);
		}
		out_char('\n');
	}
	if (!n)
		out_text("nothing happened\n");
}

/* What is kept back is counted (events_filtered), what is asked for is not. */
static int print_filtered(void)
{
	struct event_filter f;
	int ret = gather_event_filter(&session, &f);

	if (ret)
		return ret;
	if (event_filter_is_set(&f))
		out_text("an event filter is set: tcplife filter shows it\n");
	return 0;
}

static void print_json(void)
{
	json_t *object = json_object();
	unsigned int i;
	char *text;

	if (has_rates())
		json_object_set_new(object, "interval", json_real(interval()));
	for (i = 1; i <= TCPLIFE_A_STATS_MAX; i++) {
		if (!stats_name(i) || !attr_has(now.has, i))
			continue;
		json_object_set_new(object, stats_name(i), is_rate(i) ?
				    json_real(rate(i)) :
				    json_integer(now.value[i]));
	}
	text = json_dumps(object, JSON_REAL_PRECISION(6) | JSON_COMPACT);
	if (text)
		out_long(text);
	out_char('\n');
	free(text);
	json_decref(object);
}

static int print_stats(void)
{
	int ret;

	ret = session_request(&session, TCPLIFE_CMD_STATS_GET, on_message,
			      NULL);
	if (ret)
		return ret;
	if (o.json) {
		print_json();
	} else {
		print_columns();
		ret = print_filtered();
	}
	last = now;
	last_time = o.interval ? now_time : 0;
	return ret;
}

/** command_stats - counters or rates */
int command_stats(int argc, char **argv)
{
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	ret = session_open(&session);
	if (ret)
		return session_fail(&session, ret);
	return repeat_run(&session, &o, print_stats);
}
