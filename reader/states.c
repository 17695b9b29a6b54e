// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife states: each change of state, in the columns of bcc's tcpstates.
 */
#include "../module/names.h"
#include "columns.h"
#include "commands.h"
#include "decode.h"
#include "filter.h"
#include "json.h"
#include "row.h"
#include "self.h"
#include "stream.h"
#include "times.h"

static struct options o;

static const int takes[] = {
	'T', 't', 'w', 's', 'j', 'p', 'L', 'D', '4', '6', 'N', 'c', 'd', 'H',
	OPT_REPLAY, OPT_RECORD, 0
};

static const struct usage usage = {
	.name = "states",
	.about =
"Show each change of state of each TCP connection, also of those that are only\n"
"a timewait socket any more. MS is the time in the old state.",
	.takes = takes,
	.notes =
"COOKIE is the socket, for tcplife show; a timewait socket has that of the\n"
"socket it was. COMM is the owner, once it is known. \"-\" is what is not known.\n"
"To fit 80 columns, PID and LADDR are left out and MS has as many decimals as\n"
"there is room for; -w and -s have all of it.",
};

/* Not to be left out of what another program reads. */
static bool all_columns(void)
{
	return o.wide || o.csv;
}

static void print_ends_header(struct row *row)
{
	if (all_columns()) {
		columns_owner_header(row, &o);
		columns_family_header(row, &o);
		columns_pair_header(row, &o);
		return;
	}
	row_text(row, "COMM", columns_comm(&o));
	row_text(row, "LPORT", 5);
	columns_remote_header(row, &o);
}

static void print_header(void)
{
	struct row row;

	if (!columns_begin_header(&row, &o))
		return;
	row_text(&row, "COOKIE", all_columns() ? 8 : 6);
	print_ends_header(&row);
	row_text(&row, "OLDSTATE", 11);
	if (!o.csv)
		row_text(&row, "->", 2);
	row_text(&row, "NEWSTATE", 11);
	row_text(&row, "MS", 0);
	row_finish(&row);
}

static void print_ends(struct row *row, const struct transition *t)
{
	const struct owner owner = owner_of(transition, t);
	const struct pair pair = pair_of(transition, t);

	if (all_columns()) {
		columns_owner(row, &o, &owner);
		columns_family(row, &o, &pair);
		columns_pair(row, &o, &pair);
		return;
	}
	row_name(row, owner.comm, owner.comm, owner.kthread, columns_comm(&o));
	columns_port(row, pair.local_port);
	columns_remote(row, &o, &pair);
}

static const char *state_name(bool known, __u32 state)
{
	return known ? tcplife_state_name(state) : "-";
}

static void print_row(struct row *row, const struct batch *b,
		      const struct transition *t)
{
	bool known = transition_has(t, DURATION);

	times_print(row, &o, b, t->time);
	row_hex(row, transition_has(t, COOKIE), t->cookie,
		all_columns() ? 8 : 6);
	print_ends(row, t);
	row_text(row, state_name(transition_has(t, OLD_STATE), t->old_state),
		 11);
	if (!o.csv)
		row_text(row, "->", 2);
	row_text(row, state_name(transition_has(t, NEW_STATE), t->new_state),
		 11);
	if (all_columns())
		row_ms(row, known, t->duration, 3, 0);
	else
		row_ms_fit(row, known, t->duration, 7);
	row_finish(row);
}

static bool print_event(const struct batch *b, const struct nlattr *nest)
{
	struct transition t;
	struct row row;

	if (!decode_transition(nest, &t))
		return false;
	self_mask_transition(&t);
	if (!filter_transition(&o, &t))
		return false;
	if (o.json) {
		json_transition(b, &t);
		return true;
	}
	row_begin(&row, o.csv);
	print_row(&row, b, &t);
	return true;
}

/** command_states - each change of state */
int command_states(int argc, char **argv)
{
	const struct stream stream = {
		.group = TCPLIFE_MCGRP_STATES, .nest = TCPLIFE_A_TRANSITION,
		.noun = "transition", .o = &o, .header = print_header,
		.event = print_event,
	};

	return stream_command(&stream, &usage, &o, argc, argv);
}
