// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of tcplife doctor, in the order of harm: what keeps clients out, what
 * this host cannot reach, what leaks, what is slow, what dies; and last what
 * tcplife itself does not see.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "ladder_words.h"

#define STAT(f, name)	stats_value(&(f)->stats, name)
#define ENDED(name)	(1U << TCPLIFE_END_##name)
#define PEER_ROOM	160

/* "10.0.0.1:80", with the process if it is known. */
static const char *peer_name(const struct peer *p, bool process, char *buf)
{
	char host[INET6_ADDRSTRLEN], comm[4 * COMM_LEN + 8] = "-";
	int n;

	inet_ntop(p->family, p->remote, host, sizeof(host));
	n = snprintf(buf, PEER_ROOM, p->family == AF_INET6 ? "[%s]:%u" :
		     "%s:%u", host, p->port);
	if (process && p->pid)
		snprintf(buf + n, PEER_ROOM - n, ", the last one by %s (pid %u)",
			 words_name(comm, sizeof(comm), p->comm, false),
			 p->pid);
	return buf;
}

static bool much(__u64 n, __u64 of, __u64 least, __u64 percent)
{
	return n >= least && n * 100 >= of * percent;
}

static void rule_no_port(const struct facts *f, const struct rule *rule,
			 struct findings *to)
{
	long range = f->nr_ephemeral, left;
	__u64 failed = STAT(f, END_NO_LOCAL_PORT);
	char name[PEER_ROOM] = "-";
	struct peer worst;
	size_t used;

	used = peers_count(&f->used, 0, true, &worst);
	left = range - (long)used;
	if (!range)
		return;
	if (used)
		peer_name(&worst, false, name);
	if (!failed && left * 100 > range * PORTS_LEFT)
		return;
	find(to, rule, failed,
	     "connect() without a free local port: %llu. Most ports are in use for %s: %zu of %ld, those of TIME_WAIT included, which leaves %ld",
	     failed, name, used, range, left);
	advise(to,
	       "keep connections open and use them again; widen net.ipv4.ip_local_port_range (now %ld to %ld); net.ipv4.tcp_tw_reuse 1 (now %ld) lets connect() take ports out of TIME_WAIT",
	       f->sys.port_low, f->sys.port_high, f->sys.tw_reuse);
}

static void rule_refused(const struct facts *f, const struct rule *rule,
			 struct findings *to)
{
	__u64 n = STAT(f, END_REFUSED), of = STAT(f, ACTIVE_OPENS);
	char name[PEER_ROOM] = "one that the history no longer has";
	struct peer worst;
	size_t most;

	if (!much(n, of, FAIL_MIN, FAIL_PERCENT))
		return;
	most = peers_count(&f->failed, ENDED(REFUSED), false, &worst);
	if (most)
		peer_name(&worst, true, name);
	find(to, rule, n,
	     "connect() that were refused: %llu of %llu. In the history, most (%zu) went to %s",
	     n, of, most, name);
	advise(to,
	       "start what should listen there, or correct the address; let the client wait longer after each failure");
}

static void rule_unanswered(const struct facts *f, const struct rule *rule,
			    struct findings *to)
{
	__u64 timeouts = STAT(f, END_CONNECT_TIMEOUT);
	__u64 n = timeouts + STAT(f, END_UNREACHABLE);
	char name[PEER_ROOM] = "one that the history no longer has";
	struct peer worst;
	size_t most;

	if (!much(n, STAT(f, ACTIVE_OPENS), FAIL_MIN, FAIL_PERCENT))
		return;
	most = peers_count(&f->failed,
			   ENDED(CONNECT_TIMEOUT) | ENDED(UNREACHABLE), false,
			   &worst);
	if (most)
		peer_name(&worst, true, name);
	find(to, rule, n,
	     "connect() without an answer: %llu; told that there is no way: %llu. In the history, most (%zu) went to %s",
	     timeouts, n - timeouts, most, name);
	advise(to,
	       "look whether that host is up, whether a firewall drops SYNs on the way, and at the route");
}

/* The process of a leaked connection: the same one as that of another? */
static bool same_owner(const struct record *a, const struct record *b)
{
	return record_has(a, PID) == record_has(b, PID) &&
	       a->netns == b->netns && (!record_has(a, PID) || a->pid == b->pid);
}

