/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of tcplife audit: what is read, and what is said of it.
 */
#ifndef _READER_AUDIT_H
#define _READER_AUDIT_H

#include "enums.h"
#include "gather.h"
#include "snmp.h"
#include "twins.h"

/**
 * struct comparison - what became of a pair of twins
 * @ours: the module's sum since it was loaded, at the second reading
 * @theirs: the kernel's, since the last hook was attached
 * @low: ours - theirs, at least
 * @high: at most
 * @bound_more: ours may be higher by as many
 * @bound_fewer: or lower
 * @verdict: what that means
 */
struct comparison {
	__s64		ours;
	__s64		theirs;
	__s64		low;
	__s64		high;
	__s64		bound_more;
	__s64		bound_fewer;
	enum verdict	verdict;
};

/** struct readings - what was read, in this order */
struct readings {
	struct stats	before;
	struct snmp	snmp;
	struct stats	after;
	struct gathered	mibs;
	struct gathered	hooks;
};

int audit_take(struct session *s, struct readings *r, struct comparison *all);
unsigned int audit_compare(const struct readings *r, struct comparison *all);

#endif /* _READER_AUDIT_H */
