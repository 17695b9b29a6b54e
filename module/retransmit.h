/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_RETRANSMIT_H
#define _TCPLIFE_RETRANSMIT_H

#include <linux/types.h>

struct sock;

bool tcplife_retransmit_counts(const struct sock *sk);
void tcplife_retransmit_timeout(const struct sock *sk);
void tcplife_retransmit_blackhole(const struct sock *sk);

#endif /* _TCPLIFE_RETRANSMIT_H */
