/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of tcplife doctor: the facts, the rules, and what the rules find.
 */
#ifndef _READER_DOCTOR_H
#define _READER_DOCTOR_H

#include <jansson.h>

#include "gather.h"
#include "text.h"

/*
 * Thresholds. Of what should never happen one is enough. The others are where
 * it is worth the attention of someone who runs the machine: one wait in a
 * hundred that users feel; sockets that no peer is slow enough to explain; so
 * many failures that it is not one host which is down.
 */
#define SLOW_ACCEPT_US	100000		/* the wait of 99 in 100 */
#define SLOW_ACCEPT_MIN	20		/* accept()s that this is known of */
#define LEAK_NS		(60 * 1000000000ULL)	/* old, in CLOSE_WAIT */
#define LEAK_MIN	10		/* as many old ones of a process ... */
#define LEAK_LONG_NS	(3600 * 1000000000ULL)	/* ... or one as old as that */
#define PORTS_LEFT	10		/* percent of the local ports */
#define FAIL_MIN	10		/* failed connects ... */
#define FAIL_PERCENT	5		/* ... of all */
#define FIN_MIN		10		/* FINs sent again ... */
#define FIN_PERCENT	5		/* ... of the connections that ended */

/** struct tunables - what /proc/sys/net has, -1 if unknown */
struct tunables {
	long	somaxconn;
	long	max_syn_backlog;
	long	syncookies;
	long	port_low;
	long	port_high;
	long	tw_reuse;
	long	max_tw_buckets;
};

/** struct peer - a remote address and port, and who talked to it */
struct peer {
	__u32	end;		/* of a failed one; 0: it uses a port now */
	__u16	family;
	__u16	port;
	__u16	local_port;
	__u8	remote[16];
	__u8	local[16];
	__u32	pid;		/* 0: unknown */
	char	comm[COMM_LEN];
};

/** struct peers - many of them */
struct peers {
	struct peer	*items;
	size_t		n;
	size_t		room;
	bool		failed;		/* no memory */
};

/**
 * struct facts - all that is known
 * @stats: of all namespaces that we may see
 * @listeners: listening sockets
 * @hooks: where the module looks
 * @leaked: connections that have been in CLOSE_WAIT for LEAK_NS
 * @failed: failed ones that are in the history
 * @ephemeral: local ports that connect() may take by itself, in our namespace
 * @nr_ephemeral: how many; 0: unknown
 * @used: those of them that are in use
 * @sys: of our namespace
 * @netns: our namespace
 */
struct facts {
	struct stats	stats;
	struct gathered	listeners;
	struct gathered	hooks;
	struct gathered	leaked;
	struct peers	failed;
	struct ports	ephemeral;
	unsigned int	nr_ephemeral;
	struct peers	used;
	struct tunables	sys;
	__u32		netns;
};

/**
 * struct finding - what a rule found
 * @rule: its name
 * @title: of the rule, in words
 * @count: how often; the order among those of one rule
 * @listener: the cookie of the one that it is about, or 0
 * @what: the evidence
 * @change: what to do
 */
struct finding {
	const char	*rule;
	const char	*title;
	__u64		count;
	__u64		listener;
	char		what[400];
	char		change[400];
};

/** struct findings - in order of harm */
struct findings {
	struct finding	*items;
	size_t		n;
};

/**
 * struct rule - something that may be wrong
 * @name: for programs
 * @title: for people
 * @look: adds what it finds
 */
struct rule {
	const char	*name;
	const char	*title;
	void		(*look)(const struct facts *f,
				const struct rule *rule, struct findings *to);
};

extern const struct rule doctor_rules[];
extern const unsigned int nr_doctor_rules;

void facts_host(struct facts *f);
int facts_take(struct session *s, struct facts *f);
int facts_take_used(struct session *s, struct facts *f);
void facts_free(struct facts *f);
size_t peers_count(const struct peers *peers, __u32 ends, bool local,
		   struct peer *worst);

void doctor_look(const struct facts *facts, struct findings *to);
json_t *doctor_text(const char *words);
void find(struct findings *to, const struct rule *rule, __u64 count,
	  const char *what, ...)
	__attribute__((format(printf, 4, 5)));
void advise(struct findings *to, const char *change, ...)
	__attribute__((format(printf, 2, 3)));

/* The rules that are about listeners, in a file of their own. */
void rule_accept_overflow(const struct facts *f, const struct rule *rule,
			  struct findings *to);
void rule_syn_drops(const struct facts *f, const struct rule *rule,
		    struct findings *to);
void rule_slow_accept(const struct facts *f, const struct rule *rule,
		      struct findings *to);
void rule_cookies(const struct facts *f, const struct rule *rule,
		  struct findings *to);

#endif /* _READER_DOCTOR_H */
