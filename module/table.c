// SPDX-License-Identifier: GPL-2.0-only
/*
 * Table: where live records are.
 *
 * Fixed size: the array of buckets is made at load for max_connections, so no
 * hook ever allocates or rehashes (rhashtable's slow path does both, under
 * locks that PREEMPT_RT turns into sleeping ones). Records come from a pool.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "history.h"
#include "pool.h"
#include "stats.h"
#include "table.h"

/* Free records kept in hand: more than a CPU can open before the refill runs. */
#define RECORDS_LOW	4096

struct hlist_bl_head *tcplife_table __read_mostly;
unsigned int tcplife_table_bits __read_mostly;

static struct tcplife_pool table_pool;
static u32 table_max __read_mostly;
/* Records taken and not ended: never above table_max. */
atomic_t tcplife_table_live = ATOMIC_INIT(0);
/* Birth order of records. */
static atomic64_t table_ids = ATOMIC64_INIT(0);

/**
 * tcplife_table_init - make the table
 * @max: live records it may hold
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int tcplife_table_init(u32 max)
{
	int ret;

	table_max = max;
	tcplife_table_bits = max_t(unsigned int, order_base_2(max), 6);
	tcplife_table = kvcalloc(1UL << tcplife_table_bits,
				 sizeof(*tcplife_table), GFP_KERNEL);
	if (!tcplife_table)
		return -ENOMEM;

	/* The history and the queues of events hold records of this pool, too:
	 * the queues as many as the table at most.
	 */
	ret = tcplife_pool_init(&table_pool, sizeof(struct tcplife_record),
				2 * max + tcplife_history_size() +
				nr_cpu_ids * TCPLIFE_POOL_CPU, RECORDS_LOW);
	if (ret)
		goto err_table;
	ret = tcplife_pool_spread(&table_pool);
	if (ret)
		goto err_pool;
	return 0;

err_pool:
	tcplife_pool_exit(&table_pool);
err_table:
	kvfree(tcplife_table);
	return ret;
}

/**
 * tcplife_table_exit - free the table and every record
 *
 * Context: process, with no hook attached and no reader left.
 */
void tcplife_table_exit(void)
{
	tcplife_pool_exit(&table_pool);
	kvfree(tcplife_table);
}

/**
 * tcplife_record_reserve - have free records in hand before the import
 * @want: how many
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int tcplife_record_reserve(u32 want)
{
	return tcplife_pool_reserve(&table_pool, want);
}

/**
 * tcplife_record_get - a new record, zeroed, its id set
 * @net: the namespace to count a loss for
 *
 * Context: any but NMI. Return: the record, or NULL: the loss is counted under
 * its cause.
 */
struct tcplife_record *tcplife_record_get(const struct net *net)
{
	struct tcplife_record *rec;

	if (!atomic_add_unless(&tcplife_table_live, 1, table_max)) {
		tcplife_count(net, TCPLIFE_C_LOST_TABLE_FULL);
		return NULL;
	}
	rec = tcplife_pool_cpu_get(&table_pool);
	if (!rec) {
		atomic_dec(&tcplife_table_live);
		tcplife_count(net, TCPLIFE_C_LOST_POOL_EMPTY);
		return NULL;
	}
	memset(rec, 0, sizeof(*rec));
	rec->id = atomic64_inc_return(&table_ids);
	return rec;
}

/**
 * tcplife_record_put - give back a record that is in no table
 * @rec: from tcplife_record_get(); it leaves no trace
 *
 * Context: any but NMI.
 */
void tcplife_record_put(struct tcplife_record *rec)
{
	tcplife_pool_cpu_put(&table_pool, rec);
	atomic_dec(&tcplife_table_live);
}

/**
 * tcplife_table_insert - put a record into the table
 * @rec: complete; @gen is raised above that of every earlier life of the same
 *	cookie that is still in the table, in a timewait socket
 *
 * Insert if absent: the socket may have been seen by a hook and by the import.
 * Context: any but NMI. Return: false when the socket has a record already.
 */
