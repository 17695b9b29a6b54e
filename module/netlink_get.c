// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests with one answer: a record, the sums, the event filter.
 */
#include <linux/slab.h>

#include "event_filter.h"
#include "events.h"
#include "filter.h"
#include "history.h"
#include "netlink.h"
#include "notify.h"
#include "queue.h"
#include "stats.h"
#include "syn.h"
#include "table.h"

/* Cookie of the only namespace that a request may see, 0 for all. */
static u64 get_view(const struct genl_info *info)
{
	const struct net *net = genl_info_net((struct genl_info *)info);

	return net_eq(net, &init_net) ? 0 : net->net_cookie;
}

/**
 * struct answer - the answer to a request, being written
 * @skb: the message
 * @hdr: its generic netlink header
 */
struct answer {
	struct sk_buff	*skb;
	void		*hdr;
};

/* Refuses a request, or begins the answer with room for @size bytes. */
static int answer_begin(struct answer *answer, struct sk_buff *request,
			struct genl_info *info, size_t size)
{
	int ret = tcplife_netlink_may_read(request, info->extack);

	if (ret)
		return ret;
	/* A client that has joined a group may ask anything to know, by the
	 * answer, that from now on no event is missing.
	 */
	tcplife_events_look();
	answer->skb = genlmsg_new(size, GFP_KERNEL);
	if (!answer->skb)
		return -ENOMEM;
	answer->hdr = genlmsg_put_reply(answer->skb, info, &tcplife_family, 0,
					info->genlhdr->cmd);
	if (answer->hdr)
		return 0;
	nlmsg_free(answer->skb);
	return -EMSGSIZE;
}

/* Sends what was written, or drops it because of an error. */
static int answer_end(struct answer *answer, struct genl_info *info, int ret)
{
	if (ret) {
		nlmsg_free(answer->skb);
		return ret;
	}
	genlmsg_end(answer->skb, answer->hdr);
	return genlmsg_reply(answer->skb, info);
}

/* Finds a record among the living, then among those that ended. */
static bool record_find(const struct genl_info *info,
			struct tcplife_record *rec)
{
	u64 cookie = nla_get_u64(info->attrs[TCPLIFE_A_COOKIE]);
	const struct nlattr *a = info->attrs[TCPLIFE_A_GENERATION];
	u32 gen = a ? nla_get_u32(a) : 0;
	u64 netns = get_view(info);

	if (tcplife_table_get(cookie, 0, a ? &gen : NULL, 0, rec) &&
	    (!netns || rec->net_cookie == netns))
		return true;
	tcplife_queue_settle();
	return tcplife_history_find(netns, cookie, gen, !a, rec);
}

static int record_answer(struct sk_buff *skb, struct genl_info *info,
			 const struct tcplife_record *rec)
{
	struct tcplife_audience to = tcplife_netlink_audience(skb);
	struct answer answer;
	int ret;

	ret = answer_begin(&answer, skb, info,
			   TCPLIFE_PUT_MAX + TCPLIFE_NETLINK_HEAD);
	if (ret)
		return ret;
	tcplife_netlink_put_clock(answer.skb, to.user_ns);
	tcplife_put_record(answer.skb, rec, &to);
	return answer_end(&answer, info, 0);
}

/**
 * tcplife_get_record - TCPLIFE_CMD_RECORD_GET
 * @skb: the request
 * @info: what is in it
 *
 * Return: 0, -ENOENT if there is none that the sender may see, or an error.
 */
int tcplife_get_record(struct sk_buff *skb, struct genl_info *info)
{
	struct tcplife_record *rec;
	int ret;

	ret = tcplife_netlink_may_read(skb, info->extack);
	if (ret)
		return ret;
	if (!info->attrs[TCPLIFE_A_COOKIE]) {
		NL_SET_ERR_MSG(info->extack, "a cookie is needed");
		return -EINVAL;
	}
	rec = kmalloc(sizeof(*rec), GFP_KERNEL);
	if (!rec)
		return -ENOMEM;
	if (record_find(info, rec)) {
		ret = record_answer(skb, info, rec);
	} else {
		NL_SET_ERR_MSG(info->extack,
			       "no such record, alive or in the history");
		ret = -ENOENT;
	}
	kfree(rec);
	return ret;
}