static __u64 close_wait_age(const struct facts *f, const struct record *rec)
{
	return f->leaked.batch.now > rec->entered ?
	       f->leaked.batch.now - rec->entered : 0;
}

/* One finding for each process, made at its first connection. */
static void rule_leak(const struct facts *f, const struct rule *rule,
		      struct findings *to)
{
	char who[WORDS_OWNER], old[WORDS_TIME], name[WORDS_ADDRESS];
	const struct record *rec, *other, *oldest;
	size_t i, j, n;

	for (i = 0; i < f->leaked.n; i++) {
		rec = gathered_record(&f->leaked, i);
		oldest = rec;
		for (j = 0; j < i; j++)
			if (same_owner(rec, gathered_record(&f->leaked, j)))
				break;
		if (j < i)
			continue;
		for (n = 0; j < f->leaked.n; j++) {
			other = gathered_record(&f->leaked, j);
			if (!same_owner(rec, other))
				continue;
			n++;
			if (other->entered < oldest->entered)
				oldest = other;
		}
		if (n < LEAK_MIN && close_wait_age(f, oldest) < LEAK_LONG_NS)
			continue;
		find(to, rule, n,
		     "%s has had %zu connection%s in CLOSE_WAIT for more than a minute: the peer has closed, and it has not. The oldest is %llx, with %s, for %s",
		     record_has(rec, PID) ?
		     words_owner(who, sizeof(who), rec, false) :
		     "A process older than tcplife", n, PLURAL(n),
		     oldest->cookie,
		     words_remote(name, oldest),
		     words_time(old, close_wait_age(f, oldest)));
		advise(to,
		       "it is a fault of that program: it must close() when recv() returns 0. Look at one: tcplife show %llx; until then a restart frees them",
		       oldest->cookie);
	}
}

static void rule_tw_overflow(const struct facts *f, const struct rule *rule,
			     struct findings *to)
{
	__u64 n = STAT(f, TW_OVERFLOW);

	if (!n)
		return;
	find(to, rule, n,
	     "connections that got no timewait socket, so that late segments of theirs may meet new ones: %llu. net.ipv4.tcp_max_tw_buckets (%ld) was reached, or there was no memory",
	     n, f->sys.max_tw_buckets);
	advise(to,
	       "raise net.ipv4.tcp_max_tw_buckets, or make fewer short connections");
}

static void rule_memory(const struct facts *f, const struct rule *rule,
			struct findings *to)
{
	__u64 n = STAT(f, END_OUT_OF_MEMORY);

	if (!n)
		return;
	find(to, rule, n,
	     "connections ended for want of memory, or for too many orphans: %llu",
	     n);
	advise(to,
	       "look at net.ipv4.tcp_mem and net.ipv4.tcp_max_orphans, and at who has that many sockets: tcplife list");
}

static void rule_dead_peers(const struct facts *f, const struct rule *rule,
			    struct findings *to)
{
	__u64 keepalive = STAT(f, END_KEEPALIVE_TIMEOUT);
	__u64 data = STAT(f, END_RETRANSMIT_TIMEOUT) +
		     STAT(f, END_USER_TIMEOUT);
	char name[PEER_ROOM] = "one that the history no longer has";
	struct peer worst;
	size_t most;

	if (!keepalive && !data)
		return;
	most = peers_count(&f->failed, ENDED(KEEPALIVE_TIMEOUT) |
			   ENDED(RETRANSMIT_TIMEOUT) | ENDED(USER_TIMEOUT),
			   false, &worst);
	if (most)
		peer_name(&worst, true, name);
	find(to, rule, keepalive + data,
	     "connections that ended as nobody answered keepalive probes: %llu; as nobody acknowledged data: %llu. In the history, most (%zu) were to %s",
	     keepalive, data, most, name);
	advise(to,
	       "look whether that host died, and whether a firewall or NAT forgets idle connections: let keepalive probes come more often than that");
}

static void rule_fins(const struct facts *f, const struct rule *rule,
		      struct findings *to)
{
	__u64 again = STAT(f, RETRANS_FIN), dead = STAT(f, END_FIN_TIMEOUT);

