// SPDX-License-Identifier: GPL-2.0-only
/*
 * Teardown: which segments of an end a record proves.
 */

#include "../module/names.h"
#include "ladder_life.h"
#include "ladder_words.h"

/* When we closed, and when the peer's FIN came. */
static __u64 fin_local_at(const struct life *f)
{
	return SINCE(f, FIN_WAIT1) ?: SINCE(f, LAST_ACK);
}

static __u64 fin_remote_at(const struct life *f)
{
	/* TIME_WAIT after CLOSING began with an ACK. */
	return SINCE(f, CLOSE_WAIT) ?: SINCE(f, CLOSING) ?:
	       SINCE(f, TIME_WAIT) ?: SINCE(f, CLOSE);
}

/* It waits behind data that the peer may never have made room for. */
static bool fin_local_proved(const struct life *f)
{
	const struct record *r = f->r;

	return SINCE(f, FIN_WAIT2) || SINCE(f, TIME_WAIT) ||
	       (record_has(r, FIN_RETRANSMITS) && r->fin_retransmits) ||
	       life_ended_by(f, TCPLIFE_END_FIN) ||
	       life_ended_by(f, TCPLIFE_END_FIN_TIMEOUT);
}

static void fin_local(struct life *f)
{
	const struct record *r = f->r;
	__u64 at = fin_local_at(f);
	__u32 acked = r->fin_local + 1;
	char who[WORDS_OWNER];

	if (!at)
		return;
	if (words_closer(who, sizeof(who), r, f->l.relative))
		ladder_note(&f->l, at, "closed by %s", who);
	if (record_has(r, FIN_LOCAL))
		life_segment(f, at, fin_local_proved(f) ? 0 : LADDER_INFERRED,
			     "FIN", &r->fin_local, NULL);
	else
		ladder_note(&f->l, at, "the FIN is behind data, and never sent");
	life_again(f, record_has(r, FIN_RETRANSMITS), r->fin_retransmits,
		   "sent again");
	life_enter(f, SINCE(f, FIN_WAIT1) ? TCPLIFE_STATE_FIN_WAIT1 :
		   TCPLIFE_STATE_LAST_ACK);
	if (life_flag(f, TCPLIFE_FLAG_FIN_WITH_ACK)) {
		life_segment(f, SINCE(f, FIN_WAIT2), LADDER_LEFT, "FIN",
			     &r->fin_remote, &acked);
		life_enter(f, TCPLIFE_STATE_FIN_WAIT2);
	} else if (SINCE(f, FIN_WAIT2)) {
		life_segment(f, SINCE(f, FIN_WAIT2), LADDER_LEFT, "ACK", NULL,
			     &acked);
		life_enter(f, TCPLIFE_STATE_FIN_WAIT2);
	} else if (SINCE(f, CLOSING) && SINCE(f, TIME_WAIT)) {
		life_segment(f, SINCE(f, TIME_WAIT), LADDER_LEFT, "ACK", NULL,
			     &acked);
		life_enter(f, TCPLIFE_STATE_TIME_WAIT);
	} else if (SINCE(f, LAST_ACK) && life_ended_by(f, TCPLIFE_END_FIN)) {
		life_segment(f, SINCE(f, CLOSE), LADDER_LEFT, "ACK", NULL, &acked);
	}
}

static void fin_remote(struct life *f)
{
	const struct record *r = f->r;
	__u64 at = fin_remote_at(f);
	__u32 acked = r->fin_remote + 1;

	if (!record_has(r, FIN_REMOTE))
		return;
	if (!life_flag(f, TCPLIFE_FLAG_FIN_WITH_ACK))
		life_segment(f, at, LADDER_LEFT, "FIN", &r->fin_remote, NULL);
	life_again(f, record_has(r, FIN_DUPLICATES), r->fin_duplicates,
		   "came again");
	life_segment(f, at, LADDER_INFERRED, "ACK", NULL, &acked);
	if (SINCE(f, CLOSE_WAIT))
		life_enter(f, TCPLIFE_STATE_CLOSE_WAIT);
	else if (SINCE(f, CLOSING))
		life_enter(f, TCPLIFE_STATE_CLOSING);
	else
		life_enter(f, TCPLIFE_STATE_TIME_WAIT);
}

