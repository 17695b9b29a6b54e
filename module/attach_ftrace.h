/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_ATTACH_FTRACE_H
#define _TCPLIFE_ATTACH_FTRACE_H

#include <linux/errno.h>
#include <tcplife/compat.h>

#include "hooks.h"

static inline bool tcplife_entry_found(const struct tcplife_hook *hook)
{
	return hook->kind == TCPLIFE_KIND_ENTRY && hook->symbol;
}

#ifdef TCPLIFE_HAVE_FTRACE_ARGS
int tcplife_ftrace_attach(struct tcplife_hook *hooks, unsigned int n);
void tcplife_ftrace_detach(void);
int tcplife_ftrace_guard(const struct tcplife_hook *hook);
void tcplife_ftrace_unguard(void);
#else
static inline int tcplife_ftrace_attach(struct tcplife_hook *hooks,
					unsigned int n)
{
	return -EOPNOTSUPP;
}

static inline void tcplife_ftrace_detach(void)
{
}

static inline int tcplife_ftrace_guard(const struct tcplife_hook *hook)
{
	return 0;
}

static inline void tcplife_ftrace_unguard(void)
{
}
#endif /* TCPLIFE_HAVE_FTRACE_ARGS */

#endif /* _TCPLIFE_ATTACH_FTRACE_H */
