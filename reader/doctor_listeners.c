// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of tcplife doctor about listening sockets: their two queues, and who
 * empties them.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "doctor.h"
#include "ladder_words.h"

#define NAME_ROOM	192

/* "nginx (pid 812), listening on 0.0.0.0:80," with the namespace if it is not
 * ours.
 */
static const char *listener_name(const struct facts *f,
				 const struct listener *l, char *buf)
{
	char host[INET6_ADDRSTRLEN] = "-", comm[4 * COMM_LEN + 8] = "-";
	char pid[24] = "", ns[32] = "";

	if (listener_has(l, COMM))
		words_name(comm, sizeof(comm), l->comm,
			   listener_has(l, KTHREAD));
	if (listener_has(l, PID))
		snprintf(pid, sizeof(pid), " (pid %u)", l->pid);
	if (listener_has(l, LOCAL_IPV4))
		inet_ntop(AF_INET, &l->local_ipv4, host, sizeof(host));
	else if (listener_has(l, LOCAL_IPV6))
		inet_ntop(AF_INET6, l->local_ipv6, host, sizeof(host));
	if (listener_has(l, NETNS) && l->netns != f->netns)
		snprintf(ns, sizeof(ns), " in netns %u", l->netns);
	snprintf(buf, NAME_ROOM, listener_has(l, LOCAL_IPV6) &&
		 !listener_has(l, LOCAL_IPV4) ?
		 "%s%s, listening on [%s]:%u%s" : "%s%s, listening on %s:%u%s",
		 listener_has(l, COMM) ? comm : "a process older than tcplife",
		 pid, host, l->local_port, ns);
	return buf;
}

/* " (4096)": a tunable is of a namespace, and we know those of our own. */
static const char *tunable_text(const struct facts *f, const struct listener *l,
				long value, char *buf, size_t size)
{
	if (listener_has(l, NETNS) && l->netns != f->netns)
		snprintf(buf, size, " of that namespace");
	else
		snprintf(buf, size, " (%ld)", value);
	return buf;
}

/* How a backlog can be raised: what was asked for, and who cut it. */
static void advise_backlog(const struct facts *f, const struct listener *l,
			   struct findings *to)
{
	char wait[96] = "accept() has not been called yet", time[WORDS_TIME];
	char value[32];

	tunable_text(f, l, f->sys.somaxconn, value, sizeof(value));
	if (l->wait_max)
		snprintf(wait, sizeof(wait),
			 "the longest wait for accept() was %s",
			 words_time(time, l->wait_max));
	else if (l->accepts)
		snprintf(wait, sizeof(wait), "how long they waited for accept() is not known");
	if (listener_has(l, BACKLOG_ASKED) && l->backlog_asked >= 0 &&
	    (__u32)l->backlog_asked > l->backlog)
		advise(to,
		       "raise net.core.somaxconn%s: listen() asked for %d and got %u; or accept faster: %s",
		       value, l->backlog_asked, l->backlog, wait);
	else
		advise(to,
		       "raise the backlog in listen(), now %u, whose limit is net.core.somaxconn%s; or accept faster: %s",
		       l->backlog, value, wait);
}

/* What became of those that came while the accept queue was full: what was
 * not there is not told.
 */
static const char *overflow_parts(const struct listener *l, char *buf,
				  size_t size)
{
	int n = 0;

	*buf = '\0';
	if (l->drop_accq)
		n += snprintf(buf + n, size - n,
			      ". %llu SYN%s dropped, for clients to send again after a second or more",
			      l->drop_accq, PLURAL(l->drop_accq));
	if (l->ack_ignored)
		n += snprintf(buf + n, size - n,
			      ". %llu final ACK%s ignored, while clients believed they were connected",
			      l->ack_ignored, PLURAL(l->ack_ignored));
	if (l->ho_overflow)
		snprintf(buf + n, size - n,
			 ". %llu never got in", l->ho_overflow);
	return buf;
}

void rule_accept_overflow(const struct facts *f, const struct rule *rule,
			  struct findings *to)
{
	char name[NAME_ROOM], parts[256];
	size_t i;

	for (i = 0; i < f->listeners.n; i++) {
		const struct listener *l = gathered_listener(&f->listeners, i);
		__u64 n = l->drop_accq + l->ack_ignored;

		if (!n)
			continue;
		find(to, rule, n, "%s: the accept queue overflowed %llu time%s%s",
		     listener_name(f, l, name), n, PLURAL(n),
		     overflow_parts(l, parts, sizeof(parts)));
		to->items[to->n - 1].listener = l->cookie;
		advise_backlog(f, l, to);
	}
}

