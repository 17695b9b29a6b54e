/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON lines, as the tables of fields.h say. A tree of sixty members for each
 * record would be too dear, so this writes at once.
 */
#ifndef _READER_JSON_H
#define _READER_JSON_H

#include "fields.h"

void json_record(const char *event, const struct batch *b,
		 const struct record *rec);
void json_transition(const struct batch *b, const struct transition *t);
void json_request(const struct batch *b, const struct request *req);
void json_listener(const struct batch *b, const struct listener *l);
int json_print_fields(void);
int json_print_schema(void);

#endif /* _READER_JSON_H */
