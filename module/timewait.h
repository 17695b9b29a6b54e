/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_TIMEWAIT_H
#define _TCPLIFE_TIMEWAIT_H

#include <linux/types.h>
#include <uapi/linux/tcplife.h>

struct sk_buff;
struct sock;

void tcplife_timewait_hint(const struct sock *tw, enum tcplife_tw hint);
bool tcplife_timewait_recycled(const struct sk_buff *skb);

#endif /* _TCPLIFE_TIMEWAIT_H */
