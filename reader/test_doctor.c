// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each rule of doctor, with the least that is enough for it and with one less:
 * it is to fire, or not, and no other rule with it. Needs no module.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "doctor.h"

#define PAIRS		4
#define LISTENER	0x1e
#define NOW		(7200 * 1000000000ULL)

/**
 * struct scene - facts, and the rule that is to fire
 * @rule: its name
 * @words: of the evidence; NULL: it must not fire
 * @stats: pairs of a counter and its value
 * @more: makes what is no counter
 * @n: for @more
 * @count: how often it is found; 0: that is not what the scene is about
 */
struct scene {
	const char	*rule;
	const char	*words;
	__u64		stats[2 * PAIRS];
	void		(*more)(struct facts *f, __u64 n);
	__u64		n;
	__u64		count;
};

#define S(name)		TCPLIFE_A_STATS_##name

static void *add(struct gathered *g, size_t size)
{
	g->size = size;
	g->items = reallocarray(g->items, ++g->n, size);
	if (!g->items)
		abort();
	return memset((char *)g->items + (g->n - 1) * size, 0, size);
}

static struct listener *add_listener(struct facts *f)
{
	struct listener *l = add(&f->listeners, sizeof(*l));

	attr_set(l->has, TCPLIFE_A_LISTENER_COMM);
	memcpy(l->comm, "web", sizeof("web"));
	l->cookie = LISTENER;
	l->backlog = 10;
	l->nr_buckets = 32;
	return l;
}

static void drop_accq(struct facts *f, __u64 n)
{
	add_listener(f)->drop_accq = n;
}

static void ack_ignored(struct facts *f, __u64 n)
{
	add_listener(f)->ack_ignored = n;
}

static void drop_synq(struct facts *f, __u64 n)
{
	add_listener(f)->drop_synq = n;
}

static void drop_synmax(struct facts *f, __u64 n)
{
	add_listener(f)->drop_synmax = n;
}

static void drop_other(struct facts *f, __u64 n)
{
	add_listener(f)->drop_other = n;
}

static void cookies(struct facts *f, __u64 n)
{
	add_listener(f)->cookie_sent = n;
}

/* All waits of 0.131 s to 0.262 s: those of a bucket are half of its end. */
static void slow_waits(struct facts *f, __u64 n)
{
	add_listener(f)->wait_bucket[18] = n;
}

/* One of 100 is not below 0.131 s, or two are. */
static void mixed_waits(struct facts *f, __u64 n)
{
	struct listener *l = add_listener(f);

	l->wait_bucket[3] = 100 - n;
	l->wait_bucket[18] = n;
}

/* Of one process, in CLOSE_WAIT for LEAK_NS, or the first one longer. */
static void leak(struct facts *f, __u64 n, __u64 longest)
{
	struct record *rec;
	__u64 i;

	f->leaked.batch.now = NOW;
	for (i = 0; i < n; i++) {
		rec = add(&f->leaked, sizeof(*rec));
		attr_set(rec->has, TCPLIFE_A_RECORD_PID);
		attr_set(rec->has, TCPLIFE_A_RECORD_COMM);
		memcpy(rec->comm, "leaky", sizeof("leaky"));
		rec->pid = 7;
		rec->entered = NOW - (i ? LEAK_NS : longest);
	}
}

static void many_leaked(struct facts *f, __u64 n)
{
	leak(f, n, LEAK_NS);
}

static void long_leaked(struct facts *f, __u64 seconds)
{
	leak(f, 1, seconds * 1000000000ULL);
}

static void add_peer(struct peers *peers, __u32 end, __u16 local_port)
{
	struct peer *p;

	peers->items = reallocarray(peers->items, ++peers->n, sizeof(*p));
	if (!peers->items)
		abort();
	p = &peers->items[peers->n - 1];
	memset(p, 0, sizeof(*p));
	p->end = end;
	p->family = AF_INET;
	p->port = 80;
	p->local_port = local_port;
	inet_pton(AF_INET, "10.0.0.9", p->remote);
}

/* Of 100 ports. */
static void used_ports(struct facts *f, __u64 n)
{
	while (n--)
		add_peer(&f->used, 0, 1001 + n);
}

/* A socket went into TIME_WAIT between two dumps. */
static void seen_twice(struct facts *f, __u64 n)
{
	used_ports(f, n);
	used_ports(f, 1);
}

static void dead_peer(struct facts *f, __u64 end)
{
	add_peer(&f->failed, end, 0);
}

