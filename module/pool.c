// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pool: records and listeners made in advance.
 *
 * A hook may not allocate (on PREEMPT_RT not even with GFP_ATOMIC), so memory
 * is taken by a work item as the pool runs low, in chunks, up to a bound. It
 * is given back when the module goes; until then an object may be read at any
 * time without a fault, whoever owns it.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "pool.h"

#define CHUNK_BYTES	(64 * 1024)

struct pool_chunk {
	struct list_head	list;
	u64			objs[];
};

static void pool_push(struct tcplife_pool *pool, void *obj)
{
	lockdep_assert_held(&pool->lock);

	*(void **)obj = pool->free;
	pool->free = obj;
	pool->nfree++;
}

static void *pool_pop(struct tcplife_pool *pool)
{
	void *obj = pool->free;

	lockdep_assert_held(&pool->lock);

	if (obj) {
		pool->free = *(void **)obj;
		pool->nfree--;
	}
	return obj;
}

/* Outside the lock: it takes the worker pool's own (raw) lock. */
static void pool_look(struct tcplife_pool *pool)
{
	if (unlikely(READ_ONCE(pool->nfree) < pool->low &&
		     READ_ONCE(pool->made) < pool->max))
		schedule_work(&pool->refill);
}

/* Takes memory for one chunk; how many objects it made, or an error. */
static int pool_chunk(struct tcplife_pool *pool)
{
	u32 n = (CHUNK_BYTES - sizeof(struct pool_chunk)) / pool->size;
	struct pool_chunk *chunk;
	void *obj, *list = NULL;
	unsigned long flags;
	u32 i;

	lockdep_assert_held(&pool->grow);

	n = min(n, pool->max - pool->made);
	if (!n)
		return 0;
	chunk = kvzalloc(struct_size(chunk, objs, n * pool->size / sizeof(u64)),
			 GFP_KERNEL | __GFP_NOWARN);
	if (!chunk)
		return -ENOMEM;

	list_add(&chunk->list, &pool->chunks);
	/* A hook must never wait until a whole chunk is linked. */
	for (i = 0; i < n; i++) {
		obj = (void *)chunk->objs + i * pool->size;
		*(void **)obj = list;
		list = obj;
	}
	raw_spin_lock_irqsave(&pool->lock, flags);
	*(void **)chunk->objs = pool->free;
	pool->free = list;
	pool->nfree += n;
	pool->made += n;
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	return n;
}

/* Takes memory until that many objects are free; 0 or -ENOMEM. */
static int pool_grow(struct tcplife_pool *pool, u32 want)
{
	int ret = 1;

	mutex_lock(&pool->grow);
	while (READ_ONCE(pool->nfree) < want && ret > 0) {
		ret = pool_chunk(pool);
		cond_resched();
	}
	mutex_unlock(&pool->grow);
	return min(ret, 0);
}

static void pool_refill(struct work_struct *work)
{
	struct tcplife_pool *pool = container_of(work, struct tcplife_pool,
						 refill);

	/* Twice the mark, so that a steady growth does not come here for
	 * every chunk. What cannot be had now is asked for at the next get.
	 */
	pool_grow(pool, 2 * pool->low);
}

/**
 * tcplife_pool_init - make a pool
 * @pool: to set up
 * @size: of an object in bytes
 * @max: the most objects it may ever hold
 * @low: free objects to keep in hand
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int tcplife_pool_init(struct tcplife_pool *pool, u32 size, u32 max, u32 low)
{
	int ret;

	raw_spin_lock_init(&pool->lock);
	mutex_init(&pool->grow);
	INIT_LIST_HEAD(&pool->chunks);
	INIT_WORK(&pool->refill, pool_refill);
	pool->size = ALIGN(size, sizeof(u64));
	pool->max = max;
	pool->low = min(low, max);
	pool->free = NULL;
	pool->nfree = 0;
	pool->made = 0;
	pool->cpu = NULL;

	ret = pool_grow(pool, 2 * pool->low);
	if (ret)
		tcplife_pool_exit(pool);
	return ret;
}

/**
 * tcplife_pool_reserve - have that many free objects in hand
 * @pool: the pool
 * @want: free objects wanted; less if the bound forbids it
 *
 * For the import, which needs many at once and can wait for memory. Context:
 * process. Return: 0 or -ENOMEM.
 */
