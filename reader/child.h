/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Child: the command that is recorded.
 */
#ifndef _READER_CHILD_H
#define _READER_CHILD_H

#include <linux/types.h>
#include <stdbool.h>

int child_start(char **argv);
bool child_runs(void);
int child_end(bool stop, __u64 until);

#endif /* _READER_CHILD_H */
