// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parts of what the page shows: listeners, what the doctor found, the worst
 * connections.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../module/names.h"
#include "derived.h"
#include "ladder.h"
#include "ladder_words.h"
#include "report.h"

/* -- listeners -- */

static int listener_index(const struct report *r, __u64 cookie)
{
	size_t i;

	for (i = 0; cookie && i < r->facts.listeners.n; i++)
		if (gathered_listener(&r->facts.listeners, i)->cookie == cookie)
			return i;
	return -1;
}

static json_t *name_of(const char *comm, bool known, bool kthread)
{
	char name[4 * COMM_LEN + 8] = "";

	if (known)
		words_name(name, sizeof(name), comm, kthread);
	return known ? doctor_text(name) : json_null();
}

static json_t *address_of(const struct listener *l)
{
	char host[INET6_ADDRSTRLEN] = "*", text[INET6_ADDRSTRLEN + 16];
	bool ipv6 = !listener_has(l, LOCAL_IPV4) && listener_has(l, LOCAL_IPV6);

	if (ipv6)
		inet_ntop(AF_INET6, l->local_ipv6, host, sizeof(host));
	else if (listener_has(l, LOCAL_IPV4))
		inet_ntop(AF_INET, &l->local_ipv4, host, sizeof(host));
	snprintf(text, sizeof(text), ipv6 ? "[%s]:%u" : "%s:%u", host,
		 l->local_port);
	return json_string(text);
}

/* What connections met, bin by bin; null where none came. */
static json_t *met(const struct report *r, const struct queue *q, bool accq)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < r->bins.used; i++)
		json_array_append_new(array, q && q->met[i] ?
				      json_integer(accq ? q->accq[i] :
							  q->synq[i]) :
				      json_null());
	return array;
}

/* What samples had. Of drops how many since the sample before. */
static json_t *level(const struct report *r, unsigned int i, char which)
{
	const struct sample *s = r->samples.items;
	json_t *array = json_array();
	__u64 last = 0;
	unsigned int n;

	for (n = 0; n < r->samples.n; n++) {
		const struct level *l = &s[n].level[i];
		__u64 value = which == 's' ? l->synq :
			      which == 'a' ? l->accq : l->dropped - last;

		last = l->known ? l->dropped : last;
		json_array_append_new(array, l->known ? json_integer(value) :
							json_null());
	}
	return array;
}

static json_t *queue(const struct report *r, unsigned int i)
{
	const struct listener *l = gathered_listener(&r->facts.listeners, i);
	const struct queue *q = bins_queue(&r->bins, l->cookie);

	return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}",
			 "address", address_of(l), "comm",
			 name_of(l->comm, listener_has(l, COMM),
				 listener_has(l, KTHREAD)),
			 "pid", (json_int_t)(listener_has(l, PID) ? l->pid : 0),
			 "backlog", (json_int_t)l->backlog,
			 "accepts", (json_int_t)l->accepts,
			 "overflows", (json_int_t)(l->drop_accq + l->ack_ignored),
			 "drops", (json_int_t)(l->drop_synq + l->drop_synmax +
					       l->drop_other),
			 "accq_met", met(r, q, true),
			 "synq_met", met(r, q, false),
			 "accq", level(r, i, 'a'), "synq", level(r, i, 's'),
			 "dropped", level(r, i, 'd'));
}

static bool was_sampled(const struct report *r, __u64 cookie)
{
	return listener_index(r, cookie) >= 0;
}

/* One that came and went between two samples: what its connections say of it. */
static json_t *unsampled(const struct report *r, const struct queue *q)
{
	char address[WORDS_ADDRESS];

	return json_pack("{s:s, s:n, s:i, s:n, s:I, s:n, s:n, s:o, s:o, s:[], s:[], s:[]}",
			 "address", words_local(address, &q->first),
			 "comm", "pid", 0, "backlog",
			 "accepts", (json_int_t)q->conns,
			 "overflows", "drops",
			 "accq_met", met(r, q, true),
			 "synq_met", met(r, q, false),
			 "accq", "synq", "dropped");
}

/** report_queues - each listener, and its queues over time */
json_t *report_queues(const struct report *r)
{
	const struct queue *q = r->bins.queue;
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < r->facts.listeners.n; i++)
		json_array_append_new(all, queue(r, i));
	for (; q < r->bins.queue + r->bins.nr_queues; q++)
		if (!was_sampled(r, q->cookie))
			json_array_append_new(all, unsampled(r, q));
	return all;
}

/* -- findings -- */

