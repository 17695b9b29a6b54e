/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ring with one writer, the hooks of one CPU, and one reader, the work item
 * that sends: no lock between them.
 */
#ifndef _TCPLIFE_RING_H
#define _TCPLIFE_RING_H

#include <linux/mm.h>
#include <linux/slab.h>

/**
 * struct tcplife_ring - a bounded queue of slots
 * @slots: the memory
 * @mask: number of slots less one
 * @size: of a slot, bytes
 * @head: slots filled so far; written by the hooks with interrupts off
 * @tail: slots read so far; written by the reader
 * @limit: where the reader's pass ends
 */
struct tcplife_ring {
	void	*slots;
	u32	mask;
	u32	size;
	u32	head;
	u32	tail;
	u32	limit;
};

static inline int tcplife_ring_init(struct tcplife_ring *ring, u32 slots,
				    u32 size, int node)
{
	ring->slots = kvmalloc_node(array_size(slots, size),
				    GFP_KERNEL | __GFP_ZERO, node);
	ring->mask = slots - 1;
	ring->size = size;
	return ring->slots ? 0 : -ENOMEM;
}

static inline void *tcplife_ring_slot(const struct tcplife_ring *ring, u32 i)
{
	return ring->slots + (size_t)(i & ring->mask) * ring->size;
}

/* The slot to fill next, or NULL if all are full. */
static inline void *tcplife_ring_next(const struct tcplife_ring *ring)
{
	/* Paired with the release in tcplife_ring_done(). */
	if (ring->head - smp_load_acquire(&ring->tail) > ring->mask)
		return NULL;
	return tcplife_ring_slot(ring, ring->head);
}

/* The slot is filled: the reader may have it. */
static inline void tcplife_ring_push(struct tcplife_ring *ring)
{
	/* Paired with the acquire in tcplife_ring_begin(). */
	smp_store_release(&ring->head, ring->head + 1);
}

static inline bool tcplife_ring_half_full(const struct tcplife_ring *ring)
{
	return ring->head - READ_ONCE(ring->tail) > ring->mask / 2;
}

/* A pass of the reader ends with what is there now. */
static inline void tcplife_ring_begin(struct tcplife_ring *ring)
{
	/* Paired with the release in tcplife_ring_push(). */
	ring->limit = smp_load_acquire(&ring->head);
}

/* The next slot of the reader's pass, or NULL at its end. */
static inline void *tcplife_ring_peek(const struct tcplife_ring *ring)
{
	return ring->tail == ring->limit ? NULL :
	       tcplife_ring_slot(ring, ring->tail);
}

/* The reader needs the slot no more. */
static inline void tcplife_ring_done(struct tcplife_ring *ring)
{
	/* Paired with the acquire in tcplife_ring_next(). */
	smp_store_release(&ring->tail, ring->tail + 1);
}

#endif /* _TCPLIFE_RING_H */
