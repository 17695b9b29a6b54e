// SPDX-License-Identifier: GPL-2.0-only
/*
 * Retransmits: what a full socket sends again, its probes, and the FINs that
 * its peer sends again. (SYN-ACKs of requests: halfopen.c.)
 */
#include "conn.h"
#include "handlers.h"
#include "retransmit.h"

/* tcp:tcp_retransmit_skb(sk, skb[, err]): timer, tail loss probe or recovery */
static void retransmit_count(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	enum tcplife_counter stat = TCPLIFE_C_RETRANS_DATA;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (tcb->tcp_flags & TCPHDR_SYN)
		stat = tcb->tcp_flags & TCPHDR_ACK ? TCPLIFE_C_RETRANS_SYNACK :
						     TCPLIFE_C_RETRANS_SYN;
	else if (tcb->tcp_flags & TCPHDR_FIN)
		stat = TCPLIFE_C_RETRANS_FIN;
	tcplife_count_add(sock_net(sk), stat, tcp_skb_pcount(skb));

	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		if (stat == TCPLIFE_C_RETRANS_SYN)
			rec->syn_retr++;
		else if (stat == TCPLIFE_C_RETRANS_SYNACK)
			rec->synack_retr++;
		else if (stat == TCPLIFE_C_RETRANS_FIN)
			rec->fin_retr++;
		else
			rec->data_retr += tcp_skb_pcount(skb);
	}
	tcplife_table_unlock(head, flags);
}

#ifdef TCPLIFE_RETRANSMIT_SKB_ERR
void tcplife_on_retransmit(void *data, const struct sock *sk,
			   const struct sk_buff *skb, int err)
{
	tcplife_probe_enter(TCPLIFE_HOOK_RETRANSMIT);
	if (!err && tcplife_is_tcp(sk))
		retransmit_count(sk, skb);
	tcplife_probe_exit();
}
#else
void tcplife_on_retransmit(void *data, const struct sock *sk,
			   const struct sk_buff *skb)
{
	tcplife_probe_enter(TCPLIFE_HOOK_RETRANSMIT);
	if (tcplife_is_tcp(sk))
		retransmit_count(sk, skb);
	tcplife_probe_exit();
}
#endif

/**
 * tcplife_retransmit_blackhole - a TCP Fast Open seems to go unanswered
 * @sk: the socket that made it
 *
 * See tcp_fastopen_active_detect_blackhole(). Context: with the socket locked.
 */
void tcplife_retransmit_blackhole(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->syn_fastopen || tp->syn_data || tp->syn_data_acked)
		tcplife_count(sock_net(sk), TCPLIFE_C_TFO_ACTIVE_FAIL);
}

/**
 * tcplife_retransmit_counts - would tcp_retransmit_timer() call it a time-out
 * @sk: the socket
 *
 * Not when all is acknowledged, nor when the peer has closed its window, which
 * is then probed. The SYN-ACK of TCP Fast Open has tcp_syn_ack_timeout().
 * Context: with the socket locked.
 */
bool tcplife_retransmit_counts(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (rcu_access_pointer(tp->fastopen_rsk) || !tp->packets_out)
		return false;
	return tp->snd_wnd || sock_flag(sk, SOCK_DEAD) ||
	       (1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV);
}

/**
 * tcplife_retransmit_timeout - tcp_retransmit_timer() begins
 * @sk: the socket
 *
 * Context: with the socket locked.
 */
void tcplife_retransmit_timeout(const struct sock *sk)
{
	enum tcplife_counter stat = TCPLIFE_C_TIMEOUTS_DATA;

	if (!tcplife_retransmit_counts(sk))
		return;
	if (sk->sk_state == TCP_SYN_SENT)
		stat = TCPLIFE_C_TIMEOUTS_SYN;
	else if (sk->sk_state == TCP_SYN_RECV)
		stat = TCPLIFE_C_TIMEOUTS_SYNACK;
	tcplife_count(sock_net(sk), stat);
	if (inet_csk(sk)->icsk_retransmits == 2)
		tcplife_retransmit_blackhole(sk);
}

/* tcp_syn_ack_timeout(req): of a half-open request, or of TCP Fast Open */
TCPLIFE_ENTRY(tcplife_on_synack_timer)
{
	const struct request_sock *req = (struct request_sock *)a0;

	tcplife_count(read_pnet(&inet_rsk(req)->ireq_net),
		      TCPLIFE_C_TIMEOUTS_SYNACK);
}

/* tcp_rcv_spurious_retrans(sk, skb): only for what came before. Where it is
 * inlined (6.1), tcp_data_queue(sk, skb), which at least is off the
 * header-prediction path. tcp_fin() never sees a FIN that came before.
 */
TCPLIFE_ENTRY(tcplife_on_old_segment)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;
	const struct sock *sk = (struct sock *)a0;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (likely(!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)) ||
	    !tcplife_is_tcp(sk))
		return;
	/* One of an earlier incarnation ends somewhere else. */
	if (!(sk->sk_shutdown & RCV_SHUTDOWN) ||
	    TCP_SKB_CB(skb)->end_seq != tcp_sk(sk)->rcv_nxt)
		return;
	head = tcplife_conn_lock(sk, &rec, &flags);
	/* Not after shutdown(SHUT_RD) alone. */
	if (rec && rec->flags & TCPLIFE_F_FIN_REMOTE) {
		rec->fin_dup++;
		tcplife_count(sock_net(sk), TCPLIFE_C_DUP_FIN_RECEIVED);
	}
	tcplife_table_unlock(head, flags);
}

/* tcp_xmit_probe_skb(sk, urgent, mib) */
TCPLIFE_ENTRY(tcplife_on_probe)
{
	bool keepalive = (int)a2 == LINUX_MIB_TCPKEEPALIVE;
	const struct sock *sk = (struct sock *)a0;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!tcplife_is_tcp(sk) ||
	    (!keepalive && (int)a2 != LINUX_MIB_TCPWINPROBE))
		return;
	tcplife_count(sock_net(sk), keepalive ? TCPLIFE_C_KEEPALIVE_PROBES :
						TCPLIFE_C_WINDOW_PROBES);
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec && keepalive)
		rec->keepalives++;
	else if (rec)
		rec->probes++;
	tcplife_table_unlock(head, flags);
}
