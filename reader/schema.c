// SPDX-License-Identifier: GPL-2.0-only
/*
 * The JSON Schema of each line of -j, out of the tables of fields.h, so that it
 * cannot say anything else than they do. reader/schema.json is what this prints.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "derived.h"
#include "enums.h"
#include "flush.h"
#include "json.h"

#define WORDS_MAX	8

/**
 * struct line - a kind of line
 * @title: what it is of
 * @events: what its key "event" may be; none: it has no such key
 * @required: the keys that are in each
 * @set: all keys
 */
struct line {
	const char		*title;
	const char		*events[WORDS_MAX];
	const char		*required[WORDS_MAX];
	const struct field_set	*set;
};

static const struct line lines[] = {
	{ "An endpoint of a connection",
	  { "record", "close", "connection", "timewait", "history" },
	  { "event", "cookie", "generation", "netns", "role", "state", "born" },
	  &record_fields },
	{ "A change of state", { "transition" },
	  { "event", "cookie", "generation", "netns", "role", "old_state",
	    "new_state", "time" },
	  &transition_fields },
	{ "A half-open request that died", { "halfopen" },
	  { "event", "listener", "netns", "end", "time" }, &request_fields },
	{ "A listening socket", { "listener" },
	  { "event", "cookie", "netns" }, &listener_fields },
	{ "A pair of counters of audit", { },
	  { "counters", "mib", "verdict", "tcplife" }, &verdict_fields },
	{ "A finding of doctor", { },
	  { "finding", "rank", "count", "evidence", "change" },
	  &finding_fields },
};

static json_t *words_of(const char * const *words)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < WORDS_MAX && words[i]; i++)
		json_array_append_new(array, json_string(words[i]));
	return array;
}

/* "-" and "?" stand for what is not known, whose key is absent. */
static json_t *enum_of(enum field_show show)
{
	json_t *array = json_array();
	const char *name;
	unsigned int i;

	for (i = 0; i < enums_count(show); i++) {
		name = enums_name(show, i);
		if (strcmp(name, "-") && strcmp(name, "?"))
			json_array_append_new(array, json_string(name));
	}
	return array;
}

static json_t *integer_of(const struct field *f)
{
	switch (f->kind) {
	case FIELD_S32:
	case FIELD_S64:
		return json_pack("{s:s}", "type", "integer");
	case FIELD_PORT:
		return json_pack("{s:s, s:i, s:i}", "type", "integer",
				 "minimum", 0, "maximum", 65535);
	}
	return json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
}

static json_t *string_of(const struct field *f)
{
	if (f->kind == FIELD_COMM)
		return json_pack("{s:s, s:i}", "type", "string",
				 "maxLength", COMM_LEN - 1);
	return json_pack("{s:s}", "type", "string");
}

static json_t *pattern_of(const char *pattern)
{
	return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

static json_t *number_of(void)
{
	return json_pack("{s:s, s:i}", "type", "number", "minimum", 0);
}

static json_t *value_of(const struct field *f)
{
	switch (f->show) {
	case SHOW_NUMBER:
		return integer_of(f);
	case SHOW_COOKIE:
		return pattern_of("^[0-9a-f]+$");
	case SHOW_ERRNO:
		return pattern_of("^(E[A-Z0-9]+|[0-9]+)$");
	case SHOW_TIME:
	case SHOW_NS:
	case SHOW_US:
		return number_of();
	case SHOW_IPV4:
		return json_pack("{s:[{s:s, s:s}, {s:s, s:s}]}", "anyOf",
				 "type", "string", "format", "ipv4",
				 "type", "string", "format", "ipv6");
	case SHOW_STRING:
		return string_of(f);
	case SHOW_TRUE:
		return json_pack("{s:b}", "const", 1);
	case SHOW_FLAGS:
		return json_pack("{s:s, s:{s:o}, s:b}", "type", "array",
				 "items", "enum", enum_of(f->show),
				 "uniqueItems", 1);
	case SHOW_BUCKETS:
		return json_pack("{s:s, s:{s:s, s:i}, s:i}", "type", "array",
				 "items", "type", "integer", "minimum", 0,
				 "maxItems", BUCKETS_MAX);
	}
	return json_pack("{s:s, s:o}", "type", "string", "enum",
			 enum_of(f->show));
}

static void add_key(json_t *keys, const char *key, const char *doc,
		    const char *unit, json_t *value)
{
	json_t *all = json_object();

	json_object_set_new(all, "description",
			    *unit ? json_sprintf("%s (%s)", doc, unit) :
				    json_string(doc));
	json_object_update(all, value);
	json_object_set_new(keys, key, all);
	json_decref(value);
}

/* An address has two attributes and one key. */
static json_t *keys_of(const struct line *line)
{
	const struct derived_field *d;
	json_t *keys = json_object();
	const struct field *f;
	unsigned int i;

	if (*line->events)
		add_key(keys, "event", "what it is", "",
			json_pack("{s:o}", "enum", words_of(line->events)));
	for (i = 0; i < line->set->n; i++) {
		f = &line->set->fields[i];
		if (f->key && f->show != SHOW_NOT && f->show != SHOW_IPV6)
			add_key(keys, f->key, f->doc, f->unit, value_of(f));
	}
	for (d = derived_fields; line->set == &record_fields && d->key; d++)
		add_key(keys, d->key, d->doc, d->unit, number_of());
	return keys;
}

static json_t *object_of(const struct line *line)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:b}", "title", line->title,
			 "type", "object", "properties", keys_of(line),
			 "required", words_of(line->required),
			 "additionalProperties", 0);
}

/* The counters have no table of fields; proc.rst explains them. */
static json_t *stats_object(void)
{
	json_t *names = json_array(), *gauges = json_object();
	unsigned int i;

	add_key(gauges, "interval",
		"counters are a second, over this time; absent: totals since load",
		"s", number_of());
	json_array_append_new(names, json_string("interval"));
	for (i = 1; i <= TCPLIFE_A_STATS_MAX; i++) {
		json_array_append_new(names, json_string(stats_name(i)));
		if (stats_is_gauge(i))
			json_object_set_new(gauges, stats_name(i),
					    json_pack("{s:s, s:i}", "type",
						      "integer", "minimum", 0));
	}
	return json_pack("{s:s, s:s, s:o, s:{s:o}, s:[s, s], s:o}", "title",
			 "Counters of stats, or their rates", "type", "object",
			 "properties", gauges, "propertyNames", "enum", names,
			 "required", "born", "alive", "additionalProperties",
			 number_of());
}

/** json_print_schema - of all kinds of lines */
int json_print_schema(void)
{
	json_t *all = json_array(), *schema;
	unsigned int i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		json_array_append_new(all, object_of(&lines[i]));
	json_array_append_new(all, stats_object());
	schema = json_pack("{s:s, s:s, s:s, s:o}",
			   "$schema", "http://json-schema.org/draft-07/schema#",
			   "title", "A line of tcplife -j", "description",
			   "A key that is absent is not known, or it never happened.",
			   "oneOf", all);
	json_dumpf(schema, stdout, JSON_INDENT(2));
	printf("\n");
	json_decref(schema);
	return flush_stdout(STATUS_OK);
}