static void half_close(struct life *f)
{
	const struct record *r = f->r;
	__u64 local = fin_local_at(f), remote = fin_remote_at(f);

	if (!record_has(r, HALF_CLOSE_BYTES) || !r->half_close_bytes)
		return;
	ladder_note(&f->l, local > remote ? local : remote,
		    "%llu B %s since the first FIN",
		    r->half_close_bytes,
		    local > remote ? "sent" : "received");
}

static void fins(struct life *f)
{
	if (record_has(f->r, FIRST_FIN) &&
	    f->r->first_fin == TCPLIFE_FIRST_FIN_REMOTE) {
		fin_remote(f);
		fin_local(f);
	} else {
		fin_local(f);
		fin_remote(f);
	}
	if (record_has(f->r, TW_RESTARTS))
		life_again(f, true, f->r->tw_restarts, "TIME_WAIT began anew");
}

/* When a RST went or came: with the end of the one or of the other socket.
 * Where it did not end the connection, that is not recorded.
 */
static __u64 rst_at(const struct life *f, __u32 tw_exit, bool ends)
{
	if (record_has(f->r, TW_EXIT) && f->r->tw_exit == tw_exit)
		return f->r->ended;
	return ends ? SINCE(f, CLOSE) : 0;
}

static void resets(struct life *f)
{
	const struct record *r = f->r;
	bool known = record_has(r, RST_WHY) && r->rst_why != TCPLIFE_RST_OTHER;

	if (life_flag(f, TCPLIFE_FLAG_RST_RECEIVED))
		life_segment(f, rst_at(f, TCPLIFE_TW_RST_RECEIVED, true),
			     LADDER_LEFT, "RST", NULL, NULL);
	if (!life_flag(f, TCPLIFE_FLAG_RST_SENT))
		return;
	/* After the state, which close() sets first. */
	life_segment(f, rst_at(f, TCPLIFE_TW_RST_SENT, known), 0, "RST", NULL,
		     NULL);
	if (known)
		ladder_note(&f->l, 0, "  %s", words_rst_why(r->rst_why));
}

/* A timewait socket that ran out says too little if the peer's FIN is missing,
 * and one that there should have been is worth a word.
 */
static void end_note(struct life *f, __u64 at)
{
	bool full = !life_flag(f, TCPLIFE_FLAG_TIMEWAIT);
	const struct record *r = f->r;

	if (full && record_has(r, TW_EXIT))
		ladder_note(&f->l, at, "%s", words_timewait(r));
	if (full)
		ladder_note(&f->l, at, "%s", words_end(r->end));
	else if (r->end == TCPLIFE_END_FIN_WAIT2_TIMEOUT)
		ladder_note(&f->l, at, "%s: %s", words_timewait(r),
			    words_end(r->end));
	else
		ladder_note(&f->l, at, "%s", words_timewait(r));
}

/* What could have been a FIN or a RST was neither, so the time is told. */
static void finish(struct life *f)
{
	const struct record *r = f->r;

	if (!record_has(r, END))
		return;
	end_note(f, !life_flag(f, TCPLIFE_FLAG_TIMEWAIT) && SINCE(f, CLOSE) ?
		 SINCE(f, CLOSE) : r->ended);
	f->l.rows[f->l.last].state = tcplife_state_name(TCPLIFE_STATE_CLOSE);
}

/**
 * life_teardown - from the first FIN or RST to the end
 * @f: the life
 */
void life_teardown(struct life *f)
{
	half_close(f);
	fins(f);
	resets(f);
	finish(f);
}
