// SPDX-License-Identifier: GPL-2.0-only
/*
 * SYNs: what becomes of a segment that comes to a listener.
 *
 * tcp_conn_request() returns the same for a SYN that it dropped and for one
 * that it queued, so each SYN is kept pending on its CPU until a hook shows
 * that it was queued or answered with a cookie. A SYN that is still pending
 * when the next one comes, or when a reader has waited a grace period (the
 * function runs inside one RCU section), was dropped. That costs a few
 * instructions where a return probe costs hundreds, and misses nothing.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <net/inet_connection_sock.h>

#include "conn.h"
#include "halfopen.h"
#include "handlers.h"
#include "hooks.h"
#include "listener.h"
#include "syn.h"
#include "timewait.h"

/* What is expected of the pending segment, by what it met at the entry. */
enum pending_fate {
	PENDING_DROP_OTHER,
	PENDING_DROP_SYNQ,
	PENDING_DROP_SYNMAX,
	PENDING_DROP_ACCQ,
	PENDING_COOKIE_BAD,
	PENDING_COOKIE_OK,
};

/**
 * struct syn_cpu - one CPU's view of the segment in hand
 * @seq: odd while a segment is pending; claimed by cmpxchg() from odd to even.
 *	Its CPU writes it, a reader may claim it after a grace period.
 * @net: namespace of the pending segment
 * @listener: cookie of the listener that it came to
 * @fate: what to count if nothing resolves it
 * @tfo: it asked for TCP Fast Open
 * @ack: the header of the last one that may have a cookie; compared, never
 *	followed
 * @seen: what a reader saw in @seq before its grace period
 */
struct syn_cpu {
	unsigned long			seq;
	const struct net		*net;
	u64				listener;
	enum pending_fate		fate;
	bool				tfo;
	unsigned long			ack;
	unsigned long			seen;
};

static DEFINE_PER_CPU(struct syn_cpu, syn_cpus);
/* Protects syn_cpu.seen: one reader settles at a time. */
static DEFINE_MUTEX(syn_settle_mutex);

static const struct {
	enum tcplife_counter		stat;
	enum tcplife_listener_counter	listener;
} pending_counters[] = {
	[PENDING_DROP_OTHER]	= { TCPLIFE_C_DROP_OTHER, TCPLIFE_L_DROP_OTHER },
	[PENDING_DROP_SYNQ]	= { TCPLIFE_C_DROP_SYNQ_FULL, TCPLIFE_L_DROP_SYNQ },
	[PENDING_DROP_SYNMAX]	= { TCPLIFE_C_DROP_MAX_SYN_BACKLOG, TCPLIFE_L_DROP_SYNMAX },
	[PENDING_DROP_ACCQ]	= { TCPLIFE_C_DROP_ACCQ_FULL, TCPLIFE_L_DROP_ACCQ },
	[PENDING_COOKIE_BAD]	= { TCPLIFE_C_COOKIES_FAILED, TCPLIFE_L_COOKIE_BAD },
	[PENDING_COOKIE_OK]	= { TCPLIFE_C_COOKIES_VALID, TCPLIFE_L_COOKIE_OK },
};

/* Counts a pending segment as dropped unless someone else has. */
static void pending_settle(struct syn_cpu *sc, unsigned long seq)
{
	const struct net *net = READ_ONCE(sc->net);
	u64 listener = READ_ONCE(sc->listener);
	enum pending_fate fate = READ_ONCE(sc->fate);

	if (cmpxchg(&sc->seq, seq, seq + 1) != seq)
		return;
	tcplife_count(net, pending_counters[fate].stat);
	tcplife_listener_count(listener, pending_counters[fate].listener);
}

static void pending_begin(const struct sock *lsk, enum pending_fate fate)
{
	struct syn_cpu *sc = this_cpu_ptr(&syn_cpus);
	unsigned long seq = READ_ONCE(sc->seq);

	if (unlikely(seq & 1))
		pending_settle(sc, seq);
	/* Paired with cmpxchg() of a reader that has claimed the last one: it
	 * has read all of that before it is overwritten.
	 */
	seq = smp_load_acquire(&sc->seq);
	sc->net = sock_net(lsk);
	sc->listener = atomic64_read(&lsk->sk_cookie);
	sc->fate = fate;
	/* Paired with smp_load_acquire() in tcplife_syn_settle(). */
	smp_store_release(&sc->seq, seq + 1);
}

/**
 * tcplife_syn_resolved - the pending segment of this CPU was not dropped
 * @cookie: it is an ACK with a cookie, not a SYN; one of the other kind that is
 *	pending came earlier, and was dropped
 *
 * Context: in the function that the segment is in, so inside the RCU section
 * that a reader waits for before it claims: a plain store suffices.
 */
void tcplife_syn_resolved(bool cookie)
{
	struct syn_cpu *sc = this_cpu_ptr(&syn_cpus);

	bool is_cookie = sc->fate >= PENDING_COOKIE_BAD;

	if (sc->seq & 1 && is_cookie == cookie)
		WRITE_ONCE(sc->seq, sc->seq + 1);
}

