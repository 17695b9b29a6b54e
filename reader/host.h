/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host: what /proc says besides the module; of a recording, what it said
 * there and then.
 */
#ifndef _READER_HOST_H
#define _READER_HOST_H

#include <jansson.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

FILE *host_open(const char *path);
__u32 host_inode(const char *ns);
void host_recorded(const json_t *note);
const json_t *host_header(void);
bool host_ended(void);
__u64 host_end(void);
const char *host_group(void);

#endif /* _READER_HOST_H */
