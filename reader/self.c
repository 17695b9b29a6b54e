// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who asks: which namespaces this process is in.
 */
#include "host.h"
#include "self.h"

/* The initial ones have the same number on each host. */
#define INITIAL_USER_NS	4026531837U
#define INITIAL_PID_NS	4026531836U

static __u32 user_ns = INITIAL_USER_NS, pid_ns = INITIAL_PID_NS;

static void learn(const char *ns, __u32 *inode)
{
	__u32 known = host_inode(ns);

	if (known)
		*inode = known;
}

/** self_init - to be called first; without /proc these are the initial ones */
void self_init(void)
{
	learn("user", &user_ns);
	learn("pid", &pid_ns);
}

/* Pids that are in a namespace are of the initial one if it is not named. */
static bool our_pids(bool known, __u32 ns)
{
	return (known ? ns : INITIAL_PID_NS) == pid_ns;
}

static bool our_uids(const struct batch *b)
{
	return batch_has(b, USER_NS) && b->user_ns == user_ns;
}

/** self_mask_record - forget what means nothing here */
void self_mask_record(const struct batch *b, struct record *rec)
{
	if (!our_uids(b))
		attr_clear(rec->has, TCPLIFE_A_RECORD_UID);
	if (our_pids(record_has(rec, PID_NS), rec->pid_ns))
		return;
	attr_clear(rec->has, TCPLIFE_A_RECORD_PID);
	attr_clear(rec->has, TCPLIFE_A_RECORD_CLOSER_PID);
}

/** self_mask_transition - forget what means nothing here */
void self_mask_transition(struct transition *t)
{
	if (!our_pids(transition_has(t, PID_NS), t->pid_ns))
		attr_clear(t->has, TCPLIFE_A_TRANSITION_PID);
}

/** self_mask_listener - forget what means nothing here */
void self_mask_listener(const struct batch *b, struct listener *l)
{
	if (!our_uids(b))
		attr_clear(l->has, TCPLIFE_A_LISTENER_UID);
	if (!our_pids(listener_has(l, PID_NS), l->pid_ns))
		attr_clear(l->has, TCPLIFE_A_LISTENER_PID);
}
