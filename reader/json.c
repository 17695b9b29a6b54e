// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON lines: what is known of an object, key by key. Sixty keys are in a
 * record, so that all that can be is made before: `,"key":` and each word that
 * a value can be, in quotes. Both are copied in a fixed size.
 *
 * Functions put text where a pointer points and return the end of it, as those
 * of text.h.
 */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "derived.h"
#include "json.h"
#include "json_string.h"
#include "out.h"
#include "enums.h"

#define PIECE_MAX	31
#define WORDS_MAX	32	/* of an enum, the last one for what is unknown */
#define ATTRS_MAX	(64 * ATTR_WORDS)

/** struct piece - a text that is copied in a fixed size */
struct piece {
	char	text[PIECE_MAX];
	__u8	len;
};

/**
 * struct cell - a key, and where its value is
 * @key: all of the cell is copied with it
 * @len: of the key
 * @show: how to show the value, or one of the NUMBER_s
 * @offset: where it is
 */
struct cell {
	char	key[28];
	__u8	len;
	__u8	show;
	__u16	offset;
};

/* More than enum field_show: a number by its size. */
enum { NUMBER_U64 = SHOW_NOT + 1, NUMBER_S32, NUMBER_PORT };

/**
 * struct writer - what to write of a struct
 * @cells: by attribute
 * @set: the attributes
 * @ready: the rest of this is made
 * @shown: attributes that have a key
 */
struct writer {
	struct cell		cells[ATTRS_MAX];
	const struct field_set	*set;
	bool			ready;
	__u64			shown[ATTR_WORDS];
};

static struct piece words[SHOW_NOT][WORDS_MAX];
static struct piece derived_keys[4];

/* -- what is made before -- */

static void make_piece(struct piece *piece, const char *before,
		       const char *text, const char *after)
{
	piece->len = snprintf(piece->text, sizeof(piece->text), "%s%s%s",
			      before, text, after);
}

static void make_words(enum field_show show)
{
	unsigned int n;

	for (n = 0; n < WORDS_MAX; n++)
		make_piece(&words[show][n], "\"", enums_name(show, n), "\"");
}

static void make_tables(void)
{
	unsigned int i;

	for (i = SHOW_STATE; i <= SHOW_FLAGS; i++)
		make_words(i);
	for (i = 0; derived_fields[i].key; i++)
		make_piece(&derived_keys[i], ",\"", derived_fields[i].key,
			   "\":");
}

static __u8 cell_show(const struct field *f)
{
	if (f->show != SHOW_NUMBER)
		return f->show;
	switch (f->kind) {
	case FIELD_U64:
		return NUMBER_U64;
	case FIELD_S32:
		return NUMBER_S32;
	case FIELD_PORT:
		return NUMBER_PORT;
	}
	return SHOW_NUMBER;
}

static void make_cell(struct cell *cell, const struct field *f)
{
	cell->len = snprintf(cell->key, sizeof(cell->key), ",\"%s\":",
			     f->key);
	cell->show = cell_show(f);
	cell->offset = f->offset;
}

static void make_writer(struct writer *w)
{
	const struct field *f;
	unsigned int i;

	if (!words[SHOW_STATE]->len)
		make_tables();
	for (i = 0; i < w->set->n; i++) {
		f = &w->set->fields[i];
		if (!f->key || f->show == SHOW_NOT)
			continue;
		attr_set(w->shown, i);
		make_cell(&w->cells[i], f);
	}
	w->ready = true;
}

/* -- values -- */

static inline char *put_piece(char *at, const struct piece *piece)
{
	memcpy(at, piece->text, sizeof(piece->text) + 1);
	return at + piece->len;
}

static char *put_flags(char *at, __u32 flags)
{
	__u32 left = flags & ((1U << enums_count(SHOW_FLAGS)) - 1);

	*at++ = '[';
	for (; left; left &= left - 1) {
		at = put_piece(at, &words[SHOW_FLAGS][__builtin_ctz(left)]);
		*at++ = ',';
	}
	if (at[-1] == ',')
		at--;
	*at++ = ']';
	return at;
}

static char *put_errno(char *at, __u32 error)
{
	const char *name = enums_name(SHOW_ERRNO, error);

	*at++ = '"';
	at = name ? text_put(at, name) : text_number(at, error);
	*at++ = '"';
	return at;
}

static char *put_buckets(char *at, const __u64 *bucket)
{
	__u32 n = *(const __u32 *)(bucket + BUCKETS_MAX), i;

	*at++ = '[';
	for (i = 0; i < n && i < BUCKETS_MAX; i++) {
		if (i)
			*at++ = ',';
		at = text_number(at, bucket[i]);
	}
	*at++ = ']';
	return at;
}

static char *put_signed(char *at, __s32 n)
{
	if (n < 0)
		*at++ = '-';
	return text_number(at, n < 0 ? -(__s64)n : n);
}

