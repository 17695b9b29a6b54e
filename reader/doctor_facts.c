// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts: what the rules of tcplife doctor look at, gathered once.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "filter.h"
#include "host.h"
#include "ports.h"

/* A number of a file in /proc/sys/net, or the second one. */
static long tunable(const char *name, bool second)
{
	char path[96];
	long a = -1, b = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	f = host_open(path);
	if (!f)
		return -1;
	if (fscanf(f, "%ld %ld", &a, &b) < 1)
		a = -1;
	fclose(f);
	return second ? b : a;
}

static void take_tunables(struct tunables *sys)
{
	sys->somaxconn = tunable("core/somaxconn", false);
	sys->max_syn_backlog = tunable("ipv4/tcp_max_syn_backlog", false);
	sys->syncookies = tunable("ipv4/tcp_syncookies", false);
	sys->port_low = tunable("ipv4/ip_local_port_range", false);
	sys->port_high = tunable("ipv4/ip_local_port_range", true);
	sys->tw_reuse = tunable("ipv4/tcp_tw_reuse", false);
	sys->max_tw_buckets = tunable("ipv4/tcp_max_tw_buckets", false);
}

static struct peer *peers_room(struct peers *peers)
{
	size_t room = peers->room ? 2 * peers->room : 256;
	struct peer *items;

	if (peers->n == peers->room) {
		items = realloc(peers->items, room * sizeof(*items));
		if (!items) {
			peers->failed = true;
			return NULL;
		}
		peers->items = items;
		peers->room = room;
	}
	return &peers->items[peers->n];
}

static void peers_add(struct peers *peers, const struct record *rec, __u32 end)
{
	struct peer *p = peers_room(peers);

	if (!p || !record_has(rec, REMOTE_PORT))
		return;
	memset(p, 0, sizeof(*p));
	p->end = end;
	p->port = rec->remote_port;
	p->local_port = record_has(rec, LOCAL_PORT) ? rec->local_port : 0;
	if (record_has(rec, REMOTE_IPV6)) {
		p->family = AF_INET6;
		memcpy(p->remote, rec->remote_ipv6, sizeof(p->remote));
		if (record_has(rec, LOCAL_IPV6))
			memcpy(p->local, rec->local_ipv6, sizeof(p->local));
	} else {
		p->family = AF_INET;
		memcpy(p->remote, &rec->remote_ipv4, sizeof(__be32));
		if (record_has(rec, LOCAL_IPV4))
			memcpy(p->local, &rec->local_ipv4, sizeof(__be32));
	}
	if (record_has(rec, PID))
		p->pid = rec->pid;
	if (record_has(rec, COMM))
		memcpy(p->comm, rec->comm, sizeof(p->comm));
	peers->n++;
}

/* Compact, for the history may be long. None is kept as it is. */
static bool want_failed(const struct record *rec, void *arg)
{
	struct facts *f = arg;

	if (filter_failed(rec))
		peers_add(&f->failed, rec, rec->end);
	return false;
}

static bool is_loopback(const struct record *rec)
{
	static const __u8 one[16] = { [15] = 1 };

	if (record_has(rec, LOCAL_IPV4))
		return ntohl(rec->local_ipv4) >> 24 == 127;
	return record_has(rec, LOCAL_IPV6) &&
	       !memcmp(rec->local_ipv6, one, sizeof(one));
}

static int no_memory(struct session *s, const struct peers *peers)
{
	if (!peers->failed)
		return 0;
	snprintf(s->error, sizeof(s->error), "no memory");
	return -ENOMEM;
}

/* connect() may take the port of a TIME_WAIT after a second. */
static bool is_reusable(const struct facts *f, const struct record *rec)
{
	if (!record_has(rec, STATE) || rec->state != TCPLIFE_STATE_TIME_WAIT)
		return false;
	return f->sys.tw_reuse == 1 || (f->sys.tw_reuse == 2 &&
					is_loopback(rec));
}

static bool want_used(const struct record *rec, void *arg)
{
	struct facts *f = arg;

	if (record_has(rec, LOCAL_PORT) &&
	    ports_have(&f->ephemeral, rec->local_port) && !is_reusable(f, rec))
		peers_add(&f->used, rec, 0);
	return false;
}

