/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all load generators of the bench are told.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdlib.h>
#include <unistd.h>

#define RUN_OPTIONS	"n:w:s:"
#define RUN_USAGE	"[-n COUNT] [-w WARM-UP] [-s SECONDS]"

struct run {
	long count;
	long warm_up;
	long settle;		/* seconds until all is quiet */
};

/* The result of getopt(), with @options besides ours; each is stored here. */
static inline int run_getopt(int argc, char **argv, const char *options,
			     struct run *run)
{
	int c;

	while ((c = getopt(argc, argv, options)) != -1) {
		switch (c) {
		case 'n':
			run->count = atol(optarg);
			break;
		case 'w':
			run->warm_up = atol(optarg);
			break;
		case 's':
			run->settle = atol(optarg);
			break;
		default:
			return c;
		}
	}
	return optind == argc && run->count > 0 ? -1 : '?';
}

#endif /* OPTIONS_H */
