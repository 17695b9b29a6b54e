/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Twins: the module's counters and the kernel's own that count the same.
 */
#ifndef _READER_TWINS_H
#define _READER_TWINS_H

#include <stdbool.h>
#include <stdint.h>

#define TWIN_STATS	6
#define TWIN_MIBS	4

/**
 * struct twin - a sum of counters and what the kernel counts for it
 * @ours: what the table calls it
 * @theirs: the same
 * @stats: TCPLIFE_A_STATS_*, added up; 0 ends the list
 * @mibs: names, as nstat spells them, added up
 * @more: TCPLIFE_A_STATS_*: the kernel may have counted as many more
 * @fewer: TCPLIFE_A_STATS_*: the kernel may have counted as many fewer
 * @failed: MIB names: how many the kernel counted that came to nothing
 * @race: another CPU may change a queue between our look and the kernel's
 * @why: why they may differ, in words
 * @hooks: events of the hooks that ours needs, separated by blanks
 */
struct twin {
	const char	*ours;
	const char	*theirs;
	uint8_t		stats[TWIN_STATS];
	const char	*mibs[TWIN_MIBS];
	uint8_t		more[TWIN_STATS];
	uint8_t		fewer[TWIN_STATS];
	const char	*failed[TWIN_MIBS];
	bool		race;
	const char	*why;
	const char	*hooks;
};

extern const struct twin twins[];
extern const unsigned int nr_twins;

#endif /* _READER_TWINS_H */
