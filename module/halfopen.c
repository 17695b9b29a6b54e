// SPDX-License-Identifier: GPL-2.0-only
/*
 * Half-open requests: from the SYN queue to the promotion or the end.
 *
 * They get no table entry: the request itself holds what a record will want
 * (when its SYN-ACK first went out, how often again, both ISNs). What happens
 * to them is counted, in the namespace and on the listener, so a flood of SYNs
 * costs counters and no memory.
 */
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <net/inet_connection_sock.h>

#include "conn.h"
#include "halfopen.h"
#include "handlers.h"
#include "paws.h"

/* How a hook marked the request that it may be about to see dropped. */
enum req_mark {
	REQ_MARK_NONE,
	REQ_MARK_RESET,
	REQ_MARK_SYN,
	REQ_MARK_OVERFLOW,
	REQ_MARK_ICMP,
	REQ_MARK_ABORT,
};

/**
 * struct halfopen_cpu - the request that this CPU has in hand
 * @req: compared, never followed
 * @mark: why @req would be dropped
 * @ack_data: the final ACK for @req carries data
 * @skb: the segment, if @req has a child of TCP Fast Open; compared, never
 *       followed
 * @child: cookie of that child
 * @segs_in: how many segments came to it
 */
struct halfopen_cpu {
	const struct request_sock	*req;
	enum req_mark			mark;
	bool				ack_data;
	const struct sk_buff		*skb;
	u64				child;
	u32				segs_in;
};

static DEFINE_PER_CPU(struct halfopen_cpu, halfopen_cpus);

/**
 * tcplife_halfopen_count - count an event for a namespace and its listener
 * @lsk: the listener
 * @stat: the counter of the namespace
 * @c: the counter of the listener
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_halfopen_count(const struct sock *lsk, enum tcplife_counter stat,
			    enum tcplife_listener_counter c)
{
	tcplife_count(sock_net(lsk), stat);
	tcplife_listener_count(atomic64_read(&lsk->sk_cookie), c);
}

/* What tcp_check_req() will do with a segment, as far as a request can end by
 * it. A RST must be exactly at rcv_nxt; a SYN elsewhere in the window resets.
 */
static enum req_mark check_req_mark(const struct tcphdr *th)
{
	if (th->rst)
		return REQ_MARK_RESET;
	return th->syn ? REQ_MARK_SYN : REQ_MARK_OVERFLOW;
}

/* Bytes of data in a segment: SYN and FIN take a sequence number each. */
static u32 halfopen_payload(const struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);

	return TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq - th->syn -
	       th->fin;
}

/* A SYN that is on a living request again: tcp_check_req(), first test. */
static bool check_req_duplicate(const struct sk_buff *skb,
				const struct request_sock *req)
{
	const struct tcphdr *th = tcp_hdr(skb);

	return th->syn && !th->ack && !th->rst &&
	       TCP_SKB_CB(skb)->seq == tcp_rsk(req)->rcv_isn;
}

/* tcp_check_req(sk, skb, req, fastopen, ...) */
TCPLIFE_ENTRY(tcplife_on_check_req)
{
	struct halfopen_cpu *hc = this_cpu_ptr(&halfopen_cpus);
	const struct request_sock *req = (struct request_sock *)a2;
	const struct sk_buff *skb = (struct sk_buff *)a1;

	if (!req->rsk_listener || !tcplife_is_tcp(req->rsk_listener))
		return;
	hc->req = req;
	hc->mark = check_req_mark(tcp_hdr(skb));
	hc->ack_data = halfopen_payload(skb);
	hc->skb = NULL;
	if (unlikely((u8)a3)) {
		hc->skb = skb;
		hc->child = atomic64_read(&((struct sock *)a0)->sk_cookie);
		hc->segs_in = tcp_sk((struct sock *)a0)->segs_in;
	}
	if (unlikely(hc->mark == REQ_MARK_RESET))
		tcplife_paws_request_rst(skb, req);
	if (check_req_duplicate(skb, req))
		tcplife_halfopen_count(req->rsk_listener,
				       TCPLIFE_C_SYN_DUPLICATE,
				       TCPLIFE_L_SYN_DUP);
}

