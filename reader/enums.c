// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enums: how JSON calls a value that is one of a few. For flags, by bit.
 */
#define _GNU_SOURCE	/* strerrorname_np() */
#include <string.h>

#include "../module/names.h"
#include "doctor.h"
#include "enums.h"

#define ERRNO_COUNT	134

/* As the spec calls them. */
static const char * const flag_names[] = {
	"imported", "syncookie", "tfo", "data-in-syn", "data-in-ack",
	"simopen", "sack", "timestamps", "ecn", "rst-sent", "rst-received",
	"timewait", "fin-with-ack",
};

static const char * const first_fin_names[] = { "?", "local", "remote", "both" };

static const char * const verdict_names[NR_VERDICTS] = {
	[VERDICT_EXACT]	  = "exact",
	[VERDICT_MOVING]  = "moving",
	[VERDICT_BOUND]	  = "bound",
	[VERDICT_OFF]	  = "off",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_DIFFERS] = "differs",
};

static const unsigned int counts[SHOW_NOT + 1] = {
	[SHOW_STATE]	 = __TCPLIFE_STATE_MAX,
	[SHOW_ROLE]	 = __TCPLIFE_ROLE_MAX,
	[SHOW_END]	 = __TCPLIFE_END_MAX,
	[SHOW_TW]	 = __TCPLIFE_TW_MAX,
	[SHOW_RST]	 = __TCPLIFE_RST_MAX,
	[SHOW_FIRST_FIN] = sizeof(first_fin_names) / sizeof(*first_fin_names),
	[SHOW_FLAGS]	 = sizeof(flag_names) / sizeof(*flag_names),
	[SHOW_ERRNO]	 = ERRNO_COUNT,
	[SHOW_VERDICT]	 = NR_VERDICTS,
};

/** enums_count - how many there are; 0: it is shown in another way */
unsigned int enums_count(enum field_show show)
{
	return show == SHOW_RULE ? nr_doctor_rules : counts[show];
}

/**
 * enums_name - the word for a value
 * @show: what it is
 * @n: the value
 *
 * Return: the word; "?" if a later module knows it, NULL for an error that has
 * no name.
 */
const char *enums_name(enum field_show show, unsigned int n)
{
	if (show != SHOW_ERRNO && n >= enums_count(show))
		return "?";
	switch (show) {
	case SHOW_STATE:
		return tcplife_state_name(n);
	case SHOW_ROLE:
		return tcplife_role_name(n);
	case SHOW_END:
		return tcplife_end_name(n);
	case SHOW_TW:
		return tcplife_tw_exit_name(n);
	case SHOW_RST:
		return tcplife_rst_why_name(n);
	case SHOW_FIRST_FIN:
		return first_fin_names[n];
	case SHOW_FLAGS:
		return flag_names[n];
	case SHOW_ERRNO:
		return strerrorname_np(n);
	case SHOW_VERDICT:
		return verdict_names[n];
	case SHOW_RULE:
		return doctor_rules[n].name;
	default:
		return "?";
	}
}
