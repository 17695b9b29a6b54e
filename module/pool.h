/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_POOL_H
#define _TCPLIFE_POOL_H

#include <linux/irqflags.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/* A CPU of a pool that was spread has fewer free objects to itself. */
#define TCPLIFE_POOL_CPU	32

/**
 * struct tcplife_pool_cpu - free objects of one CPU
 * @free: list of them, linked through their first word
 * @nfree: how many they are
 *
 * Used with interrupts off, and by its CPU only.
 */
struct tcplife_pool_cpu {
	void	*free;
	u32	nfree;
};

/**
 * struct tcplife_pool - objects made in advance, for code that may not allocate
 * @lock: protects @free, @nfree and @made
 * @free: list of free objects, linked through their first word
 * @nfree: how many they are
 * @made: objects made so far, free or not
 * @max: bound of @made
 * @low: the refill starts below this many free objects
 * @size: of an object, bytes
 * @grow: one at a time takes memory: the refill or tcplife_pool_reserve();
 *	protects @chunks and, for writing, @made
 * @chunks: memory taken; freed by tcplife_pool_exit()
 * @refill: takes more memory, in process context
 * @cpu: what each CPU has to itself; NULL if the pool was not spread
 */
struct tcplife_pool {
	raw_spinlock_t		lock;
	void			*free;
	u32			nfree;
	u32			made;
	u32			max;
	u32			low;
	u32			size;
	/* one at a time takes memory */
	struct mutex		grow;
	struct list_head	chunks;
	struct work_struct	refill;

	struct tcplife_pool_cpu __percpu *cpu;
};

int tcplife_pool_init(struct tcplife_pool *pool, u32 size, u32 max, u32 low);
void tcplife_pool_exit(struct tcplife_pool *pool);
void *tcplife_pool_get(struct tcplife_pool *pool);
void tcplife_pool_put(struct tcplife_pool *pool, void *obj);
int tcplife_pool_reserve(struct tcplife_pool *pool, u32 want);
int tcplife_pool_spread(struct tcplife_pool *pool);
void *tcplife_pool_fetch(struct tcplife_pool *pool);
void tcplife_pool_return(struct tcplife_pool *pool);

/**
 * tcplife_pool_cpu_get - take a free object of this CPU
 * @pool: the pool, spread
 *
 * Inline, as is tcplife_pool_cpu_put(): each connection takes and gives two.
 * Context: any but NMI. Return: as tcplife_pool_get().
 */
static inline void *tcplife_pool_cpu_get(struct tcplife_pool *pool)
{
	struct tcplife_pool_cpu *own;
	unsigned long flags;
	void *obj;

	local_irq_save(flags);
	own = this_cpu_ptr(pool->cpu);
	obj = own->free;
	if (likely(obj)) {
		own->free = *(void **)obj;
		own->nfree--;
	}
	local_irq_restore(flags);
	return likely(obj) ? obj : tcplife_pool_fetch(pool);
}

/**
 * tcplife_pool_cpu_put - give an object to this CPU
 * @pool: the pool, spread
 * @obj: from it
 *
 * Context: any but NMI.
 */
static inline void tcplife_pool_cpu_put(struct tcplife_pool *pool, void *obj)
{
	struct tcplife_pool_cpu *own;
	unsigned long flags;
	bool full;

	local_irq_save(flags);
	own = this_cpu_ptr(pool->cpu);
	*(void **)obj = own->free;
	own->free = obj;
	full = ++own->nfree >= TCPLIFE_POOL_CPU;
	local_irq_restore(flags);
	if (unlikely(full))
		tcplife_pool_return(pool);
}

#endif /* _TCPLIFE_POOL_H */