static const char *drop_parts(const struct facts *f, const struct listener *l,
			      char *buf, size_t size)
{
	const char *and = "";
	char value[32];
	int n = 0;

	*buf = '\0';
	if (l->drop_synq) {
		n += snprintf(buf + n, size - n,
			      "%llu SYN%s dropped as the SYN queue (backlog %u) was full",
			      l->drop_synq, PLURAL(l->drop_synq), l->backlog);
		and = "; ";
	}
	if (l->drop_synmax) {
		n += snprintf(buf + n, size - n,
			      "%s%llu SYN%s dropped as three quarters of net.ipv4.tcp_max_syn_backlog%s were used up",
			      and, l->drop_synmax, PLURAL(l->drop_synmax),
			      tunable_text(f, l, f->sys.max_syn_backlog, value,
					   sizeof(value)));
		and = "; ";
	}
	if (l->drop_other)
		snprintf(buf + n, size - n,
			 "%s%llu SYN%s dropped for another reason", and,
			 l->drop_other, PLURAL(l->drop_other));
	return buf;
}

/* SYNs that were dropped with room in the accept queue. */
void rule_syn_drops(const struct facts *f, const struct rule *rule,
		    struct findings *to)
{
	char name[NAME_ROOM], parts[256], value[32];
	size_t i;

	for (i = 0; i < f->listeners.n; i++) {
		const struct listener *l = gathered_listener(&f->listeners, i);
		__u64 full = l->drop_synq + l->drop_synmax;

		if (!full && !l->drop_other)
			continue;
		find(to, rule, full + l->drop_other, "%s: %s",
		     listener_name(f, l, name),
		     drop_parts(f, l, parts, sizeof(parts)));
		to->items[to->n - 1].listener = l->cookie;
		if (full)
			advise(to,
			       "set net.ipv4.tcp_syncookies%s to 1, which lets real clients in when the queue is full; if it is no flood, raise %s",
			       tunable_text(f, l, f->sys.syncookies, value,
					    sizeof(value)), l->drop_synq ?
			       "the backlog in listen()" :
			       "net.ipv4.tcp_max_syn_backlog");
		else
			advise(to,
			       "look for a missing route back to the clients, for memory, and for a security module or BPF program that denies them");
	}
}

/** struct waits - for accept(), as far as they are known */
struct waits {
	__u64	known;
	__u64	slow;		/* SLOW_ACCEPT_US or more */
	__u64	p99;		/* 99 of 100 were below: a power of two, in us */
};

/* Of the waits in a bucket that ends at 2^b, each was at least half of it. */
static struct waits waits_of(const struct listener *l)
{
	struct waits w = { .p99 = 1 };
	__u64 seen = 0;
	unsigned int b;

	for (b = 0; b < l->nr_buckets; b++) {
		w.known += l->wait_bucket[b];
		if ((1ULL << b) / 2 >= SLOW_ACCEPT_US)
			w.slow += l->wait_bucket[b];
	}
	for (b = 0; b < l->nr_buckets; b++) {
		seen += l->wait_bucket[b];
		if (seen * 100 < w.known * 99)
			continue;
		w.p99 = 1ULL << b;
		break;
	}
	return w;
}

/* The process does not call accept() in time. */
void rule_slow_accept(const struct facts *f, const struct rule *rule,
		      struct findings *to)
{
	char name[NAME_ROOM], p99[WORDS_TIME], most[WORDS_TIME];
	struct waits w;
	size_t i;

	for (i = 0; i < f->listeners.n; i++) {
		const struct listener *l = gathered_listener(&f->listeners, i);

		w = waits_of(l);
		if (w.known < SLOW_ACCEPT_MIN || w.p99 / 2 < SLOW_ACCEPT_US)
			continue;
		find(to, rule, w.slow,
		     "%s: one in a hundred connections waited %s or more for accept(), the longest one %s, of %llu; %u wait now",
		     listener_name(f, l, name),
		     words_time(p99, w.p99 / 2 * 1000),
		     words_time(most, l->wait_max), w.known, l->accq);
		to->items[to->n - 1].listener = l->cookie;
		advise(to,
		       "look what keeps it from accept(): too few workers, a blocking call in the loop that accepts, or no CPU time");
	}
}

/* The SYN queue was full, and cookies helped: their price is worth knowing. */
void rule_cookies(const struct facts *f, const struct rule *rule,
		  struct findings *to)
{
	char name[NAME_ROOM];
	size_t i;

	for (i = 0; i < f->listeners.n; i++) {
		const struct listener *l = gathered_listener(&f->listeners, i);

		/* 2: always, for tests. */
		if (!l->cookie_sent || (f->sys.syncookies == 2 &&
					l->netns == f->netns))
			continue;
		find(to, rule, l->cookie_sent,
		     "%s: %llu SYN%s answered by a syncookie, as a queue (backlog %u) was full; %llu came back",
		     listener_name(f, l, name), l->cookie_sent,
		     PLURAL(l->cookie_sent), l->backlog, l->cookie_ok);
		to->items[to->n - 1].listener = l->cookie;
		if (l->cookie_ok * 2 > l->cookie_sent)
			advise(to,
			       "these are real clients: raise the backlog in listen(), for a cookie has no room for window scale without timestamps");
		else
			advise(to,
			       "few came back: it is a flood, and syncookies do their work");
	}
}
