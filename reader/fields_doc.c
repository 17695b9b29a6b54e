// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of keys for Documentation/, out of the tables of fields.h.
 */
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "json.h"

#define RULE	"==================== ======== ===="

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

static void print_row(const char *key, const char *type, const char *unit,
		      const char *doc)
{
	printf("%-20s %-8s %-4s %s\n", key, type, *unit ? unit : "\\", doc);
}

static void print_head(const char *event)
{
	printf(RULE " " RULE "\n");
	print_row("Key", "Type", "Unit", "What");
	printf(RULE " " RULE "\n");
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

/** json_print_fields - all keys, as reStructuredText */
void json_print_fields(void)
{
	const struct derived_field *d;

	printf("Records (``tcplife -j``, ``tcplife list -j``):\n\n");
	print_head("record, close, connection, timewait or history");
	print_set(&record_fields);
	for (d = derived_fields; d->key; d++)
		print_row(d->key, "number", d->unit, d->doc);
	printf(RULE " " RULE "\n\nTransitions (``tcplife states -j``):\n\n");
	print_head("transition");
	print_set(&transition_fields);
	printf(RULE " " RULE "\n\nListeners (``tcplife listeners -j``):\n\n");
	print_head("listener");
	print_set(&listener_fields);
	printf(RULE " " RULE "\n");
}
