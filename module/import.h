/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_IMPORT_H
#define _TCPLIFE_IMPORT_H

/* Hooks may meet sockets that neither they nor the import know yet. */
extern bool tcplife_importing;

struct inet_timewait_sock;

void tcplife_import_timewait(struct inet_timewait_sock *tw);
int tcplife_import(void);

#endif /* _TCPLIFE_IMPORT_H */
