// SPDX-License-Identifier: GPL-2.0-only
/*
 * The headings of the columns that lines of different commands have in common.
 */
#include "columns.h"
#include "times.h"

/** columns_begin_header - begin the line of headings, with the times; if any */
bool columns_begin_header(struct row *row, const struct options *o)
{
	if (o->json || o->no_header)
		return false;
	row_begin(row, o->csv);
	times_header(row, o);
	return true;
}

/** columns_owner_header - PID and COMM */
void columns_owner_header(struct row *row, const struct options *o)
{
	row_text(row, "PID", 5);
	row_text(row, "COMM", columns_comm(o));
}

/** columns_family_header - IP, where it is told */
void columns_family_header(struct row *row, const struct options *o)
{
	if (o->wide || o->csv)
		row_text(row, "IP", 2);
}

/** columns_remote_header - RADDR and RPORT */
void columns_remote_header(struct row *row, const struct options *o)
{
	row_text(row, "RADDR", columns_address(o));
	row_text(row, "RPORT", 5);
}

/** columns_pair_header - LADDR, LPORT, RADDR and RPORT */
void columns_pair_header(struct row *row, const struct options *o)
{
	row_text(row, "LADDR", columns_address(o));
	row_text(row, "LPORT", 5);
	columns_remote_header(row, o);
}