/**
 * tcplife_syn_settle_for - settle for a reader that is to cost little
 * @trusted: it may cost a grace period each time
 *
 * For others there is one in 100 ms: they can send requests by the thousand,
 * and generic netlink handles them under a lock of all families. Until then
 * the last SYN of each CPU may be missing from the drops. Context: process.
 */
void tcplife_syn_settle_for(bool trusted)
{
	static unsigned long last;

	if (!trusted && time_in_range(jiffies, READ_ONCE(last),
				      READ_ONCE(last) + HZ / 10))
		return;
	WRITE_ONCE(last, jiffies);
	tcplife_syn_settle();
}

/**
 * tcplife_syn_settle - count the segments whose fate was still open
 *
 * Called before counters are shown, so that what a reader sees is complete.
 * Waits only if something is pending. Context: process.
 */
void tcplife_syn_settle(void)
{
	bool pending = false;
	struct syn_cpu *sc;
	int cpu;

	mutex_lock(&syn_settle_mutex);
	for_each_possible_cpu(cpu) {
		sc = per_cpu_ptr(&syn_cpus, cpu);
		/* Paired with smp_store_release() in pending_begin(). */
		sc->seen = smp_load_acquire(&sc->seq);
		pending |= sc->seen & 1;
	}
	if (pending)
		synchronize_rcu();
	for_each_possible_cpu(cpu) {
		sc = per_cpu_ptr(&syn_cpus, cpu);
		if (!(sc->seen & 1))
			continue;
		/* An RCU section: the namespace cannot go meanwhile. */
		preempt_disable();
		pending_settle(sc, sc->seen);
		preempt_enable();
	}
	mutex_unlock(&syn_settle_mutex);
}

/* Which rule of tcp_conn_request() would drop a SYN that comes now, in the
 * order in which it asks. Not the whole truth: a SYN that recycles a timewait
 * socket is let in, a peer known to be alive passes the last rule. So it only
 * names the cause of a drop that the hooks then see.
 */
static enum pending_fate syn_fate(const struct sock *lsk, u8 syncookies)
{
	int max = READ_ONCE(sock_net(lsk)->ipv4.sysctl_max_syn_backlog);

	if (!(TCPLIFE_SYN_COOKIES && syncookies) &&
	    (inet_csk_reqsk_queue_is_full(lsk) || syncookies == 2))
		return PENDING_DROP_SYNQ;
	if (sk_acceptq_is_full(lsk))
		return PENDING_DROP_ACCQ;
	if (!syncookies &&
	    max - inet_csk_reqsk_queue_len(lsk) < (max >> 2))
		return PENDING_DROP_SYNMAX;
	return PENDING_DROP_OTHER;
}

/* Whether tcp_syn_flood_action() would say that it sends a cookie. It may not:
 * the accept queue is full, too, or there is no memory.
 */
static bool syn_wants_cookie(const struct sock *lsk, const struct sk_buff *skb,
			     u8 syncookies)
{
	return TCPLIFE_SYN_COOKIES && syncookies &&
	       (syncookies == 2 || inet_csk_reqsk_queue_is_full(lsk)) &&
	       !(TCPLIFE_RECYCLED_SYN_PASSES && tcplife_timewait_recycled(skb));
}

/* tcp_fastopen_queue_check(), with the request seen without a lock: their
 * memory is SLAB_TYPESAFE_BY_RCU.
 */
static bool syn_tfo_has_room(const struct fastopen_queue *queue)
{
	const struct request_sock *req = READ_ONCE(queue->rskq_rst_head);

	return READ_ONCE(queue->qlen) < READ_ONCE(queue->max_qlen) ||
	       (req && !time_after(READ_ONCE(req->rsk_timer.expires), jiffies));
}

/* Whether tcp_try_fastopen() would try, and call it a failure if no child came
 * of it: the cookie is not ours, or there is no memory.
 */
static bool syn_tries_tfo(const struct sock *lsk, const struct sk_buff *skb)
{
	int sysctl = READ_ONCE(sock_net(lsk)->ipv4.sysctl_tcp_fastopen);
	struct tcp_fastopen_cookie cookie = { .len = -1 };
	struct tcp_options_received opt = {};
	bool no_cookie = sysctl & TFO_SERVER_COOKIE_NOT_REQD ||
			 tcp_sk(lsk)->fastopen_no_cookie;

	if (!(sysctl & TFO_SERVER_ENABLE) ||
	    !syn_tfo_has_room(&inet_csk(lsk)->icsk_accept_queue.fastopenq))
		return false;
	tcp_parse_options(sock_net(lsk), skb, &opt, 0, &cookie);
	return cookie.len > 0 ||
	       (no_cookie && (!cookie.len || TCP_SKB_CB(skb)->end_seq !=
			      TCP_SKB_CB(skb)->seq + 1));
}