/**
 * tcplife_halfopen_ack_data - did the final ACK carry data
 * @req: the request that it promotes, on this CPU, now
 *
 * Return: whether tcp_check_req() or tcp_v4_syn_recv_sock() saw any.
 */
bool tcplife_halfopen_ack_data(const struct request_sock *req)
{
	const struct halfopen_cpu *hc = this_cpu_ptr(&halfopen_cpus);

	return hc->req == req && hc->ack_data;
}

/* Is it still about the segment that tcp_check_req() has in hand? Memory of a
 * socket and of a segment is used again soon, a cookie never, and each segment
 * that comes to a socket is counted.
 */
static bool halfopen_child_marked(const struct sock *sk,
				  const struct sk_buff *skb, enum req_mark mark)
{
	const struct halfopen_cpu *hc = this_cpu_ptr(&halfopen_cpus);

	return hc->skb == skb && hc->mark == mark &&
	       hc->child == atomic64_read(&sk->sk_cookie) &&
	       hc->segs_in == tcp_sk(sk)->segs_in;
}

/**
 * tcplife_halfopen_child_reset - does a RST end a child of TCP Fast Open
 * @sk: the socket of tcp_reset()
 * @skb: the RST
 *
 * Then tcp_check_req() has counted a failed attempt, as it does for a request
 * without a child, and tcp_done() will count one more. Return: whether.
 */
bool tcplife_halfopen_child_reset(const struct sock *sk,
				  const struct sk_buff *skb)
{
	return halfopen_child_marked(sk, skb, REQ_MARK_RESET);
}

/**
 * tcplife_halfopen_child_syn - does a SYN fail at a child of TCP Fast Open
 * @sk: the full socket that answers by RST, on this CPU, now
 * @skb: the SYN
 *
 * tcp_check_req() has counted a failed attempt, though the child lives on.
 * Return: whether.
 */
bool tcplife_halfopen_child_syn(const struct sock *sk,
				const struct sk_buff *skb)
{
	return halfopen_child_marked(sk, skb, REQ_MARK_SYN);
}

/**
 * tcplife_halfopen_abort - tcp_abort() ends a request: ss -K
 * @req: the request
 *
 * Context: process, preemption off.
 */
void tcplife_halfopen_abort(const struct request_sock *req)
{
	struct halfopen_cpu *hc = this_cpu_ptr(&halfopen_cpus);

	hc->req = req;
	hc->mark = REQ_MARK_ABORT;
	hc->ack_data = false;
	hc->skb = NULL;
}

static void syn_recv(const struct sock *lsk, const struct sk_buff *skb,
		     const struct request_sock *req)
{
	struct halfopen_cpu *hc = this_cpu_ptr(&halfopen_cpus);

	if (!tcplife_is_tcp(lsk))
		return;
	/* From tcp_get_cookie_sock() no tcp_check_req() came before. */
	if (req->syncookie || hc->req != req) {
		hc->req = req;
		hc->ack_data = halfopen_payload(skb);
	}
	/* The first thing the function tests. */
	if (sk_acceptq_is_full(lsk))
		tcplife_halfopen_count(lsk, TCPLIFE_C_ACK_IGNORED,
				       TCPLIFE_L_ACK_IGNORED);
}

/* tcp_v4_syn_recv_sock(sk, skb, req, ...) */
TCPLIFE_ENTRY(tcplife_on_syn_recv4)
{
	syn_recv((struct sock *)a0, (struct sk_buff *)a1,
		 (struct request_sock *)a2);
}

/* tcp_v6_syn_recv_sock(sk, skb, req, ...): calls the other for IPv4 */
TCPLIFE_ENTRY(tcplife_on_syn_recv6)
{
	if (((struct sk_buff *)a1)->protocol != htons(ETH_P_IP))
		tcplife_on_syn_recv4(a0, a1, a2, a3);
}

