// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: what hooks have to tell netlink readers.
 *
 * Nothing is queued for a group that nobody listens to. A finished record
 * passes through the queue on its way to the history, without a copy.
 */
#include "event_filter.h"
#include "events.h"
#include "queue.h"
#include "stats.h"
#include "table.h"

/* What no reader got, of all namespaces. Own CPU only, preemption off. */
static DEFINE_PER_CPU(struct tcplife_unsent, events_unsent);

/* The part of a namespace that events refer to; NULL if its readers are gone. */
static struct tcplife_net *events_net(const struct net *net)
{
	struct tcplife_net *tn = tcplife_net_of(net);

	return tcplife_net_late(tn) ? NULL : tn;
}

static void events_count(const struct net *net, u32 groups, bool filtered)
{
	struct tcplife_stats __percpu *stats = tcplife_net_stats(net);
	u32 group;

	this_cpu_inc(stats->c[filtered ? TCPLIFE_C_EVENTS_FILTERED :
			      TCPLIFE_C_EVENTS_DROPPED]);
	for (group = 0; group < TCPLIFE_NR_GROUPS; group++) {
		if (!(groups & BIT(group)))
			continue;
		if (filtered) {
			this_cpu_inc(stats->unsent.filtered[group]);
			this_cpu_inc(events_unsent.filtered[group]);
		} else {
			this_cpu_inc(stats->unsent.dropped[group]);
			this_cpu_inc(events_unsent.dropped[group]);
		}
	}
}

/* May a group be told of a record: by how it ended, or whatever its end, -1. */
static bool events_pass(const struct tcplife_record *rec, int end)
{
	const struct tcplife_event_filter *filter = tcplife_event_filter_get();
	const struct tcplife_event_key key = {
		.cookie	= rec->cookie,
		.netns	= rec->netns,
		.addr	= &rec->raddr,
		.lport	= rec->lport,
		.rport	= rec->rport,
		.role	= rec->role,
		.end	= end,
	};

	return !filter || tcplife_event_filter_match(filter, &key);
}

/* Who listens, and has something to be told by the end of a record. */
static u32 ended_wanted(const struct tcplife_record *rec)
{
	u32 groups = tcplife_events_groups() & ~BIT(TCPLIFE_GROUP_HALFOPEN);

	if (rec->flags & TCPLIFE_F_CLOSE_TOLD)
		groups &= ~BIT(TCPLIFE_GROUP_CLOSES);
	/* But of a timewait socket: thousands may end in one softirq, more than
	 * there are slots for events.
	 */
	if (rec->state == TCP_CLOSE)
		groups &= ~BIT(TCPLIFE_GROUP_STATES);
	return groups;
}

/* What of it passes the event filter; the rest is counted. */
static u32 ended_filtered(const struct tcplife_record *rec,
			  const struct net *net, u32 groups)
{
	u32 pass = 0;

	if (!tcplife_event_filter_get())
		return groups;
	if (events_pass(rec, -1))
		pass |= groups & BIT(TCPLIFE_GROUP_STATES);
	if (events_pass(rec, rec->end))
		pass |= groups & ~BIT(TCPLIFE_GROUP_STATES);
	if (groups & ~pass)
		events_count(net, groups & ~pass, true);
	return pass;
}

/**
 * tcplife_events_ended - a record ended: tell readers, if there are any
 * @rec: complete, and off its chain
 * @net: its namespace
 *
 * Context: any but NMI, preemption off. Return: whether it was queued, to go to
 * the history from there; else it is still the caller's.
 */
bool tcplife_events_ended(struct tcplife_record *rec, const struct net *net)
{
	u32 groups = ended_wanted(rec);

	if (groups)
		groups = ended_filtered(rec, net, groups);
	if (!groups)
		return false;
	rec->flags |= groups * TCPLIFE_F_TELL(0);
	rec->tn = events_net(net);
	if (tcplife_queue_ended(rec))
		return true;
	rec->tn = NULL;
	events_count(net, groups, false);
	return false;
}

/* A slot of this CPU's queue, or NULL with the loss counted. Interrupts off. */
static struct tcplife_event *event_next(enum tcplife_group group,
					const struct net *net)
{
	struct tcplife_ring *ring = this_cpu_ptr(&tcplife_queues.events);
	struct tcplife_event *event = tcplife_ring_next(ring);

	if (!event) {
		/* Of a close nothing is lost: it is told when the record ends. */
		if (group != TCPLIFE_GROUP_CLOSES)
			events_count(net, BIT(group), false);
		return NULL;
	}
	event->group = group;
	event->tn = events_net(net);
	return event;
}

static void event_push(void)
{
	struct tcplife_ring *ring = this_cpu_ptr(&tcplife_queues.events);

	tcplife_ring_push(ring);
	tcplife_queue_kick(tcplife_ring_half_full(ring));
}

/**
 * tcplife_events_closed - a full socket ended, its record goes on
 * @rec: the record, locked, in a timewait socket now
 * @net: its namespace
 *
 * Only a hint, so that readers learn of it at once: a record that ends before
 * the hint is read, or without one, is told to this group then. Context: any
 * but NMI, interrupts off.
 */
