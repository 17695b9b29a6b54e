// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON lines: what is known of an object, key by key. Sixty keys are in a
 * record, so that all that can be is made before, to be copied in a fixed size.
 * And most values are what they were in the last object that was alike: so they
 * are kept behind their keys.
 *
 * Functions put text where a pointer points and return the end of it, as those
 * of text.h.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "derived.h"
#include "json.h"
#include "json_string.h"
#include "json_value.h"
#include "out.h"

#define ATTRS_MAX	(64 * ATTR_WORDS)
#define CELL_TEXT	43
#define CELL_COPY	48
#define KEY(text)	",\"" text "\":"
#define HEAD_MAX	32
#define PLANS		8	/* three bits */
#define KINDS		4	/* of objects of a set, whose values are alike */

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
	__u16	offset;
};

/**
 * struct plan - the cells of objects that have the same attributes
 * @has: the attributes
 * @cells: those to be written
 * @times: the first of them that is a time
 * @rest: the first one behind it that is none
 * @end: of them
 */
struct plan {
	__u64		has[ATTR_WORDS];
	struct cell	**times;
	struct cell	**rest;
	struct cell	**end;
	struct cell	*cells[ATTRS_MAX];
};

/**
 * struct writer - what to write of a struct
 * @cells: by kind and attribute
 * @plans: by kind, and by what is known
 * @set: the attributes
 * @event: what the head says; NULL until the rest of this is made
 * @head: the beginning of a line
 * @head_len: of that
 * @shown: attributes that have a key
 */
struct writer {
	struct cell		cells[KINDS][ATTRS_MAX];
	struct plan		plans[KINDS][PLANS];
	const struct field_set	*set;
	const char		*event;
	char			head[HEAD_MAX];
	unsigned int		head_len;
	__u64			shown[ATTR_WORDS];
};

/* -- cells -- */

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
static __attribute__((noinline)) char *new_number(char *at, struct cell *cell,
						  __u64 n)
{
	return keep(cell, n, at, text_number(put_key(at, cell), n));
}

static char *new_string(char *at, struct cell *cell, const char *value)
{
	char *end = json_string_put(put_key(at, cell), value);
	__u64 is;

	memcpy(&is, value, sizeof(is));
	/* All ones are no name's bytes behind a mask of 0, but may be those of
	 * one that is not kept.
	 */
	cell->mask = end - at <= CELL_TEXT ? name_mask(value) : 0;
	cell->is = ~0ULL;
	return cell->mask ? keep(cell, is & cell->mask, at, end) : end;
}

static char *new_other(char *at, struct cell *cell, const void *value)
{
	char *end;
	__u64 is;

	if (cell->show == SHOW_STRING)
		return new_string(at, cell, value);
	end = json_value_put(put_key(at, cell), cell->show, value);
	memcpy(&is, value, sizeof(is));
	return cell->mask ? keep(cell, is & cell->mask, at, end) : end;
}

static void new_second(char *at, struct cell *cell, __u64 wall)
{
	char *end = text_number(put_key(at, cell), wall / NSEC_PER_SEC);

	*end++ = '.';
	cell_keep(cell, ~(wall - wall % NSEC_PER_SEC), at, end - at);
}

