/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows from a record: durations, out of its times. Each function
 * returns whether it is known.
 */
#ifndef _READER_DERIVED_H
#define _READER_DERIVED_H

#include "record.h"

bool derived_life(const struct record *rec, __u64 *ns);
bool derived_handshake(const struct record *rec, __u64 *ns);
bool derived_accept_wait(const struct record *rec, __u64 *ns);
bool derived_time_wait(const struct record *rec, __u64 *ns);
bool derived_retransmits(const struct record *rec, __u32 *segments);

#endif /* _READER_DERIVED_H */