static void hook(struct facts *f, __u64 state)
{
	struct hook *hook = add(&f->hooks, sizeof(*hook));

	snprintf(hook->event, sizeof(hook->event), "probe-sent");
	hook->state = state;
}

static const struct scene scenes[] = {
	{ "accept-queue-overflow", "overflowed 1 time. 1 SYN dropped",
	  .more = drop_accq, .n = 1 },
	{ "accept-queue-overflow", "overflowed 2 times. 2 final ACKs ignored",
	  .more = ack_ignored, .n = 2 },
	{ "accept-queue-overflow", .more = drop_accq, .n = 0 },
	{ "syn-drops", "1 SYN dropped as the SYN queue (backlog 10)",
	  .more = drop_synq, .n = 1 },
	{ "syn-drops", "2 SYNs dropped as three quarters",
	  .more = drop_synmax, .n = 2 },
	{ "syn-drops", "1 SYN dropped for another", .more = drop_other, .n = 1 },
	{ "no-local-port", "a free local port: 1.",
	  .stats = { S(END_NO_LOCAL_PORT), 1 } },
	{ "no-local-port", "10.0.0.9:80: 90 of 100, those of TIME_WAIT incl",
	  .more = used_ports, .n = 90 },
	{ "no-local-port", .more = used_ports, .n = 89 },
	{ "no-local-port", .more = seen_twice, .n = 89 },
	{ "close-wait-leak", "leaky (pid 7) has had 10 connections",
	  .more = many_leaked, .n = 10 },
	{ "close-wait-leak", .more = many_leaked, .n = 9 },
	{ "close-wait-leak", "leaky (pid 7) has had 1 connection in",
	  .more = long_leaked, .n = 3600 },
	{ "close-wait-leak", .more = long_leaked, .n = 3599 },
	{ "out-of-memory", ": 1", .stats = { S(END_OUT_OF_MEMORY), 1 } },
	{ "out-of-memory", .stats = { S(END_FIN), 1000 } },
	{ "slow-accept", "waited 131.072 ms or more", .more = slow_waits,
	  .n = 20 },
	{ "slow-accept", .more = slow_waits, .n = 19 },
	{ "slow-accept", "web", .more = mixed_waits, .n = 2, .count = 2 },
	{ "slow-accept", .more = mixed_waits, .n = 1 },
	{ "refused", "10 of 200",
	  .stats = { S(END_REFUSED), 10, S(ACTIVE_OPENS), 200 } },
	{ "refused", .stats = { S(END_REFUSED), 10, S(ACTIVE_OPENS), 201 } },
	{ "refused", .stats = { S(END_REFUSED), 9, S(ACTIVE_OPENS), 9 } },
	{ "unanswered", "answer: 6; told that there is no way: 4",
	  .stats = { S(END_CONNECT_TIMEOUT), 6, S(END_UNREACHABLE), 4,
	    S(ACTIVE_OPENS), 200 } },
	{ "unanswered",
	  .stats = { S(END_CONNECT_TIMEOUT), 6, S(END_UNREACHABLE), 4,
	    S(ACTIVE_OPENS), 201 } },
	{ "unanswered",
	  .stats = { S(END_CONNECT_TIMEOUT), 9, S(ACTIVE_OPENS), 9 } },
	{ "dead-peers", "keepalive probes: 1; as nobody acknowledged data: 0",
	  .stats = { S(END_KEEPALIVE_TIMEOUT), 1 } },
	{ "dead-peers", "data: 3. In the history, most (1) were to 10.0.0.9:80",
	  .stats = { S(END_RETRANSMIT_TIMEOUT), 1, S(END_USER_TIMEOUT), 2 },
	  .more = dead_peer, .n = TCPLIFE_END_USER_TIMEOUT },
	{ "dead-peers", "most (0) were to one that the history no longer has",
	  .stats = { S(END_USER_TIMEOUT), 1 }, .more = dead_peer,
	  .n = TCPLIFE_END_REFUSED },
	{ "dead-peers", .stats = { S(END_RESET_RECEIVED), 1000 }, .more = dead_peer,
	  .n = TCPLIFE_END_RESET_RECEIVED },
	{ "timewait-overflow", "ones: 1.", .stats = { S(TW_OVERFLOW), 1 } },
	{ "timewait-overflow", .stats = { S(TW_ENTERED), 1000 } },
	{ "syncookies", "1 SYN answered by a syncookie", .more = cookies,
	  .n = 1 },
	{ "syncookies", .more = cookies, .n = 0 },
	{ "fin-resent", "FINs sent again: 10, for 200",
	  .stats = { S(RETRANS_FIN), 10, S(ENDED), 200 } },
	{ "fin-resent", .stats = { S(RETRANS_FIN), 10, S(ENDED), 201 } },
	{ "fin-resent", .stats = { S(RETRANS_FIN), 9, S(ENDED), 9 } },
	{ "fin-resent", "never got an answer: 1", .stats = { S(END_FIN_TIMEOUT), 1 } },
	{ "unknown-ends", ": 1", .stats = { S(END_UNKNOWN), 1 } },
	{ "unknown-ends", ": 2", .stats = { S(HALFOPEN_UNKNOWN), 2 } },
	{ "hooks-missed", "deliver: 1.", .stats = { S(HOOKS_MISSED), 1 } },
	{ "records-lost", "1 as the table was full",
	  .stats = { S(LOST_TABLE_FULL), 1 } },
	{ "records-lost", "1 as no memory was ready",
	  .stats = { S(LOST_POOL_EMPTY), 1 } },
	{ "records-lost", "1 that were open at load",
	  .stats = { S(LOST_IMPORT), 1 } },
	{ "records-lost", "listeners without one: 1",
	  .stats = { S(LISTENERS_FULL), 1 } },
	{ "records-lost", .stats = { S(BORN), 1000 } },
	{ "events-dropped", "did not get: 1;", .stats = { S(EVENTS_DROPPED), 1 } },
	{ "events-dropped", .stats = { S(EVENTS_FILTERED), 1000 } },
	{ "features-off", "is not known: 1: probe-sent", .more = hook,
	  .n = TCPLIFE_HOOK_STATE_OFF },
	{ "features-off", "is not known: 1: probe-sent", .more = hook,
	  .n = TCPLIFE_HOOK_STATE_ABSENT },
	{ "features-off", .more = hook, .n = TCPLIFE_HOOK_STATE_ATTACHED },
};

