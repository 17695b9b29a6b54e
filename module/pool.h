/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_POOL_H
#define _TCPLIFE_POOL_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

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
};

int tcplife_pool_init(struct tcplife_pool *pool, u32 size, u32 max, u32 low);
void tcplife_pool_exit(struct tcplife_pool *pool);
void *tcplife_pool_get(struct tcplife_pool *pool);
void tcplife_pool_put(struct tcplife_pool *pool, void *obj);
int tcplife_pool_reserve(struct tcplife_pool *pool, u32 want);

#endif /* _TCPLIFE_POOL_H */
