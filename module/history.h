/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_HISTORY_H
#define _TCPLIFE_HISTORY_H

#include "record.h"

/**
 * struct tcplife_history_iter - a walk over the history
 * @seq: number of the next record
 * @end: where it ends
 * @lost: records that were overwritten before it came to them
 */
struct tcplife_history_iter {
	u64	seq;
	u64	end;
	u64	lost;
};

int tcplife_history_init(u32 size);
void tcplife_history_exit(void);
u32 tcplife_history_size(void);
struct tcplife_record *tcplife_history_add(struct tcplife_record *rec);
void tcplife_history_walk(struct tcplife_history_iter *it);
bool tcplife_history_next(struct tcplife_history_iter *it, u64 netns,
			  struct tcplife_record *copy);
bool tcplife_history_find(u64 netns, u64 cookie, u32 gen, bool any,
			  struct tcplife_record *copy);

#endif /* _TCPLIFE_HISTORY_H */
