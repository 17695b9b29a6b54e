// SPDX-License-Identifier: GPL-2.0-only
/*
 * Set-up: which segments and waits of a handshake a record proves.
 *
 * It has both ISNs and the first entry into each state. What follows from them
 * is an arrow; what only TCP's rules say, a dotted one. When something was sent
 * again is not known.
 */

#include "ladder_life.h"
#include "ladder_words.h"

/* A sequence number that is one further. */
static const __u32 *after_isn(bool known, __u32 isn, __u32 *buf)
{
	*buf = isn + 1;
	return known ? buf : NULL;
}

/* The number after a SYN and what was taken of its data, if it had any. */
static const __u32 *after_syn(const struct life *f, bool known, __u32 isn,
			      __u32 *buf)
{
	if (record_has(f->r, SYN_DATA))
		isn += f->r->syn_data;
	else if (life_flag(f, TCPLIFE_FLAG_DATA_IN_SYN))
		known = false;
	return after_isn(known, isn, buf);
}

/* What the answer to our SYN acknowledges. */
static const __u32 *acks_syn(const struct life *f, __u32 *buf)
{
	return after_syn(f, record_has(f->r, ISN_LOCAL), f->r->isn_local, buf);
}

/* What our answer to the peer's acknowledges. */
static const __u32 *acks_peer(const struct life *f, __u32 *buf)
{
	return after_syn(f, record_has(f->r, ISN_REMOTE), f->r->isn_remote, buf);
}

static void owner(struct life *f, __u64 at, const char *did, const char *after)
{
	char who[WORDS_OWNER];
	bool known = words_owner(who, sizeof(who), f->r, f->l.relative);

	ladder_note(&f->l, at, "%s%s%s%s%s", did, known ? " by " : "",
		    known ? who : "", *after ? " after " : "", after);
}

/* Numbers of sockets differ from run to run. */
static void replaced(struct life *f)
{
	const struct record *r = f->r;
	char life[16] = "";

	if (!record_has(r, REPLACED))
		return;
	if (r->replaced_generation)
		snprintf(life, sizeof(life), ".%u", r->replaced_generation);
	if (f->l.relative)
		ladder_note(&f->l, r->born, "takes a port out of TIME_WAIT");
	else
		ladder_note(&f->l, r->born,
			    "takes the port of %llx%s out of TIME_WAIT",
			    r->replaced, life);
}

static void active_syn(struct life *f)
{
	const struct record *r = f->r;

	owner(f, r->born, "connect()", "");
	replaced(f);
	life_enter(f, TCPLIFE_STATE_SYN_SENT);
	if (!record_has(r, SYN))
		return;
	life_segment(f, r->syn, 0, life_flag(f, TCPLIFE_FLAG_DATA_IN_SYN) ?
		     "SYN with data" : "SYN",
		     record_has(r, ISN_LOCAL) ? &r->isn_local : NULL, NULL);
	life_again(f, record_has(r, SYN_RETRANSMITS), r->syn_retransmits,
		   "sent again");
}

/* Both sent a SYN, and each answers the other's. */
static void simultaneous_open(struct life *f)
{
	const struct record *r = f->r;
	__u32 acked_l, acked_r;

	life_segment(f, SINCE(f, SYN_RECV), LADDER_LEFT, "SYN",
		     record_has(r, ISN_REMOTE) ? &r->isn_remote : NULL, NULL);
	life_segment(f, SINCE(f, SYN_RECV), 0, "SYN-ACK",
		     record_has(r, ISN_LOCAL) ? &r->isn_local : NULL,
		     after_isn(record_has(r, ISN_REMOTE), r->isn_remote, &acked_r));
	life_again(f, record_has(r, SYNACK_RETRANSMITS), r->synack_retransmits,
		   "sent again");
	life_enter(f, TCPLIFE_STATE_SYN_RECV);
	if (!SINCE(f, ESTABLISHED))
		return;
	life_segment(f, SINCE(f, ESTABLISHED), LADDER_LEFT, "SYN-ACK or ACK",
		     NULL, acks_syn(f, &acked_l));
	life_enter(f, TCPLIFE_STATE_ESTABLISHED);
}

