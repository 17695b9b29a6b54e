// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps: the lists of /proc/tcplife, by netlink.
 *
 * What does not fit into a message is the first of the next one; no lock is
 * held in between, so a reader that stops holds up nothing but the unloading of
 * the module. Who lives through the whole dump is given exactly once.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/sock.h>
#include <tcplife/compat.h>

#include "filter.h"
#include "history.h"
#include "netlink.h"
#include "queue.h"
#include "syn.h"
#include "table.h"

/* What a listener can be filtered by. */
#define LISTENER_FILTER (BIT(TCPLIFE_A_FILTER_NETNS) |			\
			 BIT(TCPLIFE_A_FILTER_COOKIE) |			\
			 BIT(TCPLIFE_A_FILTER_LOCAL_IPV4) |		\
			 BIT(TCPLIFE_A_FILTER_LOCAL_IPV6) |		\
			 BIT(TCPLIFE_A_FILTER_LOCAL_PORT))
#define RECORD_FILTER	(BIT(TCPLIFE_A_FILTER_MAX + 1) - 1)

/**
 * struct dump - a dump under way
 * @what: what it lists
 * @netns: cookie of the only namespace to show, 0 for all
 * @to: who reads it
 * @filter: what to show
 * @pending: the entry did not fit, and is to be put yet
 * @trusted: the reader has its rights in the initial user namespace
 * @table: for records that live
 * @history: for those that do not
 * @bucket: for listeners
 * @cookie: for listeners
 * @rec: the entry, for records
 * @listener: the entry, for listeners
 */
struct dump {
	const struct dump_list		*what;
	u64				netns;
	struct tcplife_audience		to;
	struct tcplife_filter		filter;
	bool				pending;
	bool				trusted;
	union {
		struct tcplife_table_iter	table;
		struct tcplife_history_iter	history;
		struct {
			u32	bucket;
			u64	cookie;
		};
	};
	union {
		struct tcplife_record		rec;
		struct tcplife_listener_view	listener;
	};
};

/**
 * struct dump_list - a list that can be dumped
 * @filters: mask of the TCPLIFE_A_FILTER_* that make sense
 * @cmd: of the messages
 * @rewind: goes to the start
 * @next: goes to the next entry; false at the end
 * @put: writes the entry
 */
struct dump_list {
	u32	filters;
	u8	cmd;
	void	(*rewind)(struct dump *dump);
	bool	(*next)(struct dump *dump);
	void	(*put)(struct sk_buff *skb, const struct dump *dump);
};

static void record_put(struct sk_buff *skb, const struct dump *dump)
{
	tcplife_put_record(skb, &dump->rec, &dump->to);
}

static void table_rewind(struct dump *dump)
{
	tcplife_table_walk(&dump->table);
}

static bool table_next(struct dump *dump, bool timewait)
{
	const struct tcplife_record *rec = &dump->rec;

	while (tcplife_table_next(&dump->table, dump->netns, &dump->rec))
		if (!(rec->flags & TCPLIFE_F_TIMEWAIT) == !timewait &&
		    tcplife_filter_record(&dump->filter, rec, ktime_get_ns()))
			return true;
	return false;
}

static bool connections_next(struct dump *dump)
{
	return table_next(dump, false);
}

static const struct dump_list connections = {
	.filters	= RECORD_FILTER,
	.cmd		= TCPLIFE_CMD_CONNECTION_GET,
	.rewind		= table_rewind,
	.next		= connections_next,
	.put		= record_put,
};

static bool timewait_next(struct dump *dump)
{
	return table_next(dump, true);
}

static const struct dump_list timewait = {
	.filters	= RECORD_FILTER,
	.cmd		= TCPLIFE_CMD_TIMEWAIT_GET,
	.rewind		= table_rewind,
	.next		= timewait_next,
	.put		= record_put,
};

static void history_rewind(struct dump *dump)
{
	tcplife_queue_settle();
	tcplife_history_walk(&dump->history);
}

static bool history_next(struct dump *dump)
{
	while (tcplife_history_next(&dump->history, dump->netns, &dump->rec))
		if (tcplife_filter_record(&dump->filter, &dump->rec,
					  ktime_get_ns()))
			return true;
	return false;
}

