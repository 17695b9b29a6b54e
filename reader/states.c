// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife states: each change of state, in the columns of bcc's tcpstates.
 */
#include "../module/names.h"
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
"socket it was. PID and COMM are the owner, once it is known. \"-\" is what is\n"
"not known.",
};

static void print_header(void)
{
	int address = o.wide ? 39 : 15;
	struct row row;

	if (o.json || o.no_header)
		return;
	row_begin(&row, o.csv);
	times_header(&row, &o);
	row_text(&row, "COOKIE", 8);
	row_text(&row, "PID", 5);
	row_text(&row, "COMM", o.wide ? 16 : 10);
	if (o.wide || o.csv)
		row_text(&row, "IP", 2);
	row_text(&row, "LADDR", address);
	row_text(&row, "LPORT", 5);
	row_text(&row, "RADDR", address);
	row_text(&row, "RPORT", 5);
	row_text(&row, "OLDSTATE", 11);
	if (!o.csv)
		row_text(&row, "->", 2);
	row_text(&row, "NEWSTATE", 11);
	row_text(&row, "MS", 0);
	row_finish(&row);
}

static void print_addresses(struct row *row, const struct transition *t)
{
	int width = o.wide ? 39 : 15;

	row_address(row,
		    transition_has(t, LOCAL_IPV4) ? &t->local_ipv4 : NULL,
		    transition_has(t, LOCAL_IPV6) ? t->local_ipv6 : NULL,
		    width);
	row_number(row, transition_has(t, LOCAL_PORT), t->local_port, 5);
	row_address(row,
		    transition_has(t, REMOTE_IPV4) ? &t->remote_ipv4 : NULL,
		    transition_has(t, REMOTE_IPV6) ? t->remote_ipv6 : NULL,
		    width);
	row_number(row, transition_has(t, REMOTE_PORT), t->remote_port, 5);
}

static const char *state_name(bool known, __u32 state)
{
	return known ? tcplife_state_name(state) : "-";
}

static void print_row(struct row *row, const struct batch *b,
		      const struct transition *t)
{
	bool ipv6 = transition_has(t, REMOTE_IPV6) ||
		    transition_has(t, LOCAL_IPV6);

	times_print(row, &o, b, t->time);
	row_hex(row, transition_has(t, COOKIE), t->cookie, 8);
	row_number(row, transition_has(t, PID), t->pid, 5);
	row_name(row, transition_has(t, COMM), t->comm,
		 transition_has(t, KTHREAD), o.wide ? 16 : 10);
	if (o.wide || o.csv)
		row_text(row, ipv6 ? "6" : "4", 2);
	print_addresses(row, t);
	row_text(row, state_name(transition_has(t, OLD_STATE), t->old_state),
		 11);
	if (!o.csv)
		row_text(row, "->", 2);
	row_text(row, state_name(transition_has(t, NEW_STATE), t->new_state),
		 11);
	row_ms(row, transition_has(t, DURATION), t->duration, 3, 0);
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
	if (o.json)
		json_transition(b, &t);
	if (o.json)
		return true;
	row_begin(&row, o.csv);
	print_row(&row, b, &t);
	return true;
}

/** command_states - each change of state */
int command_states(int argc, char **argv)
{
	const struct stream stream = {
		.group = TCPLIFE_MCGRP_STATES, .nest = TCPLIFE_A_TRANSITION,
		.noun = "transitions", .o = &o, .header = print_header,
		.event = print_event,
	};
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	if (o.json && (o.csv || o.wide))
		return options_refuse(&usage, "-j is alone: it has everything");
	return stream_run(&stream);
}
