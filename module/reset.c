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

/* The option of TCP-AO, RFC 5925, which older kernels have no name for, and the
 * length of one without a signature: struct tcp_ao_hdr.
 */
#define RESET_OPT_AO		29
#define RESET_OPTLEN_AO		4

/* Signatures are not looked for in fewer bytes than one has. */
#define RESET_OPTLEN_MIN	(IS_ENABLED(CONFIG_TCP_AO) ? \
				 RESET_OPTLEN_AO + 1 : TCPOLEN_MD5SIG)

/* The kernel parses both kinds of signatures, and refuses what makes no sense. */
#define RESET_AUTH_OPTIONS	(TCPLIFE_AUTH_OPTIONS && \
				 (IS_ENABLED(CONFIG_TCP_MD5SIG) || \
				  IS_ENABLED(CONFIG_TCP_AO)))

/* The socket of a record sent a RST; @active: it is to end by that. */
static void reset_sent(const struct sock *sk, bool active)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		rec->flags |= TCPLIFE_F_RST_SENT;
		rec->rst_active |= active;
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
	reset_sent(sk, true);
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
 * socket the key is looked for, and has to fit: tcp_v4_send_reset(). Kernels that
 * know TCP-AO do not answer what tcp_do_parse_auth_options() cannot make sense of,
 * options of a wrong size or two signatures; and without CONFIG_TCP_AO IPv4 does
 * not answer its option at all, which to IPv6 is like any other.
 */
static bool reset_for_signed(const struct sock *sk, const struct tcphdr *th,
			     bool ipv4)
{
	int len = th->doff * 4 - sizeof(*th);
	const u8 *opt = (const u8 *)(th + 1);
	bool signature = false;
	int size;

	for (; len >= RESET_OPTLEN_MIN && *opt != TCPOPT_EOL;
	     opt += size, len -= size) {
		size = *opt == TCPOPT_NOP ? 1 : opt[1];
		if (*opt != TCPOPT_NOP && (size < 2 || size > len))
			return RESET_AUTH_OPTIONS;
		if (*opt == TCPOPT_MD5SIG) {
			if (size != TCPOLEN_MD5SIG)
				return RESET_AUTH_OPTIONS;
			if (IS_ENABLED(CONFIG_TCP_MD5SIG) &&
			    (!sk || !sk_fullsock(sk)))
				return true;
		} else if (RESET_AUTH_OPTIONS && *opt == RESET_OPT_AO) {
			if (IS_ENABLED(CONFIG_TCP_AO) || ipv4 ||
			    size <= RESET_OPTLEN_AO)
				return true;
		} else {
			continue;
		}
		if (RESET_AUTH_OPTIONS && signature)
			return true;
		signature = true;
	}
	return false;
}

/* An answer by RST. @sk may be NULL, a request, a timewait socket, a listener
 * or a full socket. Never for a RST, and without a socket only for what came to
 * an address of this host.
 */
static void reset_replied(const struct sock *sk, const struct sk_buff *skb,
			  bool ipv4, bool local)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct net *net;
	bool is_signed;

	if (sk && sk->sk_state == TCP_SYN_SENT && tcplife_is_tcp(sk))
		reset_count_paws(sk, skb);
	if (tcp_hdr(skb)->rst)
		return;
	if (!sk && !(dst && local))
		return;
	net = sk ? sock_net(sk) : dev_net(dst->dev);
	tcplife_count(net, TCPLIFE_C_RST_SENT);
	is_signed = reset_for_signed(sk, tcp_hdr(skb), ipv4);
	if (unlikely(is_signed))
		tcplife_count(net, TCPLIFE_C_RST_SIGNED);
	if (!sk || !sk_fullsock(sk))
		return;
	/* A full socket has its key at hand: with TCP-AO there is a RST. */
	if (likely(!is_signed) || IS_ENABLED(CONFIG_TCP_AO))
		reset_sent(sk, false);
	if (unlikely(tcp_hdr(skb)->syn) && tcplife_halfopen_child_syn(sk, skb))
		tcplife_count(sock_net(sk), TCPLIFE_C_ATTEMPT_FAILS);
}

/* tcp_v4_send_reset(sk, skb, ...) */
TCPLIFE_ENTRY(tcplife_on_send_reset4)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;
	const struct rtable *rt = skb_rtable(skb);

	reset_replied((struct sock *)a0, skb, true,
		      rt && rt->rt_type == RTN_LOCAL);
}

/* tcp_v6_send_reset(sk, skb, ...) */
TCPLIFE_ENTRY(tcplife_on_send_reset6)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;

	reset_replied((struct sock *)a0, skb, false,
		      skb_dst(skb) && ipv6_unicast_destination(skb));
}
