/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the ladder: its parts. The rest of the reader needs ladder.h only.
 */
#ifndef _READER_LADDER_LIFE_H
#define _READER_LADDER_LIFE_H

#include "ladder.h"
#include "record.h"

/** struct life - the record that is drawn, and onto what */
struct life {
	const struct record	*r;
	__u64		now;
	struct ladder		l;
};

static inline bool life_flag(const struct life *f, __u32 flag)
{
	return record_has(f->r, FLAGS) && f->r->flags & flag;
}

static inline bool life_ended_by(const struct life *f, __u32 end)
{
	return record_has(f->r, END) && f->r->end == end;
}

#define SINCE(f, name)	life_since(f, TCPLIFE_STATE_##name)

__u64 life_since(const struct life *f, unsigned int state);
void life_enter(struct life *f, unsigned int state);
void life_segment(struct life *f, __u64 at, unsigned int how,
		  const char *flags, const __u32 *seq, const __u32 *ack);
void life_again(struct life *f, bool known, __u32 n, const char *how);
void life_setup(struct life *f);
void life_teardown(struct life *f);

#endif /* _READER_LADDER_LIFE_H */
