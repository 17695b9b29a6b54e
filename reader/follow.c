// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife: each connection when it ends, in the columns of bcc's tcplife.
 */
#include <string.h>

#include "../module/names.h"
#include "columns.h"
#include "commands.h"
#include "decode.h"
#include "derived.h"
#include "filter.h"
#include "json.h"
#include "row.h"
#include "self.h"
#include "stream.h"
#include "times.h"

static struct options o;
static bool filtered;	/* by @o */

static const int takes[] = {
	'T', 't', 'w', 's', 'x', 'j', 'p', 'L', 'D', '4', '6', 'N',
	OPT_FAILURES, OPT_NO_WAIT, 'c', 'd', 'H', OPT_FIELDS, OPT_SCHEMA,
	OPT_REPLAY, OPT_RECORD, 0
};

static const struct usage usage = {
	.name = "",
	.about =
"Show each TCP connection when its socket closes, with its owner and how long\n"
"it was ESTABLISHED (MS). With -x, -j and --failures, when the last trace of it\n"
"is gone: after TIME_WAIT, if there is one.",
	.takes = takes,
	.notes =
"\"-\" is what is not known, or never happened. TX_KB and RX_KB are payload that\n"
"the peer acknowledged and that was received, in units of 1024 bytes. What was\n"
"lost is told on stderr. --failures --no-wait does not show what failed after\n"
"close(), waiting for the peer's FIN: it is not known yet.",
};

/* -- columns -- */

static const char * const first_fins[] = { "-", "local", "remote", "both" };

static const char * const more_csv[] = {
	"COOKIE", "END", "FIRST_FIN", "HS_MS", "ACCEPT_MS", "SYN_RETR",
	"SYNACK_RETR", "DATA_RETR", "FIN_RETR", "TIME_WAIT_MS", "TW_EXIT",
};

/* The second line of -x begins below COMM. */
static void indent(struct row *row)
{
	row_line(row);
	row->at = text_blanks(row->at, 6 + (o.time ? 9 : 0) +
			      (o.timestamp ? 10 : 0));
}

static void print_more_header(struct row *row)
{
	unsigned int i;

	for (i = 0; o.csv && i < sizeof(more_csv) / sizeof(*more_csv); i++)
		row_text(row, more_csv[i], 0);
	if (o.csv)
		return;
	indent(row);
	row_text(row, "COOKIE", 10);
	row_text(row, "END", 21);
	row_text(row, "FIRST", 6);
	row_text(row, "HS_MS", 8);
	row_text(row, "ACC_MS", 8);
	row_text(row, "RETR", 4);
	row_text(row, "FINR", 4);
	row_text(row, "TW_MS", 0);
}

static void print_header(void)
{
	struct row row;

	if (!columns_begin_header(&row, &o))
		return;
	columns_owner_header(&row, &o);
	columns_family_header(&row, &o);
	columns_pair_header(&row, &o);
	row_text(&row, o.wide && !o.csv ? " TX_KB" : "TX_KB", 0);
	row_text(&row, o.wide && !o.csv ? " RX_KB" : "RX_KB", 0);
	row_text(&row, "MS", 0);
	if (o.extended)
		print_more_header(&row);
	row_finish(&row);
}

/* The event is the end of the socket, or that of the record. */
static __u64 event_time(const struct batch *b, const struct record *rec)
{
	if (b->cmd == TCPLIFE_CMD_CLOSE_NTF && record_has(rec, SINCE_CLOSE))
		return rec->since_close;
	return record_has(rec, ENDED) ? rec->ended : b->now;
}

typedef bool (*span_fn)(const struct record *rec, __u64 *ns);

static inline void row_span(struct row *row, span_fn get,
			    const struct record *rec, unsigned int decimals,
			    int width)
{
	__u64 ns;
	bool known = get(rec, &ns);

	row_ms(row, known, ns, decimals, width);
}

static void print_row(struct row *row, const struct batch *b,
		      const struct record *rec)
{
	const struct owner owner = owner_of(record, rec);
	const struct pair pair = pair_of(record, rec);
	int kb = o.wide ? 6 : 5;

	if (o.time || o.timestamp)
		times_print(row, &o, b, event_time(b, rec));
	columns_owner(row, &o, &owner);
	columns_family(row, &o, &pair);
	columns_pair(row, &o, &pair);
	row_right(row, record_has(rec, BYTES_ACKED), rec->bytes_acked >> 10,
		  kb);
	row_right(row, record_has(rec, BYTES_RECEIVED),
		  rec->bytes_received >> 10, kb);
	row_span(row, derived_life, rec, 2, 0);
}

