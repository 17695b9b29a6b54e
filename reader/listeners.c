// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife listeners: listening sockets, their two queues and what was dropped.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "clock.h"
#include "decode.h"
#include "derived.h"
#include "filter.h"
#include "json.h"
#include "ladder_words.h"
#include "out.h"
#include "repeat.h"
#include "self.h"
#include "session.h"

#define BAR_WIDTH	32
#define WIDTH		80

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

/* What does not fit in a line of WIDTH goes on in the next one. */
struct line {
	size_t	from;		/* out.len at its beginning */
	int	pieces;
};

#define LINE_ROOM	160

static void piece(struct line *line, const char *separator,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void piece(struct line *line, const char *separator,
		  const char *format, ...)
{
	char text[LINE_ROOM];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* One more, for a comma behind it. */
	if (line->pieces++ && out.len - line->from + strlen(separator) +
			      strlen(text) + 1 > WIDTH) {
		if (*separator == ',')
			out_char(',');
		out_text("\n    ");
		line->from = out.len - 4;
	} else if (line->pieces > 1) {
		out_text(separator);
	}
	out_text(text);
}

static void line_end(const struct line *line)
{
	if (line->pieces)
		out_char('\n');
}

static const char *local_text(const struct listener *l, char *buf)
{
	char *at = buf;

	if (listener_has(l, LOCAL_IPV4)) {
		at = text_ipv4(at, l->local_ipv4);
	} else if (listener_has(l, LOCAL_IPV6)) {
		*at++ = '[';
		at = text_ipv6(at, l->local_ipv6);
		*at++ = ']';
	} else {
		*at++ = '*';
	}
	*at = 0;
	return buf;
}

static void print_title(const struct listener *l)
{
	char address[LINE_ROOM], comm[4 * COMM_LEN + 8] = "owner not known";
	struct line line = { .from = out.len };
	char pid[16] = "";

	if (listener_has(l, COMM))
		words_name(comm, sizeof(comm), l->comm,
			   listener_has(l, KTHREAD));
	if (listener_has(l, PID))
		snprintf(pid, sizeof(pid), " (%u)", l->pid);
	piece(&line, "", "%s:%u", local_text(l, address), l->local_port);
	piece(&line, "  ", "%s%s", comm, pid);
	piece(&line, "  ", "backlog %u", l->backlog);
	if (listener_has(l, BACKLOG_ASKED) &&
	    (__u32)l->backlog_asked != l->backlog)
		piece(&line, ", ", "asked for %d", l->backlog_asked);
	line_end(&line);
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

static void count(struct line *line, const char *title, __u64 n,
		  const char *what)
{
	if (n)
		piece(line, ", ", "%s%llu %s", line->pieces ? "" : title, n,
		      what);
}

static void print_drops(const struct listener *l)
{
	const char *title = "  SYNs dropped: ";
	struct line line = { .from = out.len };

	count(&line, title, l->drop_accq, "accept queue full");
	count(&line, title, l->drop_synq, "SYN queue full");
	count(&line, title, l->drop_synmax, "tcp_max_syn_backlog");
	count(&line, title, l->drop_other, "other");
	line_end(&line);
	line = (struct line){ .from = out.len };
	count(&line, "  final ACKs ignored: ", l->ack_ignored,
	      "accept queue full");
	line_end(&line);
	title = "  syncookies: ";
	line = (struct line){ .from = out.len };
	count(&line, title, l->cookie_sent, "sent");
	count(&line, title, l->cookie_ok, "valid");
	count(&line, title, l->cookie_bad, "not valid");
	line_end(&line);
}

/* The upper end of the bucket in which @percent of all are reached. */
static void print_percentile(struct line *line, const struct listener *l,
			     unsigned int percent, __u64 total)
{
	char time[WORDS_TIME];
	unsigned int b;
	__u64 sum = 0;
	bool below;

	for (b = 0; b < l->nr_buckets; b++) {
		sum += l->wait_bucket[b];
		if (sum * 100 >= total * percent)
			break;
	}
	below = b + 1 < l->nr_buckets &&
		NSEC_PER_USEC << b <= l->wait_max;
	piece(line, ", ", "%sp%u %s %s", percent == 50 ? "waited: " : "",
	      percent, below ? "<" : "up to",
	      words_time(time, below ? NSEC_PER_USEC << b : l->wait_max));
}

static void print_waits(const struct listener *l)
{
	struct line line = { .from = out.len };
	char time[WORDS_TIME];
	__u64 total = derived_waits(l);

	piece(&line, "", "  accepted %llu", l->accepts);
	if (total) {
		print_percentile(&line, l, 50, total);
		print_percentile(&line, l, 99, total);
		piece(&line, ", ", "max %s", words_time(time, l->wait_max));
	}
	line_end(&line);
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
