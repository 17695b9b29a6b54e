// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which endpoints were there.
 */
#include <errno.h>
#include <stdlib.h>

#include "seen.h"

/** identity_of - what names this one; what is not known is 0 */
struct identity identity_of(const struct record *rec)
{
	return (struct identity){
		.cookie = rec->cookie,
		.net_cookie = rec->net_cookie,
		.generation = rec->generation,
	};
}

/** identity_compare - for an order, in which those that are equal are one */
int identity_compare(const struct identity *a, const struct identity *b)
{
	if (a->cookie != b->cookie)
		return a->cookie < b->cookie ? -1 : 1;
	if (a->net_cookie != b->net_cookie)
		return a->net_cookie < b->net_cookie ? -1 : 1;
	return (a->generation > b->generation) -
	       (a->generation < b->generation);
}

static int compare(const void *a, const void *b)
{
	return identity_compare(a, b);
}

/**
 * seen_add - it was there
 * @seen: the set
 * @rec: the endpoint
 *
 * Return: 0 or -ENOMEM.
 */
int seen_add(struct seen *seen, const struct record *rec)
{
	size_t room = seen->room ? 2 * seen->room : 1024;
	struct identity *items;

	if (seen->n == seen->room) {
		items = realloc(seen->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		seen->items = items;
		seen->room = room;
	}
	seen->items[seen->n++] = identity_of(rec);
	seen->sorted = false;
	return 0;
}

/**
 * seen_has - whether it was there
 * @seen: the set, which is put into order; add nothing between two questions
 * @rec: the endpoint
 */
bool seen_has(struct seen *seen, const struct record *rec)
{
	const struct identity key = identity_of(rec);

	if (!seen->n)
		return false;
	if (!seen->sorted)
		qsort(seen->items, seen->n, sizeof(*seen->items), compare);
	seen->sorted = true;
	return bsearch(&key, seen->items, seen->n, sizeof(key), compare);
}

/** seen_free - forget them */
void seen_free(struct seen *seen)
{
	free(seen->items);
	*seen = (struct seen){ };
}
