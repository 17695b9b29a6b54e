// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notify: the work item that empties the queues into multicast messages.
 *
 * Each message has many events of one group for one namespace. The initial
 * one gets those of all, every other its own. The mutex protects the feeds.
 */
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "events.h"
#include "netlink.h"
#include "notify.h"
#include "put.h"
#include "queue.h"
#include "stats.h"
#include "table.h"

/* Big enough that a message's cost is shared by some twenty records, small
 * enough for the buffers that readers have: four pages.
 */
#define MESSAGE_SIZE	SKB_WITH_OVERHEAD(16384UL)

/* Held for a whole pass: whoever else has it finds every message that was
 * begun sent, and its sums in the feeds.
 */
static DEFINE_MUTEX(notify_mutex);
/* Messages that were begun: feeds by their open. */
static LIST_HEAD(notify_open);
/* Number of the pass. */
static u32 notify_pass;

/* The sums at the head of a message, filled in when it is sent. */
#define HEAD_SIZE	(4 * nla_total_size(sizeof(u64)))

/* Mask of the multicast groups that somebody has joined, in this pass. */
static unsigned long notify_joined;

static const u8 notify_cmds[TCPLIFE_NR_GROUPS] = {
	[TCPLIFE_GROUP_RECORDS]		= TCPLIFE_CMD_RECORD_NTF,
	[TCPLIFE_GROUP_CLOSES]		= TCPLIFE_CMD_CLOSE_NTF,
	[TCPLIFE_GROUP_STATES]		= TCPLIFE_CMD_STATE_NTF,
	[TCPLIFE_GROUP_HALFOPEN]	= TCPLIFE_CMD_HALFOPEN_NTF,
};

static unsigned int feed_number(const struct tcplife_feed *feed)
{
	return feed - feed->tn->feeds;
}