	if (!much(again, STAT(f, ENDED), FIN_MIN, FIN_PERCENT) && !dead)
		return;
	find(to, rule, again,
	     "FINs sent again: %llu, for %llu connections that ended; connections whose FIN never got an answer: %llu",
	     again, STAT(f, ENDED), dead);
	advise(to,
	       "look for packet loss to the clients, and for firewalls that forget a connection at its first FIN");
}

static void rule_missed(const struct facts *f, const struct rule *rule,
			struct findings *to)
{
	__u64 n = STAT(f, HOOKS_MISSED);

	if (!n)
		return;
	find(to, rule, n,
	     "hits of tcplife's hooks that the kernel did not deliver: %llu. Its numbers may be short by as many",
	     n);
	advise(to,
	       "stop other tracers (bpftrace, perf, bcc); load the module with attach=ftrace where the kernel can do that");
}

static void rule_lost(const struct facts *f, const struct rule *rule,
		      struct findings *to)
{
	__u64 full = STAT(f, LOST_TABLE_FULL), pool = STAT(f, LOST_POOL_EMPTY);
	__u64 import = STAT(f, LOST_IMPORT), listen = STAT(f, LISTENERS_FULL);
	__u64 n = full + pool + import + listen;

	if (!n)
		return;
	find(to, rule, n,
	     "connections without a record: %llu as the table was full, %llu as no memory was ready, %llu that were open at load; listeners without one: %llu",
	     full, pool, import, listen);
	advise(to, full ?
	       "load the module with a larger max_connections" :
	       "it happens in bursts of tens of thousands; nothing needs to be changed if there was one");
}

static void rule_events(const struct facts *f, const struct rule *rule,
			struct findings *to)
{
	__u64 n = STAT(f, EVENTS_DROPPED);

	if (!n)
		return;
	find(to, rule, n,
	     "events that readers waited for and did not get: %llu; records and counters are complete",
	     n);
	advise(to,
	       "give the readers more CPU time, or have fewer events told: tcplife filter --help");
}

static void rule_features(const struct facts *f, const struct rule *rule,
			  struct findings *to)
{
	char names[200] = "";
	size_t i, n = 0, len = 0;

	for (i = 0; i < f->hooks.n; i++) {
		const struct hook *hook = gathered_hook(&f->hooks, i);

		if (hook->state == TCPLIFE_HOOK_STATE_ATTACHED)
			continue;
		if (len < sizeof(names))
			len += snprintf(names + len, sizeof(names) - len,
					"%s%s", n ? ", " : "", hook->event);
		n++;
	}
	if (!n)
		return;
	find(to, rule, n,
	     "hooks that are not attached on this kernel, so that what they see is not known: %zu: %s",
	     n, names);
	advise(to, "look at the kernel's log for the features that are off");
}

static void rule_unknown(const struct facts *f, const struct rule *rule,
			 struct findings *to)
{
	__u64 n = STAT(f, END_UNKNOWN) + STAT(f, HALFOPEN_UNKNOWN);

	if (!n)
		return;
	find(to, rule, n,
	     "connections of which tcplife does not know why they ended: %llu",
	     n);
	advise(to, "it is a defect of tcplife: please report it");
}

const struct rule doctor_rules[] = {
	{ "accept-queue-overflow", "accept queue overflow",
	  rule_accept_overflow },
	{ "syn-drops", "SYNs dropped", rule_syn_drops },
	{ "no-local-port", "local ports run out", rule_no_port },
	{ "close-wait-leak", "connections are not closed", rule_leak },
	{ "out-of-memory", "out of memory", rule_memory },
	{ "slow-accept", "slow acceptor", rule_slow_accept },
	{ "refused", "many connections refused", rule_refused },
	{ "unanswered", "many connections not answered", rule_unanswered },
	{ "dead-peers", "peers die or fall silent", rule_dead_peers },
	{ "timewait-overflow", "too many timewait sockets", rule_tw_overflow },
	{ "syncookies", "syncookies sent", rule_cookies },
	{ "fin-resent", "FINs lost", rule_fins },
	{ "unknown-ends", "ends not understood", rule_unknown },
	{ "hooks-missed", "tcplife missed events", rule_missed },
	{ "records-lost", "tcplife lost records", rule_lost },
	{ "events-dropped", "tcplife dropped events", rule_events },
	{ "features-off", "tcplife sees less here", rule_features },
};

const unsigned int nr_doctor_rules =
	sizeof(doctor_rules) / sizeof(*doctor_rules);
