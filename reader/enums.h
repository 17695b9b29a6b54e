/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Enums: how JSON calls a value that is one of a few, both ways.
 */
#ifndef _READER_ENUMS_H
#define _READER_ENUMS_H

#include "fields.h"

/** enum verdict - what audit says of a pair of counters */
enum verdict {
	VERDICT_EXACT,
	VERDICT_MOVING,
	VERDICT_BOUND,
	VERDICT_OFF,
	VERDICT_UNKNOWN,
	VERDICT_DIFFERS,

	NR_VERDICTS
};

const char *enums_name(enum field_show show, unsigned int n);
unsigned int enums_count(enum field_show show);

#endif /* _READER_ENUMS_H */
