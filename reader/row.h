/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A row of cells: in columns, or with commas.
 */
#ifndef _READER_ROW_H
#define _READER_ROW_H

#include "out.h"
#include "record.h"

/**
 * struct row - where we are
 * @csv: with commas
 * @first: no cell has been written
 */
struct row {
	bool	csv;
	bool	first;
};

/* Returns where the cell begins, for row_end(). */
static inline size_t row_cell(struct row *row)
{
	if (!row->first)
		out_char(row->csv ? ',' : ' ');
	row->first = false;
	out_room();
	return out.len;
}

/* A width below 0 puts the text at the right end. */
static inline void row_end(const struct row *row, size_t cell, int width)
{
	if (!row->csv)
		out_pad(cell, width);
}

void row_text(struct row *row, const char *text, int width);
void row_number(struct row *row, bool known, __u64 n, int width);
void row_hex(struct row *row, bool known, __u64 n, int width);
void row_ms(struct row *row, bool known, __u64 ns, unsigned int decimals,
	    int width);
void row_age(struct row *row, bool known, __u64 ns, int width);
void row_name(struct row *row, bool known, const char *name, bool kthread,
	      int width);
void row_address(struct row *row, const __be32 *ipv4, const __u8 *ipv6,
		 int width);

#endif /* _READER_ROW_H */
