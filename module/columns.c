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

/* How long a state lasted: until the next one began. The full socket's CLOSE
 * is not one where a timewait socket went on.
 */
static void put_duration(const struct column_ctx *c, unsigned int state)
{
	const struct tcplife_record *rec = c->rec;
	u64 from = rec->since[state - 1], to = rec->ended ?: c->now;
	unsigned int s;

	for (s = TCP_ESTABLISHED; s < TCPLIFE_STATES; s++) {
		if (s == TCP_CLOSE && rec->flags & TCPLIFE_F_TIMEWAIT)
			continue;
		if (rec->since[s - 1] > from && rec->since[s - 1] < to)
			to = rec->since[s - 1];
	}
	put_ms(c, from, to - from);
}

COLUMN(cookie)
{
	seq_printf(c->m, "%llx", c->rec->cookie);
	if (c->rec->gen)
		seq_printf(c->m, ".%u", c->rec->gen);
}

COLUMN(netns)
{
	put_num(c, true, c->rec->netns);
}

COLUMN(laddr)
{
	tcplife_format_address(c->m, &c->rec->laddr);
}

COLUMN(lport)
{
	put_num(c, c->rec->lport, ntohs(c->rec->lport));
}

COLUMN(raddr)
{
	tcplife_format_address(c->m, &c->rec->raddr);
}

COLUMN(rport)
{
	put_num(c, c->rec->rport, ntohs(c->rec->rport));
}

COLUMN(role)
{
	seq_puts(c->m, tcplife_role_name(c->rec->role));
}

COLUMN(state)
{
	seq_puts(c->m, tcplife_state_name(c->rec->state));
}

COLUMN(state_ms)
{
	put_ms(c, true, c->now - c->rec->entered);
}

COLUMN(age_ms)
{
	put_ms(c, true, c->now - c->rec->born);
}

COLUMN(pid)
{
	put_num(c, c->rec->owner.pid, c->rec->owner.pid);
}

COLUMN(comm)
{
	if (c->rec->owner.pid)
		tcplife_format_comm(c->m, c->rec->owner.comm,
				    c->rec->owner.kthread);
	else
		seq_putc(c->m, '-');
}

/* As the initial user namespace numbers it: only its root may read this. */
COLUMN(uid)
{
	put_num(c, c->rec->owner.pid,
		   from_kuid_munged(&init_user_ns, c->rec->owner.uid));
}

COLUMN(cgroup)
{
	put_num(c, c->rec->owner.pid && c->rec->owner.cgroup,
		   c->rec->owner.cgroup);
}

COLUMN(closer)
{
	put_num(c, c->rec->closer.pid, c->rec->closer.pid);
}

COLUMN(closer_comm)
{
	if (c->rec->closer.pid)
		tcplife_format_comm(c->m, c->rec->closer.comm,
				    c->rec->closer.kthread);
	else
		seq_putc(c->m, '-');
}

COLUMN(hs_ms)
{
	u64 established = c->rec->since[TCP_ESTABLISHED - 1];

	put_ms(c, c->rec->syn && established, established - c->rec->syn);
}

COLUMN(accept_ms)
{
	put_ms(c, c->rec->accepted && c->rec->queued,
		  c->rec->accepted - c->rec->queued);
}

COLUMN(syn_retr)
{
	put_num(c, has_flag(c, TCPLIFE_F_SYN_SENT) &&
		   !has_flag(c, TCPLIFE_F_IMPORTED), c->rec->syn_retr);
}

COLUMN(synack_retr)
{
	put_num(c, has_flag(c, TCPLIFE_F_QUEUED | TCPLIFE_F_SIMOPEN) &&
		   !has_flag(c, TCPLIFE_F_SYNCOOKIE), c->rec->synack_retr);
}

COLUMN(ack_ign)
{
	if (!has_flag(c, TCPLIFE_F_ACK_KNOWN))
		seq_putc(c->m, '-');
	else
		seq_puts(c->m, has_flag(c, TCPLIFE_F_ACK_IGNORED) ? "yes" :
								       "no");
}

COLUMN(synq)
{
	put_num(c, has_flag(c, TCPLIFE_F_QUEUED), c->rec->synq);
}

COLUMN(accq)
{
	put_num(c, has_flag(c, TCPLIFE_F_QUEUED), c->rec->accq);
}

COLUMN(isn_l)
{
	put_num(c, has_flag(c, TCPLIFE_F_HANDSHAKE | TCPLIFE_F_SYN_SENT) &&
		   !has_flag(c, TCPLIFE_F_IMPORTED), c->rec->isn_l);
}

COLUMN(isn_r)
{
	put_num(c, has_flag(c, TCPLIFE_F_HANDSHAKE), c->rec->isn_r);
}

