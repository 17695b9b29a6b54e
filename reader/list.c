// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife list: endpoints that live, with a full socket or a timewait socket, or
 * those that the module remembers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../module/names.h"
#include "answers.h"
#include "clock.h"
#include "columns.h"
#include "commands.h"
#include "decode.h"
#include "filter.h"
#include "json.h"
#include "row.h"
#include "seen.h"
#include "self.h"
#include "session.h"

/** struct item - a record and what it came with */
struct item {
	struct record	rec;
	__u64		age;	/* in its state, or since it ended */
};

typedef int (*compare_fn)(const void *a, const void *b);

static struct options o;
static struct session session;
static struct item *items;
static size_t nr_items;
static struct seen seen;
static int direction = 1;

static const int takes[] = {
	OPT_HISTORY, OPT_END, OPT_STATE, OPT_OLDER, OPT_ROLE, OPT_LOCAL, OPT_REMOTE, 'L', 'D', '4',
	'6', 'p', 'N', OPT_COOKIE, OPT_SORT, 'w', 'j', 'H', 0
};

static const struct usage usage = {
	.name = "list",
	.about =
"Show the TCP connections that live now, those in TIME_WAIT included: the\n"
"state, the time in it, the addresses and the owner. With --history those that\n"
"ended, as far as the module has them still: why, and how long ago.",
	.takes = takes,
	.notes =
"-w adds COOKIE, for tcplife show; to --history PID, too. Columns to sort by:\n"
"state, age, laddr, lport, raddr, rport, pid, comm, cookie, role; end, ago.\n"
"--state and --older are about those that live, --end about the history. Leaking\n"
"sockets: tcplife list --state CLOSE_WAIT --older 60 --sort -age",
};

/* -- sorting -- */

#define A	((const struct item *)a)
#define B	((const struct item *)b)

static int order(__u64 a, __u64 b)
{
	return direction * ((a > b) - (a < b));
}

static int by_state(const void *a, const void *b)
{
	return order(A->rec.state, B->rec.state);
}

static int by_age(const void *a, const void *b)
{
	return order(A->age, B->age);
}

static int by_laddr(const void *a, const void *b)
{
	int ret = memcmp(&A->rec.local_ipv4, &B->rec.local_ipv4, 4);

	if (!ret)
		ret = memcmp(A->rec.local_ipv6, B->rec.local_ipv6, 16);
	return direction * ret;
}

static int by_lport(const void *a, const void *b)
{
	return order(A->rec.local_port, B->rec.local_port);
}

static int by_raddr(const void *a, const void *b)
{
	int ret = memcmp(&A->rec.remote_ipv4, &B->rec.remote_ipv4, 4);

	if (!ret)
		ret = memcmp(A->rec.remote_ipv6, B->rec.remote_ipv6, 16);
	return direction * ret;
}

static int by_rport(const void *a, const void *b)
{
	return order(A->rec.remote_port, B->rec.remote_port);
}

static int by_pid(const void *a, const void *b)
{
	return order(A->rec.pid, B->rec.pid);
}

static int by_comm(const void *a, const void *b)
{
	return direction * strcmp(A->rec.comm, B->rec.comm);
}

static int by_cookie(const void *a, const void *b)
{
	return order(A->rec.cookie, B->rec.cookie);
}

static int by_role(const void *a, const void *b)
{
	return order(A->rec.role, B->rec.role);
}

static int by_end(const void *a, const void *b)
{
	return order(A->rec.end, B->rec.end);
}

static const struct {
	const char	*name;
	compare_fn	fn;
} orders[] = {
	{ "state", by_state }, { "age", by_age }, { "laddr", by_laddr },
	{ "lport", by_lport }, { "raddr", by_raddr }, { "rport", by_rport },
	{ "pid", by_pid }, { "comm", by_comm }, { "cookie", by_cookie },
	{ "role", by_role }, { "end", by_end }, { "ago", by_age },
};

