// SPDX-License-Identifier: GPL-2.0-only
/*
 * History: the last finished records, in a ring.
 *
 * The ring takes over the record itself, so ending a connection copies
 * nothing; the oldest record goes back to its pool.
 *
 * There is no lock. A record gets its number, which says where its place is, and
 * then changes places with what is there. A reader copies what it finds and then
 * looks whether that is still there, with the number that it wants: if so it was
 * nobody else's meanwhile. Memory of records stays that of records.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/sched.h>

#include "history.h"

/* Number n is at n % size; the first is 1. */
static struct tcplife_record **history_ring;
static u32 history_size __read_mostly;
/* Numbers given so far. */
static atomic64_t history_added;

/* What a reader finds at the place of a number. */
enum history_found {
	HISTORY_FOUND,
	HISTORY_OTHER,		/* not what was asked for */
	HISTORY_OVERWRITTEN,
};

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
	struct tcplife_record **slot;
	u64 number;

	/* Readers wait for a record that has a number and is not there yet. */
	preempt_disable();
	number = atomic64_inc_return(&history_added);
	WRITE_ONCE(rec->kept, number);
	slot = &history_ring[number % history_size];
	rec = xchg(slot, rec);
	/* The whole ring has gone round while an interrupt came between: what
	 * is younger stays.
	 */
	while (unlikely(rec && rec->kept > number)) {
		number = rec->kept;
		rec = xchg(slot, rec);
	}
	preempt_enable();
	return rec;
}

/**
 * tcplife_history_walk - begin a walk over the records kept now
 * @it: the walk
 *
 * Context: process.
 */
void tcplife_history_walk(struct tcplife_history_iter *it)
{
	u64 added = atomic64_read(&history_added);

	it->end = added + 1;
	it->seq = it->end - min_t(u64, added, history_size);
	it->lost = 0;
}

/* The record at the place of a number, and the number that it has. NULL if that
 * is about to change.
 */
static const struct tcplife_record *history_look(u64 number, u64 *kept)
{
	struct tcplife_record **slot = &history_ring[number % history_size];
	const struct tcplife_record *rec = READ_ONCE(*slot);

	if (!rec)
		return NULL;
	/* A record that has left its place may be taken and zeroed now: seen
	 * below. The same holds for what history_try() reads.
	 */
	*kept = data_race(READ_ONCE(rec->kept));
	/* Paired with xchg() in tcplife_history_add(): while it is there, nobody
	 * has given it back.
	 */
	smp_rmb();
	return READ_ONCE(*slot) == rec && *kept >= number ? rec : NULL;
}

/* What is at the place of a number now, copied if it is of a namespace (0: any)
 * and of a socket (0: any). False if it changed meanwhile.
 */
static bool history_try(u64 number, u64 netns, u64 cookie,
			struct tcplife_record *copy, enum history_found *found)
{
	const struct tcplife_record *rec;
	u64 kept;

	rec = history_look(number, &kept);
	if (!rec)
		return false;
	*found = HISTORY_OVERWRITTEN;
	if (kept > number)
		return true;
	*found = HISTORY_OTHER;
	/* It may be overwritten meanwhile: the second look says so. */
	if (data_race((!netns || rec->net_cookie == netns) &&
		      (!cookie || rec->cookie == cookie))) {
		/* So may this be. */
		data_race(memcpy(copy, rec, sizeof(*copy)));
		*found = HISTORY_FOUND;
	}
	/* Paired with xchg() in tcplife_history_add(). */
	smp_rmb();
	return history_look(number, &kept) == rec && kept == number;
}

/* Whoever has taken a number comes to its place with preemption off: nothing but
 * softirqs can keep him. And what is overwritten has changed for good.
 */
static enum history_found history_copy(u64 number, u64 netns, u64 cookie,
				       struct tcplife_record *copy)
{
	enum history_found found;

	while (!history_try(number, netns, cookie, copy, &found)) {
		cpu_relax();
		cond_resched();
	}
	return found;
}

/* The records at @it were overwritten: goes on with the oldest left. */
static void history_catch_up(struct tcplife_history_iter *it)
{
	u64 added = atomic64_read(&history_added);
	u64 oldest = added + 1 - min_t(u64, added, history_size);

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
 * Context: process. Return: false at the end.
 */
bool tcplife_history_next(struct tcplife_history_iter *it, u64 netns,
			  struct tcplife_record *copy)
{
	enum history_found found;

	while (it->seq < it->end) {
		history_catch_up(it);
		if (it->seq >= it->end)
			break;
		found = history_copy(it->seq++, netns, 0, copy);
		if (found == HISTORY_FOUND)
			return true;
		it->lost += found == HISTORY_OVERWRITTEN;
		if (!(it->seq & 0x3ff))
			cond_resched();
	}
	return false;
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
	struct tcplife_history_iter it;
	enum history_found found;
	u64 number;

	if (!cookie)
		return false;
	tcplife_history_walk(&it);
	for (number = it.end - 1; number >= it.seq; number--) {
		found = history_copy(number, netns, cookie, copy);
		if (found == HISTORY_OVERWRITTEN)
			break;
		if (found == HISTORY_FOUND && (any || copy->gen == gen))
			return true;
		if (!(number & 0x3ff))
			cond_resched();
	}
	return false;
}
