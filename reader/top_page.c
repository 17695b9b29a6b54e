// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of tcplife top: a text over the whole screen, until a key is pressed.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "derived.h"
#include "ladder.h"
#include "ladder_words.h"
#include "screen.h"
#include "top.h"

static const char help[] =
"Tab          go to the other list\n"
"Up, Down     move in it (k, j); PageUp, PageDown, Home, End\n"
"Enter        open what the cursor is on: a failed connection as a ladder,\n"
"             or all that is counted of a listener\n"
"s            sort the listeners by something else\n"
"r            the other way round\n"
"f, /         filter: a part of a name, an address, a port or an end\n"
"p, Space     pause, go on\n"
"+, -         look less often, more often\n"
"?, h         this help\n"
"q            quit\n"
"\n"
"SYNQ         half-open requests: SYN received, final ACK not yet\n"
"ACCQ         connections that wait for accept(); bold: the queue is full\n"
"bars         how much of the backlog that is\n"
"SYN/s ACC/s  SYNs received and connections accepted, a second\n"
"DROPS        SYNs dropped and final ACKs ignored, since the module was loaded\n"
"FAILED       why it ended; what both sides meant to end is not here\n"
"FILTERED     the kernel does not tell of all failures (tcplife filter)\n"
"EVENTS LOST  came too fast: failures among them are not here\n";

static int count_lines(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void draw_page(const char *title, const char *text, int from)
{
	const char *end;
	int y;

	erase();
	attrset(A_REVERSE);
	mvaddnstr(0, 0, title, COLS);
	mvchgat(0, 0, COLS, A_REVERSE, 0, NULL);
	attrset(A_NORMAL);
	for (; *text && from; text++)
		from -= *text == '\n';
	for (y = 1; *text && y < LINES; y++) {
		end = strchrnul(text, '\n');
		mvaddnstr(y, 0, text, end - text < COLS ? end - text : COLS);
		text = *end ? end + 1 : end;
	}
	refresh();
}

/* Where a key leads to; -1: away. */
static int turn(int key, int from, int last)
{
	switch (key) {
	case KEY_UP:
	case 'k':
		from--;
		break;
	case KEY_DOWN:
	case 'j':
		from++;
		break;
	case KEY_PPAGE:
		from -= LINES - 2;
		break;
	case KEY_NPAGE:
	case ' ':
		from += LINES - 2;
		break;
	case KEY_HOME:
		from = 0;
		break;
	case KEY_END:
		from = last;
		break;
	case KEY_RESIZE:
		break;
	default:
		return -1;
	}
	return from < 0 ? 0 : from > last ? last : from;
}

/**
 * top_page - show a text until a key is pressed that does not move in it
 * @title: its first line
 * @text: the others
 */
void top_page(const char *title, const char *text)
{
	int from = 0, last, lines = count_lines(text), key;

	timeout(-1);
	while (from >= 0) {
		last = lines > LINES - 1 ? lines - LINES + 1 : 0;
		if (from > last)
			from = last;
		draw_page(title, text, from);
		key = getch();
		if (key == ERR)
			return;
		from = turn(key, from, last);
	}
}

/** top_help - what the keys and columns are */
void top_help(void)
{
	top_page("tcplife top: help  (any key: back)", help);
}

static void print_listener(const struct listener *l, FILE *out)
{
	char time[WORDS_TIME];

	fprintf(out, "cookie %llx, netns %u\n", l->cookie, l->netns);
	fprintf(out, "\nbacklog          %u", l->backlog);
	if (listener_has(l, BACKLOG_ASKED))
		fprintf(out, " (asked for: %d)", l->backlog_asked);
	fprintf(out, "\nSYN queue        %u now, %u at most\n", l->synq,
		l->synq_max);
	fprintf(out, "accept queue     %u now, %u at most\n", l->accq,
		l->accq_max);
	fprintf(out, "\nSYNs             %llu, and %llu duplicates\n", l->syns,
		l->syn_dup);
	fprintf(out, "dropped          %llu accept queue full, %llu SYN queue full,\n"
		"                 %llu tcp_max_syn_backlog, %llu other\n",
		l->drop_accq, l->drop_synq, l->drop_synmax, l->drop_other);
	fprintf(out, "ACKs ignored     %llu: accept queue full\n",
		l->ack_ignored);
	fprintf(out, "syncookies       %llu sent, %llu valid, %llu not valid\n",
		l->cookie_sent, l->cookie_ok, l->cookie_bad);
	fprintf(out, "SYN-ACKs again   %llu\n", l->synack_retr);
	fprintf(out, "\nhalf-open ended  %llu established, %llu timed out, %llu reset,\n"
		"                 %llu listener closed, %llu queue stayed full,\n"
		"                 %llu ss -K, %llu ICMP, %llu other\n",
		l->ho_estab, l->ho_timeout, l->ho_reset, l->ho_closed,
		l->ho_overflow, l->ho_aborted, l->ho_unreach, l->ho_other);
	fprintf(out, "\naccepted         %llu\n", l->accepts);
	if (!derived_waits(l))
		return;
	fprintf(out, "waited           %s on average",
		words_time(time, l->wait_sum / derived_waits(l)));
	fprintf(out, ", %s at most\n", words_time(time, l->wait_max));
}

/**
 * top_open - show all that is known of what the cursor is on
 * @t: top
 */
void top_open(const struct top *t)
{
	size_t row = t->cursor[t->in_failures], size;
	const struct top_failure *f = NULL;
	char *text = NULL;
	FILE *out;

	if (row >= (t->in_failures ? t->nr_shown : t->nr_listeners))
		return;
	if (t->in_failures) {
		f = top_failure(t, row);
		if (!f)
			return;
	}
	out = open_memstream(&text, &size);
	if (!out)
		return;
	if (f)
		ladder_record(&f->rec, &f->batch, false, out);
	else
		print_listener(&t->listeners[row].now, out);
	fclose(out);
	top_page(f ?
		 "tcplife top: a connection  (arrows: move, q: back)" :
		 "tcplife top: a listener  (q: back)", text);
	free(text);
}
