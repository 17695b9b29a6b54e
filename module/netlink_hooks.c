// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook table, by netlink.
 */
#include <net/sock.h>

#include "hooks.h"
#include "netlink.h"

static enum tcplife_hook_type hook_type(const struct tcplife_hook *hook)
{
	switch (hook->kind) {
	case TCPLIFE_KIND_TRACEPOINT:
		return TCPLIFE_HOOK_TYPE_TRACEPOINT;
	case TCPLIFE_KIND_RETURN:
		return TCPLIFE_HOOK_TYPE_KRETPROBE;
	case TCPLIFE_KIND_ENTRY:
		break;
	}
	return hook->status == TCPLIFE_STATUS_KPROBE ?
	       TCPLIFE_HOOK_TYPE_KPROBE : TCPLIFE_HOOK_TYPE_FTRACE;
}

static enum tcplife_hook_state hook_state(const struct tcplife_hook *hook)
{
	switch (hook->status) {
	case TCPLIFE_STATUS_OFF:
		return TCPLIFE_HOOK_STATE_OFF;
	case TCPLIFE_STATUS_ABSENT:
		return TCPLIFE_HOOK_STATE_ABSENT;
	default:
		return TCPLIFE_HOOK_STATE_ATTACHED;
	}
}

/* @sums: the hits, too: they are those of all namespaces. */
static int hook_put(struct sk_buff *skb, unsigned int id, bool sums)
{
	const struct tcplife_hook *hook = tcplife_hook_row(id);
	struct nlattr *nest = nla_nest_start(skb, TCPLIFE_A_HOOK);
	u64 hits, missed;

	tcplife_hook_sum(id, &hits, &missed);
	if (!nest ||
	    nla_put_string(skb, TCPLIFE_A_HOOK_EVENT, hook->event) ||
	    nla_put_u32(skb, TCPLIFE_A_HOOK_TYPE, hook_type(hook)) ||
	    nla_put_string(skb, TCPLIFE_A_HOOK_SYMBOL,
			   hook->symbol ?: hook->symbols[0]) ||
	    nla_put_u32(skb, TCPLIFE_A_HOOK_STATE, hook_state(hook)) ||
	    (sums &&
	     (nla_put_u64_64bit(skb, TCPLIFE_A_HOOK_HITS, hits, 0) ||
	      nla_put_u64_64bit(skb, TCPLIFE_A_HOOK_MISSED, missed, 0))) ||
	    (hook->feature && nla_put_flag(skb, TCPLIFE_A_HOOK_OPTIONAL)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * tcplife_dump_start_hooks - begin a dump of the hook table
 * @cb: the dump
 *
 * Return: 0 or -EPERM.
 */
int tcplife_dump_start_hooks(struct netlink_callback *cb)
{
	return tcplife_netlink_may_read(cb->skb, cb->extack);
}

/**
 * tcplife_dump_hooks - fill a message of it
 * @skb: the message
 * @cb: the dump; its first argument is the next row
 *
 * Return: bytes used, 0 at the end.
 */
int tcplife_dump_hooks(struct sk_buff *skb, struct netlink_callback *cb)
{
	bool sums = net_eq(sock_net(cb->skb->sk), &init_net);
	void *hdr;

	for (; cb->args[0] < TCPLIFE_NR_HOOKS; cb->args[0]++) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &tcplife_family,
				  NLM_F_MULTI, TCPLIFE_CMD_HOOK_GET);
		if (!hdr)
			break;
		if (hook_put(skb, cb->args[0], sums)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	return skb->len;
}
