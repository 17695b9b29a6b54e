/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows from a record: durations, out of its times. Each function of
 * these returns whether it is known.
 */
#ifndef _READER_DERIVED_H
#define _READER_DERIVED_H

#include "record.h"

static inline bool derived_span(bool known, __u64 from, __u64 to, __u64 *ns)
{
	*ns = to - from;
	return known && to >= from;
}

/** derived_life - ESTABLISHED to CLOSE of the full socket, as bcc has it */
static inline bool derived_life(const struct record *rec, __u64 *ns)
{
	return derived_span(record_has(rec, SINCE_ESTABLISHED) &&
			    record_has(rec, SINCE_CLOSE),
			    rec->since_established, rec->since_close, ns);
}

/** derived_handshake - first SYN or SYN-ACK sent to ESTABLISHED */
static inline bool derived_handshake(const struct record *rec, __u64 *ns)
{
	return derived_span(record_has(rec, SYN) &&
			    record_has(rec, SINCE_ESTABLISHED),
			    rec->syn, rec->since_established, ns);
}

/** derived_accept_wait - the time in the accept queue */
static inline bool derived_accept_wait(const struct record *rec, __u64 *ns)
{
	return derived_span(record_has(rec, QUEUED) &&
			    record_has(rec, ACCEPTED),
			    rec->queued, rec->accepted, ns);
}

/** derived_time_wait - TIME_WAIT to the end of the record */
static inline bool derived_time_wait(const struct record *rec, __u64 *ns)
{
	return derived_span(record_has(rec, SINCE_TIME_WAIT) &&
			    record_has(rec, ENDED),
			    rec->since_time_wait, rec->ended, ns);
}

/** derived_waits - of how many that accept() took their wait is known */
static inline __u64 derived_waits(const struct listener *l)
{
	__u64 n = 0;

	for (unsigned int b = 0; b < l->nr_buckets; b++)
		n += l->wait_bucket[b];
	return n;
}

/* Their keys. */
#define DERIVED_LIFE		"ms"
#define DERIVED_HANDSHAKE	"handshake_ms"
#define DERIVED_ACCEPT_WAIT	"accept_wait_ms"
#define DERIVED_TIME_WAIT	"time_wait_ms"

/** struct derived_field - a key whose value follows from others */
struct derived_field {
	const char	*key;
	const char	*unit;
	const char	*doc;
	bool		(*get)(const struct record *rec, __u64 *ns);
};

extern const struct derived_field derived_fields[];

bool derived_retransmits(const struct record *rec, __u32 *segments);

#endif /* _READER_DERIVED_H */
