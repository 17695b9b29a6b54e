// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows from a record.
 */
#include "derived.h"

static bool span(bool known, __u64 from, __u64 to, __u64 *ns)
{
	*ns = to - from;
	return known && to >= from;
}

/** derived_life - ESTABLISHED to CLOSE of the full socket, as bcc has it */
bool derived_life(const struct record *rec, __u64 *ns)
{
	return span(record_has(rec, SINCE_ESTABLISHED) &&
		    record_has(rec, SINCE_CLOSE), rec->since_established,
		    rec->since_close, ns);
}

/** derived_handshake - first SYN or SYN-ACK sent to ESTABLISHED */
bool derived_handshake(const struct record *rec, __u64 *ns)
{
	return span(record_has(rec, SYN) && record_has(rec, SINCE_ESTABLISHED),
		    rec->syn, rec->since_established, ns);
}

/** derived_accept_wait - the time in the accept queue */
bool derived_accept_wait(const struct record *rec, __u64 *ns)
{
	return span(record_has(rec, QUEUED) && record_has(rec, ACCEPTED),
		    rec->queued, rec->accepted, ns);
}

/** derived_time_wait - TIME_WAIT to the end of the record */
bool derived_time_wait(const struct record *rec, __u64 *ns)
{
	return span(record_has(rec, SINCE_TIME_WAIT) && record_has(rec, ENDED),
		    rec->since_time_wait, rec->ended, ns);
}

/** derived_retransmits - segments sent again, but for FINs */
bool derived_retransmits(const struct record *rec, __u32 *segments)
{
	*segments = rec->syn_retransmits + rec->synack_retransmits +
		    rec->data_retransmits;
	return record_has(rec, SYN_RETRANSMITS) ||
	       record_has(rec, SYNACK_RETRANSMITS) ||
	       record_has(rec, DATA_RETRANSMITS);
}
