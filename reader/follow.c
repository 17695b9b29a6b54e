// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife: each connection when it ends, in the columns of bcc's tcplife.
 */
#include "../module/names.h"
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

static const int takes[] = {
	'T', 't', 'w', 's', 'x', 'j', 'p', 'L', 'D', '4', '6', 'N',
	OPT_FAILURES, OPT_NO_WAIT, 'c', 'd', 'H', OPT_FIELDS, OPT_REPLAY,
	OPT_RECORD, 0
};

static const struct usage usage = {
	.name = "",
	.about =
"Show each TCP connection when its socket closes, with its owner and how long\n"
"it was ESTABLISHED (MS). With -x and -j, when the last trace of it is gone:\n"
"after TIME_WAIT, if there is one.",
	.takes = takes,
	.notes =
"\"-\" is what is not known, or never happened. TX_KB and RX_KB are payload that\n"
"the peer acknowledged and that was received, in units of 1024 bytes. What was\n"
"lost is told on stderr.",
};

/* -- columns -- */

static const char * const first_fins[] = { "-", "local", "remote", "both" };

static void print_csv_header(struct row *row)
{
	if (!o.extended)
		return;
	row_text(row, "COOKIE,END,FIRST_FIN,HS_MS,ACCEPT_MS,SYN_RETR,", 0);
	row->first = true;
	row_text(row, "SYNACK_RETR,DATA_RETR,FIN_RETR,TIME_WAIT_MS,TW_EXIT", 0);
}

/* The second line of -x begins below COMM. */
static void indent(void)
{
	int n = 6 + (o.time ? 9 : 0) + (o.timestamp ? 10 : 0);

	out_char('\n');
	while (n--)
		out_char(' ');
}

static void print_second_header(void)
{
	indent();
	out_text("COOKIE     END                   FIRST  HS_MS    ");
	out_text("ACC_MS   RETR FINR TW_MS");
}

static void print_header(void)
{
	struct row row = { .csv = o.csv, .first = true };
	bool ip = o.wide || o.csv;
	int address = o.wide ? 39 : 15, kb = o.wide ? -6 : -5;

	if (o.json || o.no_header)
		return;
	times_header(&row, &o);
	row_text(&row, "PID", 5);
	row_text(&row, "COMM", o.wide ? 16 : 10);
	if (ip)
		row_text(&row, "IP", 2);
	row_text(&row, "LADDR", address);
	row_text(&row, "LPORT", 5);
	row_text(&row, "RADDR", address);
	row_text(&row, "RPORT", 5);
	row_text(&row, "TX_KB", kb);
	row_text(&row, "RX_KB", kb);
	row_text(&row, "MS", 0);
	if (o.csv)
		print_csv_header(&row);
	else if (o.extended)
		print_second_header();
	out_char('\n');
}

/* The event is the end of the socket, or that of the record. */
static __u64 event_time(const struct batch *b, const struct record *rec)
{
	if (b->cmd == TCPLIFE_CMD_CLOSE_NTF && record_has(rec, SINCE_CLOSE))
		return rec->since_close;
	return record_has(rec, ENDED) ? rec->ended : b->now;
}

static void print_addresses(struct row *row, const struct record *rec)
{
	int width = o.wide ? 39 : 15;

	row_address(row, record_has(rec, LOCAL_IPV4) ? &rec->local_ipv4 : NULL,
		    record_has(rec, LOCAL_IPV6) ? rec->local_ipv6 : NULL,
		    width);
	row_number(row, record_has(rec, LOCAL_PORT), rec->local_port, 5);
	row_address(row,
		    record_has(rec, REMOTE_IPV4) ? &rec->remote_ipv4 : NULL,
		    record_has(rec, REMOTE_IPV6) ? rec->remote_ipv6 : NULL,
		    width);
	row_number(row, record_has(rec, REMOTE_PORT), rec->remote_port, 5);
}

static void row_span(struct row *row,
		     bool (*get)(const struct record *rec, __u64 *ns),
		     const struct record *rec, unsigned int decimals, int width)
{
	__u64 ns;
	bool known = get(rec, &ns);

	row_ms(row, known, ns, decimals, width);
}

static void print_row(struct row *row, const struct batch *b,
		      const struct record *rec)
{
	int kb = o.wide ? -6 : -5;

	if (o.time || o.timestamp)
		times_print(row, &o, b, event_time(b, rec));
	row_number(row, record_has(rec, PID), rec->pid, 5);
	row_name(row, record_has(rec, COMM), rec->comm,
		 record_has(rec, KTHREAD), o.wide ? 16 : 10);
	if (o.wide || o.csv)
		row_text(row, filter_is_ipv6(rec) ? "6" : "4", 2);
	print_addresses(row, rec);
	row_number(row, record_has(rec, BYTES_ACKED), rec->bytes_acked >> 10,
		   kb);
	row_number(row, record_has(rec, BYTES_RECEIVED),
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
static void print_more(const struct record *rec)
{
	struct row row = { .first = true };
	__u32 segments;
	bool known = derived_retransmits(rec, &segments);

	indent();
	row_hex(&row, record_has(rec, COOKIE), rec->cookie, 10);
	row_text(&row, end_name(rec), 21);
	row_text(&row, first_fin(rec), 6);
	row_span(&row, derived_handshake, rec, 2, 8);
	row_span(&row, derived_accept_wait, rec, 2, 8);
	row_number(&row, known, segments, 4);
	row_number(&row, record_has(rec, FIN_RETRANSMITS),
		   rec->fin_retransmits, 4);
	row_span(&row, derived_time_wait, rec, 0, 0);
}

static bool print_event(const struct batch *b, const struct nlattr *nest)
{
	struct row row = { .csv = o.csv, .first = true };
	struct record rec;

	if (!decode_record(nest, &rec))
		return false;
	self_mask_record(b, &rec);
	if (!filter_record(&o, &rec))
		return false;
	if (o.json) {
		json_record(b->cmd == TCPLIFE_CMD_CLOSE_NTF ? "close" :
			    "record", b, &rec);
		return true;
	}
	print_row(&row, b, &rec);
	if (o.extended && o.csv)
		print_more_csv(&row, &rec);
	else if (o.extended)
		print_more(&rec);
	out_char('\n');
	return true;
}

/** command_follow - each finished connection */
int command_follow(int argc, char **argv)
{
	struct stream stream = {
		.group = TCPLIFE_MCGRP_CLOSES, .nest = TCPLIFE_A_RECORD,
		.noun = "records", .o = &o, .header = print_header,
		.event = print_event,
	};
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	if (o.fields) {
		json_print_fields();
		return STATUS_OK;
	}
	if (o.json + o.csv > 1 || (o.json && (o.extended || o.wide)))
		return options_refuse(&usage, "-j is alone: it has everything");
	if ((o.extended || o.json) && !o.no_wait)
		stream.group = TCPLIFE_MCGRP_RECORDS;
	return stream_run(&stream);
}
