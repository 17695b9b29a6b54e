// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists in /proc/tcplife: connections, timewait, history, listeners.
 *
 * seq_file asks for the same entry again when it did not fit into the buffer,
 * else for the one behind it. So a walk keeps a copy of its last entry and the
 * position of it, and each read goes on where the last one ended; only a seek
 * back begins anew. No lock is held while anything is printed.
 */
#include <linux/math64.h>

#include "format.h"
#include "proc.h"

static void *list_at(struct tcplife_walk *walk, loff_t pos)
{
	if (!pos || pos < walk->pos) {
		walk->pos = 0;
		tcplife_list_rewind(&walk->cur);
	}
	if (!pos)
		return SEQ_START_TOKEN;
	for (; walk->pos < pos; walk->pos++)
		if (!tcplife_list_next(&walk->cur))
			return NULL;
	return walk;
}

static void *list_start(struct seq_file *m, loff_t *pos)
{
	return list_at(m->private, *pos);
}

static void *list_next(struct seq_file *m, void *v, loff_t *pos)
{
	(*pos)++;
	return list_at(m->private, *pos);
}

static void list_stop(struct seq_file *m, void *v)
{
}

static int list_show(struct seq_file *m, void *v)
{
	const struct tcplife_walk *walk = m->private;

	if (v == SEQ_START_TOKEN)
		walk->lister->header(m, walk);
	else
		walk->lister->show(m, walk);
	return 0;
}

const struct seq_operations tcplife_list_ops = {
	.start	= list_start,
	.next	= list_next,
	.stop	= list_stop,
	.show	= list_show,
};

static void record_header(struct seq_file *m, const struct tcplife_walk *walk)
{
	tcplife_format_header(m, walk->lister->columns);
}

static void record_show(struct seq_file *m, const struct tcplife_walk *walk)
{
	tcplife_format_record(m, walk->lister->columns, &walk->cur.rec);
}

const struct tcplife_lister tcplife_connections_lister = {
	.list	 = &tcplife_connections,
	.columns = tcplife_columns_connections,
	.header	 = record_header,
	.show	 = record_show,
};

const struct tcplife_lister tcplife_timewait_lister = {
	.list	 = &tcplife_timewait,
	.columns = tcplife_columns_timewait,
	.header	 = record_header,
	.show	 = record_show,
};

const struct tcplife_lister tcplife_history_lister = {
	.list	 = &tcplife_history,
	.columns = tcplife_columns_history,
	.header	 = record_header,
	.show	 = record_show,
};

static void listeners_header(struct seq_file *m,
			     const struct tcplife_walk *walk)
{
	seq_puts(m, "COOKIE NETNS LADDR LPORT PID COMM BACKLOG_ASKED BACKLOG ");
	seq_puts(m, "SYNQ SYNQ_MAX ACCQ ACCQ_MAX");
#define X(sym, name) seq_puts(m, " " name);
	TCPLIFE_LISTENER_COUNTERS(X)
#undef X
	seq_puts(m, " WAIT_AVG_MS WAIT_MAX_MS\n");
}

/* Who listens, where, and for how many at most. */
static void listeners_identity(struct seq_file *m,
			       const struct tcplife_listener *l)
{
	seq_printf(m, "%llx %u ", l->cookie, l->netns);
	tcplife_format_address(m, &l->laddr);
	seq_printf(m, " %u ", ntohs(l->lport));
	if (l->owner.pid) {
		seq_printf(m, "%d ", l->owner.pid);
		tcplife_format_comm(m, l->owner.comm, l->owner.kthread);
	} else {
		seq_puts(m, "- -");
	}
	/* -1 asks for somaxconn, as an unsigned number would. */
	if (l->asked != TCPLIFE_ASKED_UNKNOWN)
		seq_printf(m, " %d", l->asked);
	else
		seq_puts(m, " -");
}

static void listeners_show(struct seq_file *m, const struct tcplife_walk *walk)
{
	const struct tcplife_listener_view *view = &walk->cur.listener;
	const struct tcplife_listener *l = &view->l;
	unsigned int i;
	u64 waits = 0;

	listeners_identity(m, l);
	seq_printf(m, " %u %u %d %u %d", view->backlog, view->synq,
		   atomic_read(&l->synq_max), view->accq,
		   atomic_read(&l->accq_max));
	for (i = 0; i < TCPLIFE_NR_L; i++)
		seq_put_decimal_ull(m, " ", atomic64_read(&l->c[i]));
	for (i = 0; i < TCPLIFE_HIST_BUCKETS; i++)
		waits += atomic64_read(&l->waits[i]);
	if (!waits) {
		seq_puts(m, " - -\n");
		return;
	}
	seq_putc(m, ' ');
	tcplife_format_ms(m, div64_u64(atomic64_read(&l->wait_sum), waits));
	seq_putc(m, ' ');
	tcplife_format_ms(m, atomic64_read(&l->wait_max));
	seq_putc(m, '\n');
}

const struct tcplife_lister tcplife_listeners_lister = {
	.list	= &tcplife_listeners,
	.header	= listeners_header,
	.show	= listeners_show,
};