/* Why a request ended that was not promoted. */
static enum tcplife_end req_reason(const struct sock *lsk,
				   const struct request_sock *req, bool timer)
{
	const struct halfopen_cpu *hc = this_cpu_ptr(&halfopen_cpus);
	enum req_mark mark = hc->req == req ? hc->mark : REQ_MARK_NONE;

	if (!check_net(sock_net(lsk)))
		return TCPLIFE_END_NETNS_GONE;
	if (inet_sk_state_load(lsk) != TCP_LISTEN)
		return TCPLIFE_END_LISTENER_CLOSED;
	if (timer)
		return inet_rsk(req)->acked &&
		       !inet_csk(lsk)->icsk_accept_queue.rskq_defer_accept ?
		       TCPLIFE_END_ACCEPT_OVERFLOW :
		       TCPLIFE_END_SYN_ACK_TIMEOUT;

	switch (mark) {
	case REQ_MARK_RESET:
	case REQ_MARK_SYN:
		return TCPLIFE_END_EMBRYONIC_RESET;
	case REQ_MARK_OVERFLOW:
		return TCPLIFE_END_ACCEPT_OVERFLOW;
	case REQ_MARK_ICMP:
		return TCPLIFE_END_UNREACHABLE;
	case REQ_MARK_ABORT:
		return TCPLIFE_END_ABORTED;
	case REQ_MARK_NONE:
		break;
	}
	/* Between tcp_abort() and what it does a softirq may have had another
	 * request in hand. All the others mark and drop with softirqs off.
	 */
	return in_task() ? TCPLIFE_END_ABORTED : TCPLIFE_END_UNKNOWN;
}

/* Where each end of a request is counted. */
static const struct {
	enum tcplife_counter		stat;
	enum tcplife_listener_counter	listener;
} req_ends[__TCPLIFE_END_MAX] = {
	[TCPLIFE_END_SYN_ACK_TIMEOUT] = {
		TCPLIFE_C_HALFOPEN_SYN_ACK_TIMEOUT, TCPLIFE_L_HO_TIMEOUT },
	[TCPLIFE_END_EMBRYONIC_RESET] = {
		TCPLIFE_C_HALFOPEN_EMBRYONIC_RESET, TCPLIFE_L_HO_RESET },
	[TCPLIFE_END_LISTENER_CLOSED] = {
		TCPLIFE_C_HALFOPEN_LISTENER_CLOSED, TCPLIFE_L_HO_CLOSED },
	[TCPLIFE_END_ACCEPT_OVERFLOW] = {
		TCPLIFE_C_HALFOPEN_ACCEPT_OVERFLOW, TCPLIFE_L_HO_OVERFLOW },
	[TCPLIFE_END_ABORTED] = {
		TCPLIFE_C_HALFOPEN_ABORTED, TCPLIFE_L_HO_ABORTED },
	[TCPLIFE_END_UNREACHABLE] = {
		TCPLIFE_C_HALFOPEN_UNREACHABLE, TCPLIFE_L_HO_UNREACH },
	[TCPLIFE_END_NETNS_GONE] = {
		TCPLIFE_C_HALFOPEN_NETNS_GONE, TCPLIFE_L_HO_OTHER },
	[TCPLIFE_END_UNKNOWN] = {
		TCPLIFE_C_HALFOPEN_UNKNOWN, TCPLIFE_L_HO_OTHER },
};

/* Tells readers of the end of a request. */
static void halfopen_tell(const struct sock *lsk,
			  const struct request_sock *req, enum tcplife_end why)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	u64 syn = tcp_rsk(req)->snt_synack * NSEC_PER_USEC;
	struct tcplife_request r = {
		.listener	= atomic64_read(&lsk->sk_cookie),
		.net_cookie	= sock_net(lsk)->net_cookie,
		.netns		= sock_net(lsk)->ns.inum,
		.lport		= htons(ireq->ir_num),
		.rport		= ireq->ir_rmt_port,
		.end		= why,
		.synack_retr	= req->num_retrans,
		.isn_l		= tcp_rsk(req)->snt_isn,
		.isn_r		= tcp_rsk(req)->rcv_isn,
		.time		= ktime_get_ns(),
	};

	if (syn)
		r.age = r.time - syn;
	ipv6_addr_set_v4mapped(ireq->ir_loc_addr, &r.laddr);
	ipv6_addr_set_v4mapped(ireq->ir_rmt_addr, &r.raddr);
