/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The worst connections: a few of each kind.
 */
#ifndef _READER_WORST_H
#define _READER_WORST_H

#include "record.h"

#define WORST		12	/* of a kind */

enum { WORST_ACCEPT, WORST_HANDSHAKE, WORST_RESENT, WORST_FAILED, NR_WORST };

/** struct bad - a connection, how bad it was, and the head of its message */
struct bad {
	__u64		score;
	struct record	rec;
	struct batch	batch;
};

/** struct worst - those of each kind, the worst first */
struct worst {
	struct bad	items[NR_WORST][WORST];
	unsigned int	n[NR_WORST];
};

void worst_record(struct worst *w, const struct batch *b,
		  const struct record *rec);

#endif /* _READER_WORST_H */
