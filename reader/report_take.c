// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a report shows, out of a recording: the samples, with what the doctor
 * would have said at each of them; the records; what was left at the end.
 */
#include <stdlib.h>
#include <string.h>
#include <uapi/linux/tcplife.h>

#include "answers.h"
#include "commands.h"
#include "decode.h"
#include "host.h"
#include "report.h"
#include "replay.h"
#include "seen.h"
#include "self.h"
#include "session.h"
#include "stream.h"

static struct report *report;	/* for what has no argument */
static struct seen closed;	/* and told, since the last sample */
static struct seen alive;	/* by the dump of full sockets */

/* -- samples -- */

static struct track *track_of(struct report *r, const struct finding *f)
{
	struct track *t = r->track;

	for (; t < r->track + r->nr_tracks; t++)
		if (t->listener == f->listener && !strcmp(t->rule, f->rule))
			return t;
	if (r->nr_tracks == TRACKS)
		return NULL;
	r->nr_tracks++;
	*t = (struct track){ .rule = f->rule, .listener = f->listener };
	return t;
}

/* When it happened the most, is where the time line is marked. */
static void track(struct report *r, const struct findings *found, __u64 time)
{
	const struct finding *f;
	struct track *t;

	for (f = found->items; f < found->items + found->n; f++) {
		t = track_of(r, f);
		if (!t)
			return;
		if (!t->first)
			t->first = time;
		if (!t->worst || f->count > t->last + t->most) {
			t->worst = time;
			t->most = f->count - t->last;
		}
		t->last = f->count;
	}
}

static void look(struct report *r, __u64 time)
{
	static struct findings found;

	samples_since(&r->samples, &r->facts.stats, &r->facts.listeners);
	found.n = 0;
	doctor_look(&r->facts, &found);
	track(r, &found, time);
}

/** struct pass - over the answers: one to choose listeners, and one to take them */
struct pass {
	struct report	*r;
	struct answer	answer;
	bool		later;	/* than the first sample */
};

static int on_stats(const struct nlmsghdr *nlh, void *arg)
{
	struct report *r = arg;
	const struct nlattr *nest;
	struct stats stats;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	nest = decode_next(&b, NULL, TCPLIFE_A_STATS);
	if (!nest || !decode_stats(nest, &stats))
		return 0;
	samples_stats(&r->samples, b.now, &stats);
	if (b.now > r->end)
		r->end = b.now;
	return 0;
}

static int on_listeners(const struct nlmsghdr *nlh, void *arg)
{
	struct pass *pass = arg;
	struct report *r = pass->r;
	const struct nlattr *nest;
	struct listener l;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	for (nest = decode_next(&b, NULL, TCPLIFE_A_LISTENER); nest;
	     nest = decode_next(&b, nest, TCPLIFE_A_LISTENER)) {
		if (!decode_listener(nest, &l))
			continue;
		self_mask_listener(&b, &l);
		if (!r->busiest.chosen)
			busiest_add(&r->busiest, &l, !pass->later);
		else if (busiest_has(&r->busiest, l.cookie))
			samples_listener(&r->samples, &l);
	}
	return 0;
}

static int on_choice(const struct nlmsghdr *nlh, void *arg)
{
	struct pass *pass = arg;
	struct answer *a = &pass->answer;

	if (!answer_feed(a, nlh) || a->cmd != TCPLIFE_CMD_LISTENER_GET)
		return 0;
	replay_walk(a->data, a->len, on_listeners, pass);
	pass->later = true;
	return 0;
}

/* A sample is the counters of all, and then the listeners. */
static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	struct pass *pass = arg;
	struct answer *a = &pass->answer;

	if (!answer_feed(a, nlh))
		return 0;
	if (a->cmd == TCPLIFE_CMD_STATS_GET && !a->attrs_len)
		replay_walk(a->data, a->len, on_stats, pass->r);
	if (a->cmd == TCPLIFE_CMD_LISTENER_GET && pass->r->samples.n) {
		replay_walk(a->data, a->len, on_listeners, pass);
		look(pass->r, pass->r->end);
	}
	return 0;
}

static void on_chosen(__u64 cookie, void *arg)
{
	struct report *r = arg;

	bins_reserve(&r->bins, cookie);
}

static void take_samples(struct report *r, const char *path)
{
	struct pass choice = { .r = r }, pass = { .r = r };

	replay_run(path, on_choice, &choice);
	busiest_choose(&r->busiest, SAMPLE_LISTENERS, on_chosen, r);
	replay_run(path, on_message, &pass);
	free(choice.answer.data);
	free(pass.answer.data);
}