int tcplife_pool_reserve(struct tcplife_pool *pool, u32 want)
{
	return pool_grow(pool, want);
}

/**
 * tcplife_pool_exit - free a pool and all its objects
 * @pool: no hook and no reader may use it any more
 *
 * Context: process.
 */
void tcplife_pool_exit(struct tcplife_pool *pool)
{
	struct pool_chunk *chunk, *next;

	cancel_work_sync(&pool->refill);
	list_for_each_entry_safe(chunk, next, &pool->chunks, list) {
		kvfree(chunk);
		cond_resched();
	}
	INIT_LIST_HEAD(&pool->chunks);
	free_percpu(pool->cpu);
	pool->cpu = NULL;
}

/**
 * tcplife_pool_get - take a free object
 * @pool: the pool
 *
 * Context: any but NMI. Return: the object, its content undefined, or NULL
 * when there is none left.
 */
void *tcplife_pool_get(struct tcplife_pool *pool)
{
	unsigned long flags;
	void *obj;

	raw_spin_lock_irqsave(&pool->lock, flags);
	obj = pool_pop(pool);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	pool_look(pool);
	return obj;
}

/**
 * tcplife_pool_put - give an object back
 * @pool: the pool
 * @obj: from tcplife_pool_get(), or NULL
 *
 * Context: any but NMI.
 */
void tcplife_pool_put(struct tcplife_pool *pool, void *obj)
{
	unsigned long flags;

	if (!obj)
		return;
	raw_spin_lock_irqsave(&pool->lock, flags);
	pool_push(pool, obj);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}

/**
 * tcplife_pool_spread - let each CPU keep some free objects to itself
 * @pool: the pool; up to TCPLIFE_POOL_CPU objects for each CPU are not there for
 *	others, so its bound should be as much higher
 *
 * From now on tcplife_pool_cpu_get() and tcplife_pool_cpu_put() may be used, and
 * most of their calls need no lock. Context: process. Return: 0 or -ENOMEM.
 */
int tcplife_pool_spread(struct tcplife_pool *pool)
{
	pool->cpu = alloc_percpu(struct tcplife_pool_cpu);
	return pool->cpu ? 0 : -ENOMEM;
}

/**
 * tcplife_pool_fetch - take free objects for a CPU that has none
 * @pool: the pool, spread
 *
 * Half of what a CPU may have, so that the next one given back does not bring
 * it here again. Context: any but NMI. Return: as tcplife_pool_get().
 */
void *tcplife_pool_fetch(struct tcplife_pool *pool)
{
	struct tcplife_pool_cpu *own;
	unsigned long flags;
	void *obj, *more;
	u32 i;

	raw_spin_lock_irqsave(&pool->lock, flags);
	own = this_cpu_ptr(pool->cpu);
	obj = pool_pop(pool);
	for (i = 1; i < TCPLIFE_POOL_CPU / 2; i++) {
		more = pool_pop(pool);
		if (!more)
			break;
		*(void **)more = own->free;
		own->free = more;
		own->nfree++;
	}
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	pool_look(pool);
	return obj;
}

/**
 * tcplife_pool_return - give back objects of a CPU that has many
 * @pool: the pool, spread
 *
 * Context: any but NMI.
 */
void tcplife_pool_return(struct tcplife_pool *pool)
{
	struct tcplife_pool_cpu *own;
	unsigned long flags;
	void *obj;

	raw_spin_lock_irqsave(&pool->lock, flags);
	own = this_cpu_ptr(pool->cpu);
	while (own->nfree > TCPLIFE_POOL_CPU / 2) {
		obj = own->free;
		own->free = *(void **)obj;
		own->nfree--;
		pool_push(pool, obj);
	}
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}
