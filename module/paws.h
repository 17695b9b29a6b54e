/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_PAWS_H
#define _TCPLIFE_PAWS_H

struct inet_timewait_sock;
struct request_sock;
struct sk_buff;

void tcplife_paws_request_rst(const struct sk_buff *skb,
			      const struct request_sock *req);
void tcplife_paws_timewait_rst(const struct sk_buff *skb,
			       const struct inet_timewait_sock *tw);

#endif /* _TCPLIFE_PAWS_H */
