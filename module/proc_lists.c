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
#include "queue.h"
#include "syn.h"

static void *list_at(struct tcplife_walk *walk, loff_t pos)
{
	if (!pos || pos < walk->pos) {
		walk->pos = 0;
		walk->lister->rewind(walk);
	}
	if (!pos)
		return SEQ_START_TOKEN;
	for (; walk->pos < pos; walk->pos++)
		if (!walk->lister->next(walk))
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
	tcplife_format_record(m, walk->lister->columns, &walk->rec);
}

static void table_rewind(struct tcplife_walk *walk)
{
	tcplife_table_walk(&walk->table);
}

static bool table_next(struct tcplife_walk *walk, bool timewait)
{
	const struct tcplife_record *rec = &walk->rec;

	while (tcplife_table_next(&walk->table, walk->view.netns, &walk->rec))
		if (!(rec->flags & TCPLIFE_F_TIMEWAIT) == !timewait)
			return true;
	return false;
}

static bool connections_next(struct tcplife_walk *walk)
{
	return table_next(walk, false);
}

const struct tcplife_lister tcplife_connections_lister = {
	.columns = tcplife_columns_connections,
	.rewind	= table_rewind,
	.next	= connections_next,
	.header	= record_header,
	.show	= record_show,
};

static bool timewait_next(struct tcplife_walk *walk)
{
	return table_next(walk, true);
}

const struct tcplife_lister tcplife_timewait_lister = {
	.columns = tcplife_columns_timewait,
	.rewind	= table_rewind,
	.next	= timewait_next,
	.header	= record_header,
	.show	= record_show,
};

static void history_rewind(struct tcplife_walk *walk)
{
	tcplife_queue_settle();
	tcplife_history_walk(&walk->history);
}

static bool history_next(struct tcplife_walk *walk)
{
	return tcplife_history_next(&walk->history, walk->view.netns,
				    &walk->rec);
}

const struct tcplife_lister tcplife_history_lister = {
	.columns = tcplife_columns_history,
	.rewind	= history_rewind,
	.next	= history_next,
	.header	= record_header,
	.show	= record_show,
};

static void listeners_rewind(struct tcplife_walk *walk)
{
	/* So that the drops are complete. */
	tcplife_syn_settle();
	walk->bucket = 0;
	walk->cookie = U64_MAX;
}

static bool listeners_next(struct tcplife_walk *walk)
{
	return tcplife_listener_next(&walk->bucket, &walk->cookie,
				     walk->view.netns, &walk->listener);
}

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
	const struct tcplife_listener_view *view = &walk->listener;
	const struct tcplife_listener *l = &view->l;
	u64 accepts = atomic64_read(&l->c[TCPLIFE_L_ACCEPTS]);
	unsigned int i;

	listeners_identity(m, l);
	seq_printf(m, " %u %u %d %u %d", view->backlog, view->synq,
		   atomic_read(&l->synq_max), view->accq,
		   atomic_read(&l->accq_max));
	for (i = 0; i < TCPLIFE_NR_L; i++)
		seq_put_decimal_ull(m, " ", atomic64_read(&l->c[i]));
	if (!accepts) {
		seq_puts(m, " - -\n");
		return;
	}
	seq_putc(m, ' ');
	tcplife_format_ms(m, div64_u64(atomic64_read(&l->wait_sum), accepts));
	seq_putc(m, ' ');
	tcplife_format_ms(m, atomic64_read(&l->wait_max));
	seq_putc(m, '\n');
}

const struct tcplife_lister tcplife_listeners_lister = {
	.rewind	= listeners_rewind,
	.next	= listeners_next,
	.header	= listeners_header,
	.show	= listeners_show,
};
