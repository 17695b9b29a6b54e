// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields: the lines of audit -j and doctor -j. They are no attributes; the
 * tables are for the documentation and the schema.
 */
#include "fields.h"

static const struct field verdict_rows[] = {
	{ "counters", 0, FIELD_NONE, SHOW_STRING, "",
	  "counters of tcplife that are added, as stats calls them" },
	{ "mib", 0, FIELD_NONE, SHOW_STRING, "",
	  "the kernel's own, as nstat calls them" },
	{ "verdict", 0, FIELD_NONE, SHOW_VERDICT, "",
	  "what became of it; \"tcplife audit --help\" explains the words" },
	{ "tcplife", 0, FIELD_S64, SHOW_NUMBER, "",
	  "the sum of tcplife's since it was loaded" },
	{ "kernel", 0, FIELD_S64, SHOW_NUMBER, "",
	  "the kernel's since then; absent: unknown" },
	{ "difference", 0, FIELD_S64, SHOW_NUMBER, "",
	  "tcplife's less the kernel's, the smallest that is possible" },
	{ "explained_more", 0, FIELD_S64, SHOW_NUMBER, "",
	  "tcplife's may be higher by as many" },
	{ "explained_fewer", 0, FIELD_S64, SHOW_NUMBER, "",
	  "or lower" },
};

const struct field_set verdict_fields = {
	"verdict", verdict_rows, sizeof(verdict_rows) / sizeof(*verdict_rows),
	0,
};

static const struct field finding_rows[] = {
	{ "finding", 0, FIELD_NONE, SHOW_RULE, "", "what is wrong" },
	{ "rank", 0, FIELD_U32, SHOW_NUMBER, "",
	  "1 does the most harm" },
	{ "count", 0, FIELD_U64, SHOW_NUMBER, "",
	  "of what is wrong" },
	{ "evidence", 0, FIELD_NONE, SHOW_STRING, "",
	  "in words, with numbers and owners" },
	{ "change", 0, FIELD_NONE, SHOW_STRING, "",
	  "what to do, in words" },
};

const struct field_set finding_fields = {
	"finding", finding_rows, sizeof(finding_rows) / sizeof(*finding_rows),
	0,
};
