// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ladder of a record, with what is known besides: who, where, how much.
 */
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "../module/names.h"
#include "clock.h"
#include "ladder_life.h"
#include "ladder_words.h"
#include "text.h"

#define COLUMNS		80
#define LABEL		10

/* Facts under one label, on as many lines as they need. */
struct facts {
	FILE		*out;
	const char	*label;
	unsigned int	column;
};

static void fact(struct facts *facts, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void fact(struct facts *facts, const char *fmt, ...)
{
	char text[128];
	va_list ap;
	int len;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	len = strlen(text);
	if (!facts->column) {
		facts->column = fprintf(facts->out, "%-*s", LABEL,
					facts->label);
	} else if (facts->column + len + 3 > COLUMNS) {
		fputs(";\n", facts->out);
		facts->column = fprintf(facts->out, "%*s", LABEL, "");
	} else {
		facts->column += fprintf(facts->out, "; ");
	}
	facts->column += fprintf(facts->out, "%s", text);
}

static void facts_end(struct facts *facts)
{
	if (facts->column)
		fputc('\n', facts->out);
}

/* "2026-11-21 13:02:11.123456", local time. */
static void put_wall(FILE *out, __u64 wall)
{
	time_t seconds = wall / NSEC_PER_SEC;
	char text[32];
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%F %T", &tm))
		snprintf(text, sizeof(text), "-");
	fprintf(out, "%s.%06llu", text,
		(__u64)(wall % NSEC_PER_SEC / NSEC_PER_USEC));
}

static void put_cookie(const struct record *r, FILE *out)
{
	fprintf(out, "connection %llx", r->cookie);
	if (record_has(r, GENERATION) && r->generation)
		fprintf(out, ".%u", r->generation);
}

static void put_head(const struct life *f, __s64 wall_offset, FILE *out)
{
	const char *role = record_has(f->r, ROLE) ?
			   tcplife_role_name(f->r->role) : "-";
	char local[WORDS_ADDRESS], remote[WORDS_ADDRESS];

	if (f->l.relative) {
		fprintf(out, "connection, %s\n\n", role);
		return;
	}
	put_cookie(f->r, out);
	fprintf(out, ", %s, from ", role);
	put_wall(out, f->l.start + wall_offset);
	fprintf(out, "\nlocal %s  remote %s\n\n", words_local(local, f->r),
		words_remote(remote, f->r));
}

static void put_owner(const struct life *f, FILE *out)
{
	struct facts facts = { .out = out, .label = "owner" };
	const struct record *r = f->r;
	char who[WORDS_OWNER];

	fact(&facts, "%s", words_owner(who, sizeof(who), r, f->l.relative) ?
	     who : "-");
	if (record_has(r, UID) && !f->l.relative)
		fact(&facts, "uid %u", r->uid);
	if (record_has(r, CGROUP) && !f->l.relative)
		fact(&facts, "cgroup %llu", r->cgroup);
	if (record_has(r, NETNS) && !f->l.relative)
		fact(&facts, "netns %u", r->netns);
	if (words_closer(who, sizeof(who), r, f->l.relative))
		fact(&facts, "closed by %s", who);
	facts_end(&facts);
}

static void put_options(struct facts *facts, const struct life *f)
{
	const struct record *r = f->r;

	if (record_has(r, MSS))
		fact(facts, "MSS %u", r->mss);
	if (record_has(r, WINDOW_LOCAL) && !f->l.relative)
		fact(facts, "window %u", r->window_local);
	if (record_has(r, WSCALE_LOCAL) && record_has(r, WSCALE_REMOTE))
		fact(facts, "scale %u/%u", r->wscale_local,
		     r->wscale_remote);
	if (life_flag(f, TCPLIFE_FLAG_SACK))
		fact(facts, "sack");
	if (life_flag(f, TCPLIFE_FLAG_TIMESTAMPS))
		fact(facts, "timestamps");
	if (life_flag(f, TCPLIFE_FLAG_ECN))
		fact(facts, "ecn");
	if (life_flag(f, TCPLIFE_FLAG_TFO))
		fact(facts, "fast open");
}

static void put_setup(const struct life *f, FILE *out)
{
	struct facts facts = { .out = out, .label = "set-up" };
	const struct record *r = f->r;
	char time[WORDS_TIME];

	if (record_has(r, SYN) && record_has(r, SINCE_ESTABLISHED) &&
	    !f->l.relative)
		fact(&facts, "%s", words_time(time, r->since_established -
					      r->syn));
	put_options(&facts, f);
	facts_end(&facts);
}

static void put_queues(const struct life *f, FILE *out)
{
	struct facts facts = { .out = out, .label = "queues" };
	const struct record *r = f->r;
	char time[WORDS_TIME];

	if (record_has(r, SYNQ) && r->synq)
		fact(&facts, "%u half-open left behind", r->synq);
	if (record_has(r, ACCQ))
		fact(&facts, "%u ahead of it for accept()", r->accq);
	if (record_has(r, QUEUED) && record_has(r, ACCEPTED) && !f->l.relative)
		fact(&facts, "waited %s",
		     words_time(time, r->accepted - r->queued));
	else if (record_has(r, QUEUED) && !record_has(r, ACCEPTED))
		fact(&facts, "never accepted%s", record_has(r, END) ? "" :
		     " so far");
	if (record_has(r, LISTENER) && !f->l.relative)
		fact(&facts, "listener %llx", r->listener);
	facts_end(&facts);
}

static void put_data(const struct life *f, FILE *out)
{
	struct facts facts = { .out = out, .label = "data" };
	const struct record *r = f->r;

	if (!record_has(r, BYTES_ACKED) || !record_has(r, BYTES_RECEIVED))
		return;
	fact(&facts, "%llu B out, %llu B in",
	     r->bytes_acked, r->bytes_received);
	if (f->l.relative)
		return facts_end(&facts);
	if (record_has(r, SEGS_OUT) && record_has(r, SEGS_IN))
		fact(&facts, "%u segment%s out, %u in",
		     r->segs_out, PLURAL(r->segs_out), r->segs_in);
	if (record_has(r, DATA_RETRANSMITS))
		fact(&facts, "%u sent again", r->data_retransmits);
	if (record_has(r, KEEPALIVES) && r->keepalives)
		fact(&facts, "%u keepalive%s", r->keepalives,
		     PLURAL(r->keepalives));
	if (record_has(r, PROBES) && r->probes)
		fact(&facts, "%u window probe%s", r->probes,
		     PLURAL(r->probes));
	facts_end(&facts);
}

static void put_times(const struct life *f, FILE *out)
{
	struct facts facts = { .out = out, .label = "times" };
	const struct record *r = f->r;
	char time[WORDS_TIME];

	if (f->l.relative)
		return;
	if (record_has(r, MIN_RTT))
		fact(&facts, "round trip %s at least",
		     words_time(time, r->min_rtt * NSEC_PER_USEC));
	if (record_has(r, SRTT))
		fact(&facts, "%s smoothed",
		     words_time(time, r->srtt * NSEC_PER_USEC));
	if (record_has(r, RTO))
		fact(&facts, "time-out %s",
		     words_time(time, r->rto * NSEC_PER_USEC));
	facts_end(&facts);
}

static void put_end(const struct life *f, FILE *out)
{
	struct facts facts = { .out = out, .label = "end" };
	const struct record *r = f->r;

	if (!record_has(r, END)) {
		fact(&facts, "none so far");
		return facts_end(&facts);
	}
	fact(&facts, "%s", tcplife_end_name(r->end));
	if (record_has(r, RST_WHY))
		fact(&facts, "RST sent: %s", tcplife_rst_why_name(r->rst_why));
	if (record_has(r, ERRNO))
		fact(&facts, "error: %s", strerror(r->err));
	if (record_has(r, TW_EXIT))
		fact(&facts, "timewait socket: %s",
		     tcplife_tw_exit_name(r->tw_exit));
	facts_end(&facts);
}

/**
 * ladder_record - draw the life that a record is about
 * @rec: the record
 * @b: the message that it came in: for the time now, and the wall clock
 * @relative: leave out what differs from run to run
 * @out: where to
 */
void ladder_record(const struct record *rec, const struct batch *b,
		   bool relative, FILE *out)
{
	struct life f = { .r = rec, .now = batch_has(b, NOW) ? b->now : 0 };
	unsigned int i;

	f.l.relative = relative;
	life_setup(&f);
	life_teardown(&f);
	for (i = 0; i < f.l.n && !f.l.start; i++)
		f.l.start = f.l.rows[i].key;
	put_head(&f, b->clock_offset, out);
	fprintf(out, "%11s %-11s %-5s%51s\n", relative ? "" : "seconds",
		"state", "local", "remote");
	ladder_print(&f.l, out);
	fputc('\n', out);
	put_owner(&f, out);
	put_setup(&f, out);
	put_queues(&f, out);
	put_data(&f, out);
	put_times(&f, out);
	put_end(&f, out);
}
