/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words for what a record says.
 */
#ifndef _READER_LADDER_WORDS_H
#define _READER_LADDER_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct record;

#define WORDS_TIME	32
#define WORDS_OWNER	96
#define WORDS_ADDRESS	56

char *words_time(char *buf, __u64 ns);
char *words_name(char *buf, size_t size, const char *comm, bool kthread);
char *words_owner(char *buf, size_t size, const struct record *rec,
		  bool relative);
char *words_closer(char *buf, size_t size, const struct record *rec,
		   bool relative);
char *words_local(char *buf, const struct record *rec);
char *words_remote(char *buf, const struct record *rec);
const char *words_end(unsigned int end);
const char *words_rst_why(unsigned int why);
const char *words_timewait(const struct record *rec);

#endif /* _READER_LADDER_WORDS_H */
