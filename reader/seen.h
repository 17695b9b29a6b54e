/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which endpoints were there: one that becomes a timewait socket between the
 * dump of connections and that of timewait sockets is in both.
 */
#ifndef _READER_SEEN_H
#define _READER_SEEN_H

#include "record.h"

/** struct identity - what names an endpoint, of all that ever were */
struct identity {
	__u64	cookie;
	__u64	net_cookie;
	__u32	generation;
};

/** struct seen - a set of endpoints */
struct seen {
	struct identity	*items;
	size_t		n;
	size_t		room;
	bool		sorted;
};

struct identity identity_of(const struct record *rec);
int identity_compare(const struct identity *a, const struct identity *b);
int seen_add(struct seen *seen, const struct record *rec);
bool seen_has(struct seen *seen, const struct record *rec);
void seen_free(struct seen *seen);

#endif /* _READER_SEEN_H */
