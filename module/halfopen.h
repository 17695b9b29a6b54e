/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_HALFOPEN_H
#define _TCPLIFE_HALFOPEN_H

#include "listener.h"
#include "stats.h"

struct request_sock;

bool tcplife_halfopen_ack_data(const struct request_sock *req);
bool tcplife_halfopen_child_reset(const struct sock *sk,
				  const struct sk_buff *skb);
bool tcplife_halfopen_child_syn(const struct sock *sk,
				const struct sk_buff *skb);
void tcplife_halfopen_abort(const struct request_sock *req);
void tcplife_halfopen_count(const struct sock *lsk, enum tcplife_counter stat,
			    enum tcplife_listener_counter c);

#endif /* _TCPLIFE_HALFOPEN_H */
