// SPDX-License-Identifier: GPL-2.0-only
/*
 * A row of cells. What is not known is "-".
 */
#include "clock.h"
#include "row.h"

/** row_text - a cell of fixed text */
void row_text(struct row *row, const char *text, int width)
{
	size_t cell = row_cell(row);

	out_text(text);
	row_end(row, cell, width);
}

/** row_number - a decimal number */
void row_number(struct row *row, bool known, __u64 n, int width)
{
	size_t cell = row_cell(row);

	if (known)
		out_number(n);
	else
		out_char('-');
	row_end(row, cell, width);
}

/** row_hex - a hexadecimal one */
void row_hex(struct row *row, bool known, __u64 n, int width)
{
	size_t cell = row_cell(row);

	if (known)
		out_hex(n);
	else
		out_char('-');
	row_end(row, cell, width);
}

/** row_ms - milliseconds, out of nanoseconds */
void row_ms(struct row *row, bool known, __u64 ns, unsigned int decimals,
	    int width)
{
	size_t cell = row_cell(row);

	if (known)
		out_ms(ns, decimals);
	else
		out_char('-');
	row_end(row, cell, width);
}

static void put_two(__u64 big, const char *unit, __u64 small, char end)
{
	out_number(big);
	out_text(unit);
	if (small < 10)
		out_char('0');
	out_number(small);
	out_char(end);
}

/** row_age - how long, for people: 3.2s, 5m07s, 2h15m, 3d04h */
void row_age(struct row *row, bool known, __u64 ns, int width)
{
	__u64 s = ns / NSEC_PER_SEC;
	size_t cell = row_cell(row);

	if (!known) {
		out_char('-');
	} else if (s < 60) {
		out_fixed(ns / (100 * NSEC_PER_MSEC), 1);
		out_char('s');
	} else if (s < 3600) {
		put_two(s / 60, "m", s % 60, 's');
	} else if (s < 86400) {
		put_two(s / 3600, "h", s / 60 % 60, 'm');
	} else {
		put_two(s / 86400, "d", s / 3600 % 24, 'h');
	}
	row_end(row, cell, width);
}

/* A name with a comma or a quote would be two cells. */
static void quote(size_t cell)
{
	size_t len = out.len - cell, i;
	char text[128];

	if (len > sizeof(text) || (!memchr(out.buf + cell, ',', len) &&
				   !memchr(out.buf + cell, '"', len)))
		return;
	memcpy(text, out.buf + cell, len);
	out.len = cell;
	out_char('"');
	for (i = 0; i < len; i++) {
		if (text[i] == '"')
			out_char('"');
		out_char(text[i]);
	}
	out_char('"');
}

/**
 * row_name - the name of a process
 * @row: the row
 * @known: whether it is
 * @name: it
 * @kthread: it is a kernel thread
 * @width: of the column, where what is longer is cut; 0: there is none
 */
void row_name(struct row *row, bool known, const char *name, bool kthread,
	      int width)
{
	size_t cell = row_cell(row);

	if (known)
		out_name(name, row->csv || !width ? 4 * COMM_LEN : width,
			 kthread);
	else
		out_char('-');
	if (row->csv)
		quote(cell);
	row_end(row, cell, width);
}

/** row_address - the one of the two that is not NULL */
void row_address(struct row *row, const __be32 *ipv4, const __u8 *ipv6,
		 int width)
{
	size_t cell = row_cell(row);

	if (ipv4)
		out_ipv4(*ipv4);
	else if (ipv6)
		out_ipv6(ipv6);
	else
		out_char('-');
	row_end(row, cell, width);
}
