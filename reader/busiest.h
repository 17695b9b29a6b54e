/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Busiest: which listeners a report is about, where there are more than it shows.
 */
#ifndef _READER_BUSIEST_H
#define _READER_BUSIEST_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

/** struct busiest - all of them, and which are chosen */
struct busiest {
	void	*tree;		/* struct busy, by cookie; the search of libc's */
	size_t	n;
	size_t	left_out;
	bool	beyond;		/* there was no room for one */
	bool	chosen;		/* it is over */
};

typedef void (busiest_fn)(__u64 cookie, void *arg);

void busiest_add(struct busiest *b, const struct listener *l, bool first);
void busiest_choose(struct busiest *b, size_t most, busiest_fn *fn, void *arg);
bool busiest_has(const struct busiest *b, __u64 cookie);
void busiest_free(struct busiest *b);

#endif /* _READER_BUSIEST_H */
