// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: where events wait to be sent, and who wakes the sender.
 *
 * Each CPU has two: a list of finished records, and a ring for the rest. A work
 * item (notify.c) empties them, a few milliseconds after the first event or
 * when they hold much. A slow reader is its own socket's affair: the worker
 * never waits for one.
 */
#include <linux/hrtimer.h>
#include <linux/percpu.h>
#include <linux/workqueue.h>
#include <tcplife/compat.h>

#include "events.h"
#include "netlink.h"
#include "notify.h"
#include "queue.h"
#include "table.h"

/* Events wait this long for others to share a message with. */
#define QUEUE_DELAY	(6 * NSEC_PER_MSEC)

/* Slots of a CPU for what is not a finished record. */
#define EVENT_SLOTS	1024

/* Finished records that make the worker run at once. */
#define ENDED_MANY	1024

struct tcplife_listening tcplife_listening;

DEFINE_PER_CPU(struct tcplife_queue, tcplife_queues);

/* Protects queue_on and tcplife_listening, which others read without it. */
static DEFINE_RAW_SPINLOCK(queue_look_lock);
/* The family is there to be asked who listens. */
static bool queue_on;
/* The timer runs, or the worker is about to. */
static bool queue_armed;
static struct hrtimer queue_timer;
static struct workqueue_struct *queue_wq;
/* Finished records in the queues, at most as many as can be alive: the pool has
 * room for them, and all timewait sockets may end at the same moment.
 */
static atomic_t queue_held = ATOMIC_INIT(0);
static u32 queue_max __read_mostly;
static DECLARE_WORK(queue_drain, tcplife_notify_work);

/* Under the lock of it, so that no older answer overwrites a younger one. */
static void listening_look(void)
{
	unsigned long groups = 0;
	unsigned int feed;

	lockdep_assert_held(&queue_look_lock);

	if (queue_on)
		for (feed = 0; feed < TCPLIFE_NR_FEEDS; feed++)
			if (tcplife_netlink_listeners(feed))
				groups |= BIT(tcplife_feed_group(feed));
	WRITE_ONCE(tcplife_listening.groups, groups);
	/* Paired with smp_load_acquire() in tcplife_events_looked(). */
	smp_store_release(&tcplife_listening.looked, jiffies);
}

/**
 * tcplife_events_look - find out which groups somebody listens to
 *
 * In whatever namespace: the kernel keeps one mask for all. Context: any but
 * NMI.
 */
void tcplife_events_look(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&queue_look_lock, flags);
	listening_look();
	raw_spin_unlock_irqrestore(&queue_look_lock, flags);
}

/**
 * tcplife_events_ask - which groups does somebody listen to
 *
 * The slow half of tcplife_events_groups(). Waits for another CPU that is
 * looking, some hundred instructions: where nothing happened for a while the
 * last answer may be of any age. Context: any but NMI.
 *
 * Return: mask of them.
 */
unsigned long tcplife_events_ask(void)
{
	unsigned long flags, groups;

	raw_spin_lock_irqsave(&queue_look_lock, flags);
	if (!tcplife_events_looked())
		listening_look();
	groups = tcplife_listening.groups;
	raw_spin_unlock_irqrestore(&queue_look_lock, flags);
	return groups;
}

static enum hrtimer_restart queue_expired(struct hrtimer *timer)
{
	queue_work(queue_wq, &queue_drain);
	return HRTIMER_NORESTART;
}

/**
 * tcplife_queue_kick - see that what was queued is sent
 * @now: it is so much that the delay is not to be waited for
 *
 * Context: any but NMI.
 */
void tcplife_queue_kick(bool now)
{
	/* Paired with the barrier in tcplife_queue_begin(): either the worker
	 * sees what was queued, or this sees that the worker has begun.
	 */
	smp_mb();
	if (!READ_ONCE(queue_armed)) {
		WRITE_ONCE(queue_armed, true);
		hrtimer_start(&queue_timer, ns_to_ktime(QUEUE_DELAY),
			      HRTIMER_MODE_REL_HARD);
	} else if (unlikely(now) && !work_pending(&queue_drain)) {
		queue_work(queue_wq, &queue_drain);
	}
}