static const char *end_name(const struct record *rec)
{
	return record_has(rec, END) ? tcplife_end_name(rec->end) : "-";
}

static const char *first_fin(const struct record *rec)
{
	if (!record_has(rec, FIRST_FIN) ||
	    rec->first_fin > TCPLIFE_FIRST_FIN_BOTH)
		return "-";
	return first_fins[rec->first_fin];
}

static void print_more_csv(struct row *row, const struct record *rec)
{
	row_hex(row, record_has(rec, COOKIE), rec->cookie, 0);
	row_text(row, end_name(rec), 0);
	row_text(row, first_fin(rec), 0);
	row_span(row, derived_handshake, rec, 3, 0);
	row_span(row, derived_accept_wait, rec, 3, 0);
	row_number(row, record_has(rec, SYN_RETRANSMITS), rec->syn_retransmits,
		   0);
	row_number(row, record_has(rec, SYNACK_RETRANSMITS),
		   rec->synack_retransmits, 0);
	row_number(row, record_has(rec, DATA_RETRANSMITS),
		   rec->data_retransmits, 0);
	row_number(row, record_has(rec, FIN_RETRANSMITS), rec->fin_retransmits,
		   0);
	row_span(row, derived_time_wait, rec, 3, 0);
	row_text(row, record_has(rec, TW_EXIT) ?
		 tcplife_tw_exit_name(rec->tw_exit) : "-", 0);
}

/* The second line of -x: below COMM, LADDR and LPORT, RADDR ... */
static void print_more(struct row *row, const struct record *rec)
{
	__u32 segments;
	bool known = derived_retransmits(rec, &segments);

	indent(row);
	row_hex(row, record_has(rec, COOKIE), rec->cookie, 10);
	row_text(row, end_name(rec), 21);
	row_text(row, first_fin(rec), 6);
	row_span(row, derived_handshake, rec, 2, 8);
	row_span(row, derived_accept_wait, rec, 2, 8);
	row_number(row, known, segments, 4);
	row_number(row, record_has(rec, FIN_RETRANSMITS),
		   rec->fin_retransmits, 4);
	row_span(row, derived_time_wait, rec, 0, 0);
}

static bool print_event(const struct batch *b, const struct nlattr *nest)
{
	static struct record rec;
	struct row row;

	if (!decode_record(nest, &rec))
		return false;
	self_mask_record(b, &rec);
	if (filtered && !filter_record(&o, &rec))
		return false;
	if (o.json) {
		json_record(b->cmd == TCPLIFE_CMD_CLOSE_NTF ? "close" :
			    "record", b, &rec);
		return true;
	}
	row_begin(&row, o.csv);
	print_row(&row, b, &rec);
	if (o.extended && o.csv)
		print_more_csv(&row, &rec);
	else if (o.extended)
		print_more(&row, &rec);
	row_finish(&row);
	return true;
}

/* Whether it takes more than is known when the socket closes: a connection can
 * still fail as a timewait socket.
 */
static bool wants_end(void)
{
	return (o.extended || o.json || o.failures) && !o.no_wait;
}

/** command_follow - each finished connection */
int command_follow(int argc, char **argv)
{
	struct stream stream = {
		.group = TCPLIFE_MCGRP_CLOSES, .nest = TCPLIFE_A_RECORD,
		.compact = TCPLIFE_MCGRP_CLOSES_COMPACT,
		.noun = "record", .o = &o, .header = print_header,
		.event = print_event,
	};
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	if (o.fields || o.schema)
		return o.fields ? json_print_fields() : json_print_schema();
	if (o.json + o.csv > 1 || (o.json && (o.extended || o.wide)))
		return options_refuse(&usage, "-j is alone: it has everything");
	if (wants_end()) {
		stream.group = TCPLIFE_MCGRP_RECORDS;
		stream.compact = TCPLIFE_MCGRP_RECORDS_COMPACT;
	}
	filtered = filter_has(&o);
	return stream_run(&stream);
}
