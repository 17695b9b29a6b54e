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
#include "list.h"
#include "netlink.h"

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
 * @to: who reads it
 * @filter: what to show
 * @pending: the entry did not fit, and is to be put yet
 * @cur: the entry
 */
struct dump {
	const struct dump_list		*what;
	struct tcplife_audience		to;
	struct tcplife_filter		filter;
	bool				pending;
	struct tcplife_cursor		cur;
};

/**
 * struct dump_list - a list as it is dumped
 * @list: the list
 * @filters: mask of the TCPLIFE_A_FILTER_* that make sense
 * @cmd: of the messages
 * @match: whether the filter lets the entry through
 * @put: writes the entry
 */
struct dump_list {
	const struct tcplife_list	*list;
	u32	filters;
	u8	cmd;
	bool	(*match)(const struct dump *dump);
	void	(*put)(struct sk_buff *skb, const struct dump *dump);
};

static bool record_match(const struct dump *dump)
{
	return tcplife_filter_record(&dump->filter, &dump->cur.rec,
				     ktime_get_ns());
}

static void record_put(struct sk_buff *skb, const struct dump *dump)
{
	tcplife_put_record(skb, &dump->cur.rec, &dump->to);
}

static const struct dump_list dump_connections = {
	.list		= &tcplife_connections,
	.filters	= RECORD_FILTER,
	.cmd		= TCPLIFE_CMD_CONNECTION_GET,
	.match		= record_match,
	.put		= record_put,
};

static const struct dump_list dump_timewait = {
	.list		= &tcplife_timewait,
	.filters	= RECORD_FILTER,
	.cmd		= TCPLIFE_CMD_TIMEWAIT_GET,
	.match		= record_match,
	.put		= record_put,
};

static const struct dump_list dump_history = {
	.list		= &tcplife_history,
	.filters	= RECORD_FILTER,
	.cmd		= TCPLIFE_CMD_HISTORY_GET,
	.match		= record_match,
	.put		= record_put,
};

static bool listener_match(const struct dump *dump)
{
	return tcplife_filter_listener(&dump->filter, &dump->cur.listener.l);
}

static void listener_put(struct sk_buff *skb, const struct dump *dump)
{
	tcplife_put_listener(skb, &dump->cur.listener, &dump->to);
}

static const struct dump_list dump_listeners = {
	.list		= &tcplife_listeners,
	.filters	= LISTENER_FILTER,
	.cmd		= TCPLIFE_CMD_LISTENER_GET,
	.match		= listener_match,
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
	/* One for each socket, and it stays until the reader has it all. */
	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
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
	dump->to = tcplife_netlink_audience(cb->skb);
	dump->cur.list = what->list;
	dump->cur.netns = net_eq(net, &init_net) ? 0 : net->net_cookie;
	dump->cur.trusted = netlink_capable(cb->skb, CAP_NET_ADMIN);
	/* Not 0, for which nl_dump_check_consistent() looks at nothing. */
	cb->seq = 1;
	cb->prev_seq = 1;
	tcplife_list_rewind(&dump->cur);
	cb->args[0] = (long)dump;
	return 0;
}

int tcplife_dump_start_connections(struct netlink_callback *cb)
{
	return dump_start(cb, &dump_connections);
}

int tcplife_dump_start_timewait(struct netlink_callback *cb)
{
	return dump_start(cb, &dump_timewait);
}

int tcplife_dump_start_listeners(struct netlink_callback *cb)
{
	return dump_start(cb, &dump_listeners);
}

int tcplife_dump_start_history(struct netlink_callback *cb)
{
	return dump_start(cb, &dump_history);
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

static bool dump_next(struct dump *dump)
{
	while (tcplife_list_next(&dump->cur))
		if (dump->what->match(dump))
			return true;
	return false;
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
	bool more;

	do {
		more = dump->pending || dump_next(dump);
		/* What was there at the start and gone when its turn came: the
		 * reader is told by NLM_F_DUMP_INTR.
		 */
		cb->seq = 1 + tcplife_list_lost(&dump->cur);
		dump->pending = more && !dump_entry(skb, cb);
	} while (more && !dump->pending);
	return dump->pending ? skb->len ?: -EMSGSIZE : skb->len;
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
