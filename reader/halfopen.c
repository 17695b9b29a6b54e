// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife halfopen: handshakes of clients that died before they were complete.
 */
#include "../module/names.h"
#include "columns.h"
#include "commands.h"
#include "decode.h"
#include "filter.h"
#include "json.h"
#include "stream.h"
#include "times.h"

static struct options o;

static const int takes[] = {
	'T', 't', 'w', 's', 'j', 'L', 'D', '4', '6', 'N', 'c', 'd', 'H',
	OPT_REPLAY, OPT_RECORD, 0
};

static const struct usage usage = {
	.name = "halfopen",
	.about =
"Show each half-open request that died: a SYN came to a listening socket and was\n"
"answered, and no connection came of it.",
	.takes = takes,
	.notes =
"LISTENER is the cookie of the socket, for tcplife listeners --cookie. END is how\n"
"the request ended: syn-ack-timeout (the final ACK never came), embryonic-reset\n"
"(a RST came), accept-overflow (the accept queue stayed full), listener-closed,\n"
"unreachable, aborted. RETR counts the SYN-ACKs that were sent again. MS is from\n"
"the first SYN-ACK to the end. SYNs that were dropped never became a request:\n"
"tcplife listeners counts them.",
};

static void print_header(void)
{
	struct row row;

	if (!columns_begin_header(&row, &o))
		return;
	columns_family_header(&row, &o);
	columns_pair_header(&row, &o);
	row_text(&row, "LISTENER", 8);
	row_text(&row, "END", 15);
	row_text(&row, "RETR", 4);
	row_text(&row, "MS", 0);
	row_finish(&row);
}

static void print_row(struct row *row, const struct request *req)
{
	const struct pair pair = pair_of(request, req);
	bool aged = request_has(req, AGE);

	columns_family(row, &o, &pair);
	columns_pair(row, &o, &pair);
	row_hex(row, request_has(req, LISTENER), req->listener, 8);
	row_text(row, request_has(req, END) ? tcplife_end_name(req->end) : "-",
		 15);
	row_number(row, request_has(req, SYNACK_RETRANSMITS),
		   req->synack_retransmits, 4);
	if (o.wide || o.csv)
		row_ms(row, aged, req->age, 3, 0);
	else
		row_ms_fit(row, aged, req->age, 6);
}

static bool print_event(const struct batch *b, const struct nlattr *nest)
{
	struct request req;
	struct row row;

	if (!decode_request(nest, &req) || !filter_request(&o, &req))
		return false;
	if (o.json) {
		json_request(b, &req);
		return true;
	}
	row_begin(&row, o.csv);
	times_print(&row, &o, b, req.time);
	print_row(&row, &req);
	row_finish(&row);
	return true;
}

/** command_halfopen - each half-open request that died */
int command_halfopen(int argc, char **argv)
{
	const struct stream stream = {
		.group = TCPLIFE_MCGRP_HALFOPEN, .nest = TCPLIFE_A_REQUEST,
		.noun = "request", .o = &o, .header = print_header,
		.event = print_event,
	};

	return stream_command(&stream, &usage, &o, argc, argv);
}
