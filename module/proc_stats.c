// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sums in /proc/tcplife: stats, latency, hooks.
 */
#include <linux/slab.h>

#include "hooks.h"
#include "proc.h"
#include "stats.h"
#include "syn.h"

static const char * const counter_names[TCPLIFE_NR_COUNTERS] = {
#define X(sym, name) [TCPLIFE_C_##sym] = name,
	TCPLIFE_COUNTERS(X)
#undef X
};

/* The counters that a reader may see, complete; to be freed by kvfree(). It
 * holds its namespace, so that is there to be read.
 */
static struct tcplife_stats *stats_get(const struct tcplife_view *view)
{
	struct tcplife_stats *sum = kvmalloc(sizeof(*sum), GFP_KERNEL);

	if (!sum)
		return NULL;
	tcplife_syn_settle();
	tcplife_stats_read(view->netns, 0, sum);
	return sum;
}

/**
 * tcplife_stats_show - /proc/tcplife/stats
 * @m: the file; its private is the view
 * @v: not used
 *
 * Return: 0 or -ENOMEM.
 */
int tcplife_stats_show(struct seq_file *m, void *v)
{
	struct tcplife_stats *sum = stats_get(m->private);
	unsigned int i;

	if (!sum)
		return -ENOMEM;
	for (i = 0; i < TCPLIFE_NR_COUNTERS; i++)
		seq_printf(m, "%s %lld\n", counter_names[i],
			   (s64)sum->c[i]);
	kvfree(sum);
	return 0;
}

/**
 * tcplife_latency_show - /proc/tcplife/latency
 * @m: the file; its private is the view
 * @v: not used
 *
 * Return: 0 or -ENOMEM.
 */
int tcplife_latency_show(struct seq_file *m, void *v)
{
	struct tcplife_stats *sum = stats_get(m->private);
	unsigned int b, h;

	if (!sum)
		return -ENOMEM;
	seq_puts(m, "US_BELOW HANDSHAKE ACCEPT_WAIT LIFE HALF_CLOSE ");
	seq_puts(m, "CLOSE_WAIT TIME_WAIT\n");
	for (b = 0; b < TCPLIFE_HIST_BUCKETS; b++) {
		if (b == TCPLIFE_HIST_BUCKETS - 1)
			seq_puts(m, "inf");
		else
			seq_printf(m, "%llu", 1ULL << b);
		for (h = 0; h < TCPLIFE_NR_HISTS; h++)
			seq_put_decimal_ull(m, " ", sum->hist[h][b]);
		seq_putc(m, '\n');
	}
	kvfree(sum);
	return 0;
}

static const char *hook_kind(const struct tcplife_hook *hook)
{
	switch (hook->kind) {
	case TCPLIFE_KIND_TRACEPOINT:
		return "tracepoint";
	case TCPLIFE_KIND_RETURN:
		return "kretprobe";
	case TCPLIFE_KIND_ENTRY:
		break;
	}
	return hook->status == TCPLIFE_STATUS_KPROBE ? "kprobe" : "ftrace";
}

static const char *hook_status(const struct tcplife_hook *hook)
{
	switch (hook->status) {
	case TCPLIFE_STATUS_OFF:
		return "off";
	case TCPLIFE_STATUS_ABSENT:
		return "absent";
	default:
		return "attached";
	}
}

/**
 * tcplife_hooks_show - /proc/tcplife/hooks
 * @m: the file
 * @v: not used
 *
 * Return: 0.
 */
int tcplife_hooks_show(struct seq_file *m, void *v)
{
	const struct tcplife_hook *hook;
	u64 hits, missed;
	unsigned int id;

	seq_puts(m, "EVENT KIND SYMBOL STATUS HITS MISSED NEED\n");
	for (id = 0; id < TCPLIFE_NR_HOOKS; id++) {
		hook = tcplife_hook_row(id);
		tcplife_hook_sum(id, &hits, &missed);
		seq_printf(m, "%s %s %s %s %llu %llu %s\n", hook->event,
			   hook_kind(hook), hook->symbol ?: hook->symbols[0],
			   hook_status(hook), hits, missed,
			   hook->feature ? "optional" : "required");
	}
	return 0;
}
