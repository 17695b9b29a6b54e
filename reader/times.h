/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The columns of -T and -t.
 */
#ifndef _READER_TIMES_H
#define _READER_TIMES_H

#include "options.h"
#include "row.h"

void times_header(struct row *row, const struct options *o);
void times_print(struct row *row, const struct options *o,
		 const struct batch *b, __u64 time);

#endif /* _READER_TIMES_H */
