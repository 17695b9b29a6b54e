// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows from a record.
 */
#include "derived.h"

/** derived_retransmits - segments sent again, but for FINs */
bool derived_retransmits(const struct record *rec, __u32 *segments)
{
	*segments = rec->syn_retransmits + rec->synack_retransmits +
		    rec->data_retransmits;
	return record_has(rec, SYN_RETRANSMITS) ||
	       record_has(rec, SYNACK_RETRANSMITS) ||
	       record_has(rec, DATA_RETRANSMITS);
}