/* tcp_conn_request(rsk_ops, af_ops, sk, skb) */
TCPLIFE_ENTRY(tcplife_on_syn)
{
	const struct sk_buff *skb = (struct sk_buff *)a3;
	const struct sock *lsk = (struct sock *)a2;
	u8 syncookies;
	bool tfo;

	if (!tcplife_is_tcp(lsk))
		return;
	syncookies = READ_ONCE(sock_net(lsk)->ipv4.sysctl_tcp_syncookies);
	tcplife_halfopen_count(lsk, TCPLIFE_C_SYN_RECEIVED, TCPLIFE_L_SYNS);
	pending_begin(lsk, syn_fate(lsk, syncookies));
	if (unlikely(syn_wants_cookie(lsk, skb, syncookies)))
		tcplife_count(sock_net(lsk), TCPLIFE_C_COOKIES_WANTED);
	tfo = READ_ONCE(inet_csk(lsk)->icsk_accept_queue.fastopenq.max_qlen);
	this_cpu_write(syn_cpus.tfo, unlikely(tfo) && syn_tries_tfo(lsk, skb));
}

/* inet_csk_reqsk_queue_hash_add(sk, req, ...) */
TCPLIFE_ENTRY(tcplife_on_syn_queued)
{
	const struct sock *lsk = (struct sock *)a0;

	if (!tcplife_is_tcp(lsk))
		return;
	tcplife_syn_resolved(false);
	tcplife_count(sock_net(lsk), TCPLIFE_C_SYN_QUEUED);
	if (unlikely(this_cpu_read(syn_cpus.tfo)))
		tcplife_count(sock_net(lsk), TCPLIFE_C_TFO_PASSIVE_FAIL);
	tcplife_listener_synq(atomic64_read(&lsk->sk_cookie),
			      inet_csk_reqsk_queue_len(lsk) + 1);
}

/* cookie_v4_init_sequence(skb, mssp), cookie_v6_init_sequence() */
TCPLIFE_ENTRY(tcplife_on_cookie_sent)
{
	const struct syn_cpu *sc = this_cpu_ptr(&syn_cpus);

	if (!(sc->seq & 1) || sc->fate >= PENDING_COOKIE_BAD)
		return;
	tcplife_syn_resolved(false);
	tcplife_count(sc->net, TCPLIFE_C_COOKIES_SENT);
	tcplife_listener_count(sc->listener, TCPLIFE_L_COOKIE_SENT);
}

/* cookie_v4_check(sk, skb), cookie_v6_check(): any segment but a SYN that comes
 * to a listener. It is tested only if cookies were sent lately.
 */
TCPLIFE_ENTRY(tcplife_on_cookie_test)
{
	const struct sk_buff *skb = (struct sk_buff *)a1;
	const struct sock *lsk = (struct sock *)a0;
	const struct tcphdr *th = tcp_hdr(skb);

	if (!tcplife_is_tcp(lsk) || !th->ack || th->rst)
		return;
	if (!READ_ONCE(sock_net(lsk)->ipv4.sysctl_tcp_syncookies) ||
	    !tcplife_cookies_lately(lsk))
		return;
	pending_begin(lsk, PENDING_COOKIE_BAD);
	if (TCPLIFE_COOKIE_DECODED_INLINED)
		this_cpu_write(syn_cpus.ack, (unsigned long)th);
}

/* cookie_timestamp_decode(net, tcp_opt): the cookie was good, and has been
 * counted. What comes next may still refuse it: a FIN that is sent again after
 * the connection has been reset has the numbers of the final ACK, but its
 * timestamp is none that a SYN-ACK had, and the options in it may be any.
 */
TCPLIFE_ENTRY(tcplife_on_cookie_decoded)
{
	struct syn_cpu *sc = this_cpu_ptr(&syn_cpus);

	if (sc->seq & 1 && sc->fate == PENDING_COOKIE_BAD)
		WRITE_ONCE(sc->fate, PENDING_COOKIE_OK);
}

#if TCPLIFE_COOKIE_DECODED_INLINED
/* Others ask about cookies, too, which are none of a listener's: SYN proxies. */
static int cookie4_enter(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct syn_cpu *sc = this_cpu_ptr(&syn_cpus);

	return regs_get_kernel_argument(regs, 1) != sc->ack;
}

/* __cookie_v4_check(iph, th, ...): the MSS if the cookie was good. As
 * cookie_timestamp_decode(), which is not called for IPv4 there. A return probe
 * costs hundreds of instructions, but each ACK with a cookie has one at most.
 */
static int cookie4_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	tcplife_hook_hit(TCPLIFE_HOOK_COOKIE_GOOD4);
	if ((int)regs_return_value(regs))
		tcplife_on_cookie_decoded(0, 0, 0, 0);
	return 0;
}

struct kretprobe tcplife_cookie4_probe = {
	.entry_handler	= cookie4_enter,
	.handler	= cookie4_return,
};
#endif

/* tcp_get_cookie_sock(sk, skb, req, ...): a connection is made of it. */
TCPLIFE_ENTRY(tcplife_on_cookie_valid)
{
	const struct sock *lsk = (struct sock *)a0;

	if (!tcplife_is_tcp(lsk))
		return;
	tcplife_syn_resolved(true);
	tcplife_halfopen_count(lsk, TCPLIFE_C_COOKIES_VALID, TCPLIFE_L_COOKIE_OK);
}
