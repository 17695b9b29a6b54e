/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_JSON_PLAN_H
#define _READER_JSON_PLAN_H

#include <stdbool.h>

#include "json_cell.h"

#define PLAN_CELLS	(64 * ATTR_WORDS)
#define PLAN_RUNS	16
#define RUN_WORDS	8
#define RUN_BYTES	(RUN_WORDS * sizeof(__u64))
#define RUN_TEXT	512

/**
 * struct run - cells whose values are near each other and most often are, all of
 *	them, what they were
 * @is: the words where the values are, as they were
 * @mask: of those, what are values
 * @base: where the first word is
 * @len: of the text
 * @text: keys and values; copied in steps of COPY_STEP bytes
 *
 * Not what the cells keep: other plans have the same cells.
 */
struct run {
	__u64		is[RUN_WORDS];
	__u64		mask[RUN_WORDS];
	unsigned int	base;
	unsigned int	len;
	char		text[RUN_TEXT];
};

/**
 * struct part - cells one after the other
 * @cells: the first of them
 * @end: behind the last one
 * @run: what is kept of all together, or NULL
 * @fresh: they hardly ever are what they were
 */
struct part {
	struct cell	**cells;
	struct cell	**end;
	struct run	*run;
	bool		fresh;
};

/**
 * struct plan - how objects are written that have the same attributes
 * @has: the attributes
 * @objects: how many were written
 * @cells: those to be written
 * @times: the first of them that is a time
 * @rest: the first one behind it that is none
 * @end: of them
 * @parts: of all but the times
 * @parts_rest: the first of them behind the times
 * @parts_end: of them
 * @runs: for the parts
 * @nr_runs: how many
 * @size: of the objects
 */
struct plan {
	__u64		has[ATTR_WORDS];
	__u64		objects;
	struct cell	**times;
	struct cell	**rest;
	struct cell	**end;
	struct part	*parts_rest;
	struct part	*parts_end;
	unsigned int	nr_runs;
	unsigned int	size;
	struct cell	*cells[PLAN_CELLS];
	struct part	parts[PLAN_CELLS];
	struct run	runs[PLAN_RUNS];
};

void plan_make(struct plan *plan, struct cell *cells, const __u64 *has,
	       const __u64 *shown, unsigned int size);
char *plan_put(char *at, struct plan *plan, const struct batch *b,
	       const void *obj);

#endif /* _READER_JSON_PLAN_H */
