/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What to show: on our side for events, so that two readers never blind each
 * other, and in the kernel for dumps.
 */
#ifndef _READER_FILTER_H
#define _READER_FILTER_H

#include <linux/netlink.h>

#include "options.h"
#include "record.h"

bool filter_is_ipv6(const struct record *rec);
bool filter_failed(const struct record *rec);
bool filter_has(const struct options *o);
bool filter_record(const struct options *o, const struct record *rec);
bool filter_transition(const struct options *o, const struct transition *t);
bool filter_request(const struct options *o, const struct request *req);
void filter_put(struct nlmsghdr *nlh, const struct options *o);

#endif /* _READER_FILTER_H */
