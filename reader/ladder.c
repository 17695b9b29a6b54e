// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ladder: the picture. What is in it, ladder_record.c says.
 *
 * 80 columns: a time, the state of the local endpoint, and two rails with 54
 * columns between them.
 */
#include <stdarg.h>
#include <string.h>

#include "ladder.h"

#define NSEC_PER_SEC	1000000000ULL
#define INSIDE		54
#define TEXT_AT		4	/* columns of the arrow before its text */
#define NOTE_AT		2

/* Rows are added in the order of a textbook, and stand in that of their times.
 * One without a time follows the one that was added before it.
 */
static struct ladder_row *row_add(struct ladder *l, __u64 at)
{
	unsigned int i = l->n ? l->last + 1 : 0;
	__u64 key = at;

	if (l->n == LADDER_ROWS)
		return NULL;
	if (!at && l->n)
		key = l->rows[l->last].key;
	if (at)
		for (i = l->n; i && l->rows[i - 1].key > key; )
			i--;
	l->last = i;
	memmove(&l->rows[i + 1], &l->rows[i],
		(l->n - i) * sizeof(*l->rows));
	memset(&l->rows[i], 0, sizeof(*l->rows));
	l->rows[i].key = key;
	l->rows[i].at = at;
	l->n++;
	return &l->rows[i];
}

/**
 * ladder_arrow - add a segment
 * @l: the ladder
 * @at: when; 0 if that is not known
 * @how: LADDER_LEFT and so on
 * @fmt: what stands on the arrow
 */
void ladder_arrow(struct ladder *l, __u64 at, unsigned int how,
		  const char *fmt, ...)
{
	struct ladder_row *row = row_add(l, at);
	va_list ap;

	if (!row)
		return;
	row->arrow = true;
	row->how = how;
	if (how & LADDER_INFERRED)
		l->inferred = true;
	va_start(ap, fmt);
	vsnprintf(row->text, sizeof(row->text), fmt, ap);
	va_end(ap);
}

/**
 * ladder_note - add words between the rails
 * @l: the ladder
 * @at: when; 0 if they are about the row before
 * @fmt: the words
 */
void ladder_note(struct ladder *l, __u64 at, const char *fmt, ...)
{
	struct ladder_row *row = row_add(l, at);
	va_list ap;

	if (!row)
		return;
	va_start(ap, fmt);
	vsnprintf(row->text, sizeof(row->text), fmt, ap);
	va_end(ap);
}

/**
 * ladder_state - the local endpoint enters a state
 * @l: the ladder
 * @at: when; the segment before it has the time on its line
 * @state: its name, which must last
 * @fmt: words between the rails
 */
void ladder_state(struct ladder *l, __u64 at, const char *state,
		  const char *fmt, ...)
{
	struct ladder_row *row = row_add(l, at);
	va_list ap;

	if (!row)
		return;
	row->state = state;
	row->at = 0;
	va_start(ap, fmt);
	vsnprintf(row->text, sizeof(row->text), fmt, ap);
	va_end(ap);
}

/* Seconds since the first event, in 11 columns. */
static void print_time(const struct ladder *l, __u64 at, FILE *out)
{
	__u64 ns = at > l->start ? at - l->start : 0;

	if (!at || l->relative)
		fprintf(out, "%11s", "");
	else if (ns < 10000 * NSEC_PER_SEC)
		fprintf(out, "%11.6f", ns / 1e9);
	else
		fprintf(out, "%11.*f", ns < 100000000 * NSEC_PER_SEC, ns / 1e9);
}

static void print_margin(const struct ladder *l, const struct ladder_row *row,
			 FILE *out)
{
	print_time(l, row ? row->at : 0, out);
	fprintf(out, " %-11s ", row && row->state ? row->state : "");
}

static void print_arrow(const struct ladder_row *row, FILE *out)
{
	char line[INSIDE + 1], fill = row->how & LADDER_INFERRED ? '.' : '-';
	size_t len = strlen(row->text);
	char tip;

	if (len > INSIDE - TEXT_AT - 4)
		len = INSIDE - TEXT_AT - 4;
	memset(line, fill, INSIDE);
	line[INSIDE] = '\0';
	line[TEXT_AT - 1] = ' ';
	memcpy(line + TEXT_AT, row->text, len);
	line[TEXT_AT + len] = ' ';
	tip = row->how & LADDER_IGNORED ? 'x' :
	      row->how & LADDER_LEFT ? '<' : '>';
	line[row->how & LADDER_LEFT ? 0 : INSIDE - 1] = tip;
	fprintf(out, "|%s|\n", line);
}

/* How many bytes of @text go on one line of @room columns. */
static size_t line_length(const char *text, size_t room)
{
	size_t len = strlen(text), i;

	if (len <= room)
		return len;
	for (i = room; i; i--)
		if (text[i] == ' ')
			return i;
	return room;
}

/* Words, on as many lines as they need. */
static void print_words(const struct ladder *l, const struct ladder_row *row,
			FILE *out)
{
	const size_t room = INSIDE - NOTE_AT;
	const char *text = row->text;
	bool first = true;
	size_t len;

	do {
		len = line_length(text, room);
		if (!first)
			print_margin(l, NULL, out);
		fprintf(out, "|%*s%-*.*s|\n", NOTE_AT, "", (int)room,
			(int)len, text);
		text += len;
		while (*text == ' ')
			text++;
		first = false;
	} while (*text);
}

/**
 * ladder_print - draw it
 * @l: the ladder
 * @out: where to
 */
void ladder_print(const struct ladder *l, FILE *out)
{
	unsigned int i;

	for (i = 0; i < l->n; i++) {
		const struct ladder_row *row = &l->rows[i];

		print_margin(l, row, out);
		if (row->arrow)
			print_arrow(row, out);
		else
			print_words(l, row, out);
	}
	if (l->inferred)
		fprintf(out, "%24s%s\n", "",
			". . . TCP's rules say so; this record does not show it");
}