/**
 * tcplife_queue_ended - queue a finished record
 * @rec: the queue's, if there is room
 *
 * Context: any but NMI, preemption off. Return: false if there is none.
 */
bool tcplife_queue_ended(struct tcplife_record *rec)
{
	int held = atomic_inc_return(&queue_held);

	if (held > queue_max) {
		atomic_dec(&queue_held);
		return false;
	}
	llist_add(&rec->waiting, this_cpu_ptr(&tcplife_queues.ended));
	tcplife_queue_kick(held > ENDED_MANY);
	return true;
}

/**
 * tcplife_queue_retire - a record that was queued goes to the history
 * @rec: the record
 *
 * Context: the worker.
 */
void tcplife_queue_retire(struct tcplife_record *rec)
{
	rec->sk = NULL;
	rcu_read_lock();
	tcplife_record_retire(rec);
	rcu_read_unlock();
	atomic_dec(&queue_held);
}

/**
 * tcplife_queue_begin - a pass of the worker begins
 *
 * Context: the worker. Return: whether there is a family to send with.
 */
bool tcplife_queue_begin(void)
{
	struct tcplife_queue *q;
	int cpu;

	WRITE_ONCE(queue_armed, false);
	/* Paired with the barrier in tcplife_queue_kick(). */
	smp_mb();
	/* All of them now: what a reader joins for after this moment is in the
	 * next pass, whatever this one finds out about listeners.
	 */
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(&tcplife_queues, cpu);
		/* First the records: an event may tell of one that lives. */
		q->taken = llist_reverse_order(llist_del_all(&q->ended));
		tcplife_ring_begin(&q->events);
	}
	return READ_ONCE(queue_on);
}

/**
 * tcplife_queue_flush - have everything sent that is queued now
 *
 * Context: process; not the worker.
 */
void tcplife_queue_flush(void)
{
	queue_work(queue_wq, &queue_drain);
	flush_work(&queue_drain);
}

/**
 * tcplife_queue_settle - have finished records in the history
 *
 * Called before it is shown: a record may be in a queue still. Waits only if
 * one is. Context: process.
 */
void tcplife_queue_settle(void)
{
	/* Paired with xchg() in tcplife_history_add(), which comes before the
	 * record is held no more: then its number is there to be read.
	 */
	if (atomic_read_acquire(&queue_held))
		tcplife_queue_flush();
}

/**
 * tcplife_queue_switch - begin or stop to ask who listens
 * @on: the family is registered; false: it is about to go
 *
 * Context: process.
 */
void tcplife_queue_switch(bool on)
{
	unsigned long flags;

	if (!on)
		tcplife_queue_flush();
	raw_spin_lock_irqsave(&queue_look_lock, flags);
	WRITE_ONCE(queue_on, on);
	listening_look();
	raw_spin_unlock_irqrestore(&queue_look_lock, flags);
	/* A pass that began before has ended, and no other sends. */
	if (!on)
		tcplife_queue_flush();
}

static void queue_free(void)
{
	struct tcplife_queue *q;
	int cpu;

	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(&tcplife_queues, cpu);
		kvfree(q->events.slots);
	}
}

/**
 * tcplife_queue_init - have queues
 * @records: finished records that they may hold
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int tcplife_queue_init(u32 records)
{
	struct tcplife_queue *q;
	int cpu, node, ret = 0;

	queue_max = records;
	queue_wq = alloc_workqueue("tcplife", WQ_UNBOUND | WQ_HIGHPRI, 1);
	if (!queue_wq)
		return -ENOMEM;
	tcplife_hrtimer_setup(&queue_timer, queue_expired, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_HARD);
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(&tcplife_queues, cpu);
		node = cpu_to_node(cpu);
		ret = ret ?: tcplife_ring_init(&q->events, EVENT_SLOTS,
					       sizeof(struct tcplife_event),
					       node);
	}
	if (ret) {
		queue_free();
		destroy_workqueue(queue_wq);
	}
	return ret;
}

/**
 * tcplife_queue_exit - drop the queues; the records in them are their pool's
 *
 * Context: process, with no hook attached and no reader left.
 */
void tcplife_queue_exit(void)
{
	hrtimer_cancel(&queue_timer);
	destroy_workqueue(queue_wq);
	queue_free();
}