void tcplife_events_closed(const struct tcplife_record *rec,
			   const struct net *net)
{
	struct tcplife_event *event;

	/* Whether it fails is not known yet: a filter for that waits. */
	if (!tcplife_events_wanted(TCPLIFE_GROUP_CLOSES) ||
	    !events_pass(rec, TCPLIFE_END_NONE))
		return;
	event = event_next(TCPLIFE_GROUP_CLOSES, net);
	if (!event)
		return;
	event->cookie = rec->cookie;
	event->id = rec->id;
	event_push();
}

/**
 * tcplife_transition_fill - describe a change of state
 * @t: filled
 * @rec: the record, in its old state; nobody else changes it
 * @to: the new state
 * @now: the time
 *
 * Context: any.
 */
void tcplife_transition_fill(struct tcplife_transition *t,
			     const struct tcplife_record *rec, u8 to, u64 now)
{
	t->cookie = rec->cookie;
	t->gen = rec->gen;
	t->netns = rec->netns;
	t->net_cookie = rec->net_cookie;
	t->laddr = rec->laddr;
	t->raddr = rec->raddr;
	t->lport = rec->lport;
	t->rport = rec->rport;
	t->role = rec->role;
	t->old_state = rec->state;
	t->new_state = to;
	t->timewait = rec->flags & TCPLIFE_F_TIMEWAIT;
	t->first = false;
	t->time = now;
	t->duration = now - rec->entered;
	t->pid_ns = rec->pid_ns;
	t->owner = rec->owner;
}

/* @from: the state before the first one, 0 if it is not the first. */
static void transition_push(const struct tcplife_record *rec,
			    const struct net *net, u8 from, u8 to, u64 now)
{
	struct tcplife_event *event;
	unsigned long flags;

	/* -1: how it ends is no question of a change of state. */
	if (!events_pass(rec, -1)) {
		events_count(net, BIT(TCPLIFE_GROUP_STATES), true);
		return;
	}
	local_irq_save(flags);
	event = event_next(TCPLIFE_GROUP_STATES, net);
	if (event) {
		tcplife_transition_fill(&event->transition, rec, to, now);
		if (from) {
			event->transition.old_state = from;
			event->transition.first = true;
		}
		event_push();
	}
	local_irq_restore(flags);
}

/**
 * tcplife_events_born - a record begins, and somebody listens to transitions
 * @rec: the record, the caller's alone
 * @net: its namespace
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_events_born(const struct tcplife_record *rec,
			 const struct net *net)
{
	u8 from = rec->role == TCPLIFE_ROLE_PASSIVE ? TCP_LISTEN : TCP_CLOSE;

	if (rec->role != TCPLIFE_ROLE_PREEXISTING)
		transition_push(rec, net, from, rec->state, rec->born);
}

/**
 * tcplife_events_transition - a record changes its state, likewise
 * @rec: as in tcplife_events_state()
 * @net: its namespace
 * @to: the new state
 * @now: the time
 *
 * Context: any but NMI, preemption off.
 */
void tcplife_events_transition(const struct tcplife_record *rec,
			       const struct net *net, u8 to, u64 now)
{
	if (rec->state != to)
		transition_push(rec, net, 0, to, now);
}

/**
 * tcplife_events_request - a half-open request died
 * @request: what is known of it
 * @net: its namespace
 *
 * Context: any but NMI, preemption off, if tcplife_events_wanted().
 */
void tcplife_events_request(const struct tcplife_request *request,
			    const struct net *net)
{
	const struct tcplife_event_filter *filter = tcplife_event_filter_get();
	const struct tcplife_event_key key = {
		/* It has no cookie of its own: by what makes it unlike. */
		.cookie	= request->isn_r,
		.netns	= request->netns,
		.addr	= &request->raddr,
		.lport	= request->lport,
		.rport	= request->rport,
		.role	= TCPLIFE_ROLE_PASSIVE,
		.end	= request->end,
	};
	struct tcplife_event *event;
	unsigned long flags;

	if (filter && !tcplife_event_filter_match(filter, &key)) {
		events_count(net, BIT(TCPLIFE_GROUP_HALFOPEN), true);
		return;
	}
	local_irq_save(flags);
	event = event_next(TCPLIFE_GROUP_HALFOPEN, net);
	if (event) {
		event->request = *request;
		event_push();
	}
	local_irq_restore(flags);
}

/**
 * tcplife_events_unsent - what readers of a group did not get so far
 * @tn: in this namespace, or NULL for all
 * @group: the group
 * @dropped: how many, because a queue was full
 * @filtered: how many, because of the event filter
 *
 * Context: process.
 */
void tcplife_events_unsent(const struct tcplife_net *tn,
			   enum tcplife_group group, u64 *dropped,
			   u64 *filtered)
{
	const struct tcplife_unsent *part;
	int cpu;

	*dropped = 0;
	*filtered = 0;
	for_each_possible_cpu(cpu) {
		part = tn ? &per_cpu_ptr(tn->stats, cpu)->unsent :
		       per_cpu_ptr(&events_unsent, cpu);
		*dropped += READ_ONCE(part->dropped[group]);
		*filtered += READ_ONCE(part->filtered[group]);
	}
}
