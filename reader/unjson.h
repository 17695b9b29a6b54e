/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_UNJSON_H
#define _READER_UNJSON_H

#include <jansson.h>

#include "record.h"

bool unjson_record(const json_t *object, struct record *rec);

#endif /* _READER_UNJSON_H */
