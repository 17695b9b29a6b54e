/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shows the bit locks of the table to CONFIG_LOCK_STAT, which sees spinlocks
 * only: for a module that is built with -include of this, as
 * selftests/bench/scale --locks does.
 */
#ifndef LOCKSTAT_H
#define LOCKSTAT_H

/* As those of our files say that have it; it must come before the headers. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/processor.h>
#include <linux/list_bl.h>
#include <linux/lockdep.h>

/* One for all buckets: what counts is how often somebody waits for any. */
static struct lock_class_key bucket_key;
static struct lockdep_map bucket_map =
	STATIC_LOCKDEP_MAP_INIT("bucket", &bucket_key);

static inline void bucket_lock(struct hlist_bl_head *head)
{
	lock_acquire_exclusive(&bucket_map, 0, 0, NULL, _THIS_IP_);
	if (!bit_spin_trylock(0, (unsigned long *)head)) {
		lock_contended(&bucket_map, _THIS_IP_);
		hlist_bl_lock(head);
	}
	lock_acquired(&bucket_map, _THIS_IP_);
}

static inline void bucket_unlock(struct hlist_bl_head *head)
{
	lock_release(&bucket_map, _THIS_IP_);
	hlist_bl_unlock(head);
}

#define hlist_bl_lock	bucket_lock
#define hlist_bl_unlock	bucket_unlock

#endif /* LOCKSTAT_H */
