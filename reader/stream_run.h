/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of a stream: how far it is, whether its messages come from the module
 * or from a file.
 */
#ifndef _READER_STREAM_RUN_H
#define _READER_STREAM_RUN_H

#include "stream.h"
#include "tally.h"

/* RUN_FAILED: why was told. */
enum { RUN_ON, RUN_ENOUGH, RUN_UNLOADED, RUN_FAILED };

/** struct run - a stream that runs */
struct run {
	const struct stream	*stream;
	const char		*group;		/* that we joined */
	struct tally		tally;
	bool			exact;		/* the module told the start */
	bool			overrun;	/* nobody has told what it cost */
	__u64			deadline;	/* 0: none */
	__u64			next;		/* of the work */
	int			end;		/* an errno or one of the enum */
};

int run_events(struct run *run, const struct nlmsghdr *nlh);
bool run_is_file(const struct run *run);
int run_file(struct run *run);

#endif /* _READER_STREAM_RUN_H */
