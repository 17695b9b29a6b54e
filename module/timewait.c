// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timewait sockets: entry, restarts, and how they end.
 *
 * The state tracepoint says CLOSE when a connection enters FIN_WAIT2 or
 * TIME_WAIT in a timewait socket. The record moves along: it is found by the
 * timewait socket from then on.
 */
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <net/inet_timewait_sock.h>

#include "conn.h"
#include "handlers.h"
#include "import.h"
#include "paws.h"
#include "state.h"
#include "timewait.h"

/* TWKilled counts those that are to last no longer, TW the others. */
#define TIMEWAIT_SHORT	(4 * HZ)

/**
 * struct timewait_mark - the timewait socket that this CPU has in hand
 * @tw: compared, never followed
 * @cookie: its cookie, lest another one has come to its address
 * @sub: its substate before the segment in hand
 * @hint: why it would end, if it does
 * @by: TCPLIFE_TW_REUSED: the socket that asks; compared, never followed
 * @by_cookie: its cookie
 * @descheduled: inet_twsk_deschedule_put() takes it: not the timer
 * @skb: the segment; compared, never followed
 * @seq: its sequence number, lest another one has come to its address
 *
 * What ends a timewait socket, or restarts it, is decided and done on one CPU
 * with bottom halves off. So it can be told for those, too, that have no record
 * because the table was full.
 */
struct timewait_mark {
	const void		*tw;
	u64			cookie;
	u8			sub;
	enum tcplife_tw		hint;
	const void		*by;
	u64			by_cookie;
	bool			descheduled;
	const void		*skb;
	u32			seq;
};

static DEFINE_PER_CPU(struct timewait_mark, timewait_marks);
DEFINE_PER_CPU(struct tcplife_tw_attempt, tcplife_tw_attempts);

/**
 * tcplife_timewait_hint - note why a timewait socket may be about to end
 * @tw: the timewait socket
 * @hint: the reason, if it does
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_timewait_hint(const struct sock *tw, enum tcplife_tw hint)
{
	struct timewait_mark *mark = this_cpu_ptr(&timewait_marks);

	mark->tw = tw;
	mark->cookie = atomic64_read(&tw->sk_cookie);
	mark->sub = inet_twsk(tw)->tw_substate;
	mark->hint = hint;
	mark->descheduled = false;
}

/* The mark of a timewait socket, or NULL if it is about another one. */
static struct timewait_mark *timewait_marked(const struct sock *tw)
{
	struct timewait_mark *mark = this_cpu_ptr(&timewait_marks);

	return mark->tw == tw && mark->cookie == atomic64_read(&tw->sk_cookie) ?
	       mark : NULL;
}

/* Will it be short: tcp_time_wait(). */
static bool timewait_short(const struct sock *sk, int state, int timeo)
{
	u32 rto = inet_csk(sk)->icsk_rto;

	return state == TCP_FIN_WAIT2 &&
	       max_t(int, timeo, (rto << 2) - (rto >> 1)) <= TIMEWAIT_SHORT;
}

/* tcp_time_wait(sk, state, timeo): if CLOSE follows and no timewait socket, it
 * could not be made.
 */
TCPLIFE_ENTRY(tcplife_on_tw_try)
{
	struct tcplife_tw_attempt *try = this_cpu_ptr(&tcplife_tw_attempts);
	const struct sock *sk = (struct sock *)a0;
	u64 cookie = atomic64_read(&sk->sk_cookie);
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!tcplife_is_tcp(sk))
		return;
	if (likely(cookie && !in_task()) && !IS_ENABLED(CONFIG_PREEMPT_RT)) {
		try->sk = sk;
		try->cookie = cookie;
		try->is_short = !TCPLIFE_TW_HASHDANCE_SCHEDULES &&
				timewait_short(sk, a1, a2);
		try->moved = false;
		return;
	}
	try->sk = NULL;
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (rec) {
		rec->flags |= TCPLIFE_F_TW_TRIED;
		if (!TCPLIFE_TW_HASHDANCE_SCHEDULES)
			rec->tw_short = timewait_short(sk, a1, a2);
	}
	tcplife_table_unlock(head, flags);
}

/* Before 6.11 its timer has begun, and it was noted for how long. That there is
 * neither attempt nor record is rare: then what is left is taken for all, though
 * it may be a jiffy less.
 */
static bool timewait_is_short(const struct inet_timewait_sock *tw,
			      const struct tcplife_tw_attempt *try,
			      const struct tcplife_record *rec, int timeo)
{
	if (TCPLIFE_TW_HASHDANCE_SCHEDULES)
		return timeo <= TIMEWAIT_SHORT;
	if (try)
		return try->is_short;
	if (rec)
		return rec->tw_short;
	return (long)(tw->tw_timer.expires - jiffies) <= TIMEWAIT_SHORT;
}

/* A record goes on in a timewait socket. The full one has answered the FIN since
 * it took it up: what it counts it has sent before this time.
 */