static json_t *place_of(const struct report *r, const struct finding *f)
{
	const struct track *t = r->track;

	for (; t < r->track + r->nr_tracks; t++)
		if (t->listener == f->listener && !strcmp(t->rule, f->rule))
			return json_real(report_seconds(r, t->worst));
	/* Only what is left at the end shows it. */
	return json_real(report_seconds(r, r->end));
}

/** report_findings - what the doctor says, and when it was the worst */
json_t *report_findings(const struct report *r)
{
	const struct finding *f = r->found.items;
	json_t *all = json_array(), *one;

	for (; f < r->found.items + r->found.n; f++) {
		one = json_pack("{s:s, s:s, s:I, s:o, s:o, s:o, s:i}",
				"rule", f->rule, "title", f->title,
				"count", (json_int_t)f->count,
				"what", doctor_text(f->what),
				"change", doctor_text(f->change),
				"at", place_of(r, f),
				"listener", listener_index(r, f->listener));
		json_array_append_new(all, one);
	}
	return all;
}

/* -- the worst -- */

static json_t *ladder(const struct bad *bad)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	json_t *string;

	if (!to)
		return json_null();
	ladder_record(&bad->rec, &bad->batch, false, to);
	fclose(to);
	string = json_string(text);
	if (!string) {
		for (len = 0; text[len]; len++)
			if (text[len] & 0x80)
				text[len] = '?';
		string = json_string(text);
	}
	free(text);
	return string ? string : json_null();
}

static json_t *span(bool known, __u64 ns)
{
	return known ? json_real(ns / 1e6) : json_null();
}

static json_t *times_of(const struct record *rec)
{
	__u64 hs, wait, life;
	bool has_hs = derived_handshake(rec, &hs);
	bool has_wait = derived_accept_wait(rec, &wait);
	bool has_life = derived_life(rec, &life);

	return json_pack("[ooo]", span(has_hs, hs), span(has_wait, wait),
			 span(has_life, life));
}

static __u64 time_of(const struct record *rec)
{
	if (record_has(rec, SYN))
		return rec->syn;
	return record_has(rec, BORN) ? rec->born : 0;
}

static __u64 known(bool is, __u32 n)
{
	return is ? n : 0;
}

static json_t *resent(const struct record *rec)
{
	const __u64 n[] = {
		known(record_has(rec, SYN_RETRANSMITS), rec->syn_retransmits),
		known(record_has(rec, SYNACK_RETRANSMITS),
		      rec->synack_retransmits),
		known(record_has(rec, DATA_RETRANSMITS), rec->data_retransmits),
		known(record_has(rec, FIN_RETRANSMITS), rec->fin_retransmits),
	};

	return json_pack("[IIII]", (json_int_t)n[0], (json_int_t)n[1],
			 (json_int_t)n[2], (json_int_t)n[3]);
}

static json_t *connection(const struct report *r, const struct bad *bad)
{
	const struct record *rec = &bad->rec;
	char local[WORDS_ADDRESS], remote[WORDS_ADDRESS], cookie[32];

	snprintf(cookie, sizeof(cookie), "%llx", rec->cookie);
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:f, s:o, s:o, s:o}",
			 "cookie", cookie,
			 "role", record_has(rec, ROLE) ?
			 tcplife_role_name(rec->role) : "-",
			 "local", words_local(local, rec),
			 "remote", words_remote(remote, rec),
			 "comm", name_of(rec->comm, record_has(rec, COMM),
					 record_has(rec, KTHREAD)),
			 "end", record_has(rec, END) ?
			 tcplife_end_name(rec->end) : "-",
			 "at", report_seconds(r, time_of(rec)),
			 "times", times_of(rec), "resent", resent(rec),
			 "ladder", ladder(bad));
}

/** report_worst - the worst connections of each kind */
json_t *report_worst(const struct report *r)
{
	static const char * const titles[NR_WORST] = {
		[WORST_ACCEPT] = "Longest wait for accept()",
		[WORST_HANDSHAKE] = "Slowest handshake",
		[WORST_RESENT] = "Most segments sent again",
		[WORST_FAILED] = "Ended in failure",
	};
	json_t *all = json_array(), *items, *one;
	const struct bad *bad;
	unsigned int kind, i;

	for (kind = 0; kind < NR_WORST; kind++) {
		items = json_array();
		bad = r->worst.items[kind];
		for (i = 0; i < r->worst.n[kind]; i++, bad++)
			json_array_append_new(items, connection(r, bad));
		one = json_pack("{s:s, s:o}", "title", titles[kind],
				"items", items);
		json_array_append_new(all, one);
	}
	return all;
}
