/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layouts: records of the same kind have the same attributes at the same
 * places. To see that costs a third of what it costs to find that out.
 */
#ifndef _READER_LAYOUT_H
#define _READER_LAYOUT_H

#include <linux/netlink.h>

#include "record.h"

void layout_want(const __u64 *want);
bool layout_record(const struct nlattr *nest, struct record *rec);

#endif /* _READER_LAYOUT_H */
