// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets: the RST segments that are sent, by a socket or in reply. (Those that
 * are received: teardown.c, timewait.c.)
 */
#include <net/ip6_route.h>
#include <net/route.h>

#include "conn.h"
#include "halfopen.h"
#include "handlers.h"

/* The option of TCP-AO, RFC 5925, which older kernels have no name for. */
#define RESET_OPT_AO	29
/* Signatures are not looked for in fewer bytes than one has; that of TCP-AO may
 * be empty: sizeof(struct tcp_ao_hdr) + 1.
 */
#define RESET_OPT_MIN	(IS_ENABLED(CONFIG_TCP_AO) ? 5 : TCPOLEN_MD5SIG)

/* The socket of a record sent a RST. */
static void reset_sent(const struct sock *sk)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		rec->flags |= TCPLIFE_F_RST_SENT;
		if (!rec->rst_why)
			rec->rst_why = TCPLIFE_RST_OTHER;
	}
	tcplife_table_unlock(head, flags);
}

/* tcp_send_active_reset(sk, ...) */
TCPLIFE_ENTRY(tcplife_on_active_reset)
{
	const struct sock *sk = (struct sock *)a0;

	if (!tcplife_is_tcp(sk))
		return;
	tcplife_count(sock_net(sk), TCPLIFE_C_RST_SENT);
	reset_sent(sk);
}

/* In SYN_SENT two things are answered by RST. The first that is asked is if it
 * acknowledges our SYN; so this one echoes a time at which we sent none:
 * tcp_rcv_synsent_state_process(). If it is a RST itself, nothing is sent.
 */
static void reset_count_paws(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 ack = TCP_SKB_CB(skb)->ack_seq;

	if (after(ack, tp->snd_una) && !after(ack, tp->snd_nxt))
		tcplife_count(sock_net(sk), TCPLIFE_C_PAWS_ACTIVE);
}

/* Whether a segment is signed: then there may be no RST for it. Without a full
 * socket the key is looked for, and has to fit: tcp_v4_send_reset(). TCP-AO,
 * which not each kernel has, is refused elsewhere, too. And so is, by kernels
 * that have it, what tcp_do_parse_auth_options() cannot make sense of: options
 * of a wrong size, two signatures.
 */
static bool reset_for_signed(const struct sock *sk, const struct tcphdr *th)
{
	int len = th->doff * 4 - sizeof(*th);
	const u8 *opt = (const u8 *)(th + 1);
	bool md5 = false;
	int size;

	for (; len >= RESET_OPT_MIN && *opt != TCPOPT_EOL;
	     opt += size, len -= size) {
		size = *opt == TCPOPT_NOP ? 1 : opt[1];
		if (*opt != TCPOPT_NOP && (size < 2 || size > len))
			return TCPLIFE_AUTH_OPTIONS;
		if (IS_ENABLED(CONFIG_TCP_AO) && *opt == RESET_OPT_AO)
			return true;
		if (*opt != TCPOPT_MD5SIG)
			continue;
		if (size != TCPOLEN_MD5SIG)
			return TCPLIFE_AUTH_OPTIONS;
		if (!sk || !sk_fullsock(sk) || (TCPLIFE_AUTH_OPTIONS && md5))
			return true;
		md5 = true;
	}
	return false;
}

/* An answer by RST. @sk may be NULL, a request, a timewait socket, a listener
 * or a full socket. Never for a RST, and without a socket only for what came to
 * an address of this host.
 */
static void reset_replied(const struct sock *sk, const struct sk_buff *skb,
			  bool local)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct net *net;

	if (sk && sk->sk_state == TCP_SYN_SENT && tcplife_is_tcp(sk))
		reset_count_paws(sk, skb);
	if (tcp_hdr(skb)->rst)
		return;
	if (!sk && !(dst && local))
		return;
	net = sk ? sock_net(sk) : dev_net(dst->dev);
	tcplife_count(net, TCPLIFE_C_RST_SENT);
	if (unlikely(reset_for_signed(sk, tcp_hdr(skb))))
		tcplife_count(net, TCPLIFE_C_RST_SIGNED);
	if (!sk || !sk_fullsock(sk))
		return;
	reset_sent(sk);
	if (unlikely(tcp_hdr(skb)->syn) && tcplife_halfopen_child_syn(sk, skb))
		tcplife_count(sock_net(sk), TCPLIFE_C_ATTEMPT_FAILS);
}

/* tcp_v4_send_reset(sk, skb, ...) */
TCPLIFE_ENTRY(tcplife_on_send_reset4)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;
	const struct rtable *rt = skb_rtable(skb);

	reset_replied((struct sock *)a0, skb, rt && rt->rt_type == RTN_LOCAL);
}

/* tcp_v6_send_reset(sk, skb, ...) */
TCPLIFE_ENTRY(tcplife_on_send_reset6)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;

	reset_replied((struct sock *)a0, skb,
		      skb_dst(skb) && ipv6_unicast_destination(skb));
}