/* The sums that a request asks for; to be freed by kvfree(). */
static struct tcplife_stats *sums_get(const struct sk_buff *request,
				      const struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[TCPLIFE_A_FILTER];
	struct tcplife_filter filter;
	struct tcplife_stats *sum;
	int ret;

	ret = tcplife_filter_parse(&filter, nest,
				   BIT(TCPLIFE_A_FILTER_NETNS), info->extack);
	if (ret)
		return ERR_PTR(ret);
	sum = kvmalloc(sizeof(*sum), GFP_KERNEL);
	if (!sum)
		return ERR_PTR(-ENOMEM);
	tcplife_syn_settle_for(netlink_capable(request, CAP_NET_ADMIN));
	if (!tcplife_stats_read(get_view(info), filter.netns, sum)) {
		kvfree(sum);
		NL_SET_ERR_MSG_ATTR(info->extack, nest,
				    "no such network namespace to be seen here");
		return ERR_PTR(-ENOENT);
	}
	return sum;
}

/* Counters are attributes in their own order. */
static_assert((int)TCPLIFE_A_STATS_MAX == (int)TCPLIFE_NR_COUNTERS);
#define X(sym, ...) && (int)TCPLIFE_A_STATS_##sym == TCPLIFE_C_##sym + 1
static_assert(true TCPLIFE_COUNTERS(X));
#undef X

