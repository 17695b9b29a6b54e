/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ladder: what went between two endpoints, drawn with characters. The local
 * one is the left rail, time goes down.
 */
#ifndef _READER_LADDER_H
#define _READER_LADDER_H

#include <stdbool.h>
#include <linux/types.h>
#include <stdio.h>

struct batch;
struct record;

/* Rows that the longest life needs, and some more. */
#define LADDER_ROWS	64

/* How an arrow is drawn. */
#define LADDER_LEFT	1	/* it came from the peer */
#define LADDER_INFERRED	2	/* TCP's rules say so, the record does not */
#define LADDER_IGNORED	4	/* it came, and was not taken */

/**
 * struct ladder_row - one line, or a note of several
 * @key: when, for the order; that of the row before if it is not known
 * @at: when, ns of CLOCK_MONOTONIC; 0 when not known, or not to be shown
 * @arrow: it is a segment
 * @how: LADDER_LEFT and so on, of a segment
 * @state: the state that begins, or NULL
 * @text: what stands on the arrow, or between the rails
 */
struct ladder_row {
	__u64	key;
	__u64	at;
	bool		arrow;
	unsigned int	how;
	const char	*state;
	char		text[160];
};

/**
 * struct ladder - rows by time
 * @rows: the rows
 * @n: how many
 * @last: the one that was added last
 * @start: the time that is shown as 0
 * @relative: leave out what differs from run to run: times, and so on
 * @inferred: there is an arrow that the record does not prove
 */
struct ladder {
	struct ladder_row	rows[LADDER_ROWS];
	unsigned int		n;
	unsigned int		last;
	__u64		start;
	bool			relative;
	bool			inferred;
};

void ladder_arrow(struct ladder *l, __u64 at, unsigned int how,
		  const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void ladder_note(struct ladder *l, __u64 at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void ladder_state(struct ladder *l, __u64 at, const char *state,
		  const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void ladder_print(const struct ladder *l, FILE *out);

void ladder_record(const struct record *rec, const struct batch *b,
		   bool relative, FILE *out);

#endif /* _READER_LADDER_H */
