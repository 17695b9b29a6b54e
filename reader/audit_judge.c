// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge: whether counters of the module and of the kernel agree, as far as is
 * known from what was read.
 */
#include <string.h>
#include <unistd.h>

#include "audit.h"

static __s64 sum_stats(const struct stats *stats, const __u8 *list)
{
	unsigned int i;
	__s64 sum = 0;

	for (i = 0; i < TWIN_STATS && list[i]; i++)
		if (attr_has(stats->has, list[i]))
			sum += stats->value[list[i]];
	return sum;
}

/* What the module told of a counter. */
static const struct mib_entry *mib_at_load(const struct gathered *mibs,
					   const char *name)
{
	size_t i;

	for (i = 0; i < mibs->n; i++)
		if (!strcmp(gathered_mib(mibs, i)->name, name))
			return gathered_mib(mibs, i);
	return NULL;
}

/* The kernel's sum since before the first hook, and since after the last. */
static bool sum_mibs(const struct readings *r, const char * const *names,
		     __s64 *most, __s64 *least)
{
	const struct mib_entry *mib;
	unsigned int i;
	__u64 now;

	*most = 0;
	*least = 0;
	for (i = 0; i < TWIN_MIBS && names[i]; i++) {
		mib = mib_at_load(&r->mibs, names[i]);
		if (!mib || !snmp_value(&r->snmp, names[i], &now))
			return false;
		*most += now - mib->before;
		*least += now - mib->after;
	}
	return true;
}

/* The kernel's own word on how many it counted that came to nothing; now, where
 * the module did not keep what it was at load.
 */
static __s64 sum_failed(const struct readings *r, const char * const *names)
{
	const struct mib_entry *mib;
	unsigned int i;
	__s64 sum = 0;
	__u64 now;

	for (i = 0; i < TWIN_MIBS && names[i]; i++) {
		if (!snmp_value(&r->snmp, names[i], &now))
			continue;
		mib = mib_at_load(&r->mibs, names[i]);
		sum += now - (mib ? mib->before : 0);
	}
	return sum;
}

/* A queue may change between our look and the kernel's, if there is another
 * CPU to change it: rarely, so one in a hundred is much.
 */
static __s64 race(const struct comparison *c)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	return cpus > 1 ? cpus + c->theirs / 100 : 0;
}

static bool hooks_attached(const struct gathered *hooks, const char *events)
{
	const struct hook *hook;
	size_t i, len;

	for (; events && *events; events += len + (events[len] == ' ')) {
		len = strcspn(events, " ");
		for (i = 0; i < hooks->n; i++) {
			hook = gathered_hook(hooks, i);
			if (strlen(hook->event) == len &&
			    !strncmp(hook->event, events, len) &&
			    hook->state != TCPLIFE_HOOK_STATE_ATTACHED)
				return false;
		}
	}
	return true;
}

static enum verdict judge(const struct comparison *c)
{
	if (c->low <= 0 && c->high >= 0)
		return c->low == c->high ? VERDICT_EXACT : VERDICT_MOVING;
	if (c->low <= c->bound_more && c->high >= -c->bound_fewer)
		return VERDICT_BOUND;
	return VERDICT_DIFFERS;
}

static void compare(const struct readings *r, const struct twin *twin,
		    struct comparison *c)
{
	__s64 most, least, raced;

	memset(c, 0, sizeof(*c));
	c->ours = sum_stats(&r->after, twin->stats);
	c->verdict = VERDICT_UNKNOWN;
	if (!sum_mibs(r, twin->mibs, &most, &least))
		return;
	c->theirs = least;
	c->low = sum_stats(&r->before, twin->stats) - most;
	c->high = c->ours - least;
	raced = twin->race ? race(c) : 0;
	c->bound_more = raced + sum_stats(&r->after, twin->fewer);
	c->bound_fewer = raced + sum_stats(&r->after, twin->more) +
			 sum_failed(r, twin->failed);
	if (!hooks_attached(&r->hooks, twin->hooks))
		c->verdict = VERDICT_OFF;
	else
		c->verdict = twin->stats[0] ? judge(c) : VERDICT_BOUND;
}

/**
 * audit_compare - each pair of twins
 * @r: what was read
 * @all: set to what became of each, nr_twins of them
 *
 * Return: how many differ.
 */
unsigned int audit_compare(const struct readings *r, struct comparison *all)
{
	unsigned int i, differ = 0;

	for (i = 0; i < nr_twins; i++) {
		compare(r, &twins[i], &all[i]);
		differ += all[i].verdict == VERDICT_DIFFERS;
	}
	return differ;
}
