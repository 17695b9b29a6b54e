// SPDX-License-Identifier: GPL-2.0-only
/*
 * Columns: what each of them prints of a record.
 *
 * A value that is not known is "-", never 0. Durations are derived here from
 * the times that the record holds.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/user_namespace.h>
#include <net/ipv6.h>
#include <net/tcp_states.h>

#include "columns.h"
#include "format.h"
#include "names.h"

#define COLUMN(name) static void column_##name(const struct column_ctx *c)

static void put_num(const struct column_ctx *c, bool known, u64 value)
{
	if (known)
		seq_put_decimal_ull(c->m, "", value);
	else
		seq_putc(c->m, '-');
}

static void put_ms(const struct column_ctx *c, bool known, u64 ns)
{
	if (known)
		tcplife_format_ms(c->m, ns);
	else
		seq_putc(c->m, '-');
}

static bool has_flag(const struct column_ctx *c, u32 flag)
{
	return c->rec->flags & flag;
}

static void put_comm(const struct column_ctx *c, pid_t pid, const char *comm,
		     bool kthread)
{
	if (pid)
		tcplife_format_comm(c->m, comm, kthread);
	else
		seq_putc(c->m, '-');
}

/* How long a state lasted: until the next one began. The full socket's CLOSE
 * is not one where a timewait socket went on.
 */
static void put_duration(const struct column_ctx *c, unsigned int state)
{
	const struct tcplife_record *rec = c->rec;
	u64 from = rec->since[state - 1], to = rec->ended ?: c->now;
	unsigned int s;

	for (s = TCP_ESTABLISHED; s <= TCPLIFE_STATES; s++) {
		if (s == TCP_CLOSE && rec->flags & TCPLIFE_F_TIMEWAIT)
			continue;
		if (rec->since[s - 1] > from && rec->since[s - 1] < to)
			to = rec->since[s - 1];
	}
	put_ms(c, from, to - from);
}

/* Printers of one value: whether it is known, and the value. */
#define NUMBER(name, known, value)	COLUMN(name) { put_num(c, known, value); }
#define MS(name, known, ns)		COLUMN(name) { put_ms(c, known, ns); }
#define DURATION(name, state)		COLUMN(name) { put_duration(c, state); }
/* Of the data group: taken when the full socket ended. */
#define DATA(name, known, value)					\
	NUMBER(name, (known) && has_flag(c, TCPLIFE_F_SNAPSHOT), value)

static void put_life(struct seq_file *m, u64 cookie, u32 gen)
{
	seq_printf(m, "%llx", cookie);
	if (gen)
		seq_printf(m, ".%u", gen);
}

COLUMN(cookie)
{
	put_life(c->m, c->rec->cookie, c->rec->gen);
}

COLUMN(replaced)
{
	if (tcplife_has_replaced(c->rec))
		put_life(c->m, c->rec->replaced, c->rec->replaced_gen);
	else
		seq_putc(c->m, '-');
}

NUMBER(netns, true, c->rec->netns)

/* A connect() that found no route has none. */
COLUMN(laddr)
{
	if (ipv6_addr_any(&c->rec->laddr))
		seq_putc(c->m, '-');
	else
		tcplife_format_address(c->m, &c->rec->laddr);
}

NUMBER(lport, c->rec->lport, ntohs(c->rec->lport))

COLUMN(raddr)
{
	tcplife_format_address(c->m, &c->rec->raddr);
}

NUMBER(rport, c->rec->rport, ntohs(c->rec->rport))

COLUMN(role)
{
	seq_puts(c->m, tcplife_role_name(c->rec->role));
}

COLUMN(state)
{
	seq_puts(c->m, tcplife_state_name(c->rec->state));
}

MS(state_ms, true, c->now - c->rec->entered)
MS(age_ms, true, c->now - c->rec->born)
NUMBER(pid, c->rec->owner.pid, c->rec->owner.pid)

COLUMN(comm)
{
	const struct tcplife_owner *owner = &c->rec->owner;

	put_comm(c, owner->pid, owner->comm, owner->kthread);
}

/* As the initial user namespace numbers it: only its root may read this. */
NUMBER(uid, c->rec->owner.pid,
       from_kuid_munged(&init_user_ns, c->rec->owner.uid))
