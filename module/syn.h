/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_SYN_H
#define _TCPLIFE_SYN_H

#include <linux/types.h>

void tcplife_syn_resolved(bool cookie);
void tcplife_syn_settle(void);
void tcplife_syn_settle_for(bool trusted);

#endif /* _TCPLIFE_SYN_H */