static char *put_cookie(char *at, __u64 cookie)
{
	*at++ = '"';
	at = text_hex(at, cookie);
	*at++ = '"';
	return at;
}

static char *put_address(char *at, bool ipv4, const void *address)
{
	__be32 word;

	*at++ = '"';
	memcpy(&word, address, sizeof(word));
	at = ipv4 ? text_ipv4(at, word) : text_ipv6(at, address);
	*at++ = '"';
	return at;
}

/* Seconds of the wall clock; many times have the same. */
static inline char *put_time(char *at, __u64 wall)
{
	static char text[16] = "0.";
	static __u64 last;
	static size_t len = 2;
	__u64 us = wall / NSEC_PER_USEC, second = us / 1000000;
	unsigned int part = us % 1000000;

	if (second != last) {
		last = second;
		len = text_put(text_number(text, second), ".") - text;
	}
	memcpy(at, text, sizeof(text));
	at = text_pair(at + len, part / 10000);
	return text_quad(at, part % 10000);
}

static inline char *put_enum(char *at, size_t show, size_t n)
{
	return put_piece(at, &words[show][n < WORDS_MAX ? n : WORDS_MAX - 1]);
}

static char *put_value(char *at, unsigned int show, const struct batch *b,
		       const void *value)
{
	switch (show) {
	case SHOW_NUMBER:
		return text_number(at, *(const __u32 *)value);
	case NUMBER_U64:
		return text_number(at, *(const __u64 *)value);
	case NUMBER_S32:
		return put_signed(at, *(const __s32 *)value);
	case NUMBER_PORT:
		return text_port(at, *(const __u16 *)value);
	case SHOW_COOKIE:
		return put_cookie(at, *(const __u64 *)value);
	case SHOW_TIME:
		return put_time(at, clock_wall(b, *(const __u64 *)value));
	case SHOW_NS:
		return text_ms(at, *(const __u64 *)value, 3);
	case SHOW_US:
		return text_fixed(at, *(const __u32 *)value, 3);
	case SHOW_IPV4:
	case SHOW_IPV6:
		return put_address(at, show == SHOW_IPV4, value);
	case SHOW_STRING:
		return json_string_put(at, value);
	case SHOW_TRUE:
		return text_put(at, "true");
	case SHOW_FLAGS:
		return put_flags(at, *(const __u32 *)value);
	case SHOW_ERRNO:
		return put_errno(at, *(const __u32 *)value);
	case SHOW_BUCKETS:
		return put_buckets(at, value);
	default:
		return put_enum(at, show, *(const __u32 *)value);
	}
}

/* -- objects -- */

/* All that is known of it; the brace is for the caller to close. */
static char *put_object(struct writer *w, const char *event,
			const struct batch *b, const void *obj)
{
	const struct cell *cells = w->cells, *cell;
	const __u64 *has = obj, *shown = w->shown;
	unsigned int word;
	__u64 left;
	char *at;

	if (!w->ready)
		make_writer(w);
	at = text_put(text_put(out_room(), "{\"event\":\""), event);
	*at++ = '"';
	for (word = 0; word < ATTR_WORDS; word++, cells += 64) {
		for (left = *has++ & *shown++; left; left &= left - 1) {
			cell = &cells[__builtin_ctzll(left)];
			memcpy(at, cell, sizeof(*cell));
			at += cell->len;
			at = put_value(at, cell->show, b,
				       (const char *)obj + cell->offset);
		}
	}
	return at;
}

/**
 * json_record - a record as a line
 * @event: what happened to it, or which list it is of
 * @b: the message that it came in
 * @rec: the record
 */
void json_record(const char *event, const struct batch *b,
		 const struct record *rec)
{
	static struct writer writer = { .set = &record_fields };
	char *at = put_object(&writer, event, b, rec);
	unsigned int i;
	__u64 ns;

	for (i = 0; derived_fields[i].key; i++) {
		if (!derived_fields[i].get(rec, &ns))
			continue;
		at = put_piece(at, &derived_keys[i]);
		at = text_ms(at, ns, 3);
	}
	out_end(text_put(at, "}\n"));
}

/** json_transition - a change of state as a line */
void json_transition(const struct batch *b, const struct transition *t)
{
	static struct writer writer = { .set = &transition_fields };

	out_end(text_put(put_object(&writer, "transition", b, t), "}\n"));
}

/** json_request - a half-open request that died as a line */
void json_request(const struct batch *b, const struct request *req)
{
	static struct writer writer = { .set = &request_fields };

	out_end(text_put(put_object(&writer, "halfopen", b, req), "}\n"));
}

/** json_listener - a listener as a line */
void json_listener(const struct batch *b, const struct listener *l)
{
	static struct writer writer = { .set = &listener_fields };

	out_end(text_put(put_object(&writer, "listener", b, l), "}\n"));
}