NUMBER(cgroup, c->rec->owner.pid && c->rec->owner.cgroup, c->rec->owner.cgroup)
NUMBER(closer, c->rec->closer.pid, c->rec->closer.pid)

COLUMN(closer_comm)
{
	const struct tcplife_closer *closer = &c->rec->closer;

	put_comm(c, closer->pid, closer->comm, closer->kthread);
}

COLUMN(hs_ms)
{
	u64 established = c->rec->since[TCP_ESTABLISHED - 1];

	put_ms(c, c->rec->syn && established, established - c->rec->syn);
}

MS(accept_ms, c->rec->accepted && c->rec->queued,
   c->rec->accepted - c->rec->queued)
NUMBER(syn_retr, tcplife_sent_syn(c->rec), c->rec->syn_retr)
NUMBER(synack_retr, tcplife_sent_synack(c->rec), c->rec->synack_retr)

COLUMN(ack_ign)
{
	if (!has_flag(c, TCPLIFE_F_ACK_KNOWN))
		seq_putc(c->m, '-');
	else
		seq_puts(c->m, has_flag(c, TCPLIFE_F_ACK_IGNORED) ? "yes" :
								       "no");
}

NUMBER(synq, has_flag(c, TCPLIFE_F_QUEUED), c->rec->synq)
NUMBER(accq, has_flag(c, TCPLIFE_F_QUEUED), c->rec->accq)
NUMBER(isn_l, tcplife_has_isn_local(c->rec), c->rec->isn_l)
NUMBER(isn_r, has_flag(c, TCPLIFE_F_HANDSHAKE), c->rec->isn_r)
NUMBER(mss, has_flag(c, TCPLIFE_F_HANDSHAKE), c->rec->mss)
NUMBER(win_l, tcplife_has_window(c->rec), c->rec->win_l)
NUMBER(win_r, has_flag(c, TCPLIFE_F_HANDSHAKE) &&
       c->rec->role == TCPLIFE_ROLE_ACTIVE, c->rec->win_r)

COLUMN(wscale)
{
	if (c->rec->wscale_l == TCPLIFE_NO_WSCALE)
		seq_putc(c->m, '-');
	else
		seq_printf(c->m, "%u/%u", c->rec->wscale_l, c->rec->wscale_r);
}

/* Names of flags as a list with commas, "-" if none is set. */
static void put_names(const struct column_ctx *c, const u32 *flags,
		      const char * const *names, unsigned int n)
{
	u32 told = tcplife_flags_told(c->rec);
	const char *sep = "";
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!(told & flags[i]))
			continue;
		seq_printf(c->m, "%s%s", sep, names[i]);
		sep = ",";
	}
	if (!*sep)
		seq_putc(c->m, '-');
}

COLUMN(opts)
{
	static const u32 flags[] = {
		TCPLIFE_F_OPT_SACK, TCPLIFE_F_OPT_TS, TCPLIFE_F_OPT_ECN,
	};
	static const char * const names[] = { "sack", "ts", "ecn" };

	put_names(c, flags, names, ARRAY_SIZE(flags));
}

COLUMN(flags)
{
	static const u32 flags[] = {
		TCPLIFE_F_SYNCOOKIE, TCPLIFE_F_TFO, TCPLIFE_F_DATA_IN_SYN,
		TCPLIFE_F_DATA_IN_ACK, TCPLIFE_F_SIMOPEN, TCPLIFE_F_IMPORTED,
		TCPLIFE_FLAG_FIN_WITH_ACK,
	};
	static const char * const names[] = {
		"syncookie", "tfo", "data-in-syn", "data-in-ack", "simopen",
		"imported", "fin-with-ack",
	};

	put_names(c, flags, names, ARRAY_SIZE(flags));
}

NUMBER(syn_data, tcplife_has_syn_data(c->rec), c->rec->syn_data)

