// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life: the rows of a ladder, made from the members of a record.
 */

#include "../module/names.h"
#include "ladder_life.h"
#include "ladder_words.h"

/**
 * life_since - when a state was first entered
 * @f: the life
 * @state: TCPLIFE_STATE_*
 *
 * Return: ns of CLOCK_MONOTONIC, 0 if it never was.
 */
__u64 life_since(const struct life *f, unsigned int state)
{
	const struct record *r = f->r;
	const __u64 times[] = {
		[TCPLIFE_STATE_ESTABLISHED]	= r->since_established,
		[TCPLIFE_STATE_SYN_SENT]	= r->since_syn_sent,
		[TCPLIFE_STATE_SYN_RECV]	= r->since_syn_recv,
		[TCPLIFE_STATE_FIN_WAIT1]	= r->since_fin_wait1,
		[TCPLIFE_STATE_FIN_WAIT2]	= r->since_fin_wait2,
		[TCPLIFE_STATE_TIME_WAIT]	= r->since_time_wait,
		[TCPLIFE_STATE_CLOSE]		= r->since_close,
		[TCPLIFE_STATE_CLOSE_WAIT]	= r->since_close_wait,
		[TCPLIFE_STATE_LAST_ACK]	= r->since_last_ack,
		[TCPLIFE_STATE_LISTEN]		= 0,
		[TCPLIFE_STATE_CLOSING]		= r->since_closing,
	};

	return times[state];
}

/* Until another state began, or the end. The full socket's CLOSE is not one
 * where a timewait socket went on. 0: not over.
 */
static __u64 state_until(const struct life *f, unsigned int state)
{
	__u64 from = life_since(f, state), to = f->r->ended;
	unsigned int s;

	for (s = TCPLIFE_STATE_ESTABLISHED; s <= TCPLIFE_STATE_MAX; s++) {
		if (s == TCPLIFE_STATE_CLOSE &&
		    life_flag(f, TCPLIFE_FLAG_TIMEWAIT))
			continue;
		if (life_since(f, s) > from && (!to || life_since(f, s) < to))
			to = life_since(f, s);
	}
	return to;
}

/**
 * life_enter - add the band of a state, with how long it lasted
 * @f: the life
 * @state: TCPLIFE_STATE_*; nothing is added if it was never entered
 */
void life_enter(struct life *f, unsigned int state)
{
	__u64 from = life_since(f, state), to = state_until(f, state);
	const char *name = tcplife_state_name(state);
	char time[WORDS_TIME];

	if (!from)
		return;
	if (f->l.relative)
		ladder_state(&f->l, from, name, "%s", "");
	else if (to)
		ladder_state(&f->l, from, name, "for %s",
			     words_time(time, to - from));
	else if (f->now > from)
		ladder_state(&f->l, from, name, "for %s so far",
			     words_time(time, f->now - from));
	else
		ladder_state(&f->l, from, name, "since then");
}

/* "seq 0 (2715460712)": as the one who sent it counts. */
static int put_seq(const struct life *f, char *buf, size_t size,
		   const char *what, bool local, __u32 seq)
{
	bool known = local ? record_has(f->r, ISN_LOCAL) :
			     record_has(f->r, ISN_REMOTE);
	__u32 isn = local ? f->r->isn_local : f->r->isn_remote;

	if (f->l.relative)
		return known ? snprintf(buf, size, " %s %u", what,
					seq - isn) :
			       snprintf(buf, size, " %s -", what);
	return known ? snprintf(buf, size, " %s %u (%u)",
				what, seq - isn, seq) :
		       snprintf(buf, size, " %s - (%u)", what, seq);
}

/**
 * life_segment - add an arrow
 * @f: the life
 * @at: when, 0 if that is not known
 * @how: LADDER_LEFT and so on
 * @flags: of the segment, in words
 * @seq: its sequence number, NULL if that is not known
 * @ack: what it acknowledges, likewise
 */
void life_segment(struct life *f, __u64 at, unsigned int how,
		  const char *flags, const __u32 *seq, const __u32 *ack)
{
	bool local = !(how & LADDER_LEFT);
	char numbers[96] = "";
	int n = 0;

	if (seq)
		n = put_seq(f, numbers, sizeof(numbers), "seq", local, *seq);
	if (ack)
		put_seq(f, numbers + n, sizeof(numbers) - n, "ack", !local,
			*ack);
	ladder_arrow(&f->l, at, how, "%s%s", flags, numbers);
}

/**
 * life_again - say that the last segment was repeated
 * @f: the life
 * @known: whether @n is
 * @n: how often; when is not recorded
 * @how: what happened to it
 */
void life_again(struct life *f, bool known, __u32 n, const char *how)
{
	if (known && n)
		ladder_note(&f->l, 0, "  %s %ux", how, n);
}
