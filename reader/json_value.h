/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_JSON_VALUE_H
#define _READER_JSON_VALUE_H

#include "fields.h"

/* More than enum field_show: a number that may be below 0. */
enum { SHOW_SIGNED = SHOW_NOT + 1 };

void json_value_make(void);
unsigned int json_value_show(const struct field *f);
char *json_value_put(char *at, unsigned int show, const void *value);

#endif /* _READER_JSON_VALUE_H */
