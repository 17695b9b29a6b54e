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
#include <stdio.h>
#include <string.h>

#include "derived.h"
#include "json.h"
#include "json_plan.h"
#include "json_value.h"
#include "out.h"

#define KEY(text)	",\"" text "\":"
#define HEAD_MAX	32
#define PLANS		8	/* three bits */
#define KINDS		4	/* of objects of a set, whose values are alike */

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
	struct cell		cells[KINDS][PLAN_CELLS];
	struct plan		plans[KINDS][PLANS];
	const struct field_set	*set;
	const char		*event;
	char			head[HEAD_MAX];
	unsigned int		head_len;
	__u64			shown[ATTR_WORDS];
};

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
			cell_make(&w->cells[kind][i], f);
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

static inline struct plan *get_plan(struct writer *w, unsigned int kind,
				    const __u64 *has)
{
	struct plan *plan = &w->plans[kind]
		[(has[0] ^ has[1]) * 0x9e3779b97f4a7c15 >> 61];

	if (plan->has[0] != has[0] || plan->has[1] != has[1])
		plan_make(plan, w->cells[kind], has, w->shown,
			  w->set->size);
	return plan;
}

/* All that is known of it; the brace is for the caller to close. */
static char *put_object(struct writer *w, const char *event, unsigned int kind,
			const struct batch *b, const void *obj)
{
	char *at;

	if (w->event != event)
		make_head(w, event);
	at = out_room();
	memcpy(at, w->head, HEAD_MAX);
	return plan_put(at + w->head_len, get_plan(w, kind % KINDS, obj), b,
			obj);
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
