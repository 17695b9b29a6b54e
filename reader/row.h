/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of cells: in columns, or with commas. What is not known is "-".
 *
 * Each cell ends with what separates it from the next one, and the end of the
 * line takes the place of the last separator.
 */
#ifndef _READER_ROW_H
#define _READER_ROW_H

#include "out.h"
#include "record.h"

/**
 * struct row - where we are
 * @at: behind the last cell
 * @csv: with commas
 */
struct row {
	char	*at;
	bool	csv;
};

static inline void row_begin(struct row *row, bool csv)
{
	row->at = out_room();
	row->csv = csv;
}

/* Another line of the same row follows. */
static inline void row_line(struct row *row)
{
	row->at[-1] = '\n';
}

static inline void row_finish(struct row *row)
{
	row_line(row);
	out_end(row->at);
}

/* The text of a cell of @width, from row->at to @end, is there. Blanks are
 * put first: most often no more of them are needed, nor a test.
 */
static inline void row_end(struct row *row, char *end, int width)
{
	char *column = row->at + width;

	if (row->csv) {
		*end = ',';
		row->at = end + 1;
		return;
	}
	for (text_blanks(end, 16); column - end >= 16; text_blanks(end, 16))
		end += 16;
	row->at = (end < column ? column : end) + 1;
}

static inline char *row_dash(struct row *row)
{
	*row->at = '-';
	return row->at + 1;
}

static inline void row_text(struct row *row, const char *text, int width)
{
	row_end(row, text_put(row->at, text), width);
}

/* At the right end of its column, which is not wider than 16. */
static inline void row_right(struct row *row, bool known, __u64 n, int width)
{
	if (row->csv)
		width = 0;
	if (known) {
		row_end(row, text_right(row->at, n, width), 0);
		return;
	}
	if (width)
		row->at = text_blanks(row->at, width - 1);
	row_end(row, row_dash(row), 0);
}

static inline void row_number(struct row *row, bool known, __u64 n, int width)
{
	row_end(row, known ? text_number(row->at, n) : row_dash(row), width);
}

static inline void row_port(struct row *row, bool known, __u16 n, int width)
{
	row_end(row, known ? text_port(row->at, n) : row_dash(row), width);
}

static inline void row_hex(struct row *row, bool known, __u64 n, int width)
{
	row_end(row, known ? text_hex(row->at, n) : row_dash(row), width);
}

static inline void row_ms(struct row *row, bool known, __u64 ns,
			  unsigned int decimals, int width)
{
	row_end(row, known ? text_ms(row->at, ns, decimals) : row_dash(row),
		width);
}

/* The one of the two that is known. */
static inline void row_address(struct row *row, const __be32 *ipv4,
			       const __u8 *ipv6, int width)
{
	char *end;

	if (ipv4)
		end = text_ipv4(row->at, *ipv4);
	else if (ipv6)
		end = text_ipv6(row->at, ipv6);
	else
		end = row_dash(row);
	row_end(row, end, width);
}

void row_ms_fit(struct row *row, bool known, __u64 ns, int room);
void row_age(struct row *row, bool known, __u64 ns, int width);
void row_name(struct row *row, bool known, const char *name, bool kthread,
	      int width);

#endif /* _READER_ROW_H */
