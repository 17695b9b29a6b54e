// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plans of JSON lines: which keys an object has, in which order, and which of
 * them are written at once.
 */
#include "json_plan.h"

/* So often is looked what cells do. One that has changed more often meanwhile is
 * not written with others, and one that has changed that often is not kept at
 * all, until it is looked at again. To write two at once gains nothing.
 */
#define GROUP_EACH	256
#define STEADY_MAX	4
#define FRESH_MIN	192
#define FRESH_GROUPS	16
#define RUN_LEAST	3
#define COPY_STEP	64

/* -- runs -- */

/* Nothing is what was. */
static void run_forget(struct run *run)
{
	run->mask[0] = 0;
	run->is[0] = ~0ULL;
}

/* The bytes of a word of the run that are of a value. */
static void run_mask(struct run *run, const struct cell *cell)
{
	unsigned int at = cell->offset - run->base, shift = at % 8 * 8;
	__u64 *word = &run->mask[at / 8];

	word[0] |= cell->mask << shift;
	if (shift && cell->mask >> (64 - shift))
		word[1] |= cell->mask >> (64 - shift);
}

/* A value that is not kept, or text that is too long, is never what it was. */
static __attribute__((noinline)) char *run_new(char *at, const struct part *part,
					       const struct batch *b,
					       const void *obj)
{
	struct run *run = part->run;
	struct cell **cell;
	bool kept = true;
	char *end = at;
	unsigned int i;

	memset(run->mask, 0, sizeof(run->mask));
	for (cell = part->cells; cell < part->end; cell++) {
		end = cell_put(end, *cell, b, obj);
		kept &= (*cell)->mask != 0;
		run_mask(run, *cell);
	}
	if (!kept || end - at > RUN_TEXT) {
		run_forget(run);
		return end;
	}
	for (i = 0; i < RUN_WORDS; i++)
		run->is[i] = cell_value(obj, run->base + i * 8) & run->mask[i];
	run->len = end - at;
	memcpy(run->text, at, run->len);
	return end;
}

static inline char *run_put(char *at, const struct part *part,
			    const struct batch *b, const void *obj)
{
	const struct run *run = part->run;
	const char *values = (const char *)obj + run->base;
	unsigned int i, len = run->len;
	__u64 other = 0;

#pragma GCC unroll 8
	for (i = 0; i < RUN_WORDS; i++)
		other |= (cell_value(values, i * 8) & run->mask[i]) ^
			 run->is[i];
	if (__builtin_expect(other, false))
		return run_new(at, part, b, obj);
	for (i = 0; i < len; i += COPY_STEP)
		memcpy(at + i, run->text + i, COPY_STEP);
	return at + len;
}

/* -- parts -- */

/* How many cells from here on can be a run: from where to where their values are,
 * as they need not have the order of their keys.
 */
static unsigned int steady_from(struct cell **cell, struct cell **end,
				unsigned int *first)
{
	unsigned int low = ~0U, high = 0, offset, n;

	for (n = 0; cell + n < end; n++) {
		if (!cell[n]->mask || cell[n]->changed > STEADY_MAX)
			break;
		offset = cell[n]->offset;
		if (offset < low)
			low = offset;
		if (offset > high)
			high = offset;
		if (high + sizeof(__u64) - low > RUN_BYTES)
			break;
		*first = low;
	}
	return n;
}

static struct run *get_run(struct plan *plan, unsigned int first)
{
	struct run *run = &plan->runs[plan->nr_runs++];

	run->base = first;
	if (run->base + RUN_BYTES > plan->size)
		run->base = plan->size - RUN_BYTES;
	run_forget(run);
	return run;
}

static bool is_fresh(const struct cell *cell)
{
	return cell->show == SHOW_NUMBER && cell->changed >= FRESH_MIN;
}

/* Parts of these cells, behind those that there are. */
static struct part *group(struct plan *plan, struct part *part,
			  struct cell **cell, struct cell **end)
{
	unsigned int n, first = 0;
	struct part *last = NULL;
	bool fresh;

