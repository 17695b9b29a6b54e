/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options: each is spelled, parsed and explained in one place, and a
 * subcommand says which of them it takes.
 */
#ifndef _READER_OPTIONS_H
#define _READER_OPTIONS_H

#include <linux/types.h>
#include <stdbool.h>

/* Options without a letter. */
enum {
	OPT_FAILURES = 256,
	OPT_NO_WAIT,
	OPT_STATE,
	OPT_OLDER,
	OPT_ROLE,
	OPT_END,
	OPT_LOCAL,
	OPT_REMOTE,
	OPT_COOKIE,
	OPT_SORT,
	OPT_CHECK,
	OPT_SAMPLE,
	OPT_CLEAR,
	OPT_HISTORY,
	OPT_OPENMETRICS,
	OPT_LISTEN,
	OPT_MAX_LISTENERS,
	OPT_HOSTNAME,
	OPT_FIELDS,	/* from here on for tests and documentation */
	OPT_SCHEMA,
	OPT_REPLAY,
	OPT_RECORD,
	OPT_RELATIVE,
};

/** struct address - of a filter */
struct address {
	int	family;		/* AF_INET, AF_INET6, or 0: any */
	__be32	ipv4;
	__u8	ipv6[16];
	__u16	port;		/* 0: any */
};

/** struct ports - a set of them */
struct ports {
	bool	any;		/* all of them: none was given */
	__u64	set[65536 / 64];
};

/** struct options - what was asked for */
struct options {
	bool		time;		/* -T */
	bool		timestamp;	/* -t */
	bool		wide;		/* -w */
	bool		csv;		/* -s */
	bool		extended;	/* -x */
	bool		json;		/* -j */
	bool		no_header;	/* -H */
	bool		failures;
	bool		no_wait;
	bool		check;
	bool		clear;
	bool		history;
	bool		fields;
	bool		schema;
	bool		relative;
	bool		openmetrics;
	bool		hostname;
	int		family;		/* -4, -6: AF_INET, AF_INET6, or 0 */
	__u32		pid;		/* -p; 0: any */
	__u32		netns;		/* -N, an inode; 0: any */
	struct ports	local_ports;	/* -L */
	struct ports	remote_ports;	/* -D */
	__u64		count;		/* -c; 0: no end */
	double		seconds;	/* -d; 0: no end */
	double		interval;	/* -i; 0: once */
	__u32		states;		/* --state, a mask; 0: any */
	__u32		roles;		/* --role, a mask; 0: any */
	__u32		ends;		/* --end, a mask; 0: any */
	double		older;		/* --older, seconds */
	struct address	local;		/* --local */
	struct address	remote;		/* --remote */
	__u64		cookie;		/* --cookie; 0: any */
	__u32		sample;		/* --sample; 0: every one */
	struct address	listen;		/* --listen; port 0: not */
	__u32		max_listeners;	/* --max-listeners; 0: the default */
	const char	*sort;		/* --sort */
	const char	*output;	/* -o */
	const char	*replay;	/* --replay, a file instead of events */
	const char	*record;	/* --record, a file for the events */
};

/**
 * struct usage - what a subcommand tells of itself
 * @name: of it; empty for the default
 * @arguments: what it takes besides options, or NULL
 * @about: what it does, a sentence or more
 * @takes: the options, as letters and OPT_ numbers, 0 at the end
 * @notes: said below the options, or NULL
 */
struct usage {
	const char	*name;
	const char	*arguments;
	const char	*about;
	const int	*takes;
	const char	*notes;
};

/* options_parse(): there is something to do. */
#define OPTIONS_GO	(-1)

int options_parse(int argc, char **argv, const struct usage *usage,
		  struct options *o);
int options_refuse(const struct usage *usage, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** ports_have - whether the set has it */
static inline bool ports_have(const struct ports *ports, __u16 port)
{
	return ports->any || ports->set[port / 64] >> (port % 64) & 1;
}

#endif /* _READER_OPTIONS_H */