#define NR_SCENES	(sizeof(scenes) / sizeof(*scenes))

static void set_up(const struct scene *scene, struct facts *f)
{
	unsigned int i;

	*f = (struct facts){
		.sys = { .somaxconn = 4096, .max_syn_backlog = 128,
			 .port_low = 1001, .port_high = 1100,
			 .max_tw_buckets = 1024 },
		.nr_ephemeral = 100,
	};
	for (i = 0; i < 2 * PAIRS; i += 2)
		f->stats.value[scene->stats[i]] = scene->stats[i + 1];
	if (scene->more)
		scene->more(f, scene->n);
}

static int complain(size_t number, const char *what, const char *of)
{
	printf("scene %zu, %s: %s%s\n", number, scenes[number].rule, what, of);
	return 1;
}

static int judge(size_t number, const struct findings *found)
{
	const struct scene *scene = &scenes[number];

	if (!scene->words)
		return found->n ? complain(number, "found ",
					   found->items->what) : 0;
	if (found->n != 1)
		return complain(number, found->n ? "more than one" : "silent",
				"");
	if (strcmp(found->items->rule, scene->rule))
		return complain(number, "found by ", found->items->rule);
	if (!strstr(found->items->what, scene->words))
		return complain(number, "in other words: ", found->items->what);
	if (scene->count && found->items->count != scene->count)
		return complain(number, "counted otherwise", "");
	return *found->items->change ? 0 : complain(number, "no advice", "");
}

static int play(size_t number)
{
	struct findings found = { .n = 0 };
	struct facts f;
	unsigned int i;
	int failed;

	set_up(&scenes[number], &f);
	for (i = 0; i < nr_doctor_rules; i++)
		doctor_rules[i].look(&f, &doctor_rules[i], &found);
	failed = judge(number, &found);
	free(found.items);
	facts_free(&f);
	return failed;
}

/* A rule without a scene in which it fires has never been seen to. */
static int missing(void)
{
	unsigned int i, failed = 0;
	size_t n;

	for (i = 0; i < nr_doctor_rules; i++) {
		for (n = 0; n < NR_SCENES; n++)
			if (scenes[n].words &&
			    !strcmp(scenes[n].rule, doctor_rules[i].name))
				break;
		if (n == NR_SCENES)
			printf("%s never fires\n", doctor_rules[i].name);
		failed += n == NR_SCENES;
	}
	return failed;
}

int main(void)
{
	int failed = missing();
	size_t n;

	for (n = 0; n < NR_SCENES; n++)
		failed += play(n);
	printf("doctor: %zu scenes, %d failed\n", NR_SCENES, failed);
	return failed ? STATUS_FAILED : STATUS_OK;
}