static compare_fn find_order(const char *name)
{
	unsigned int i;

	direction = *name == '-' ? -1 : 1;
	name += *name == '-';
	for (i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (!strcasecmp(orders[i].name, name))
			return orders[i].fn;
	return NULL;
}

/* -- rows -- */

/* "closed-in-handshake" is the longest end; the rest of 80 is for COMM. */
#define END_WIDTH	19

/* The last cell: blanks behind it are none. */
static void put_comm(struct row *row, const struct record *rec)
{
	row_name(row, record_has(rec, COMM), rec->comm,
		 record_has(rec, KTHREAD), o.history && !o.wide ? 9 : 0);
	while (row->at[-2] == ' ')
		row->at--;
}

static void header_once(void)
{
	static bool done;
	struct row row;

	if (o.json || o.no_header || done)
		return;
	done = true;
	row_begin(&row, false);
	if (o.wide)
		row_text(&row, "COOKIE", 8);
	row_text(&row, o.history ? "END" : "STATE",
		 o.history ? END_WIDTH : 11);
	row_text(&row, o.history ? "AGO" : "AGE", 6);
	columns_pair_header(&row, &o);
	if (o.wide || !o.history)
		row_text(&row, "PID", 5);
	row_text(&row, "COMM", 0);
	row_finish(&row);
}

static void put_state(struct row *row, const struct record *rec)
{
	if (o.history)
		row_text(row, record_has(rec, END) ?
			 tcplife_end_name(rec->end) : "-", END_WIDTH);
	else
		row_text(row, record_has(rec, STATE) ?
			 tcplife_state_name(rec->state) : "-", 11);
}

static void print_row(const struct item *item)
{
	const struct record *rec = &item->rec;
	const struct pair pair = pair_of(record, rec);
	struct row row;

	row_begin(&row, false);
	if (o.wide)
		row_hex(&row, record_has(rec, COOKIE), rec->cookie, 8);
	put_state(&row, rec);
	row_age(&row, o.history ? record_has(rec, ENDED) :
				  record_has(rec, ENTERED), item->age, 6);
	columns_pair(&row, &o, &pair);
	if (o.wide || !o.history)
		row_number(&row, record_has(rec, PID), rec->pid, 5);
	put_comm(&row, rec);
	row_finish(&row);
}

/* Keep it, to be sorted; without that it is printed as it comes. */
static int keep(const struct item *item)
{
	static size_t room;
	struct item *more;

	if (nr_items == room) {
		room = room ? 2 * room : 1024;
		more = realloc(items, room * sizeof(*items));
		if (!more)
			return -1;
		items = more;
	}
	items[nr_items++] = *item;
	return 0;
}

/** struct table - a list of the module's */
struct table {
	__u8		cmd;
	const char	*event;		/* in JSON */
};

static const struct table connections = {
	TCPLIFE_CMD_CONNECTION_GET, "connection"
};

static const struct table timewaits = {
	TCPLIFE_CMD_TIMEWAIT_GET, "timewait"
};

static const struct table history = {
	TCPLIFE_CMD_HISTORY_GET, "history"
};

/* What becomes a timewait socket meanwhile is in both lists. */
static bool is_double(const struct table *table, const struct record *rec)
{
	return table == &timewaits && seen_has(&seen, rec);
}

static int show(const struct table *table, const struct batch *b,
		const struct item *item)
{
	if (table == &connections && seen_add(&seen, &item->rec))
		return -ENOMEM;
	if (o.json)
		json_record(table->event, b, &item->rec);
	else if (!o.sort)
		print_row(item);
	else if (keep(item))
		return -ENOMEM;
	return 0;
}

static __u64 age_of(const struct batch *b, const struct record *rec)
{
	__u64 now = answers_recording() && o.history ? answers_now() : b->now;
	__u64 from = o.history ? rec->ended : rec->entered;

	/* Behind what is known of a recording that was cut off. */
	return now > from ? now - from : 0;
}

static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	const struct table *table = arg;
	const struct nlattr *nest;
	struct item item;
	struct batch b;
	int ret = 0;

	if (decode_batch(nlh, &b))
		return 0;
	header_once();
	for (nest = decode_next_record(&b, NULL); nest && !ret;
	     nest = decode_next_record(&b, nest)) {
		if (!decode_record(nest, &item.rec))
			continue;
		self_mask_record(&b, &item.rec);
		if (!filter_record(&o, &item.rec) ||
		    is_double(table, &item.rec))
			continue;
		item.age = age_of(&b, &item.rec);
		ret = show(table, &b, &item);
	}
	return ret;
}

static int dump(const struct table *table)
{
	struct nlmsghdr *nlh = session_prepare(&session, table->cmd,
					       NLM_F_DUMP);

	filter_put(nlh, &o);
	return session_ask(&session, nlh, on_message, (void *)table);
}

/* The other way round what becomes a timewait socket would be left out. */
static int dump_all(void)
{
	int ret = dump(o.history ? &history : &connections);

	if (!ret && !o.history)
		ret = dump(&timewaits);
	seen_free(&seen);
	if (ret == -ENOMEM)
		snprintf(session.error, sizeof(session.error), "no memory");
	return ret;
}

static void print_sorted(compare_fn compare)
{
	size_t i;

	qsort(items, nr_items, sizeof(*items), compare);
	for (i = 0; i < nr_items; i++)
		print_row(&items[i]);
	free(items);
}

/* What makes no sense of what is listed is a mistake; the exit status of it. */
static int check_options(void)
{
	if (o.json && o.sort)
		return options_refuse(&usage, "-j is not sorted");
	if (o.ends && !o.history)
		return options_refuse(&usage,
				      "--end: what lives has not ended; --history has");
	if (o.history && (o.states || o.older))
		return options_refuse(&usage,
				      "--state and --older: what ended has no state any more");
	return OPTIONS_GO;
}

/** command_list - endpoints that live, or did */
int command_list(int argc, char **argv)
{
	int ret = options_parse(argc, argv, &usage, &o);
	compare_fn compare = NULL;

	if (ret == OPTIONS_GO)
		ret = check_options();
	if (ret != OPTIONS_GO)
		return ret;
	if (o.sort)
		compare = find_order(o.sort);
	if (o.sort && !compare)
		return options_refuse(&usage, "--sort: there is no column \"%s\"",
				      o.sort);
	self_init();
	ret = session_open(&session);
	if (ret)
		return session_fail(&session, ret);
	ret = dump_all();
	if (!ret)
		header_once();
	if (compare)
		print_sorted(compare);
	session_close(&session);
	out_flush();
	if (session.inconsistent)
		fprintf(stderr,
			"tcplife: the history went on meanwhile: its oldest records may be missing\n");
	return ret ? session_fail(&session, ret) : out_close();
}
