// SPDX-License-Identifier: GPL-2.0-only
/*
 * States: each transition of a full socket, and its destruction.
 *
 * Most of a life is learned here, at a tenth of a kprobe's cost: which FIN came
 * first, its sequence number, who closed. The owner of a socket closes it in
 * process context, so `current` is right there and only there.
 */
#include <linux/ktime.h>
#include <net/inet_timewait_sock.h>

#include "conn.h"
#include "handlers.h"
#include "handshake.h"
#include "listener.h"
#include "state.h"
#include "teardown.h"
#include "timewait.h"

/* How far we have sent, in bytes, without the 4 GB wrap of a sequence number. */
static u64 state_sent(const struct tcp_sock *tp)
{
	return tp->bytes_acked + (u32)(tp->write_seq - tp->snd_una);
}

/* Our FIN is queued: tcp_close_state() runs before tcp_send_fin() gives it the
 * next sequence number.
 */
static void state_fin_local(struct tcplife_record *rec, const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	rec->flags |= TCPLIFE_F_FIN_LOCAL;
	rec->fin_l = tp->write_seq;
	if (tcplife_in_call(sk))
		tcplife_closer_set(rec);
	if (rec->flags & TCPLIFE_F_FIN_REMOTE)
		rec->half_bytes = state_sent(tp) - rec->half_bytes;
	else
		rec->half_bytes = tp->bytes_received;
	if (rec->flags & TCPLIFE_F_FIN_REMOTE &&
	    rec->since[TCP_CLOSE_WAIT - 1])
		rec->flags |= TCPLIFE_F_HALF_KNOWN;
}

/**
 * tcplife_state_fin_remote - the peer's FIN came, in order
 * @rec: the record, locked
 * @sk: its full socket; tcp_rcv_nxt_update() has counted the FIN already
 *
 * Context: with the socket locked.
 */
void tcplife_state_fin_remote(struct tcplife_record *rec, const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	rec->flags |= TCPLIFE_F_FIN_REMOTE;
	rec->fin_r = tp->rcv_nxt - 1;
	/* Each segment brings its own time. This one's is no later than that of
	 * FIN_WAIT2, so its ACK has led there. But the FIN may be one that waited
	 * for it: tcp_ofo_queue() has taken that off.
	 */
	rec->fin_with_ack = tcplife_segment_time(sk) <=
			    rec->since[TCP_FIN_WAIT2 - 1] &&
			    !(rec->fin_gap &&
			      RB_EMPTY_ROOT(&tp->out_of_order_queue));
	if (!(rec->flags & TCPLIFE_F_FIN_LOCAL)) {
		rec->flags |= TCPLIFE_F_FIN_FIRST_R;
		rec->half_bytes = state_sent(tp);
	} else if (rec->since[TCP_FIN_WAIT1 - 1]) {
		rec->flags |= TCPLIFE_F_HALF_KNOWN;
		rec->half_bytes = tp->bytes_received - 1 - rec->half_bytes;
	}
}