/* -- records -- */

static void add_record(const struct batch *b, const struct record *rec)
{
	bins_record(&report->bins, rec, b->cmd == TCPLIFE_CMD_CLOSE_NTF);
	if (busiest_has(&report->busiest, rec->listener))
		bins_queues(&report->bins, rec);
	worst_record(&report->worst, b, rec);
	if (record_has(rec, ENDED) && rec->ended > report->end)
		report->end = rec->ended;
}

static bool on_record(const struct batch *b, const struct nlattr *nest)
{
	struct record rec;

	if (!decode_record(nest, &rec))
		return false;
	self_mask_record(b, &rec);
	report->closes = b->cmd == TCPLIFE_CMD_CLOSE_NTF;
	add_record(b, &rec);
	if (record_has(&rec, ENDED) && rec.ended >= report->sampled)
		seen_add(&closed, &rec);
	return true;
}

static int take_records(struct report *r, const char *path)
{
	struct options o = { .replay = path };
	const struct stream stream = {
		.group = TCPLIFE_MCGRP_RECORDS,
		.compact = TCPLIFE_MCGRP_RECORDS_COMPACT,
		.nest = TCPLIFE_A_RECORD, .noun = "record", .o = &o,
		.event = on_record, .tally = &r->tally,
	};

	return stream_run(&stream);
}

/* -- the end -- */

/* @arg: what is in the dump before, NULL: this is the first. Nobody is there
 * twice, who went into TIME_WAIT between the dumps or ended after them.
 */
static int on_alive(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct record rec;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	for (nest = decode_next_record(&b, NULL); nest;
	     nest = decode_next_record(&b, nest)) {
		if (!decode_record(nest, &rec))
			continue;
		self_mask_record(&b, &rec);
		if (seen_has(&closed, &rec) || (arg && seen_has(arg, &rec)))
			continue;
		if (!arg)
			seen_add(&alive, &rec);
		add_record(&b, &rec);
	}
	return 0;
}

/* Who lives at the end was opened, too; with --no-wait a record of them came
 * already. What is not there was cut off.
 */
static void take_alive(void)
{
	static struct session s;

	if (session_open(&s))
		return;
	session_dump(&s, TCPLIFE_CMD_CONNECTION_GET, on_alive, NULL);
	if (!report->closes)
		session_dump(&s, TCPLIFE_CMD_TIMEWAIT_GET, on_alive, &alive);
	session_close(&s);
	seen_free(&closed);
	seen_free(&alive);
}

static void take_findings(struct report *r)
{
	static struct session s;
	struct facts last = { .netns = 0 };

	/* The rest may have been cut off. */
	facts_host(&last);
	if (!session_open(&s))
		facts_take(&s, &last);
	session_close(&s);
	gather_free(&last.listeners);
	last.listeners = r->facts.listeners;
	last.stats = r->facts.stats;
	r->facts = last;
	doctor_look(&r->facts, &r->found);
}

/* How long the connections that came meanwhile waited is known from them. */
static void take_waits(struct report *r)
{
	struct gathered *all = &r->facts.listeners;
	const struct queue *q;
	size_t i;

	for (i = 0; i < all->n; i++) {
		q = bins_queue(&r->bins, gathered_listener(all, i)->cookie);
		gathered_listener(all, i)->wait_max = q ? q->wait_max : 0;
	}
}

static void begin(struct report *r)
{
	const json_t *header = host_header();

	r->start = json_integer_value(json_object_get(header, "started"));
	r->clock_offset =
		json_integer_value(json_object_get(header, "clock_offset"));
	r->bins.start = r->start;
	r->end = r->start;
	facts_host(&r->facts);
}

/**
 * report_take - read a recording
 * @r: set to all that the page shows
 * @path: the recording
 *
 * Return: the exit status.
 */
int report_take(struct report *r, const char *path)
{
	int status = answers_load(path), ret;

	report = r;
	if (!host_header()) {
		fprintf(stderr, "tcplife: %s is not made by tcplife record\n",
			path);
		return STATUS_FAILED;
	}
	begin(r);
	take_samples(r, path);
	r->sampled = r->end;
	ret = take_records(r, path);
	take_alive();
	bins_until(&r->bins, r->end);
	take_waits(r);
	take_findings(r);
	busiest_free(&r->busiest);
	return status ? status : ret;
}
