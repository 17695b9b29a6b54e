// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells that are not worth to be inline.
 */
#include "clock.h"
#include "row.h"

/* Milliseconds, rounded to some decimals; the end of them. */
static char *put_ms(char *at, __u64 ns, unsigned int decimals)
{
	if (decimals == 1)
		return text_fixed(at, (ns + 50000) / 100000, 1);
	return text_ms(at, ns, decimals);
}

/**
 * row_ms_fit - milliseconds at the end of a line, with the decimals that fit
 * @row: the row
 * @known: whether it is
 * @ns: the time
 * @room: what is left of the line
 */
void row_ms_fit(struct row *row, bool known, __u64 ns, int room)
{
	unsigned int decimals = 4;
	char *end = row->at;

	if (!known)
		end = row_dash(row);
	while (known && decimals--) {
		end = put_ms(row->at, ns, decimals);
		if (end - row->at <= room)
			break;
	}
	row_end(row, end, 0);
}

static char *put_two(char *at, __u64 big, char unit, __u64 small, char end)
{
	at = text_number(at, big);
	*at++ = unit;
	*at++ = '0' + small / 10;
	*at++ = '0' + small % 10;
	*at++ = end;
	return at;
}

static char *put_age(char *at, __u64 ns)
{
	__u64 s = ns / NSEC_PER_SEC;

	if (s >= 86400)
		return put_two(at, s / 86400, 'd', s / 3600 % 24, 'h');
	if (s >= 3600)
		return put_two(at, s / 3600, 'h', s / 60 % 60, 'm');
	if (s >= 60)
		return put_two(at, s / 60, 'm', s % 60, 's');
	at = text_fixed(at, ns / (100 * NSEC_PER_MSEC), 1);
	*at++ = 's';
	return at;
}

/** row_age - how long, for people: 3.2s, 5m07s, 2h15m, 3d04h */
void row_age(struct row *row, bool known, __u64 ns, int width)
{
	row_end(row, known ? put_age(row->at, ns) : row_dash(row), width);
}

/* A name with a comma or a quote would be two cells. */
static char *quote(char *from, char *end)
{
	size_t len = end - from, i;
	char text[128];

	if (len > sizeof(text) ||
	    (!memchr(from, ',', len) && !memchr(from, '"', len)))
		return end;
	memcpy(text, from, len);
	end = from;
	*end++ = '"';
	for (i = 0; i < len; i++) {
		if (text[i] == '"')
			*end++ = '"';
		*end++ = text[i];
	}
	*end++ = '"';
	return end;
}

static char *put_name(const struct row *row, const char *name, bool kthread,
		      int width)
{
	char *end = text_name(row->at, name,
			      row->csv || !width ? 5 * COMM_LEN : width,
			      kthread);

	return row->csv ? quote(row->at, end) : end;
}

/** struct name_cell - what row_name() made last, if it is short */
struct name_cell {
	__u64	name[COMM_LEN / sizeof(__u64)];
	int	width;
	bool	kthread;
	bool	csv;
	__u8	len;		/* 0: there is none */
	char	text[32];
};

/**
 * row_name - the name of a process
 * @row: the row
 * @known: whether it is
 * @name: it, in COMM_LEN bytes
 * @kthread: it is a kernel thread
 * @width: of the column, where what is longer is cut; 0: there is none
 *
 * Many records are of one process, and what is behind the end of the name then
 * is the same most often.
 */
void row_name(struct row *row, bool known, const char *name, bool kthread,
	      int width)
{
	static struct name_cell last;
	char *begin = row->at;
	__u64 is[2];

	if (!known) {
		row_end(row, row_dash(row), width);
		return;
	}
	memcpy(is, name, COMM_LEN);
	if (is[0] == last.name[0] && is[1] == last.name[1] && last.len &&
	    last.width == width && last.kthread == kthread &&
	    last.csv == row->csv) {
		memcpy(begin, last.text, sizeof(last.text));
		row->at = begin + last.len;
		return;
	}
	row_end(row, put_name(row, name, kthread, width), width);
	last = (struct name_cell){
		.name = { is[0], is[1] }, .width = width, .kthread = kthread,
		.csv = row->csv,
	};
	memcpy(last.text, begin, sizeof(last.text));
	if ((size_t)(row->at - begin) <= sizeof(last.text))
		last.len = row->at - begin;
}