	for (; cell < end; cell += n) {
		n = steady_from(cell, end, &first);
		if (n >= RUN_LEAST && plan->nr_runs < PLAN_RUNS &&
		    plan->size >= RUN_BYTES) {
			*part++ = (struct part){ cell, cell + n,
						 get_run(plan, first), false };
			last = NULL;
			continue;
		}
		n = 1;
		fresh = is_fresh(*cell);
		if (!last || last->fresh != fresh) {
			last = part++;
			*last = (struct part){ .cells = cell, .fresh = fresh };
		}
		last->end = cell + n;
	}
	return part;
}

static void group_all(struct plan *plan)
{
	struct cell **cell;

	plan->nr_runs = 0;
	plan->parts_rest = group(plan, plan->parts, plan->cells, plan->times);
	plan->parts_end = group(plan, plan->parts_rest, plan->rest, plan->end);
	/* A fresh one is not compared, hence not counted. */
	for (cell = plan->cells; cell < plan->end; cell++)
		if (!is_fresh(*cell) ||
		    !(plan->objects % (GROUP_EACH * FRESH_GROUPS)))
			(*cell)->changed = 0;
}

static char *put_cells(char *at, struct cell **cell, struct cell **end,
		       const struct batch *b, const void *obj)
{
	for (; cell < end; cell++)
		at = cell_put(at, *cell, b, obj);
	return at;
}

static char *put_fresh(char *at, struct cell **cell, struct cell **end,
		       const void *obj)
{
	for (; cell < end; cell++)
		at = cell_put_fresh(at, *cell, obj);
	return at;
}

static char *put_parts(char *at, const struct part *part,
		       const struct part *end, const struct batch *b,
		       const void *obj)
{
	for (; part < end; part++)
		if (part->run)
			at = run_put(at, part, b, obj);
		else if (part->fresh)
			at = put_fresh(at, part->cells, part->end, obj);
		else
			at = put_cells(at, part->cells, part->end, b, obj);
	return at;
}

/* Times are many, and most often follow one another. */
static char *put_times(char *at, struct cell **cell, struct cell **end,
		       const struct batch *b, const void *obj)
{
	__u64 time;

	for (; cell < end; cell++) {
		time = cell_value(obj, (*cell)->offset);
		at = cell_put_time(at, *cell, clock_wall(b, time));
	}
	return at;
}

/**
 * plan_make - make the plan of the objects that have these attributes
 * @plan: where to
 * @cells: by attribute
 * @has: the attributes
 * @shown: those that have a key
 * @size: of the objects
 */
void plan_make(struct plan *plan, struct cell *cells, const __u64 *has,
	       const __u64 *shown, unsigned int size)
{
	struct cell **cell = plan->cells;
	unsigned int word;
	__u64 left;

	memcpy(plan->has, has, sizeof(plan->has));
	for (word = 0; word < ATTR_WORDS; word++)
		for (left = has[word] & shown[word]; left; left &= left - 1)
			*cell++ = &cells[word * 64 + __builtin_ctzll(left)];
	plan->end = cell;
	for (cell = plan->cells; cell < plan->end; cell++)
		if ((*cell)->show == SHOW_TIME)
			break;
	plan->times = cell;
	while (cell < plan->end && (*cell)->show == SHOW_TIME)
		cell++;
	plan->rest = cell;
	plan->size = size;
	/* Nothing is known of the cells yet. */
	plan->objects = 0;
	for (cell = plan->cells; cell < plan->end; cell++)
		(*cell)->changed = STEADY_MAX + 1;
	group_all(plan);
}

/**
 * plan_put - write all that is known of an object
 * @at: where; COPY_STEP bytes more than needed are written at most
 * @plan: of its attributes
 * @b: the message that it came in
 * @obj: the object
 *
 * Return: the end of it.
 */
char *plan_put(char *at, struct plan *plan, const struct batch *b,
	       const void *obj)
{
	if (__builtin_expect(++plan->objects % GROUP_EACH == 0, false))
		group_all(plan);
	at = put_parts(at, plan->parts, plan->parts_rest, b, obj);
	at = put_times(at, plan->times, plan->rest, b, obj);
	return put_parts(at, plan->parts_rest, plan->parts_end, b, obj);
}
