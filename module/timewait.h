/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_TIMEWAIT_H
#define _TCPLIFE_TIMEWAIT_H

#include <uapi/linux/tcplife.h>

struct sock;

void tcplife_timewait_hint(const struct sock *tw, enum tcplife_tw hint);

#endif /* _TCPLIFE_TIMEWAIT_H */
