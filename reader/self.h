/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who asks: a pid means something only in its pid namespace and a uid in its
 * user namespace. What is not of ours is made unknown.
 */
#ifndef _READER_SELF_H
#define _READER_SELF_H

#include "record.h"

void self_init(void);
void self_mask_record(const struct batch *b, struct record *rec);
void self_mask_transition(struct transition *t);
void self_mask_listener(const struct batch *b, struct listener *l);

#endif /* _READER_SELF_H */
