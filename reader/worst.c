// SPDX-License-Identifier: GPL-2.0-only
/*
 * Worst: which connections are worth to be looked at.
 */
#include <string.h>

#include "clock.h"
#include "derived.h"
#include "filter.h"
#include "worst.h"

/* What is shorter is no trouble of anybody. */
#define LONG_NS		NSEC_PER_MSEC

static void add(struct worst *w, unsigned int kind, __u64 score,
		const struct batch *b, const struct record *rec)
{
	struct bad *items = w->items[kind];
	unsigned int n = w->n[kind], i;

	if (n == WORST && score <= items[n - 1].score)
		return;
	if (n == WORST)
		n--;
	for (i = n; i && items[i - 1].score < score; i--)
		items[i] = items[i - 1];
	items[i].score = score;
	items[i].rec = *rec;
	items[i].batch = *b;
	w->n[kind] = n + 1;
}

static __u64 resent(const struct record *rec)
{
	__u64 n = 0;

	if (record_has(rec, SYN_RETRANSMITS))
		n += rec->syn_retransmits;
	if (record_has(rec, SYNACK_RETRANSMITS))
		n += rec->synack_retransmits;
	if (record_has(rec, DATA_RETRANSMITS))
		n += rec->data_retransmits;
	if (record_has(rec, FIN_RETRANSMITS))
		n += rec->fin_retransmits;
	return n;
}

/**
 * worst_record - look at a connection
 * @w: the worst so far
 * @b: the message that it came in
 * @rec: its record
 */
void worst_record(struct worst *w, const struct batch *b,
		  const struct record *rec)
{
	__u64 ns;

	if (derived_accept_wait(rec, &ns) && ns >= LONG_NS)
		add(w, WORST_ACCEPT, ns, b, rec);
	if (derived_handshake(rec, &ns) && ns >= LONG_NS)
		add(w, WORST_HANDSHAKE, ns, b, rec);
	if (resent(rec))
		add(w, WORST_RESENT, resent(rec), b, rec);
	/* The longer they were there, the more was lost by it. */
	if (filter_failed(rec) && record_has(rec, ENDED))
		add(w, WORST_FAILED, rec->ended - rec->born + 1, b, rec);
}
