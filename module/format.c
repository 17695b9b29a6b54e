// SPDX-License-Identifier: GPL-2.0-only
/*
 * Format: a record as a line of text.
 */
#include <linux/string_helpers.h>
#include <linux/ktime.h>
#include <net/ipv6.h>

#include "columns.h"
#include "format.h"

/**
 * tcplife_format_ms - a time in milliseconds with three decimals
 * @m: the file
 * @ns: the time in nanoseconds
 */
void tcplife_format_ms(struct seq_file *m, u64 ns)
{
	u64 us = ns / NSEC_PER_USEC;

	seq_printf(m, "%llu.%03llu", us / 1000, us % 1000);
}

/**
 * tcplife_format_address - an address; IPv4 if it is a v4-mapped one
 * @m: the file
 * @addr: the address
 */
void tcplife_format_address(struct seq_file *m, const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		seq_printf(m, "%pI4", &addr->s6_addr32[3]);
	else
		seq_printf(m, "%pI6c", addr);
}

/**
 * tcplife_format_comm - the name of a process, one word whatever is in it
 * @m: the file
 * @comm: the name
 * @kthread: a kernel thread: in brackets, as ps does
 */
void tcplife_format_comm(struct seq_file *m, const char *comm, bool kthread)
{
	if (kthread)
		seq_putc(m, '[');
	/* An empty name would be no word, and "-" means unknown. */
	if (!*comm)
		seq_puts(m, "\\000");
	else if (!strcmp(comm, "-"))
		seq_puts(m, "\\055");
	else
		seq_escape_str(m, comm,
			       ESCAPE_OCTAL | ESCAPE_NAP | ESCAPE_APPEND,
			       " \\");
	if (kthread)
		seq_putc(m, ']');
}

#define COL(sym) TCPLIFE_COL_##sym

const u8 tcplife_columns_connections[] = {
	COL(COOKIE), COL(NETNS), COL(LADDR), COL(LPORT), COL(RADDR),
	COL(RPORT), COL(ROLE), COL(STATE), COL(STATE_MS), COL(AGE_MS),
	COL(PID), COL(COMM), COL(UID), COL(CGROUP), COL(HS_MS),
	COL(ACCEPT_MS), COL(SYN_RETR), COL(SYNACK_RETR), COL(ACK_IGN),
	COL(SYNQ), COL(ACCQ), COL(ISN_L), COL(ISN_R), COL(MSS), COL(WSCALE),
	COL(OPTS), COL(FLAGS), COL(FIRST_FIN), COL(FIN_RETR), COL(WIN_L),
	COL(WIN_R), COL(REPLACED), COL(SYN_DATA), COL(END_OF_LIST),
};

const u8 tcplife_columns_timewait[] = {
	COL(COOKIE), COL(NETNS), COL(LADDR), COL(LPORT), COL(RADDR),
	COL(RPORT), COL(STATE), COL(STATE_MS), COL(AGE_MS), COL(TW_RESTARTS),
	COL(FIRST_FIN), COL(PID), COL(COMM), COL(END_OF_LIST),
};

const u8 tcplife_columns_history[] = {
	COL(COOKIE), COL(NETNS), COL(LADDR), COL(LPORT), COL(RADDR),
	COL(RPORT), COL(ROLE), COL(END), COL(ERRNO), COL(PID), COL(COMM),
	COL(UID), COL(CGROUP), COL(CLOSER), COL(CLOSER_COMM), COL(HS_MS),
	COL(ACCEPT_MS), COL(SYN_RETR), COL(SYNACK_RETR), COL(ACK_IGN),
	COL(SYNQ), COL(ACCQ), COL(ISN_L), COL(ISN_R), COL(MSS), COL(WSCALE),
	COL(OPTS), COL(FLAGS), COL(SYN_SENT_MS), COL(SYN_RECV_MS),
	COL(ESTABLISHED_MS), COL(FIN_WAIT1_MS), COL(FIN_WAIT2_MS),
	COL(CLOSING_MS), COL(TIME_WAIT_MS), COL(CLOSE_WAIT_MS),
	COL(LAST_ACK_MS), COL(FIRST_FIN), COL(FIN_L), COL(FIN_R),
	COL(FIN_RETR), COL(FIN_DUP), COL(HALF_MS), COL(HALF_BYTES), COL(RST),
	COL(RST_WHY), COL(TW_RESTARTS), COL(TW_EXIT), COL(TX), COL(RX),
	COL(SEGS_OUT), COL(SEGS_IN), COL(DATA_RETR), COL(MINRTT_US),
	COL(SRTT_US), COL(RTO_MS), COL(KEEPALIVES), COL(PROBES),
	COL(END_TIME), COL(WIN_L), COL(WIN_R), COL(SNDBUF), COL(RCVBUF),
	COL(REPLACED), COL(SYN_DATA), COL(END_OF_LIST),
};

/**
 * tcplife_format_header - the line of headings
 * @m: the file
 * @list: its columns
 */
void tcplife_format_header(struct seq_file *m, const u8 *list)
{
	for (; *list; list++) {
		seq_puts(m, tcplife_columns[*list].name);
		seq_putc(m, list[1] ? ' ' : '\n');
	}
}

/**
 * tcplife_format_record - a record as a line
 * @m: the file
 * @list: its columns
 * @rec: a copy of the record
 *
 * Context: process.
 */
void tcplife_format_record(struct seq_file *m, const u8 *list,
			   const struct tcplife_record *rec)
{
	struct column_ctx c = { .m = m, .rec = rec, .now = ktime_get_ns() };

	for (; *list; list++) {
		tcplife_columns[*list].show(&c);
		seq_putc(m, list[1] ? ' ' : '\n');
	}
}
