// SPDX-License-Identifier: GPL-2.0-only
/*
 * PAWS: segments whose timestamp is older than what came before (RFC 7323).
 *
 * Where they are refused is on the path of all segments and inlined. But each
 * is then asked about in tcp_oow_rate_limited(), may it be answered by an ACK,
 * and that function is called for what is out of the window only. A RST has no
 * answer and is not asked about: it is judged here again. (An answer to a SYN
 * that echoes a time of no SYN: reset.c.)
 */
#include <net/tcp.h>

#include "handlers.h"
#include "paws.h"
#include "stats.h"

static bool paws_rejects(const struct net *net, const struct sk_buff *skb,
			 u32 recent, u32 stamp)
{
	struct tcp_options_received opt = {};

	tcp_parse_options(net, skb, &opt, 0, NULL);
	if (!opt.saw_tstamp)
		return false;
	opt.ts_recent = recent;
	opt.ts_recent_stamp = stamp;
	return tcp_paws_reject(&opt, tcp_hdr(skb)->rst);
}

/* As tcp_check_req() asks */
static void paws_request(const struct net *net, const struct sk_buff *skb,
			 const struct request_sock *req)
{
	u64 age = min_t(u64, (u64)req->timeout << req->num_timeout,
			TCP_RTO_MAX);

	if (paws_rejects(net, skb, READ_ONCE(req->ts_recent),
			 ktime_get_seconds() - age / HZ))
		tcplife_count(net, TCPLIFE_C_PAWS_OLD);
}

/* As tcp_timewait_state_process() asks in TIME_WAIT */
static void paws_timewait(const struct net *net, const struct sk_buff *skb,
			  const struct tcp_timewait_sock *tw)
{
	u32 stamp = READ_ONCE(tw->tw_ts_recent_stamp);

	if (TCPLIFE_PAWS_TIMEWAIT && stamp &&
	    paws_rejects(net, skb, READ_ONCE(tw->tw_ts_recent), stamp))
		tcplife_count(net, TCPLIFE_C_PAWS_OLD);
}

/**
 * tcplife_paws_request_rst - a RST came for a half-open request
 * @skb: the segment
 * @req: the request
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_paws_request_rst(const struct sk_buff *skb,
			      const struct request_sock *req)
{
	paws_request(read_pnet(&inet_rsk(req)->ireq_net), skb, req);
}

/**
 * tcplife_paws_timewait_rst - a RST came in TIME_WAIT
 * @skb: the segment
 * @tw: the timewait socket
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_paws_timewait_rst(const struct sk_buff *skb,
			       const struct inet_timewait_sock *tw)
{
	paws_timewait(twsk_net(tw), skb, tcp_twsk((struct sock *)tw));
}

/* tcp_oow_rate_limited(net, skb, mib, last): who asks is in the number of the
 * MIB, what about is around the time of the last answer.
 */
TCPLIFE_ENTRY(tcplife_on_out_of_window)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;
	const struct net *net = (struct net *)a0;
	u32 *last = (u32 *)a3;

	switch ((int)a2) {
	case LINUX_MIB_TCPACKSKIPPEDPAWS:
		tcplife_count(net, TCPLIFE_C_PAWS_OLD);
		break;
	case LINUX_MIB_TCPACKSKIPPEDSYNRECV:
		paws_request(net, skb,
			     &container_of(last, struct tcp_request_sock,
					   last_oow_ack_time)->req.req);
		break;
	case LINUX_MIB_TCPACKSKIPPEDTIMEWAIT:
		paws_timewait(net, skb,
			      container_of(last, struct tcp_timewait_sock,
					   tw_last_oow_ack_time));
		break;
	}
}
