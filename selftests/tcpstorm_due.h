/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tcpstorm has to do, and when.
 */
#ifndef TCPSTORM_DUE_H
#define TCPSTORM_DUE_H

#include <stdint.h>
#include <stdlib.h>

#include "tcpstorm.h"

struct end;

/* A heap of what is due. */
struct due {
	uint64_t at;
	void (*what)(struct end *end);
	struct end *end;
};

static struct due *heap;
static unsigned int nr_due, heap_size;

static void swap_due(unsigned int a, unsigned int b)
{
	struct due tmp = heap[a];

	heap[a] = heap[b];
	heap[b] = tmp;
}

static void at(uint64_t when, void (*what)(struct end *end), struct end *end)
{
	unsigned int i = nr_due++;

	if (nr_due > heap_size) {
		heap_size = nr_due * 2;
		heap = realloc(heap, heap_size * sizeof(*heap));
		if (!heap)
			die("realloc");
	}
	heap[i] = (struct due) { when, what, end };
	for (; i && heap[i].at < heap[(i - 1) / 2].at; i = (i - 1) / 2)
		swap_due(i, (i - 1) / 2);
}

static void after(uint64_t delay, void (*what)(struct end *end),
		  struct end *end)
{
	at(now_us() + delay, what, end);
}

static struct due take_due(void)
{
	struct due first = heap[0];
	unsigned int i = 0, child;

	heap[0] = heap[--nr_due];
	for (;; i = child) {
		child = 2 * i + 1;
		if (child + 1 < nr_due && heap[child + 1].at < heap[child].at)
			child++;
		if (child >= nr_due || heap[i].at <= heap[child].at)
			return first;
		swap_due(i, child);
	}
}

#endif