COLUMN(mss)
{
	put_num(c, has_flag(c, TCPLIFE_F_HANDSHAKE), c->rec->mss);
}

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
	const char *sep = "";
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!has_flag(c, flags[i]))
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
	};
	static const char * const names[] = {
		"syncookie", "tfo", "data-in-syn", "data-in-ack", "simopen",
		"imported",
	};

	put_names(c, flags, names, ARRAY_SIZE(flags));
}

COLUMN(syn_sent_ms)
{
	put_duration(c, TCP_SYN_SENT);
}

COLUMN(syn_recv_ms)
{
	put_duration(c, TCP_SYN_RECV);
}

COLUMN(established_ms)
{
	put_duration(c, TCP_ESTABLISHED);
}

COLUMN(fin_wait1_ms)
{
	put_duration(c, TCP_FIN_WAIT1);
}

COLUMN(fin_wait2_ms)
{
	put_duration(c, TCP_FIN_WAIT2);
}

COLUMN(closing_ms)
{
	put_duration(c, TCP_CLOSING);
}

COLUMN(time_wait_ms)
{
	put_duration(c, TCP_TIME_WAIT);
}

COLUMN(close_wait_ms)
{
	put_duration(c, TCP_CLOSE_WAIT);
}

COLUMN(last_ack_ms)
{
	put_duration(c, TCP_LAST_ACK);
}

COLUMN(first_fin)
{
	const u32 both = TCPLIFE_F_FIN_LOCAL | TCPLIFE_F_FIN_REMOTE;

	if (has_flag(c, TCPLIFE_F_FIN_CROSSED))
		seq_puts(c->m, "both");
	else if (has_flag(c, TCPLIFE_F_FIN_FIRST_R))
		seq_puts(c->m, "remote");
	else if (has_flag(c, both))
		seq_puts(c->m, "local");
	else
		seq_putc(c->m, '-');
}

COLUMN(fin_l)
{
	put_num(c, has_flag(c, TCPLIFE_F_FIN_LOCAL), c->rec->fin_l);
}

COLUMN(fin_r)
{
	put_num(c, has_flag(c, TCPLIFE_F_FIN_REMOTE), c->rec->fin_r);
}

COLUMN(fin_retr)
{
	put_num(c, has_flag(c, TCPLIFE_F_FIN_LOCAL), c->rec->fin_retr);
}

COLUMN(fin_dup)
{
	put_num(c, has_flag(c, TCPLIFE_F_FIN_REMOTE), c->rec->fin_dup);
}

COLUMN(half_ms)
{
	const u64 *since = c->rec->since;
	u64 local = since[TCP_FIN_WAIT1 - 1] ?: since[TCP_LAST_ACK - 1];
	u64 remote = since[TCP_CLOSE_WAIT - 1] ?: since[TCP_CLOSING - 1] ?:
		     since[TCP_TIME_WAIT - 1];

	put_ms(c, local && remote,
		  local > remote ? local - remote : remote - local);
}

COLUMN(half_bytes)
{
	put_num(c, has_flag(c, TCPLIFE_F_HALF_KNOWN), c->rec->half_bytes);
}

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

COLUMN(tw_restarts)
{
	put_num(c, has_flag(c, TCPLIFE_F_TIMEWAIT), c->rec->tw_restarts);
}

COLUMN(tw_exit)
{
	seq_puts(c->m, tcplife_tw_exit_name(c->rec->tw_exit));
}

/* The data group: taken when the full socket ended. */
static void put_data(const struct column_ctx *c, bool known, u64 value)
{
	put_num(c, known && has_flag(c, TCPLIFE_F_SNAPSHOT), value);
}

COLUMN(tx)
{
	put_data(c, true, c->rec->tx);
}

COLUMN(rx)
{
	put_data(c, true, c->rec->rx);
}

COLUMN(segs_out)
{
	put_data(c, true, c->rec->segs_out);
}

COLUMN(segs_in)
{
	put_data(c, true, c->rec->segs_in);
}

COLUMN(data_retr)
{
	put_data(c, true, c->rec->data_retr);
}

COLUMN(minrtt_us)
{
	put_data(c, c->rec->min_rtt_us != ~0U, c->rec->min_rtt_us);
}

COLUMN(srtt_us)
{
	put_data(c, c->rec->srtt_us, c->rec->srtt_us);
}

COLUMN(rto_ms)
{
	put_ms(c, has_flag(c, TCPLIFE_F_SNAPSHOT),
		  (u64)c->rec->rto_us * NSEC_PER_USEC);
}

COLUMN(keepalives)
{
	put_data(c, true, c->rec->keepalives);
}

COLUMN(probes)
{
	put_data(c, true, c->rec->probes);
}

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