/* Seconds of the wall clock. */
static inline char *put_time(char *at, struct cell *cell, __u64 wall)
{
	__u64 ns = wall + cell->is + 1;

	if (ns >= NSEC_PER_SEC) {
		new_second(at, cell, wall);
		ns = wall % NSEC_PER_SEC;
	}
	memcpy(at, cell->text, CELL_COPY);
	return text_six(at + cell->len, (__u32)ns / 1000);
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

static inline char *put_cell(char *at, struct cell *cell, const struct batch *b,
			     const void *obj)
{
	const void *value = (const char *)obj + cell->offset;
	__u64 is;

	memcpy(&is, value, sizeof(is));
	if (__builtin_expect((is & cell->mask) == cell->is, true)) {
		memcpy(at, cell->text, CELL_COPY);
		return at + cell->len;
	}
	if (cell->show == SHOW_TIME)
		return put_time(at, cell, clock_wall(b, is));
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

/* It begins as if the value had been 0, so that there is always one. */
static void make_cell(struct cell *cell, const struct field *f)
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
		new_second(text, cell, 0);
	else if (cell->show == SHOW_NUMBER)
		new_number(text, cell, 0);
	else if (cell->mask)
		new_other(text, cell, zero);
}

static void make_writer(struct writer *w)
{
	const struct field *f;
	unsigned int i, kind;

	json_value_make();
	for (i = 0; i < w->set->n; i++) {
		f = &w->set->fields[i];
		if (!f->key || f->show == SHOW_NOT)
			continue;
		attr_set(w->shown, i);
		for (kind = 0; kind < KINDS; kind++)
			make_cell(&w->cells[kind][i], f);
	}
}

/* Events are few, and each has one place that calls it so. */
static void make_head(struct writer *w, const char *event)
{
	if (!w->event)
		make_writer(w);
	w->event = event;
	w->head_len = snprintf(w->head, sizeof(w->head), "{\"event\":\"%s\"",
			       event);
}

/* -- objects -- */

static void make_plan(struct writer *w, struct plan *plan, unsigned int kind,
		      const __u64 *has)
{
	struct cell **cell = plan->cells;
	unsigned int word;
	__u64 left;

	memcpy(plan->has, has, sizeof(plan->has));
	for (word = 0; word < ATTR_WORDS; word++)
		for (left = has[word] & w->shown[word]; left; left &= left - 1)
			*cell++ = &w->cells[kind]
				[word * 64 + __builtin_ctzll(left)];
	plan->end = cell;
	for (cell = plan->cells; cell < plan->end; cell++)
		if ((*cell)->show == SHOW_TIME)
			break;
	plan->times = cell;
	while (cell < plan->end && (*cell)->show == SHOW_TIME)
		cell++;
	plan->rest = cell;
}

static inline struct plan *get_plan(struct writer *w, unsigned int kind,
				    const __u64 *has)
{
	struct plan *plan = &w->plans[kind]
		[(has[0] ^ has[1]) * 0x9e3779b97f4a7c15 >> 61];

	if (plan->has[0] != has[0] || plan->has[1] != has[1])
		make_plan(w, plan, kind, has);
	return plan;
}

static inline char *put_cells(char *at, struct cell **cell, struct cell **end,
			      const struct batch *b, const void *obj)
{
	for (; cell < end; cell++)
		at = put_cell(at, *cell, b, obj);
	return at;
}

/* Times are many, and most often follow one another. */
static inline char *put_times(char *at, struct cell **cell, struct cell **end,
			      const struct batch *b, const void *obj)
{
	__u64 time;

	for (; cell < end; cell++) {
		memcpy(&time, (const char *)obj + (*cell)->offset,
		       sizeof(time));
		at = put_time(at, *cell, clock_wall(b, time));
	}
	return at;
}

/* All that is known of it; the brace is for the caller to close. */
static char *put_object(struct writer *w, const char *event, unsigned int kind,
			const struct batch *b, const void *obj)
{
	struct plan *plan;
	char *at;

	if (w->event != event)
		make_head(w, event);
	plan = get_plan(w, kind % KINDS, obj);
	at = out_room();
	memcpy(at, w->head, HEAD_MAX);
	at += w->head_len;
	at = put_cells(at, plan->cells, plan->times, b, obj);
	at = put_times(at, plan->times, plan->rest, b, obj);
	return put_cells(at, plan->rest, plan->end, b, obj);
}

/* derived_fields, in their order; the compiler is to know key and function. */
static inline char *put_derived(char *at, const char *key,
				bool (*get)(const struct record *rec,
					    __u64 *ns),
				const struct record *rec)
{
	__u64 ns;

	return get(rec, &ns) ? text_ms(text_put(at, key), ns, 3) : at;
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
	unsigned int kind = record_has(rec, ROLE) ? rec->role : 0;
	char *at = put_object(&writer, event, kind, b, rec);

	at = put_derived(at, KEY(DERIVED_LIFE), derived_life, rec);
	at = put_derived(at, KEY(DERIVED_HANDSHAKE), derived_handshake, rec);
	at = put_derived(at, KEY(DERIVED_ACCEPT_WAIT), derived_accept_wait,
			 rec);
	at = put_derived(at, KEY(DERIVED_TIME_WAIT), derived_time_wait, rec);
	out_end(text_put(at, "}\n"));
}

/** json_transition - a change of state as a line */
void json_transition(const struct batch *b, const struct transition *t)
{
	static struct writer writer = { .set = &transition_fields };

	out_end(text_put(put_object(&writer, "transition", 0, b, t), "}\n"));
}

/** json_request - a half-open request that died as a line */
void json_request(const struct batch *b, const struct request *req)
{
	static struct writer writer = { .set = &request_fields };

	out_end(text_put(put_object(&writer, "halfopen", 0, b, req), "}\n"));
}

/** json_listener - a listener as a line */
void json_listener(const struct batch *b, const struct listener *l)
{
	static struct writer writer = { .set = &listener_fields };

	out_end(text_put(put_object(&writer, "listener", 0, b, l), "}\n"));
}
