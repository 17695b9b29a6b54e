/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Format: a record as text, column by column.
 */
#ifndef _TCPLIFE_FORMAT_H
#define _TCPLIFE_FORMAT_H

#include <linux/seq_file.h>

#include "record.h"

/* The lists of columns, by the file that shows them. */
extern const u8 tcplife_columns_connections[];
extern const u8 tcplife_columns_timewait[];
extern const u8 tcplife_columns_history[];

void tcplife_format_header(struct seq_file *m, const u8 *columns);
void tcplife_format_record(struct seq_file *m, const u8 *columns,
			   const struct tcplife_record *rec);
void tcplife_format_address(struct seq_file *m, const struct in6_addr *addr);
void tcplife_format_comm(struct seq_file *m, const char *comm, bool kthread);
void tcplife_format_ms(struct seq_file *m, u64 ns);

#endif /* _TCPLIFE_FORMAT_H */