DURATION(syn_sent_ms, TCP_SYN_SENT)
DURATION(syn_recv_ms, TCP_SYN_RECV)
DURATION(established_ms, TCP_ESTABLISHED)
DURATION(fin_wait1_ms, TCP_FIN_WAIT1)
DURATION(fin_wait2_ms, TCP_FIN_WAIT2)
DURATION(closing_ms, TCP_CLOSING)
DURATION(time_wait_ms, TCP_TIME_WAIT)
DURATION(close_wait_ms, TCP_CLOSE_WAIT)
DURATION(last_ack_ms, TCP_LAST_ACK)

COLUMN(first_fin)
{
	static const char * const names[] = {
		[0]				= "-",
		[TCPLIFE_FIRST_FIN_LOCAL]	= "local",
		[TCPLIFE_FIRST_FIN_REMOTE]	= "remote",
		[TCPLIFE_FIRST_FIN_BOTH]	= "both",
	};

	seq_puts(c->m, names[tcplife_first_fin(c->rec)]);
}

NUMBER(fin_l, tcplife_has_fin_local(c->rec), c->rec->fin_l)
NUMBER(fin_r, has_flag(c, TCPLIFE_F_FIN_REMOTE), c->rec->fin_r)
NUMBER(fin_retr, tcplife_sent_fin(c->rec), c->rec->fin_retr)
NUMBER(fin_dup, has_flag(c, TCPLIFE_F_FIN_REMOTE), c->rec->fin_dup)

COLUMN(half_ms)
{
	s64 half = tcplife_half_close(c->rec);

	put_ms(c, half >= 0, half);
}

NUMBER(half_bytes, has_flag(c, TCPLIFE_F_HALF_KNOWN), c->rec->half_bytes)

COLUMN(rst)
{
	bool received = has_flag(c, TCPLIFE_F_RST_RECEIVED);

	if (has_flag(c, TCPLIFE_F_RST_SENT))
		seq_puts(c->m, received ? "both" : "sent");
	else
		seq_puts(c->m, received ? "received" : "-");
}

COLUMN(rst_why)
{
	seq_puts(c->m,
		 tcplife_rst_why_name(has_flag(c, TCPLIFE_F_RST_SENT) ?
				      c->rec->rst_why : TCPLIFE_RST_NONE));
}

NUMBER(tw_restarts, has_flag(c, TCPLIFE_F_TIMEWAIT), c->rec->tw_restarts)

COLUMN(tw_exit)
{
	seq_puts(c->m, tcplife_tw_exit_name(c->rec->tw_exit));
}

DATA(tx, true, c->rec->tx)
DATA(rx, true, c->rec->rx)
DATA(segs_out, true, c->rec->segs_out)
DATA(segs_in, true, c->rec->segs_in)
DATA(data_retr, true, c->rec->data_retr)
DATA(minrtt_us, c->rec->min_rtt_us != ~0U, c->rec->min_rtt_us)
DATA(srtt_us, c->rec->srtt_us, c->rec->srtt_us)
MS(rto_ms, has_flag(c, TCPLIFE_F_SNAPSHOT), (u64)c->rec->rto_us * NSEC_PER_USEC)
DATA(sndbuf, true, c->rec->sndbuf)
DATA(rcvbuf, true, c->rec->rcvbuf)
DATA(keepalives, true, c->rec->keepalives)
DATA(probes, true, c->rec->probes)

COLUMN(end)
{
	seq_puts(c->m, tcplife_end_name(c->rec->end));
}

COLUMN(errno)
{
	char name[24];

	if (!c->rec->err) {
		seq_putc(c->m, '-');
		return;
	}
	/* "-ECONNRESET"; a number where the kernel keeps no names. */
	snprintf(name, sizeof(name), "%pe", ERR_PTR(-(long)c->rec->err));
	seq_puts(c->m, name + 1);
}

COLUMN(end_time)
{
	u64 us = ktime_to_us(ktime_mono_to_real(ns_to_ktime(c->rec->ended)));

	seq_printf(c->m, "%llu.%06llu", us / USEC_PER_SEC, us % USEC_PER_SEC);
}

const struct tcplife_column tcplife_columns[TCPLIFE_NR_COLUMNS] = {
#define X(sym, fn) [TCPLIFE_COL_##sym] = { #sym, column_##fn },
	TCPLIFE_COLUMNS(X)
#undef X
};
