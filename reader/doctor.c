// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife doctor: what is wrong here, and what to change.
 */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "doctor.h"
#include "flush.h"
#include "options.h"
#include "self.h"
#include "session.h"

#define WIDTH	80

static const int doctor_takes[] = { OPT_CHECK, 'j', 0 };

static const struct usage doctor_usage = {
	.name = "doctor",
	.about =
	"Say what is wrong with the TCP connections of this host, the worst first:\n"
	"the evidence, whose it is, and what to change. Counters are since the\n"
	"module was loaded. The exit status is 0 whatever there is to find, unless\n"
	"with --check.",
	.takes = doctor_takes,
	.notes =
	"One is enough of: overflows of an accept queue, dropped SYNs, connect()\n"
	"without a free port, missing memory, timewait sockets or records, peers\n"
	"that fall silent. The others are told when\n"
	"  * one in 100 connections waited 0.1 s or more for accept(), of 20 or more\n"
	"  * a process has 10 connections in CLOSE_WAIT for a minute, or one an hour\n"
	"  * a tenth or less of the local ports is left for one remote port\n"
	"  * 10 or more connect() and 5 % or more were refused, or not answered\n"
	"  * 10 or more FINs were sent again, as many as 5 % of the connections",
};

/**
 * find - add a finding, with its evidence
 * @to: where to
 * @rule: that found it
 * @count: how often it happened
 * @what: the evidence, for printf()
 */
void find(struct findings *to, const struct rule *rule, __u64 count,
	  const char *what, ...)
{
	struct finding *f;
	va_list ap;

	f = reallocarray(to->items, to->n + 1, sizeof(*f));
	if (!f) {
		perror("tcplife");
		exit(STATUS_FAILED);
	}
	to->items = f;
	f += to->n++;
	*f = (struct finding){
		.rule = rule->name, .title = rule->title, .count = count,
	};
	va_start(ap, what);
	vsnprintf(f->what, sizeof(f->what), what, ap);
	va_end(ap);
}

/**
 * advise - say what to change about the last finding
 * @to: the findings
 * @change: the words, for printf()
 */
void advise(struct findings *to, const char *change, ...)
{
	struct finding *f = &to->items[to->n - 1];
	va_list ap;

	va_start(ap, change);
	vsnprintf(f->change, sizeof(f->change), change, ap);
	va_end(ap);
}

static int by_count(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

/**
 * doctor_look - find all that is wrong
 * @facts: what is known
 * @to: where to
 *
 * The table has the order of harm; among what one rule finds, the most.
 */
void doctor_look(const struct facts *facts, struct findings *to)
{
	unsigned int i;
	size_t from;

	for (i = 0; i < nr_doctor_rules; i++) {
		from = to->n;
		doctor_rules[i].look(facts, &doctor_rules[i], to);
		if (to->n > from + 1)
			qsort(to->items + from, to->n - from,
			      sizeof(*to->items), by_count);
	}
}

/* Words on lines of WIDTH columns, the first one with a label. */
static void print_words(const char *label, const char *text)
{
	const size_t indent = strlen(label), room = WIDTH - indent;
	size_t len;

	printf("%s", label);
	for (;;) {
		len = strlen(text);
		if (len > room)
			for (len = room; len && text[len] != ' '; len--)
				;
		if (!len)
			len = strcspn(text, " ");
		printf("%.*s\n", (int)len, text);
		text += len;
		text += strspn(text, " ");
		if (!*text)
			return;
		printf("%*s", (int)indent, "");
	}
}

static void print_text(const struct facts *facts, const struct findings *found)
{
	size_t i;

	for (i = 0; i < found->n; i++) {
		const struct finding *f = &found->items[i];

		if (!i || strcmp(f->rule, f[-1].rule))
			printf("%s%s\n", i ? "\n" : "", f->title);
		print_words("  * ", f->what);
		print_words("    -> ", f->change);
	}
	printf("%s%s (open or in TIME_WAIT: %llu, ended: %llu, listeners: %zu)\n",
	       found->n ? "\n" : "", found->n ? "looked at" : "all is well",
	       stats_value(&facts->stats, ALIVE),
	       stats_value(&facts->stats, ENDED), facts->listeners.n);
}

/** doctor_text - a process may call itself anything; JSON is UTF-8 */
json_t *doctor_text(const char *words)
{
	char copy[sizeof(((struct finding *)0)->what)], *c;
	json_t *string = json_string(words);

	if (string)
		return string;
	snprintf(copy, sizeof(copy), "%s", words);
	for (c = copy; *c; c++)
		if (*c & 0x80)
			*c = '?';
	return json_string(copy);
}

static void print_json(const struct findings *found)
{
	json_t *line;
	size_t i;

	for (i = 0; i < found->n; i++) {
		const struct finding *f = &found->items[i];

		line = json_pack("{s:s, s:i, s:I, s:o, s:o}",
				 "finding", f->rule, "rank", (int)(i + 1),
				 "count", (json_int_t)f->count,
				 "evidence", doctor_text(f->what),
				 "change", doctor_text(f->change));
		if (!line)
			continue;
		json_dumpf(line, stdout, JSON_COMPACT);
		printf("\n");
		json_decref(line);
	}
}

/** command_doctor - tcplife doctor */
int command_doctor(int argc, char **argv)
{
	struct findings found = { .n = 0 };
	static struct facts facts;
	static struct session s;
	struct options o;
	int ret;

	ret = options_parse(argc, argv, &doctor_usage, &o);
	if (ret != OPTIONS_GO)
		return ret;
	self_init();
	ret = session_open(&s);
	if (!ret)
		ret = facts_take(&s, &facts);
	if (ret) {
		ret = session_fail(&s, ret);
	} else {
		doctor_look(&facts, &found);
		if (o.json)
			print_json(&found);
		else
			print_text(&facts, &found);
		ret = o.check && found.n ? STATUS_FAILED : STATUS_OK;
	}
	free(found.items);
	facts_free(&facts);
	session_close(&s);
	return flush_stdout(ret);
}
