/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_REPEAT_H
#define _READER_REPEAT_H

#include "options.h"
#include "session.h"

int repeat_run(struct session *s, const struct options *o, int (*print)(void));

#endif /* _READER_REPEAT_H */
