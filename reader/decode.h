/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_DECODE_H
#define _READER_DECODE_H

#include <linux/netlink.h>

#include "record.h"

struct field;

bool decode_field(const struct field *f, void *obj, const char *data,
		  size_t len);
int decode_batch(const struct nlmsghdr *nlh, struct batch *b);

/*
 * The nests of a type, one after the other:
 *
 *	for (nest = decode_next(&b, NULL, type); nest;
 *	     nest = decode_next(&b, nest, type))
 */
const struct nlattr *decode_next(const struct batch *b,
				 const struct nlattr *last, unsigned int type);

/* The same for records, in whichever form they come. */
const struct nlattr *decode_next_record(const struct batch *b,
					const struct nlattr *last);

/* Each returns whether it could be decoded, and false says that it is broken:
 * what it holds then is what came before.
 */
bool decode_record(const struct nlattr *attr, struct record *rec);
bool decode_transition(const struct nlattr *nest, struct transition *t);
bool decode_request(const struct nlattr *nest, struct request *req);
bool decode_event_filter(const struct nlattr *nest, struct event_filter *f);
bool decode_listener(const struct nlattr *nest, struct listener *l);
bool decode_stats(const struct nlattr *nest, struct stats *stats);
bool decode_hook(const struct nlattr *nest, struct hook *hook);
bool decode_mib(const struct nlattr *nest, struct mib_entry *mib);
bool decode_histogram(const struct nlattr *nest, struct histogram *h);

#endif /* _READER_DECODE_H */
