// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife listeners: listening sockets, their two queues and what was dropped.
 */
#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "clock.h"
#include "decode.h"
#include "filter.h"
#include "json.h"
#include "out.h"
#include "repeat.h"
#include "self.h"
#include "session.h"

#define BAR_WIDTH	32

static struct options o;
static struct session session;
static unsigned int shown;

static const int takes[] = { 'i', OPT_LOCAL, 'L', 'N', OPT_COOKIE, 'j', 0 };

static const struct usage usage = {
	.name = "listeners",
	.about =
"Show each listening TCP socket: its SYN queue (half-open requests) and its\n"
"accept queue (connections that wait for accept()), what was dropped for want\n"
"of room, and how long connections waited.",
	.takes = takes,
	.notes =
"A bar is as long as the queue may be: # is now, - is the most there has been.\n"
"p50 and p99 are known as powers of two: half of the connections, or 99 in 100,\n"
"waited less than that.",
};

/* -- parts of a block -- */

static void print_address(const struct listener *l)
{
	if (listener_has(l, LOCAL_IPV4)) {
		out_ipv4(l->local_ipv4);
	} else if (listener_has(l, LOCAL_IPV6)) {
		out_char('[');
		out_ipv6(l->local_ipv6);
		out_char(']');
	} else {
		out_char('*');
	}
	out_char(':');
	out_number(l->local_port);
}

static void print_title(const struct listener *l)
{
	print_address(l);
	out_text("  ");
	if (listener_has(l, COMM))
		out_name(l->comm, 4 * COMM_LEN, listener_has(l, KTHREAD));
	else
		out_text("owner not known");
	if (listener_has(l, PID)) {
		out_text(" (");
		out_number(l->pid);
		out_char(')');
	}
	out_text("  backlog ");
	out_number(l->backlog);
	if (listener_has(l, BACKLOG_ASKED) &&
	    (__u32)l->backlog_asked != l->backlog) {
		out_text(", asked for ");
		out_signed(l->backlog_asked);
	}
	out_char('\n');
}

/* How much of a bar @n is, of @full: something is at least one. */
static unsigned int part(__u64 n, __u64 full)
{
	__u64 width = full ? (n * BAR_WIDTH + full - 1) / full : 0;

	return width < BAR_WIDTH ? width : BAR_WIDTH;
}

static void print_queue(const char *name, __u32 now, __u32 most, __u32 full)
{
	unsigned int bar_now = part(now, full), bar_most = part(most, full), i;
	size_t at;

	out_text("  ");
	out_text(name);
	out_text(" [");
	for (i = 0; i < BAR_WIDTH; i++)
		out_char(i < bar_now ? '#' : i < bar_most ? '-' : ' ');
	out_text("] ");
	at = out.len;
	out_number(now);
	out_pad(at, -6);
	out_text(" now ");
	at = out.len;
	out_number(most);
	out_pad(at, -6);
	out_text(" most\n");
}

static void print_count(__u64 n, const char *what, const char **sep)
{
	if (!n)
		return;
	out_text(*sep);
	out_number(n);
	out_text(what);
	*sep = ", ";
}

static void print_drops(const struct listener *l)
{
	const char *sep = "  SYNs dropped: ";
	const char *none = sep;

	print_count(l->drop_accq, " accept queue full", &sep);
	print_count(l->drop_synq, " SYN queue full", &sep);
	print_count(l->drop_synmax, " tcp_max_syn_backlog", &sep);
	print_count(l->drop_other, " other", &sep);
	if (sep != none)
		out_char('\n');
	sep = "  ";
	none = sep;
	print_count(l->ack_ignored, " final ACKs ignored: accept queue full",
		    &sep);
	if (sep != none)
		out_char('\n');
	sep = "  syncookies: ";
	none = sep;
	print_count(l->cookie_sent, " sent", &sep);
	print_count(l->cookie_ok, " valid", &sep);
	print_count(l->cookie_bad, " not valid", &sep);
	if (sep != none)
		out_char('\n');
}

static void print_us(__u64 us)
{
	if (us < 1000) {
		out_number(us);
		out_text(" us");
	} else if (us < 1000000) {
		out_fixed(us / 100, 1);
		out_text(" ms");
	} else {
		out_fixed(us / 100000, 1);
		out_text(" s");
	}
}

/* The upper end of the bucket in which @percent of all are reached. */
static void print_percentile(const struct listener *l, unsigned int percent,
			     __u64 total)
{
	__u64 sum = 0, max = l->wait_max / NSEC_PER_USEC;
	unsigned int b;

	for (b = 0; b < l->nr_buckets; b++) {
		sum += l->wait_bucket[b];
		if (sum * 100 >= total * percent)
			break;
	}
	out_text(" p");
	out_number(percent);
	if (b + 1 >= l->nr_buckets || 1ULL << b > max) {
		out_text(" up to ");
		print_us(max);
	} else {
		out_text(" < ");
		print_us(1ULL << b);
	}
	out_char(',');
}

static void print_waits(const struct listener *l)
{
	__u64 total = 0;
	unsigned int b;

	for (b = 0; b < l->nr_buckets; b++)
		total += l->wait_bucket[b];
	out_text("  accepted ");
	out_number(l->accepts);
	if (total) {
		out_text(", waited:");
		print_percentile(l, 50, total);
		print_percentile(l, 99, total);
		out_text(" max ");
		print_us(l->wait_max / NSEC_PER_USEC);
	}
	out_char('\n');
}

static void print_listener(const struct listener *l)
{
	if (shown++)
		out_char('\n');
	print_title(l);
	print_queue("SYN queue   ", l->synq, l->synq_max, l->backlog + 1);
	print_queue("accept queue", l->accq, l->accq_max, l->backlog + 1);
	print_waits(l);
	print_drops(l);
}

/* -- the list -- */

static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct listener l;
	struct batch b;

	(void)arg;
	if (decode_batch(nlh, &b))
		return 0;
	for (nest = decode_next(&b, NULL, TCPLIFE_A_LISTENER); nest;
	     nest = decode_next(&b, nest, TCPLIFE_A_LISTENER)) {
		if (!decode_listener(nest, &l))
			continue;
		self_mask_listener(&b, &l);
		if (!ports_have(&o.local_ports, l.local_port))
			continue;
		if (o.json)
			json_listener(&b, &l);
		else
			print_listener(&l);
	}
	return 0;
}

static int print_all(void)
{
	struct nlmsghdr *nlh;
	int ret;

	shown = 0;
	nlh = session_prepare(&session, TCPLIFE_CMD_LISTENER_GET, NLM_F_DUMP);
	filter_put(nlh, &o);
	ret = session_ask(&session, nlh, on_message, NULL);
	if (ret)
		return ret;
	if (!shown && !o.json)
		out_text("No socket listens here.\n");
	return 0;
}

/** command_listeners - listening sockets and their queues */
int command_listeners(int argc, char **argv)
{
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	self_init();
	ret = session_open(&session);
	if (ret)
		return session_fail(&session, ret);
	return repeat_run(&session, &o, print_all);
}
