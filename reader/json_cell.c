// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells of JSON lines: values that are not what they were.
 */
#include <assert.h>
#include <stdio.h>

#include "json_cell.h"
#include "json_string.h"
#include "json_value.h"

static inline char *put_key(char *at, const struct cell *cell)
{
	memcpy(at, cell->text, CELL_COPY);
	return at + cell->key;
}

static inline void cell_keep(struct cell *cell, __u64 is, const char *text,
			     size_t len)
{
	cell->is = is;
	cell->len = len;
	memcpy(cell->text, text, CELL_TEXT);
}

/* A name that is short is compared with its NUL, and no further. */
static __u64 name_mask(const char *name)
{
	size_t len = strnlen(name, sizeof(__u64));

	return len < sizeof(__u64) ? ~0ULL >> 8 * (sizeof(__u64) - 1 - len) : 0;
}

/* Not if it is too long. */
static inline char *keep(struct cell *cell, __u64 is, const char *text,
			 char *end)
{
	if (end - text <= CELL_TEXT)
		cell_keep(cell, is, text, end - text);
	return end;
}

/* Numbers are most of those that differ each time. */
static inline char *new_number(char *at, struct cell *cell, __u64 n)
{
	return keep(cell, n, at, text_number(put_key(at, cell), n));
}

static char *new_string(char *at, struct cell *cell, const char *value)
{
	char *end = json_string_put(put_key(at, cell), value);

	/* All ones are no name's bytes behind a mask of 0, but may be those of
	 * one that is not kept.
	 */
	cell->mask = end - at <= CELL_TEXT ? name_mask(value) : 0;
	cell->is = ~0ULL;
	return cell->mask ? keep(cell, cell_value(value, 0) & cell->mask, at,
				 end) : end;
}

static char *new_other(char *at, struct cell *cell, const void *value)
{
	char *end;

	if (cell->show == SHOW_STRING)
		return new_string(at, cell, value);
	end = json_value_put(put_key(at, cell), cell->show, value);
	return cell->mask ? keep(cell, cell_value(value, 0) & cell->mask, at,
				 end) : end;
}

/**
 * cell_new_second - a time is not of the second that is kept
 * @at: where to make it
 * @cell: its cell
 * @wall: the time, of the wall clock
 */
void cell_new_second(char *at, struct cell *cell, __u64 wall)
{
	char *end = text_number(put_key(at, cell), wall / NSEC_PER_SEC);

	*end++ = '.';
	cell_keep(cell, ~(wall - wall % NSEC_PER_SEC), at, end - at);
}

/* Eight bytes are read of each value, also of the last one of its object. The
 * low ones are the value: so much for machines of the other byte order.
 */
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "byte order");
#define IS_INSIDE(type, last)						\
	(sizeof(struct type) - offsetof(struct type, last) >= sizeof(__u64))
static_assert(IS_INSIDE(record, closer_comm), "record");
static_assert(IS_INSIDE(transition, comm), "transition");
static_assert(IS_INSIDE(request, isn_remote), "request");
static_assert(IS_INSIDE(listener, wait_bucket), "listener");

/**
 * cell_new - write a key and a value that is not the one that is kept
 * @at: where; CELL_COPY bytes more than needed are written at most
 * @cell: its cell, which keeps it
 * @b: the message that it came in
 * @value: where it is
 *
 * Return: the end of it.
 */
char *cell_new(char *at, struct cell *cell, const struct batch *b,
	       const void *value)
{
	__u64 is = cell_value(value, 0);

	if (cell->show == SHOW_TIME)
		return cell_put_time(at, cell, clock_wall(b, is));
	if (cell->changed < 255)
		cell->changed++;
	if (cell->show == SHOW_NUMBER)
		return new_number(at, cell, is & cell->mask);
	return new_other(at, cell, value);
}

/* What has more than eight bytes is not kept. */
static __u64 cell_mask(const struct field *f)
{
	switch (f->kind) {
	case FIELD_U64:
		return f->show == SHOW_TIME ? 0 : ~0ULL;
	case FIELD_U32:
		return ~0U;
	case FIELD_PORT:
		return 0xffff;
	}
	return 0;
}

/**
 * cell_make - make the cell of a field
 * @cell: the cell
 * @f: the field
 *
 * It begins as if the value had been 0, so that there is always one.
 */
void cell_make(struct cell *cell, const struct field *f)
{
	static const __u64 zero[2];
	char text[TEXT_SLACK * 2];

	cell->key = snprintf(cell->text, sizeof(cell->text), ",\"%s\":",
			     f->key);
	cell->show = json_value_show(f);
	cell->offset = f->offset;
	cell->mask = cell_mask(f);
	cell->is = ~0ULL;
	if (cell->show == SHOW_TIME)
		cell_new_second(text, cell, 0);
	else if (cell->show == SHOW_NUMBER)
		new_number(text, cell, 0);
	else if (cell->mask)
		new_other(text, cell, zero);
}