static const struct dump_list history = {
	.filters	= RECORD_FILTER,
	.cmd		= TCPLIFE_CMD_HISTORY_GET,
	.rewind		= history_rewind,
	.next		= history_next,
	.put		= record_put,
};

static void listeners_rewind(struct dump *dump)
{
	/* So that the drops are complete. */
	tcplife_syn_settle_for(dump->trusted);
	dump->bucket = 0;
	dump->cookie = U64_MAX;
}

static bool listeners_next(struct dump *dump)
{
	while (tcplife_listener_next(&dump->bucket, &dump->cookie, dump->netns,
				     &dump->listener))
		if (tcplife_filter_listener(&dump->filter, &dump->listener.l))
			return true;
	return false;
}

static void listener_put(struct sk_buff *skb, const struct dump *dump)
{
	tcplife_put_listener(skb, &dump->listener, &dump->to);
}

static const struct dump_list listeners = {
	.filters	= LISTENER_FILTER,
	.cmd		= TCPLIFE_CMD_LISTENER_GET,
	.rewind		= listeners_rewind,
	.next		= listeners_next,
	.put		= listener_put,
};

static int dump_start(struct netlink_callback *cb, const struct dump_list *what)
{
	const struct net *net = sock_net(cb->skb->sk);
	struct dump *dump;
	int ret;

	ret = tcplife_netlink_may_read(cb->skb, cb->extack);
	if (ret)
		return ret;
	dump = kzalloc(sizeof(*dump), GFP_KERNEL);
	if (!dump)
		return -ENOMEM;
	ret = tcplife_filter_parse(&dump->filter,
				   tcplife_dump_attrs(cb)[TCPLIFE_A_FILTER],
				   what->filters, cb->extack);
	if (ret) {
		kfree(dump);
		return ret;
	}
	dump->what = what;
	dump->netns = net_eq(net, &init_net) ? 0 : net->net_cookie;
	dump->to = tcplife_netlink_audience(cb->skb);
	dump->trusted = netlink_capable(cb->skb, CAP_NET_ADMIN);
	/* Not 0, for which nl_dump_check_consistent() looks at nothing. */
	cb->seq = 1;
	cb->prev_seq = 1;
	what->rewind(dump);
	cb->args[0] = (long)dump;
	return 0;
}

int tcplife_dump_start_connections(struct netlink_callback *cb)
{
	return dump_start(cb, &connections);
}

int tcplife_dump_start_timewait(struct netlink_callback *cb)
{
	return dump_start(cb, &timewait);
}

int tcplife_dump_start_listeners(struct netlink_callback *cb)
{
	return dump_start(cb, &listeners);
}

int tcplife_dump_start_history(struct netlink_callback *cb)
{
	return dump_start(cb, &history);
}

/* One message with the entry; false if it does not fit. */
static bool dump_entry(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct dump *dump = (struct dump *)cb->args[0];
	const struct dump_list *what = dump->what;
	void *hdr;

	if (skb_tailroom(skb) < TCPLIFE_PUT_MAX + TCPLIFE_NETLINK_HEAD)
		return false;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &tcplife_family, NLM_F_MULTI, what->cmd);
	if (!hdr)
		return false;
	genl_dump_check_consistent(cb, hdr);
	tcplife_netlink_put_clock(skb, dump->to.user_ns);
	what->put(skb, dump);
	genlmsg_end(skb, hdr);
	return true;
}

/**
 * tcplife_dump - fill a message of a dump
 * @skb: the message
 * @cb: the dump
 *
 * Context: process, of whoever reads. Return: bytes used, 0 at the end.
 */
int tcplife_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = (struct dump *)cb->args[0];

	while (dump->pending || dump->what->next(dump)) {
		/* Records that were there at the start and gone when their
		 * turn came: the reader is told by NLM_F_DUMP_INTR.
		 */
		cb->seq = 1 + (dump->what == &history ? dump->history.lost : 0);
		dump->pending = !dump_entry(skb, cb);
		if (dump->pending)
			return skb->len ?: -EMSGSIZE;
	}
	if (dump->what == &history)
		cb->seq = 1 + dump->history.lost;
	return skb->len;
}

/**
 * tcplife_dump_done - end a dump
 * @cb: the dump
 *
 * Return: 0.
 */
int tcplife_dump_done(struct netlink_callback *cb)
{
	kfree((struct dump *)cb->args[0]);
	return 0;
}