bool tcplife_table_insert(struct tcplife_record *rec)
{
	struct hlist_bl_node *pos;
	struct tcplife_record *old;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_table_lock(rec->cookie, &flags);
	hlist_bl_for_each_entry(old, pos, head, node) {
		if (old->cookie != rec->cookie)
			continue;
		if (old->sk == rec->sk) {
			tcplife_table_unlock(head, flags);
			return false;
		}
		rec->gen = max(rec->gen, old->gen + 1);
	}
	hlist_bl_add_head(&rec->node, head);
	tcplife_table_unlock(head, flags);
	return true;
}

/**
 * tcplife_record_retire - hand a finished record to the history
 * @rec: complete, ended, and off its chain: the caller is its only owner
 *
 * Context: any but NMI.
 */
void tcplife_record_retire(struct tcplife_record *rec)
{
	struct tcplife_record *oldest = tcplife_history_add(rec);

	if (oldest) {
		/* Of whatever namespace: the ring is common to all. */
		tcplife_count(&init_net, TCPLIFE_C_HISTORY_OVERWRITTEN);
		tcplife_pool_cpu_put(&table_pool, oldest);
	}
}

/**
 * tcplife_record_last_id - the id of the newest record
 *
 * Return: the id; a record that is made after this call has a higher one.
 */
u64 tcplife_record_last_id(void)
{
	return atomic64_read(&table_ids);
}

/**
 * tcplife_table_walk - begin a walk over the table
 * @it: the walk
 */
void tcplife_table_walk(struct tcplife_table_iter *it)
{
	it->bucket = 0;
	it->limit = atomic64_read(&table_ids) + 1;
	it->id = it->limit;
}

/* Copies the newest record of a bucket that the walk has not given yet. */
static bool table_copy(struct tcplife_table_iter *it, u64 netns,
		       struct tcplife_record *copy)
{
	struct hlist_bl_head *head = &tcplife_table[it->bucket];
	struct tcplife_record *rec, *found = NULL;
	struct hlist_bl_node *pos;
	unsigned long flags;

	local_irq_save(flags);
	tcplife_bucket_lock(head);
	hlist_bl_for_each_entry(rec, pos, head, node)
		if (rec->id < it->id && (!netns || rec->net_cookie == netns) &&
		    (!found || rec->id > found->id))
			found = rec;
	if (found)
		memcpy(copy, found, sizeof(*copy));
	tcplife_table_unlock(head, flags);
	return found;
}

/**
 * tcplife_table_next - the next record of a walk
 * @it: from tcplife_table_walk()
 * @netns: only of the namespace with this cookie, 0 for all
 * @copy: filled with a consistent copy
 *
 * A record that lives through the whole walk is given exactly once, whatever
 * comes and goes meanwhile. No lock is held between two calls, and each goes
 * on where the last one ended. Context: process. Return: false at the end.
 */
bool tcplife_table_next(struct tcplife_table_iter *it, u64 netns,
			struct tcplife_record *copy)
{
	for (; it->bucket < 1U << tcplife_table_bits; it->bucket++) {
		if (!hlist_bl_empty(&tcplife_table[it->bucket]) &&
		    table_copy(it, netns, copy)) {
			it->id = copy->id;
			return true;
		}
		it->id = it->limit;
		if (!(it->bucket & 0xfff))
			cond_resched();
	}
	return false;
}

/**
 * tcplife_table_get - the copy of one record
 * @cookie: of its socket
 * @id: of the record, or 0 for any
 * @gen: which life of the socket, or NULL for the newest
 * @flag: set in the record's flags, 0 for none
 * @copy: filled, without @flag if it was not set before
 *
 * Context: any but NMI. Return: false if there is none.
 */
bool tcplife_table_get(u64 cookie, u64 id, const u32 *gen, u32 flag,
		       struct tcplife_record *copy)
{
	struct tcplife_record *rec, *found = NULL;
	struct hlist_bl_node *pos;
	struct hlist_bl_head *head;
	unsigned long flags;

	head = tcplife_table_lock(cookie, &flags);
	/* The chain is newest first. */
	hlist_bl_for_each_entry(rec, pos, head, node) {
		if (rec->cookie != cookie || (id && rec->id != id) ||
		    (gen && rec->gen != *gen))
			continue;
		found = rec;
		memcpy(copy, rec, sizeof(*copy));
		rec->flags |= flag;
		break;
	}
	tcplife_table_unlock(head, flags);
	return found;
}
