/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_ATTACH_H
#define _TCPLIFE_ATTACH_H

#include "hooks.h"

int tcplife_attach_tracepoints(struct tcplife_hook *hooks, unsigned int n);
void tcplife_detach_tracepoints(struct tcplife_hook *hooks, unsigned int n);
int tcplife_attach_entries(struct tcplife_hook *hooks, unsigned int n,
			   enum tcplife_attach how);
void tcplife_detach_entries(struct tcplife_hook *hooks, unsigned int n);
int tcplife_attach_returns(struct tcplife_hook *hooks, unsigned int n);
void tcplife_detach_returns(struct tcplife_hook *hooks, unsigned int n);

#endif /* _TCPLIFE_ATTACH_H */