/** facts_host - what is not the module's to tell */
void facts_host(struct facts *f)
{
	take_tunables(&f->sys);
	ports_ephemeral(&f->ephemeral, &f->nr_ephemeral);
	f->netns = gather_netns();
}

/**
 * facts_take_used - the ephemeral ports, and those in use, of our namespace
 * @s: the session
 * @f: gets them
 *
 * Return: 0 or an error, with words for it in @s.
 */
int facts_take_used(struct session *s, struct facts *f)
{
	struct gathered none = { .n = 0 };
	struct options ours = { };
	int ret;

	facts_host(f);
	ours.netns = f->netns;
	ours.local_ports.any = true;
	ours.remote_ports.any = true;
	ret = gather_records(s, TCPLIFE_CMD_CONNECTION_GET, &ours, want_used,
			     f, &none);
	if (!ret)
		ret = gather_records(s, TCPLIFE_CMD_TIMEWAIT_GET, &ours,
				     want_used, f, &none);
	gather_free(&none);
	return ret ? ret : no_memory(s, &f->used);
}

static int take_leaked(struct session *s, struct facts *f)
{
	struct options o = {
		.states = 1U << TCPLIFE_STATE_CLOSE_WAIT,
		.older = LEAK_NS / 1e9,
	};

	o.local_ports.any = true;
	o.remote_ports.any = true;
	return gather_records(s, TCPLIFE_CMD_CONNECTION_GET, &o, NULL, NULL,
			      &f->leaked);
}

static int take_failed(struct session *s, struct facts *f)
{
	struct gathered none = { .n = 0 };
	int ret;

	ret = gather_records(s, TCPLIFE_CMD_HISTORY_GET, NULL, want_failed, f,
			     &none);
	gather_free(&none);
	return ret ? ret : no_memory(s, &f->failed);
}

/**
 * facts_take - gather all of them
 * @s: the session
 * @f: what is known
 *
 * Return: 0 or an error, with words for it in @s.
 */
int facts_take(struct session *s, struct facts *f)
{
	int ret;

	ret = gather_stats(s, 0, &f->stats);
	if (!ret)
		ret = gather_listeners(s, &f->listeners);
	if (!ret)
		ret = gather_hooks(s, &f->hooks);
	/* Of a recording that was cut off, this is there, and no more. */
	if (!ret)
		ret = take_failed(s, f);
	if (!ret)
		ret = take_leaked(s, f);
	if (!ret)
		ret = facts_take_used(s, f);
	return ret;
}

/** facts_free - forget them */
void facts_free(struct facts *f)
{
	gather_free(&f->listeners);
	gather_free(&f->hooks);
	gather_free(&f->leaked);
	free(f->failed.items);
	free(f->used.items);
}

static int by_place(const void *a, const void *b)
{
	const struct peer *x = a, *y = b;
	int ret = memcmp(x->remote, y->remote, sizeof(x->remote));

	if (ret)
		return ret;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	ret = memcmp(x->local, y->local, sizeof(x->local));
	return ret ? ret : x->local_port - y->local_port;
}

static bool same_place(const struct peer *a, const struct peer *b, bool local)
{
	return a->port == b->port &&
	       !memcmp(a->remote, b->remote, sizeof(a->remote)) &&
	       (!local || !memcmp(a->local, b->local, sizeof(a->local)));
}

/**
 * peers_count - the remote address and port that most are about
 * @peers: all of them, which are put into order
 * @ends: a mask of the ends to count; 0: all
 * @local: of one local address, too, and each local port once: who became a
 *	timewait socket while we looked was seen twice
 * @worst: set to one of those
 *
 * Return: how many, 0 if there is none.
 */
size_t peers_count(const struct peers *peers, __u32 ends, bool local,
		   struct peer *worst)
{
	const struct peer *p, *last = NULL;
	size_t i, n = 0, most = 0;

	if (peers->n)
		qsort(peers->items, peers->n, sizeof(*peers->items), by_place);
	for (i = 0; i < peers->n; i++) {
		p = &peers->items[i];
		if (ends && (p->end > TCPLIFE_END_MAX || !(ends >> p->end & 1)))
			continue;
		if (!last || !same_place(last, p, local))
			n = 0;
		else if (local && p->local_port == last->local_port)
			continue;
		last = p;
		if (++n <= most)
			continue;
		most = n;
		*worst = *p;
	}
	return most;
}
