/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection table: cookie and socket to record.
 *
 * One rule: a bucket's bit lock, taken with interrupts off, protects its chain
 * and every field of the records on it. A hook holds it for a few dozen
 * instructions, a reader for one copy.
 */
#ifndef _TCPLIFE_TABLE_H
#define _TCPLIFE_TABLE_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/irqflags.h>
#include <linux/list_bl.h>

#include "record.h"

struct net;

extern struct hlist_bl_head *tcplife_table __read_mostly;
extern unsigned int tcplife_table_bits __read_mostly;
extern atomic_t tcplife_table_live;

/**
 * struct tcplife_table_iter - a walk over the table
 * @bucket: where it is
 * @id: of the last record given from there; the chain is newest first
 * @limit: records born after the walk began are not shown
 */
struct tcplife_table_iter {
	u32	bucket;
	u64	id;
	u64	limit;
};

int tcplife_table_init(u32 max);
void tcplife_table_exit(void);
struct tcplife_record *tcplife_record_get(const struct net *net);
void tcplife_record_put(struct tcplife_record *rec);
int tcplife_record_reserve(u32 want);
bool tcplife_table_insert(struct tcplife_record *rec);
void tcplife_record_retire(struct tcplife_record *rec);
u64 tcplife_record_last_id(void);
void tcplife_table_walk(struct tcplife_table_iter *it);
bool tcplife_table_next(struct tcplife_table_iter *it, u64 netns,
			struct tcplife_record *copy);
bool tcplife_table_get(u64 cookie, u64 id, const u32 *gen, u32 flag,
		       struct tcplife_record *copy);

/* bit_spin_lock() without its preempt_disable(), which is for nothing where
 * interrupts are off: twenty times in each connection's life.
 */
static __always_inline void tcplife_bucket_lock(struct hlist_bl_head *head)
	__acquires(bitlock)
{
	lockdep_assert_irqs_disabled();

	/* Without SMP the lists know no such bit. */
	while (LIST_BL_LOCKMASK &&
	       unlikely(test_and_set_bit_lock(0, (unsigned long *)head)))
		while (test_bit(0, (unsigned long *)head))
			cpu_relax();
	__acquire(bitlock);
}

/**
 * tcplife_table_lock - lock the bucket of a cookie
 * @cookie: the socket's cookie
 * @flags: interrupt state, for tcplife_table_unlock()
 *
 * Inline, so that @flags of a hook need not be in memory. Context: any but NMI.
 * Return: the bucket.
 */
static __always_inline struct hlist_bl_head *
tcplife_table_lock(u64 cookie, unsigned long *flags)
	__acquires(bitlock)
{
	struct hlist_bl_head *head;

	head = &tcplife_table[hash_64(cookie, tcplife_table_bits)];
	local_irq_save(*flags);
	tcplife_bucket_lock(head);
	return head;
}

/* A record lives no more: there is room for another. */
static inline void tcplife_record_ended(void)
{
	atomic_dec(&tcplife_table_live);
}

static inline void tcplife_table_unlock(struct hlist_bl_head *head,
					unsigned long flags)
	__releases(bitlock)
{
	if (LIST_BL_LOCKMASK)
		__clear_bit_unlock(0, (unsigned long *)head);
	__release(bitlock);
	local_irq_restore(flags);
}

/**
 * tcplife_table_find - the record of a socket in a locked bucket
 * @head: from tcplife_table_lock()
 * @cookie: the socket's cookie
 * @sk: the socket, or its timewait socket
 *
 * Return: the record, valid until the bucket is unlocked, or NULL.
 */
static inline struct tcplife_record *
tcplife_table_find(struct hlist_bl_head *head, u64 cookie, const void *sk)
{
	struct hlist_bl_node *pos;
	struct tcplife_record *rec;

	hlist_bl_for_each_entry(rec, pos, head, node)
		if (rec->sk == sk && rec->cookie == cookie)
			return rec;
	return NULL;
}

#endif /* _TCPLIFE_TABLE_H */
