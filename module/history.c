// SPDX-License-Identifier: GPL-2.0-only
/*
 * History: the last finished records, in a ring.
 *
 * The ring takes over the record itself, so ending a connection copies
 * nothing; the oldest record goes back to its pool.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "history.h"

/* Protects the ring and its records. */
static DEFINE_RAW_SPINLOCK(history_lock);
static struct tcplife_record **history_ring;
static u32 history_size __read_mostly;
/* Records added so far; number n is at slot n % size. */
static u64 history_added;

/**
 * tcplife_history_init - make the ring
 * @size: records that it keeps
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int tcplife_history_init(u32 size)
{
	history_ring = kvcalloc(size, sizeof(*history_ring), GFP_KERNEL);
	if (!history_ring)
		return -ENOMEM;
	history_size = size;
	return 0;
}

/**
 * tcplife_history_exit - free the ring; its records belong to their pool
 *
 * Context: process, with no hook attached and no reader left.
 */
void tcplife_history_exit(void)
{
	kvfree(history_ring);
}

/** tcplife_history_size - how many records the ring keeps. */
u32 tcplife_history_size(void)
{
	return history_size;
}

/**
 * tcplife_history_add - keep a finished record
 * @rec: it belongs to the ring from now on
 *
 * Context: any but NMI. Return: the record that had to make room, or NULL.
 */
struct tcplife_record *tcplife_history_add(struct tcplife_record *rec)
{
	struct tcplife_record *oldest;
	unsigned long flags;
	u32 slot;

	raw_spin_lock_irqsave(&history_lock, flags);
	slot = history_added % history_size;
	oldest = history_ring[slot];
	history_ring[slot] = rec;
	history_added++;
	raw_spin_unlock_irqrestore(&history_lock, flags);
	return oldest;
}

/**
 * tcplife_history_walk - begin a walk over the records kept now
 * @it: the walk
 *
 * Context: process.
 */
void tcplife_history_walk(struct tcplife_history_iter *it)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&history_lock, flags);
	it->end = history_added;
	raw_spin_unlock_irqrestore(&history_lock, flags);
	it->seq = it->end - min_t(u64, it->end, history_size);
	it->lost = 0;
}

/* Copies record number @seq if it is wanted; false if it is not. */
static bool history_copy(u64 seq, u64 netns, struct tcplife_record *copy)
{
	const struct tcplife_record *rec = history_ring[seq % history_size];

	lockdep_assert_held(&history_lock);

	if (netns && rec->net_cookie != netns)
		return false;
	memcpy(copy, rec, sizeof(*copy));
	return true;
}

/* The records at @it were overwritten: goes on with the oldest left. */
static void history_catch_up(struct tcplife_history_iter *it)
{
	u64 oldest = history_added - min_t(u64, history_added, history_size);

	lockdep_assert_held(&history_lock);

	if (it->seq >= oldest)
		return;
	it->lost += min(oldest, it->end) - it->seq;
	it->seq = oldest;
}

/**
 * tcplife_history_next - the next record of a walk, oldest first
 * @it: from tcplife_history_walk()
 * @netns: only of the namespace with this cookie, 0 for all
 * @copy: filled
 *
 * The lock is held for one record at a time. Context: process. Return: false
 * at the end.
 */
bool tcplife_history_next(struct tcplife_history_iter *it, u64 netns,
			  struct tcplife_record *copy)
{
	unsigned long flags;
	bool found = false;

	while (!found && it->seq < it->end) {
		raw_spin_lock_irqsave(&history_lock, flags);
		history_catch_up(it);
		if (it->seq < it->end)
			found = history_copy(it->seq++, netns, copy);
		raw_spin_unlock_irqrestore(&history_lock, flags);
		if (!(it->seq & 0x3ff))
			cond_resched();
	}
	return found;
}

/**
 * tcplife_history_find - the youngest record of a socket
 * @netns: only of the namespace with this cookie, 0 for all
 * @cookie: of the socket
 * @gen: which life of it
 * @any: or any life
 * @copy: filled
 *
 * Context: process. Return: false if it is not there.
 */
bool tcplife_history_find(u64 netns, u64 cookie, u32 gen, bool any,
			  struct tcplife_record *copy)
{
	const struct tcplife_record *rec;
	unsigned long flags;
	bool found = false;
	u64 seq, end;

	raw_spin_lock_irqsave(&history_lock, flags);
	end = history_added;
	raw_spin_unlock_irqrestore(&history_lock, flags);
	for (seq = end; !found && seq && end - seq < history_size; seq--) {
		raw_spin_lock_irqsave(&history_lock, flags);
		rec = history_ring[(seq - 1) % history_size];
		found = rec->cookie == cookie && (any || rec->gen == gen) &&
			history_copy(seq - 1, netns, copy);
		raw_spin_unlock_irqrestore(&history_lock, flags);
		if (!(seq & 0x3ff))
			cond_resched();
	}
	return found;
}
