// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows from a record.
 */
#include "derived.h"

const struct derived_field derived_fields[] = {
	{ DERIVED_LIFE, "ms", "ESTABLISHED to CLOSE of the full socket",
	  derived_life },
	{ DERIVED_HANDSHAKE, "ms", "first SYN or SYN-ACK sent to ESTABLISHED",
	  derived_handshake },
	{ DERIVED_ACCEPT_WAIT, "ms", "time in the accept queue",
	  derived_accept_wait },
	{ DERIVED_TIME_WAIT, "ms", "TIME_WAIT to the end of the record",
	  derived_time_wait },
	{ NULL, NULL, NULL, NULL },
};

static bool add(bool known, __u32 n, __u32 *sum)
{
	if (known)
		*sum += n;
	return known;
}

/** derived_retransmits - segments sent again, but for FINs */
bool derived_retransmits(const struct record *rec, __u32 *segments)
{
	bool known;

	*segments = 0;
	known = add(record_has(rec, SYN_RETRANSMITS), rec->syn_retransmits,
		    segments);
	known |= add(record_has(rec, SYNACK_RETRANSMITS),
		     rec->synack_retransmits, segments);
	known |= add(record_has(rec, DATA_RETRANSMITS), rec->data_retransmits,
		     segments);
	return known;
}