#if IS_ENABLED(CONFIG_IPV6)
	if (ireq->ireq_family == AF_INET6) {
		r.laddr = ireq->ir_v6_loc_addr;
		r.raddr = ireq->ir_v6_rmt_addr;
	}
#endif
	tcplife_events_request(&r, sock_net(lsk));
}

/* tcp_check_req() ends the request that this CPU has in hand: for a RST, which
 * never gets as far as tcp_reset(), or for a SYN.
 */
static void halfopen_reset(const struct sock *lsk)
{
	tcplife_count(sock_net(lsk), TCPLIFE_C_ATTEMPT_FAILS);
	if (this_cpu_read(halfopen_cpus.mark) == REQ_MARK_RESET)
		tcplife_count(sock_net(lsk), TCPLIFE_C_RST_RECEIVED);
}

/* __inet_csk_reqsk_queue_drop(sk, req, from_timer): comes for a promoted
 * request, too, which is out of the hash by then. That of an MPTCP subflow that
 * joins is promoted nowhere else: tcp_check_req() drops it and keeps the child.
 */
TCPLIFE_ENTRY(tcplife_on_req_drop)
{
	const struct request_sock *req = (struct request_sock *)a1;
	const struct sock *lsk = (struct sock *)a0;
	enum tcplife_end why;

	if (!tcplife_is_tcp(lsk))
		return;
	if (!sk_hashed(req_to_sk((struct request_sock *)req))) {
		if (unlikely(rsk_drop_req(req)))
			tcplife_halfopen_count(lsk,
					       TCPLIFE_C_HALFOPEN_ESTABLISHED,
					       TCPLIFE_L_HO_ESTAB);
		return;
	}
	why = req_reason(lsk, req, (u8)a2);
	if (why == TCPLIFE_END_EMBRYONIC_RESET)
		halfopen_reset(lsk);
	/* tcp_abort_on_overflow */
	if (why == TCPLIFE_END_ACCEPT_OVERFLOW && !(u8)a2)
		tcplife_count(sock_net(lsk), TCPLIFE_C_HALFOPEN_OVERFLOW_RESET);
	tcplife_halfopen_count(lsk, req_ends[why].stat, req_ends[why].listener);
	if (unlikely(tcplife_events_wanted(TCPLIFE_GROUP_HALFOPEN)))
		halfopen_tell(lsk, req, why);
}

/* tcp_req_err(sk, seq, abort): an ICMP error for a request */
TCPLIFE_ENTRY(tcplife_on_req_err)
{
	struct halfopen_cpu *hc = this_cpu_ptr(&halfopen_cpus);

	hc->req = inet_reqsk((struct sock *)a0);
	hc->mark = REQ_MARK_ICMP;
	hc->ack_data = false;
}

/* tcp:tcp_retransmit_synack(sk, req): sent again, by the timer or because the
 * SYN came again. With TCP Fast Open @sk is the child, which has a record.
 */
void tcplife_on_retransmit_synack(void *data, const struct sock *sk,
				  const struct request_sock *req)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	tcplife_probe_enter(TCPLIFE_HOOK_RETRANSMIT_SYNACK);
	if (!tcplife_is_tcp(sk) || !req->rsk_listener)
		goto out;
	tcplife_halfopen_count(req->rsk_listener, TCPLIFE_C_RETRANS_SYNACK,
			       TCPLIFE_L_SYNACK_RETR);
	if (likely(sk->sk_state == TCP_LISTEN))
		goto out;
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec)
		rec->synack_retr++;
	tcplife_table_unlock(head, flags);
out:
	tcplife_probe_exit();
}