static void state_enter(struct tcplife_record *rec, const struct sock *sk,
			int old, int new)
{
	switch (new) {
	case TCP_ESTABLISHED:
		tcplife_handshake_established(rec, sk);
		break;
	case TCP_SYN_RECV:
		/* From SYN_SENT only: the SYNs crossed. */
		rec->flags |= TCPLIFE_F_SIMOPEN;
		break;
	case TCP_FIN_WAIT1:
	case TCP_LAST_ACK:
		state_fin_local(rec, sk);
		break;
	case TCP_FIN_WAIT2:
		rec->fin_gap = !RB_EMPTY_ROOT(&tcp_sk(sk)->out_of_order_queue);
		break;
	case TCP_CLOSE_WAIT:
		tcplife_state_fin_remote(rec, sk);
		break;
	case TCP_CLOSING:
		tcplife_state_fin_remote(rec, sk);
		rec->flags |= TCPLIFE_F_FIN_CROSSED;
		break;
	case TCP_CLOSE:
		/* tcp_fin() in FIN_WAIT2, and tcp_time_wait() got no timewait
		 * socket: no other transition tells of this FIN.
		 */
		if (sock_flag(sk, SOCK_DONE) &&
		    !(rec->flags & TCPLIFE_F_FIN_REMOTE))
			tcplife_state_fin_remote(rec, sk);
		rec->orphan = sock_flag(sk, SOCK_DEAD);
		tcplife_conn_snapshot(rec, sk);
		tcplife_teardown_close(rec, sk, old);
		if (rec->since[TCP_CLOSE_WAIT - 1])
			tcplife_latency(sock_net(sk), TCPLIFE_H_CLOSE_WAIT,
					(rec->since[TCP_LAST_ACK - 1] ?:
					 rec->entered) -
					rec->since[TCP_CLOSE_WAIT - 1]);
		break;
	}
}

/* tcp_ack() has just taken off what the SYN-ACK acknowledges; what it does not
 * is sent again: tcp_rcv_fastopen_synack().
 */
static void state_count_tfo(const struct sock *sk)
{
	if (unlikely(tcp_sk(sk)->syn_data))
		tcplife_count(sock_net(sk), tcp_rtx_queue_head(sk) ?
			      TCPLIFE_C_TFO_ACTIVE_FAIL :
			      TCPLIFE_C_TFO_ACTIVE);
}

/* The counters of the kernel's own MIB that move with the end: tcp_set_state(),
 * tcp_done().
 */
static void state_count_close(const struct sock *sk,
			      const struct tcplife_record *rec, int old)
{
	if (old == TCP_ESTABLISHED || old == TCP_CLOSE_WAIT)
		tcplife_count(sock_net(sk), TCPLIFE_C_ESTAB_RESETS);
	/* Other failed attempts are counted at tcp_done_with_error(). A child
	 * without a record failed in tcp_v4_syn_recv_sock(), which calls
	 * inet_csk_prepare_forced_close() and tcp_done(), unless it lost the
	 * race for its request: inet_ehash_nolisten() makes it dead after this.
	 */
	if (old != TCP_SYN_RECV || rec || !sock_flag(sk, SOCK_DEAD))
		return;
	tcplife_count(sock_net(sk), TCPLIFE_C_ATTEMPT_FAILS);
	/* __inet_inherit_port() failed: no memory, or the listener closes on
	 * another CPU. The ACK is dropped, by tcp_listendrop(). Only
	 * inet_csk_prepare_forced_close() takes the port away: neither an orphan
	 * of TCP Fast Open nor a subflow that MPTCP disposes of comes here.
	 */
	if (!inet_sk(sk)->inet_num)
		tcplife_count(sock_net(sk), TCPLIFE_C_DROP_OTHER);
}

/* When a state is entered. What only a segment can bring has the segment's time,
 * which costs nothing. So has the end of LAST_ACK, if neither the owner brings it,
 * who has left an orphan, nor tcp_abort(): the timers take the time as well. What
 * is older than the state before is no time of a segment: TCP_REPAIR enters
 * ESTABLISHED without one.
 */
static u64 state_time(const struct tcplife_record *rec, const struct sock *sk,
		      int old, int new)
{
	const u32 by_segment = TCPF_ESTABLISHED | TCPF_FIN_WAIT2 |
			       TCPF_CLOSE_WAIT | TCPF_CLOSING;
	u64 at = tcplife_segment_time(sk);

	if (((1 << new) & by_segment ||
	     (old == TCP_LAST_ACK && rec->cause != TCPLIFE_CAUSE_ABORT &&
	      (sock_flag(sk, SOCK_DEAD) || !in_task()))) &&
	    at >= rec->entered)
		return at;
	return ktime_get_ns();
}

/* What became of an attempt to get a timewait socket, now that CLOSE tells that
 * it is over: true if the record has gone to one. An orphan is destroyed at once;
 * another socket may live again.
 */