static void timewait_move(struct tcplife_record *rec, const struct sock *sk,
			  const struct inet_timewait_sock *tw)
{
	const struct net *net = sock_net(sk);
	u8 sub = tw->tw_substate;
	u64 now = ktime_get_ns();

	if (sub == TCP_TIME_WAIT && !(rec->flags & TCPLIFE_F_FIN_REMOTE))
		tcplife_state_fin_remote(rec, sk);
	rec->since[TCP_CLOSE - 1] = now;
	tcplife_conn_snapshot(rec, sk);
	if (rec->state != sub)
		tcplife_conn_state(rec, net, sub, now);
	rec->flags |= TCPLIFE_F_TIMEWAIT;
	rec->sk = tw;
	tcplife_events_closed(rec, net);
}

/* inet_twsk_hashdance(tw, sk, ...), from 6.11 inet_twsk_hashdance_schedule(tw,
 * sk, hashinfo, timeo)
 */
TCPLIFE_ENTRY(tcplife_on_tw_enter)
{
	const struct inet_timewait_sock *tw = (struct inet_timewait_sock *)a0;
	const struct sock *sk = (struct sock *)a1;
	const struct net *net = sock_net(sk);
	struct tcplife_tw_attempt *try;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	if (!tcplife_is_tcp(sk))
		return;
	try = tcplife_timewait_attempt(sk);
	if (likely(try))
		try->moved = true;
	tcplife_count(net, TCPLIFE_C_TW_ENTERED);
	if (tw->tw_substate == TCP_FIN_WAIT2)
		tcplife_count(net, TCPLIFE_C_TW_FIN_WAIT2_ENTERED);

	head = tcplife_conn_lock(sk, &rec, &flags);
	if (timewait_is_short(tw, try, rec, a3))
		tcplife_count(net, TCPLIFE_C_TW_ENTERED_SHORT);
	if (rec)
		timewait_move(rec, sk, tw);
	tcplife_table_unlock(head, flags);
	/* The import may hold the full socket, and meet it dead. */
	if (unlikely(READ_ONCE(tcplife_importing)) && !rec)
		tcplife_import_timewait((struct inet_timewait_sock *)tw);
}

/* A FIN came to a FIN_WAIT2 timewait socket: now it is in TIME_WAIT. */
static void timewait_fin(struct tcplife_record *rec,
			 const struct inet_timewait_sock *tw)
{
	rec->flags |= TCPLIFE_F_FIN_REMOTE;
	rec->fin_r = tcp_twsk((struct sock *)tw)->tw_rcv_nxt - 1;
	/* No data is taken in a timewait socket. */
	if (rec->since[TCP_FIN_WAIT1 - 1]) {
		rec->half_bytes = rec->rx - min(rec->rx, rec->half_bytes);
		rec->flags |= TCPLIFE_F_HALF_KNOWN;
	}
	tcplife_conn_state(rec, twsk_net(tw), TCP_TIME_WAIT, ktime_get_ns());
}

/* mod_timer_pending(timer, expires), by which __inet_twsk_schedule(tw, timeo,
 * rearm) starts a timer anew, and which few others call, so that a life without
 * a restart is not hit. It is a timewait timer if it is that of the socket whose
 * segment is in hand: tcp_timewait_state_process() does so for the FIN that ends
 * FIN_WAIT2, and for a segment in TIME_WAIT.
 */
TCPLIFE_ENTRY(tcplife_on_tw_restart)
{
	const struct timewait_mark *mark = this_cpu_ptr(&timewait_marks);
	const struct inet_timewait_sock *tw = mark->tw;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;
	bool restart;

	if (!tw || (struct timer_list *)a0 != &tw->tw_timer ||
	    !timewait_marked((struct sock *)tw))
		return;
	restart = mark->sub == TCP_TIME_WAIT;
	if (restart)
		tcplife_count(twsk_net(tw), TCPLIFE_C_TW_RESTARTS);
	head = tcplife_conn_lock((struct sock *)tw, &rec, &flags);
	if (rec && restart)
		rec->tw_restarts++;
	else if (rec)
		timewait_fin(rec, tw);
	tcplife_table_unlock(head, flags);
}

/* What would be the reason if this segment ended the timewait socket. */
static enum tcplife_tw segment_hint(const struct inet_timewait_sock *tw,
				    const struct tcphdr *th)
{
	if (th->rst)
		return TCPLIFE_TW_RST_RECEIVED;
	if (tw->tw_substate == TCP_FIN_WAIT2)
		return TCPLIFE_TW_RST_SENT;
	return th->syn && !th->ack ? TCPLIFE_TW_RECYCLED : TCPLIFE_TW_NONE;
}

