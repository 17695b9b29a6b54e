// SPDX-License-Identifier: GPL-2.0-only
/*
 * For libFuzzer: messages from anywhere are decoded and printed.
 */
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "derived.h"
#include "filter.h"
#include "json.h"
#include "out.h"
#include "replay.h"
#include "row.h"
#include "self.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

/* What is decoded, in the compact form. */
struct compact {
	struct nlattr	head;
	struct record	rec;
} __attribute__((packed, aligned(4)));

/* It must say the same, whichever way it came. */
static void print_both(const struct batch *b, const struct record *rec,
		       const struct record *again)
{
	size_t from = out.len, middle;

	json_record("record", b, rec);
	middle = out.len;
	json_record("record", b, again);
	if (out.len - middle != middle - from ||
	    memcmp(out.buf + from, out.buf + middle, middle - from))
		abort();
}

static void print_record(const struct batch *b, const struct nlattr *nest)
{
	struct options o = { .local_ports.any = true };
	struct record rec, again;
	struct compact compact;
	struct row row;

	decode_record(nest, &rec);
	compact.head.nla_type = TCPLIFE_A_COMPACT;
	compact.head.nla_len = sizeof(compact);
	memcpy(&compact.rec, &rec, sizeof(rec));
	if (!decode_record((const void *)&compact, &again))
		abort();
	self_mask_record(b, &rec);
	self_mask_record(b, &again);
	filter_record(&o, &rec);
	row_begin(&row, true);
	row_name(&row, record_has(&rec, COMM), rec.comm, true, 10);
	row.csv = false;
	row_name(&row, record_has(&rec, COMM), rec.comm, true, 10);
	row_finish(&row);
	print_both(b, &rec, &again);
}

static void print_listener(const struct batch *b, const struct nlattr *nest)
{
	struct listener l;

	decode_listener(nest, &l);
	self_mask_listener(b, &l);
	json_listener(b, &l);
}

static void print_transition(const struct batch *b, const struct nlattr *nest)
{
	struct transition t;

	decode_transition(nest, &t);
	self_mask_transition(&t);
	json_transition(b, &t);
}

static void print_request(const struct batch *b, const struct nlattr *nest)
{
	struct options o = { .local_ports.any = true };
	struct request req;

	decode_request(nest, &req);
	filter_request(&o, &req);
	json_request(b, &req);
}

static void decode_other(unsigned int type, const struct nlattr *nest)
{
	union {
		struct event_filter filter;
		struct stats stats;
		struct hook hook;
		struct mib_entry mib;
		struct histogram histogram;
	} u;

	switch (type) {
	case TCPLIFE_A_EVENT_FILTER:
		decode_event_filter(nest, &u.filter);
		break;
	case TCPLIFE_A_STATS:
		decode_stats(nest, &u.stats);
		break;
	case TCPLIFE_A_HOOK:
		decode_hook(nest, &u.hook);
		break;
	case TCPLIFE_A_MIB:
		decode_mib(nest, &u.mib);
		break;
	case TCPLIFE_A_HISTOGRAM:
		decode_histogram(nest, &u.histogram);
		break;
	}
}

static void decode_nests(const struct batch *b, unsigned int type)
{
	const struct nlattr *nest;

	for (nest = decode_next(b, NULL, type); nest;
	     nest = decode_next(b, nest, type)) {
		if (type == TCPLIFE_A_RECORD || type == TCPLIFE_A_COMPACT)
			print_record(b, nest);
		else if (type == TCPLIFE_A_LISTENER)
			print_listener(b, nest);
		else if (type == TCPLIFE_A_TRANSITION)
			print_transition(b, nest);
		else if (type == TCPLIFE_A_REQUEST)
			print_request(b, nest);
		else
			decode_other(type, nest);
		out.len = 0;
	}
}

static int decode_message(const struct nlmsghdr *nlh, void *arg)
{
	unsigned int type;
	struct batch b;

	(void)arg;
	if (!decode_batch(nlh, &b))
		for (type = 1; type <= TCPLIFE_A_MAX; type++)
			decode_nests(&b, type);
	return 0;
}

/* A copy of its own size, so that one byte too far is seen: as --replay takes
 * it, by the lengths that it has, and as one message.
 */
int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct nlmsghdr *nlh;

	if (size < sizeof(*nlh))
		return 0;
	nlh = malloc(size);
	memcpy(nlh, data, size);
	replay_walk(nlh, size, decode_message, NULL);
	nlh->nlmsg_len = size;
	decode_message(nlh, NULL);
	free(nlh);
	return 0;
}
