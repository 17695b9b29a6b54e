/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_HISTORY_H
#define _TCPLIFE_HISTORY_H

#include "record.h"

int tcplife_history_init(u32 size);
void tcplife_history_exit(void);
u32 tcplife_history_size(void);
struct tcplife_record *tcplife_history_add(struct tcplife_record *rec);
u64 tcplife_history_end(void);
bool tcplife_history_next(u64 *seq, u64 end, u64 netns,
			  struct tcplife_record *copy);

#endif /* _TCPLIFE_HISTORY_H */