/* tcp_timewait_state_process(tw, skb, th, ...) */
TCPLIFE_ENTRY(tcplife_on_tw_segment)
{
	const struct inet_timewait_sock *tw = (struct inet_timewait_sock *)a0;
	const struct tcphdr *th = (struct tcphdr *)a2;
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	tcplife_timewait_hint((struct sock *)tw, segment_hint(tw, th));
	this_cpu_write(timewait_marks.skb, (void *)a1);
	this_cpu_write(timewait_marks.seq, ntohl(th->seq));
	if (tw->tw_substate != TCP_TIME_WAIT)
		return;
	if (unlikely(th->rst))
		tcplife_paws_timewait_rst((struct sk_buff *)a1, tw);
	if (!th->fin)
		return;
	/* One of an earlier incarnation ends somewhere else. */
	if (TCP_SKB_CB((struct sk_buff *)a1)->end_seq !=
	    tcp_twsk((struct sock *)tw)->tw_rcv_nxt)
		return;
	tcplife_count(twsk_net(tw), TCPLIFE_C_DUP_FIN_RECEIVED);
	head = tcplife_conn_lock((struct sock *)tw, &rec, &flags);
	if (rec)
		rec->fin_dup++;
	tcplife_table_unlock(head, flags);
}

/**
 * tcplife_timewait_recycled - did a SYN take the place of a timewait socket
 * @skb: the SYN, at its listener, on the CPU that took it to the other first
 *
 * The listener lets it in whatever its queue is like.
 */
bool tcplife_timewait_recycled(const struct sk_buff *skb)
{
	const struct timewait_mark *mark = this_cpu_ptr(&timewait_marks);

	return mark->skb == skb && mark->hint == TCPLIFE_TW_RECYCLED &&
	       mark->seq == ntohl(tcp_hdr(skb)->seq);
}

/* tcp_twsk_unique(sk, sktw, twp): connect() asks whether it may have the port */
TCPLIFE_ENTRY(tcplife_on_tw_unique)
{
	const struct sock *sk = (struct sock *)a0;

	tcplife_timewait_hint((struct sock *)a1, TCPLIFE_TW_REUSED);
	this_cpu_write(timewait_marks.by, sk);
	this_cpu_write(timewait_marks.by_cookie, atomic64_read(&sk->sk_cookie));
}

/* inet_twsk_deschedule_put(tw): not the timer; why, the last hint says */
TCPLIFE_ENTRY(tcplife_on_tw_deschedule)
{
	struct sock *tw = (struct sock *)a0;

	/* Between tcp_abort() and what it does a softirq may have had another
	 * one in hand. All the others mark with softirqs off.
	 */
	if (!timewait_marked(tw))
		tcplife_timewait_hint(tw, in_task() ? TCPLIFE_TW_KILLED :
						      TCPLIFE_TW_NONE);
	this_cpu_write(timewait_marks.descheduled, true);
}

static enum tcplife_tw timewait_exit(const struct sock *tw)
{
	struct timewait_mark *mark = timewait_marked(tw);

	if (!check_net(sock_net(tw)))
		return TCPLIFE_TW_NETNS_GONE;
	if (!mark || !mark->descheduled)
		return TCPLIFE_TW_EXPIRED;
	mark->tw = NULL;
	return mark->hint;
}

static void timewait_count_exit(const struct net *net,
				enum tcplife_tw tw_exit)
{
	if (tw_exit != TCPLIFE_TW_NONE)
		tcplife_count(net, TCPLIFE_C_TW_EXIT_EXPIRED + tw_exit -
			      TCPLIFE_TW_EXPIRED);
	if (tw_exit == TCPLIFE_TW_RST_RECEIVED)
		tcplife_count(net, TCPLIFE_C_RST_RECEIVED);
}

/* The life that begins where another one ends names it. From the question to
 * the answer, __inet_check_established() has bottom halves off. If the answer
 * was no, who asked may be gone by the time that something else ends it.
 */
static void timewait_replaced(const struct tcplife_record *old)
{
	u64 cookie = this_cpu_read(timewait_marks.by_cookie);
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_table_lock(cookie, &flags);
	rec = tcplife_table_find(head, cookie, this_cpu_read(timewait_marks.by));
	if (rec && rec->state == TCP_SYN_SENT) {
		rec->replaced = old->cookie;
		rec->replaced_gen = old->gen;
	}
	tcplife_table_unlock(head, flags);
}

/* inet_twsk_kill(tw): every timewait socket comes through here once */
TCPLIFE_ENTRY(tcplife_on_tw_kill)
{
	const struct sock *tw = (struct sock *)a0;
	const struct net *net = sock_net(tw);
	enum tcplife_tw tw_exit = timewait_exit(tw);
	struct tcplife_record *rec = tcplife_conn_take(tw);

	timewait_count_exit(net, tw_exit);
	if (!rec)
		return;
	rec->tw_exit = tw_exit;
	if (tw_exit == TCPLIFE_TW_REUSED) {
		timewait_replaced(rec);
	} else if (tw_exit == TCPLIFE_TW_RST_SENT) {
		rec->flags |= TCPLIFE_F_RST_SENT;
		rec->rst_why = TCPLIFE_RST_DATA_AFTER_CLOSE;
	} else if (tw_exit == TCPLIFE_TW_RST_RECEIVED) {
		rec->flags |= TCPLIFE_F_RST_RECEIVED;
	}
	tcplife_conn_finish(rec, net, ktime_get_ns());
}
