// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of keys for Documentation/, out of the tables of fields.h.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "derived.h"
#include "fields.h"
#include "flush.h"
#include "json.h"

/* Where the last column begins, and how wide it may be. */
#define DOC_COLUMN	35
#define DOC_WIDTH	45

static const char *type_name(const struct field *f)
{
	switch (f->show) {
	case SHOW_TIME:
	case SHOW_NS:
	case SHOW_US:
		return "number";
	case SHOW_NUMBER:
		return "integer";
	case SHOW_TRUE:
		return "true";
	case SHOW_FLAGS:
	case SHOW_BUCKETS:
		return "array";
	}
	return "string";
}

/* As much as fits and ends with a word. */
static int fit(const char *doc)
{
	int n = strlen(doc);

	if (n <= DOC_WIDTH)
		return n;
	for (n = DOC_WIDTH; n && doc[n] != ' '; n--)
		;
	return n;
}

static void print_row(const char *key, const char *type, const char *unit,
		      const char *doc)
{
	int n = fit(doc);

	printf("%-20s %-8s %-4s %.*s\n", key, type, *unit ? unit : "\\", n,
	       doc);
	while (doc[n]) {
		doc += n + 1;
		n = fit(doc);
		printf("%*s%.*s\n", DOC_COLUMN, "", n, doc);
	}
}

static void print_rule(void)
{
	printf("==================== ======== ==== ");
	printf("=============================================\n");
}

static void print_head(const char *event)
{
	print_rule();
	print_row("Key", "Type", "Unit", "What");
	print_rule();
	if (event)
		print_row("event", "string", "", event);
}

/* An address has two attributes and one key. */
static void print_set(const struct field_set *set)
{
	const struct field *f;
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		f = &set->fields[i];
		if (!f->key || f->show == SHOW_NOT || f->show == SHOW_IPV6)
			continue;
		print_row(f->key, type_name(f), f->unit, f->doc);
	}
}

static void print_table(const char *title, const char *event,
			const struct field_set *set)
{
	const struct derived_field *d;

	printf("%s:\n\n", title);
	print_head(event);
	print_set(set);
	for (d = derived_fields; set == &record_fields && d->key; d++)
		print_row(d->key, "number", d->unit, d->doc);
	print_rule();
}

/** json_print_fields - all keys, as reStructuredText */
int json_print_fields(void)
{
	print_table("Records (``tcplife -j``, ``tcplife list -j``)",
		    "record, close, connection, timewait or history",
		    &record_fields);
	print_table("\nTransitions (``tcplife states -j``)", "transition",
		    &transition_fields);
	print_table("\nHalf-open requests that died (``tcplife halfopen -j``)",
		    "halfopen", &request_fields);
	print_table("\nListeners (``tcplife listeners -j``)", "listener",
		    &listener_fields);
	print_table("\nPairs of counters (``tcplife audit -j``)", NULL,
		    &verdict_fields);
	print_table("\nFindings (``tcplife doctor -j``)", NULL,
		    &finding_fields);
	return flush_stdout(STATUS_OK);
}