static bool feed_begin(struct tcplife_net *tn, struct tcplife_feed *feed)
{
	u8 cmd = notify_cmds[tcplife_feed_group(feed - tn->feeds)];
	struct sk_buff *skb;

	/* Not at any price: what is lost for want of memory is counted. */
	skb = nlmsg_new(MESSAGE_SIZE - NLMSG_HDRLEN,
			GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
	if (!skb)
		return false;
	feed->hdr = genlmsg_put(skb, 0, 0, &tcplife_family, 0, cmd);
	feed->head = skb_put_zero(skb, HEAD_SIZE);
	tcplife_netlink_put_clock(skb, tn->net->user_ns);
	feed->skb = skb;
	feed->tn = tn;
	list_add_tail(&feed->open, &notify_open);
	return true;
}

static void feed_sent(const struct tcplife_net *tn, unsigned int number,
		      struct tcplife_sent *sent)
{
	const struct tcplife_feed *feed = &tn->feeds[number];

	lockdep_assert_held(&notify_mutex);

	tcplife_events_unsent(net_eq(tn->net, &init_net) ? NULL : tn,
			      tcplife_feed_group(number), &sent->dropped,
			      &sent->filtered);
	sent->dropped += feed->lost;
	sent->seq = feed->seq;
	sent->events = feed->events;
}

/* What a reader needs to know whether it has all: as of now. */
static void feed_head(struct tcplife_feed *feed)
{
	struct tcplife_sent sent;
	void *p = feed->head;

	feed_sent(feed->tn, feed_number(feed), &sent);
	p = tcplife_put_u64(p, TCPLIFE_A_SEQ, sent.seq);
	p = tcplife_put_u64(p, TCPLIFE_A_DROPPED, sent.dropped);
	p = tcplife_put_u64(p, TCPLIFE_A_FILTERED, sent.filtered);
	tcplife_put_u64(p, TCPLIFE_A_EVENTS, sent.events);
}

static void feed_send(struct tcplife_feed *feed)
{
	struct tcplife_net *tn = feed->tn;
	struct sk_buff *skb = feed->skb;
	int ret;

	list_del(&feed->open);
	feed->skb = NULL;
	feed->seq++;
	feed_head(feed);
	genlmsg_end(skb, feed->hdr);
	/* -ESRCH: nobody got it. That is also said if those who listen have
	 * full buffers: they are told by the kernel, and by the next message
	 * that they get: its sequence number, and the number of events.
	 * GFP_ATOMIC, or netlink_broadcast() yields for a reader that is slow.
	 */
	ret = genlmsg_multicast_netns(&tcplife_family, tn->net, skb, 0,
				      feed_number(feed), GFP_ATOMIC);
	if (ret == -ESRCH)
		feed->deaf = notify_pass;
}

/* Room for one more event, in a message begun already or a new one. */
static bool feed_room(struct tcplife_net *tn, struct tcplife_feed *feed,
		      size_t size)
{
	if (feed->skb && !tcplife_put_room(feed->skb, size))
		feed_send(feed);
	if (!feed->skb && feed->deaf != notify_pass && !feed_begin(tn, feed)) {
		feed->lost++;
		rcu_read_lock();
		tcplife_count(tn->net, TCPLIFE_C_EVENTS_DROPPED);
		rcu_read_unlock();
		return false;
	}
	feed->events++;
	return feed->skb;
}

/* Who listens in a namespace; see struct tcplife_audience. */
static struct tcplife_audience notify_audience(const struct net *net)
{
	return (struct tcplife_audience) {
		.user_ns	= net->user_ns,
		.init_pid_ns	= net_eq(net, &init_net),
	};
}

static void feed_record(struct tcplife_net *tn, enum tcplife_group group,
			const struct tcplife_record *rec)
{
	struct tcplife_audience to = notify_audience(tn->net);
	struct tcplife_feed *feed = &tn->feeds[group];

	if (notify_joined & BIT(group) && feed_room(tn, feed, TCPLIFE_PUT_MAX))
		tcplife_put_record(feed->skb, rec, &to);
	feed += TCPLIFE_FEED_COMPACT;
	if (notify_joined & BIT(TCPLIFE_FEED_COMPACT + group) &&
	    feed_room(tn, feed, TCPLIFE_PUT_COMPACT))
		tcplife_put_compact(feed->skb, rec, &to);
}

static void feed_event(struct tcplife_net *tn, const struct tcplife_event *event)
{
	struct tcplife_audience to = notify_audience(tn->net);
	struct tcplife_feed *feed = &tn->feeds[event->group];

	if (!feed_room(tn, feed, TCPLIFE_PUT_MAX))
		return;
	if (event->group == TCPLIFE_GROUP_HALFOPEN)
		tcplife_put_request(feed->skb, &event->request);
	else
		tcplife_put_transition(feed->skb, &event->transition, &to);
}

/* Tells the initial namespace, and that of the event if it is another one. */
static void notify_record(struct tcplife_net *tn, u32 groups,
			  const struct tcplife_record *rec)
{
	struct tcplife_net *init = net_generic(&init_net, tcplife_net_id);
	u32 group;

	for (group = 0; group <= TCPLIFE_GROUP_CLOSES; group++) {
		if (!(groups & BIT(group)))
			continue;
		feed_record(init, group, rec);
		if (tn && tn != init)
			feed_record(tn, group, rec);
	}
}

static void notify_event(const struct tcplife_event *event)
{
	struct tcplife_net *init = net_generic(&init_net, tcplife_net_id);
	struct tcplife_record rec;

	if (event->group == TCPLIFE_GROUP_CLOSES) {
		if (tcplife_table_get(event->cookie, event->id, NULL,
				      TCPLIFE_F_CLOSE_TOLD, &rec))
			notify_record(event->tn, BIT(TCPLIFE_GROUP_CLOSES),
				      &rec);
		return;
	}
	feed_event(init, event);
	if (event->tn && event->tn != init)
		feed_event(event->tn, event);
}

/* The end of a timewait socket, which has no slot in the ring of events. */
static void notify_last_state(const struct tcplife_record *rec)
{
	struct tcplife_event event = {
		.tn	= rec->tn,
		.group	= TCPLIFE_GROUP_STATES,
	};

	tcplife_transition_fill(&event.transition, rec, TCP_CLOSE, rec->ended);
	notify_event(&event);
}

static void notify_ended(const struct tcplife_record *rec)
{
	u32 groups = rec->flags / TCPLIFE_F_TELL(0);

	if (rec->flags & TCPLIFE_F_CLOSE_TOLD)
		groups &= ~BIT(TCPLIFE_GROUP_CLOSES);
	if (groups & BIT(TCPLIFE_GROUP_STATES))
		notify_last_state(rec);
	notify_record(rec->tn, groups, rec);
}

static void notify_queue(struct tcplife_queue *q, bool on)
{
	const struct tcplife_event *event;
	struct tcplife_record *rec, *next;

	while ((event = tcplife_ring_peek(&q->events))) {
		if (on)
			notify_event(event);
		tcplife_ring_done(&q->events);
		cond_resched();
	}
	llist_for_each_entry_safe(rec, next, q->taken, waiting) {
		if (on)
			notify_ended(rec);
		tcplife_queue_retire(rec);
		cond_resched();
	}
}

/* Whoever joins after this finds what he is to be told of in the next pass. */
static void notify_look(void)
{
	unsigned int feed;

	notify_joined = 0;
	for (feed = 0; feed < TCPLIFE_NR_FEEDS; feed++)
		if (tcplife_netlink_listeners(feed))
			notify_joined |= BIT(feed);
}

/**
 * tcplife_notify_work - send what the queues hold
 * @work: not used
 *
 * Context: process.
 */
void tcplife_notify_work(struct work_struct *work)
{
	struct tcplife_feed *feed, *next;
	bool on;
	int cpu;

	mutex_lock(&notify_mutex);
	on = tcplife_queue_begin();
	if (on)
		notify_look();
	/* 0 is that of a feed that was never deaf. */
	if (!++notify_pass)
		notify_pass = 1;
	for_each_possible_cpu(cpu)
		notify_queue(per_cpu_ptr(&tcplife_queues, cpu), on);
	list_for_each_entry_safe(feed, next, &notify_open, open)
		feed_send(feed);
	mutex_unlock(&notify_mutex);
}

/**
 * tcplife_notify_sent - what the groups have sent to a namespace so far
 * @tn: the namespace
 * @sent: filled, for each group; what was queued before is in it
 *
 * Context: process, not the worker.
 */
void tcplife_notify_sent(const struct tcplife_net *tn,
			 struct tcplife_sent sent[TCPLIFE_NR_FEEDS])
{
	unsigned int feed;

	tcplife_queue_flush();
	mutex_lock(&notify_mutex);
	for (feed = 0; feed < TCPLIFE_NR_FEEDS; feed++)
		feed_sent(tn, feed, &sent[feed]);
	mutex_unlock(&notify_mutex);
}