static void setup_active(struct life *f)
{
	const struct record *r = f->r;
	__u32 next_l, next_r;

	active_syn(f);
	if (life_flag(f, TCPLIFE_FLAG_SIMOPEN)) {
		simultaneous_open(f);
		return;
	}
	if (!SINCE(f, ESTABLISHED))
		return;
	life_segment(f, SINCE(f, ESTABLISHED), LADDER_LEFT, "SYN-ACK",
		     record_has(r, ISN_REMOTE) ? &r->isn_remote : NULL,
		     acks_syn(f, &next_l));
	/* It may wait for the first data, or be lost. */
	life_segment(f, SINCE(f, ESTABLISHED), LADDER_INFERRED, "ACK",
		     acks_syn(f, &next_l),
		     after_isn(record_has(r, ISN_REMOTE), r->isn_remote, &next_r));
	life_enter(f, TCPLIFE_STATE_ESTABLISHED);
}

/* What the listener received, and answered. A syncookie proves both, and keeps
 * no time.
 */
static void passive_syn(struct life *f)
{
	const struct record *r = f->r;
	__u64 at = record_has(r, SYN) ? r->syn : 0;
	__u32 next_r;

	life_segment(f, at, LADDER_LEFT, life_flag(f, TCPLIFE_FLAG_DATA_IN_SYN) ?
		     "SYN with data" : "SYN",
		     record_has(r, ISN_REMOTE) ? &r->isn_remote : NULL, NULL);
	life_segment(f, at, 0, "SYN-ACK",
		     record_has(r, ISN_LOCAL) ? &r->isn_local : NULL,
		     acks_peer(f, &next_r));
	if (life_flag(f, TCPLIFE_FLAG_SYNCOOKIE))
		ladder_note(&f->l, 0, "  its seq was a syncookie: no time was kept");
	life_again(f, record_has(r, SYNACK_RETRANSMITS), r->synack_retransmits,
		   "sent again");
	life_enter(f, TCPLIFE_STATE_SYN_RECV);
}

static void accept_queue(struct life *f)
{
	const struct record *r = f->r;
	char wait[WORDS_TIME] = "";

	if (record_has(r, QUEUED) && record_has(r, ACCQ))
		ladder_note(&f->l, r->queued,
			    "into the accept queue, behind %u", r->accq);
	if (!record_has(r, ACCEPTED))
		return;
	if (record_has(r, QUEUED) && !f->l.relative)
		words_time(wait, r->accepted - r->queued);
	owner(f, r->accepted, "accept()", wait);
}

static void final_ack(struct life *f)
{
	const struct record *r = f->r;
	__u64 at = SINCE(f, ESTABLISHED);
	__u32 next_l, next_r;

	/* In the accept queue at once, and that is no proof of an ACK. */
	if (!life_flag(f, TCPLIFE_FLAG_TFO) && record_has(r, QUEUED))
		at = r->queued;
	if (!at)
		return;
	life_segment(f, at, LADDER_LEFT, life_flag(f, TCPLIFE_FLAG_DATA_IN_ACK) ?
		     "ACK with data" : "ACK",
		     acks_peer(f, &next_r),
		     after_isn(record_has(r, ISN_LOCAL), r->isn_local, &next_l));
}

static void setup_passive(struct life *f)
{
	const struct record *r = f->r;

	if (record_has(r, ISN_REMOTE))
		passive_syn(f);
	if (record_has(r, ACK_IGNORED) && r->ack_ignored) {
		life_segment(f, 0, LADDER_LEFT | LADDER_IGNORED, "ACK", NULL, NULL);
		ladder_note(&f->l, 0,
			    "  ignored, once or more: the accept queue was full");
	}
	final_ack(f);
	life_enter(f, TCPLIFE_STATE_ESTABLISHED);
	accept_queue(f);
}

/**
 * life_setup - from the first SYN to accept()
 * @f: the life
 */
void life_setup(struct life *f)
{
	if (life_flag(f, TCPLIFE_FLAG_IMPORTED) ||
	    f->r->role == TCPLIFE_ROLE_PREEXISTING) {
		ladder_note(&f->l, f->r->born,
			    "it was open before; of that, nothing is known");
		life_enter(f, TCPLIFE_STATE_ESTABLISHED);
	} else if (f->r->role == TCPLIFE_ROLE_PASSIVE) {
		setup_passive(f);
	} else {
		setup_active(f);
	}
}
