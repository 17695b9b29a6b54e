/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A key of a JSON object and its value, kept as text: most values are what they
 * were in the last object that was alike.
 */
#ifndef _READER_JSON_CELL_H
#define _READER_JSON_CELL_H

#include <string.h>

#include "clock.h"
#include "fields.h"
#include "text.h"

#define CELL_TEXT	42
#define CELL_COPY	48

/**
 * struct cell - a key and its value, as they were when they were written last
 * @mask: of the eight bytes where the value is, those that were compared; 0:
 *	the value is not kept
 * @is: those bytes; of a time, the complement of when its second began, which
 *	is not 0
 * @text: the key and the value; of a time, up to the point; of a value that is
 *	not kept, the key
 * @len: of the text
 * @key: of the key in it
 * @show: of json_value_show(); times and numbers are made here
 * @changed: how often the value was another one, up to 255
 * @offset: where the value is
 *
 * The text and what is behind it are copied in three steps of 16 bytes.
 */
struct cell {
	__u64	mask;
	__u64	is;
	char	text[CELL_TEXT];
	__u8	len;
	__u8	key;
	__u8	show;
	__u8	changed;
	__u16	offset;
};

void cell_make(struct cell *cell, const struct field *f);
char *cell_new(char *at, struct cell *cell, const struct batch *b,
	       const void *value);
void cell_new_second(char *at, struct cell *cell, __u64 wall);

/* Seconds of the wall clock. */
static inline char *cell_put_time(char *at, struct cell *cell, __u64 wall)
{
	__u64 ns = wall + cell->is + 1;

	if (ns >= NSEC_PER_SEC) {
		cell_new_second(at, cell, wall);
		ns = wall % NSEC_PER_SEC;
	}
	memcpy(at, cell->text, CELL_COPY);
	return text_six(at + cell->len, (__u32)ns / 1000);
}

/* Eight bytes are read of each value. */
static inline __u64 cell_value(const void *obj, unsigned int offset)
{
	__u64 is;

	memcpy(&is, (const char *)obj + offset, sizeof(is));
	return is;
}

static inline char *cell_put(char *at, struct cell *cell, const struct batch *b,
			     const void *obj)
{
	if (__builtin_expect((cell_value(obj, cell->offset) & cell->mask) ==
			     cell->is, true)) {
		memcpy(at, cell->text, CELL_COPY);
		return at + cell->len;
	}
	return cell_new(at, cell, b, (const char *)obj + cell->offset);
}

/* A number that is another one each time: not kept. */
static inline char *cell_put_fresh(char *at, const struct cell *cell,
				   const void *obj)
{
	memcpy(at, cell->text, CELL_COPY);
	return text_number(at + cell->key,
			   cell_value(obj, cell->offset) & cell->mask);
}

#endif /* _READER_JSON_CELL_H */