static int stats_put(struct sk_buff *skb, const struct tcplife_stats *sum)
{
	struct nlattr *nest = nla_nest_start(skb, TCPLIFE_A_STATS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < TCPLIFE_NR_COUNTERS; i++)
		if (nla_put_u64_64bit(skb, i + 1, sum->c[i], 0))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * tcplife_get_stats - TCPLIFE_CMD_STATS_GET
 * @skb: the request
 * @info: what is in it
 *
 * Return: 0 or an error.
 */
int tcplife_get_stats(struct sk_buff *skb, struct genl_info *info)
{
	struct tcplife_stats *sum;
	struct answer answer;
	int ret;

	ret = answer_begin(&answer, skb, info, 2 * TCPLIFE_NETLINK_HEAD +
			   TCPLIFE_NR_COUNTERS * nla_total_size_64bit(8));
	if (ret)
		return ret;
	sum = sums_get(skb, info);
	if (IS_ERR(sum))
		return answer_end(&answer, info, PTR_ERR(sum));
	tcplife_netlink_put_clock(answer.skb, genl_info_net(info)->user_ns);
	ret = stats_put(answer.skb, sum);
	kvfree(sum);
	return answer_end(&answer, info, ret);
}

static int histogram_put(struct sk_buff *skb, u32 id, const u64 *buckets,
			 u64 sum)
{
	struct nlattr *nest = nla_nest_start(skb, TCPLIFE_A_HISTOGRAM);
	unsigned int b;

	if (!nest || nla_put_u32(skb, TCPLIFE_A_HISTOGRAM_ID, id))
		return -EMSGSIZE;
	for (b = 0; b < TCPLIFE_HIST_BUCKETS; b++)
		if (nla_put_u64_64bit(skb, TCPLIFE_A_HISTOGRAM_BUCKET,
				      buckets[b], 0))
			return -EMSGSIZE;
	if (nla_put_u64_64bit(skb, TCPLIFE_A_HISTOGRAM_SUM, sum, 0))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static_assert((int)TCPLIFE_HISTOGRAM_TIME_WAIT == (int)TCPLIFE_H_TIME_WAIT);

/**
 * tcplife_get_latency - TCPLIFE_CMD_LATENCY_GET
 * @skb: the request
 * @info: what is in it
 *
 * Return: 0 or an error.
 */
int tcplife_get_latency(struct sk_buff *skb, struct genl_info *info)
{
	struct tcplife_stats *sum;
	struct answer answer;
	unsigned int h;
	int ret;

	ret = answer_begin(&answer, skb, info, TCPLIFE_NR_HISTS *
			   (16 + (TCPLIFE_HIST_BUCKETS + 1) *
			    nla_total_size_64bit(8)));
	if (ret)
		return ret;
	sum = sums_get(skb, info);
	if (IS_ERR(sum))
		return answer_end(&answer, info, PTR_ERR(sum));
	for (h = 0; h < TCPLIFE_NR_HISTS && !ret; h++)
		ret = histogram_put(answer.skb, h, sum->hist[h],
				    sum->hist_sum[h]);
	kvfree(sum);
	return answer_end(&answer, info, ret);
}

/**
 * tcplife_get_mib - TCPLIFE_CMD_MIB_GET
 * @skb: the request
 * @info: what is in it
 *
 * Return: 0 or an error.
 */
int tcplife_get_mib(struct sk_buff *skb, struct genl_info *info)
{
	const struct tcplife_net *tn = net_generic(genl_info_net(info),
						   tcplife_net_id);
	struct answer answer;
	int ret;

	ret = answer_begin(&answer, skb, info, TCPLIFE_MIBS * 64);
	if (ret)
		return ret;
	return answer_end(&answer, info, tcplife_mib_put(answer.skb, &tn->mib));
}

static int group_put(struct sk_buff *skb, const char *name,
		     const struct tcplife_sent *sent)
{
	struct nlattr *nest = nla_nest_start(skb, TCPLIFE_A_GROUP);

	if (!nest || nla_put_string(skb, TCPLIFE_A_GROUP_NAME, name) ||
	    nla_put_u64_64bit(skb, TCPLIFE_A_GROUP_SEQ, sent->seq, 0) ||
	    nla_put_u64_64bit(skb, TCPLIFE_A_GROUP_EVENTS, sent->events, 0) ||
	    nla_put_u64_64bit(skb, TCPLIFE_A_GROUP_DROPPED, sent->dropped, 0) ||
	    nla_put_u64_64bit(skb, TCPLIFE_A_GROUP_FILTERED, sent->filtered, 0))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * tcplife_get_groups - TCPLIFE_CMD_GROUP_GET
 * @skb: the request
 * @info: what is in it
 *
 * What was queued before the request is sent before the answer. Return: 0 or
 * an error.
 */
int tcplife_get_groups(struct sk_buff *skb, struct genl_info *info)
{
	struct tcplife_sent sent[TCPLIFE_NR_FEEDS];
	struct answer answer;
	unsigned int feed;
	int ret;

	ret = answer_begin(&answer, skb, info, TCPLIFE_NR_FEEDS * 128);
	if (ret)
		return ret;
	tcplife_notify_sent(net_generic(genl_info_net(info), tcplife_net_id),
			    sent);
	for (feed = 0; feed < TCPLIFE_NR_FEEDS && !ret; feed++)
		ret = group_put(answer.skb, tcplife_family.mcgrps[feed].name,
				&sent[feed]);
	return answer_end(&answer, info, ret);
}

/**
 * tcplife_get_event_filter - TCPLIFE_CMD_EVENT_FILTER_GET
 * @skb: the request
 * @info: what is in it
 *
 * Return: 0 or an error.
 */
int tcplife_get_event_filter(struct sk_buff *skb, struct genl_info *info)
{
	struct answer answer;
	int ret;

	ret = answer_begin(&answer, skb, info, NLMSG_GOODSIZE);
	if (ret)
		return ret;
	return answer_end(&answer, info, tcplife_event_filter_put(answer.skb));
}

/**
 * tcplife_set_event_filter - TCPLIFE_CMD_EVENT_FILTER_SET
 * @skb: the request
 * @info: what is in it
 *
 * For all namespaces, so only from the initial one and with its rights.
 * Return: 0 or an error.
 */
int tcplife_set_event_filter(struct sk_buff *skb, struct genl_info *info)
{
	if (!net_eq(genl_info_net(info), &init_net) ||
	    !netlink_capable(skb, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(info->extack,
			       "needs CAP_NET_ADMIN in the initial namespaces");
		return -EPERM;
	}
	return tcplife_event_filter_set(info->attrs[TCPLIFE_A_EVENT_FILTER],
					info->extack);
}