static bool state_moved(const struct sock *sk, bool *tried)
{
	struct tcplife_tw_attempt *try = tcplife_timewait_attempt(sk);

	if (!try)
		return false;
	if (!try->moved || !sock_flag(sk, SOCK_DEAD))
		try->sk = NULL;
	*tried = !try->moved;
	return try->moved;
}

static void state_move(struct sock *sk, int old, int new)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;
	bool tried = false;

	if (new == TCP_CLOSE && state_moved(sk, &tried))
		return;
	head = tcplife_conn_lock(sk, &rec, &flags);
	if (new == TCP_CLOSE)
		state_count_close(sk, rec, old);
	else if (old == TCP_SYN_SENT && new == TCP_ESTABLISHED)
		state_count_tfo(sk);
	if (rec) {
		if (unlikely(tried))
			rec->flags |= TCPLIFE_F_TW_TRIED;
		tcplife_conn_state(rec, sock_net(sk), new,
				   state_time(rec, sk, old, new));
		state_enter(rec, sk, old, new);
	}
	tcplife_table_unlock(head, flags);
}

/* An MPTCP subflow that joins is never in an accept queue: its life begins,
 * for us, at ESTABLISHED.
 */
static void state_join(struct sock *sk)
{
	struct tcplife_record *rec;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_conn_lock(sk, &rec, &flags);
	tcplife_table_unlock(head, flags);
	if (rec)
		return;
	rec = tcplife_conn_new(sk, TCPLIFE_ROLE_PASSIVE, TCP_SYN_RECV,
			       ktime_get_ns());
	if (!rec)
		return;
	/* How long it was half-open is not known. */
	rec->since[TCP_SYN_RECV - 1] = 0;
	tcplife_handshake_join(rec, sk);
	tcplife_conn_insert(rec, sock_net(sk));
}

/* sock:inet_sock_set_state(sk, old, new), before sk_state is stored */
void tcplife_on_set_state(void *data, const struct sock *csk, const int old,
			  const int new)
{
	struct sock *sk = (struct sock *)csk;

	tcplife_probe_enter(TCPLIFE_HOOK_SET_STATE);
	/* close() after shutdown() sets the state that is there already, of a
	 * FIN that was queued then: tcp_close_state().
	 */
	if (!tcplife_is_tcp(sk) || unlikely(old == new))
		goto out;

	if (unlikely(new == TCP_LISTEN)) {
		/* It may have been connected before. */
		tcplife_conn_end(sk);
		tcplife_listener_open(sk, false);
	} else if (new == TCP_SYN_RECV && old != TCP_SYN_SENT) {
		/* A child: from the state of its listener, which may be closing
		 * on another CPU. Before 7.x it still has that one's cookie and
		 * addresses here; it is met again in the accept queue.
		 */
		tcplife_count(sock_net(sk), TCPLIFE_C_PASSIVE_OPENS);
	} else if (old == TCP_LISTEN) {
		tcplife_listener_close(sk);
	} else {
		if (old == TCP_CLOSE && new == TCP_SYN_SENT) {
			tcplife_handshake_open(sk);
			goto out;
		}
		if (unlikely(old == TCP_SYN_RECV && new == TCP_ESTABLISHED &&
			     sk_is_mptcp(sk)))
			state_join(sk);
		state_move(sk, old, new);
	}
out:
	tcplife_probe_exit();
}

/* tcp:tcp_destroy_sock(sk): the full socket is no more. If its connection went
 * on in a timewait socket, the record went with it.
 */
void tcplife_on_destroy(void *data, struct sock *sk)
{
	tcplife_probe_enter(TCPLIFE_HOOK_DESTROY);
	if (tcplife_is_tcp(sk) && !tcplife_timewait_attempt(sk))
		tcplife_conn_end(sk);
	tcplife_probe_exit();
}
