// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options: how they are spelled and explained, and which are taken. What their
 * values mean is in values.c.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <tcplife/version.h>

#include "commands.h"
#include "flush.h"
#include "options.h"
#include "values.h"

/**
 * struct spelling - an option
 * @code: its letter, or one of OPT_
 * @name: its long name
 * @value: what comes with it, NULL if nothing does
 * @at: where it goes in struct options
 * @parse: how; it returns whether the value is one
 * @help: what it does; NULL hides it
 */
struct spelling {
	int		code;
	const char	*name;
	const char	*value;
	size_t		at;
	bool		(*parse)(const char *text, void *to);
	const char	*help;
};

#define AT(member)	offsetof(struct options, member)

static const struct spelling spellings[] = {
	{ 'T', "time", NULL, AT(time), value_true,
	  "add the time of day of the event" },
	{ 't', "timestamp", NULL, AT(timestamp), value_true,
	  "add seconds since the first event" },
	{ 'w', "wide", NULL, AT(wide), value_true,
	  "wide columns, for IPv6 and long names" },
	{ 's', "csv", NULL, AT(csv), value_true,
	  "comma-separated values" },
	{ 'x', "extended", NULL, AT(extended), value_true,
	  "add a line with the rest of its life" },
	{ 'j', "json", NULL, AT(json), value_true,
	  "JSON, one object a line" },
	{ 'p', "pid", "PID", AT(pid), value_u32,
	  "only of this process" },
	{ 'L', "localport", "PORT,...", AT(local_ports), value_ports,
	  "only these local ports" },
	{ 'D', "remoteport", "PORT,...", AT(remote_ports), value_ports,
	  "only these remote ports" },
	{ '4', "ipv4", NULL, AT(family), value_family4,
	  "only IPv4" },
	{ '6', "ipv6", NULL, AT(family), value_family6,
	  "only IPv6" },
	{ 'N', "netns", "NETNS", AT(netns), value_netns,
	  "only this namespace: inode, name, pid:N" },
	{ OPT_HISTORY, "history", NULL, AT(history), value_true,
	  "those that ended, the oldest first" },
	{ OPT_STATE, "state", "STATE,...", AT(states), value_states,
	  "only in these states" },
	{ OPT_OLDER, "older", "SECONDS", AT(older), value_age,
	  "only if longer than this in its state" },
	{ OPT_ROLE, "role", "ROLE", AT(roles), value_roles,
	  "only active, passive or pre-existing" },
	{ OPT_END, "end", "END,...", AT(ends), value_ends,
	  "only what ended so: fin, refused, ..." },
	{ OPT_LOCAL, "local", "ADDR[:PORT]", AT(local), value_address,
	  "only this local address" },
	{ OPT_REMOTE, "remote", "ADDR[:PORT]", AT(remote), value_address,
	  "only this remote address" },
	{ OPT_COOKIE, "cookie", "COOKIE", AT(cookie), value_cookie,
	  "only this socket" },
	{ OPT_SORT, "sort", "COLUMN", AT(sort), value_text,
	  "sort by it; -COLUMN: downwards" },
	{ OPT_FAILURES, "failures", NULL, AT(failures), value_true,
	  "only what ended in failure" },
	{ OPT_NO_WAIT, "no-wait", NULL, AT(no_wait), value_true,
	  "do not wait for the end of TIME_WAIT" },
	{ OPT_CHECK, "check", NULL, AT(check), value_true,
	  "exit with 1 if there is a finding" },
	{ OPT_SAMPLE, "sample", "N", AT(sample), value_u32,
	  "only one connection in N" },
	{ OPT_CLEAR, "clear", NULL, AT(clear), value_true,
	  "have everything told again" },
	{ OPT_OPENMETRICS, "openmetrics", NULL, AT(openmetrics), value_true,
	  "OpenMetrics 1.0, not text 0.0.4" },
	{ OPT_LISTEN, "listen", "[ADDR:]PORT", AT(listen), value_listen,
	  "serve it by HTTP" },
	{ OPT_MAX_LISTENERS, "max-listeners", "N", AT(max_listeners), value_u32,
	  "at most so many with own series" },
	{ 'c', "count", "COUNT", AT(count), value_count,
	  "end after so many" },
	{ 'd', "duration", "SECONDS", AT(seconds), value_seconds,
	  "end after so long" },
	{ 'i', "interval", "SECONDS", AT(interval), value_seconds,
	  "repeat" },
	{ 'o', "output", "FILE", AT(output), value_text,
	  "write it there" },
	{ OPT_HOSTNAME, "hostname", NULL, AT(hostname), value_true,
	  "write down the name of this host, too" },
	{ 'H', "no-header", NULL, AT(no_header), value_true,
	  "no line of headings" },
	{ OPT_RELATIVE, "relative", NULL, AT(relative), value_true,
	  "only what is the same in each run" },
	{ OPT_FIELDS, "fields", NULL, AT(fields), value_true,
	  NULL },
	{ OPT_SCHEMA, "schema", NULL, AT(schema), value_true,
	  NULL },
	{ OPT_REPLAY, "replay", "FILE", AT(replay), value_text,
	  NULL },
	{ OPT_RECORD, "record", "FILE", AT(record), value_text,
	  NULL },
	{ 'h', "help", NULL, 0, NULL, "this help" },
	{ 'V', "version", NULL, 0, NULL, "the version" },
};

#define NR_SPELLINGS	(sizeof(spellings) / sizeof(*spellings))

static bool takes(const struct usage *usage, int code)
{
	const int *t;

	for (t = usage->takes; *t; t++)
		if (*t == code)
			return true;
	return code == 'h' || code == 'V';
}

/* -- help -- */

static void print_option(const struct spelling *s)
{
	char text[64];
	int n = 0;

	if (s->code < OPT_FAILURES)
		n = snprintf(text, sizeof(text), "-%c, ", s->code);
	else
		n = snprintf(text, sizeof(text), "    ");
	snprintf(text + n, sizeof(text) - n, "--%s%s%s", s->name,
		 s->value ? " " : "", s->value ? s->value : "");
	printf("  %-26s %s\n", text, s->help);
}

static void print_usage(const struct usage *usage, FILE *file)
{
	fprintf(file, "Usage: tcplife%s%s [OPTION]...%s%s\n",
		*usage->name ? " " : "", usage->name,
		usage->arguments ? " " : "",
		usage->arguments ? usage->arguments : "");
}

static void print_help(const struct usage *usage)
{
	unsigned int i;

	print_usage(usage, stdout);
	printf("\n%s\n\n", usage->about);
	for (i = 0; i < NR_SPELLINGS; i++)
		if (takes(usage, spellings[i].code) && spellings[i].help)
			print_option(&spellings[i]);
	if (usage->notes)
		printf("\n%s\n", usage->notes);
	printf("\nExit status: 0; 1 it failed; 2 usage; 3 the module is not loaded.\n");
}

/**
 * options_refuse - say what is wrong with the command line
 * @usage: of the subcommand
 * @format: the words, for printf()
 *
 * Return: the exit status.
 */
int options_refuse(const struct usage *usage, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "tcplife: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	print_usage(usage, stderr);
	fprintf(stderr, "Try 'tcplife%s%s --help'.\n", *usage->name ? " " : "",
		usage->name);
	return STATUS_USAGE;
}

/* -- parsing -- */

/* NULL if no subcommand has it. */
static const struct spelling *find(int code)
{
	unsigned int i;

	for (i = 0; i < NR_SPELLINGS; i++)
		if (spellings[i].code == code)
			return &spellings[i];
	return NULL;
}

/* For getopt_long(): what this subcommand takes. */
static void make_tables(const struct usage *usage, char *letters,
			struct option *longs)
{
	const struct spelling *s;
	unsigned int i;

	*letters++ = ':';	/* it is told that a value is missing */
	for (i = 0; i < NR_SPELLINGS; i++) {
		s = &spellings[i];
		if (!takes(usage, s->code))
			continue;
		*longs++ = (struct option){
			.name = s->name,
			.has_arg = s->value ? required_argument : no_argument,
			.val = s->code,
		};
		if (s->code >= OPT_FAILURES)
			continue;
		*letters++ = s->code;
		if (s->value)
			*letters++ = ':';
	}
	*letters = 0;
	memset(longs, 0, sizeof(*longs));
}

/* How many of what this subcommand takes begin so. */
static unsigned int count_longs(const struct option *longs, const char *text,
				size_t len)
{
	unsigned int n = 0;

	for (; longs->name; longs++)
		n += !strncmp(longs->name, text, len);
	return n;
}

/* getopt_long() has its own words, which are not like ours. @code is '?' or
 * ':', and @text the argument.
 */
static int refuse_option(int code, const struct usage *usage,
			 const struct option *longs, const char *text)
{
	const struct spelling *s = optopt ? find(optopt) : NULL;
	size_t len = strcspn(text, "=");

	if (code == ':')
		return options_refuse(usage, "--%s: %s is missing", s->name,
				      s->value);
	if (s && takes(usage, s->code))
		return options_refuse(usage, "--%s takes no value", s->name);
	if (optopt)
		return options_refuse(usage, "there is no option -%c", optopt);
	if (count_longs(longs, text + 2, len - 2) > 1)
		return options_refuse(usage, "%.*s may be more than one option",
				      (int)len, text);
	return options_refuse(usage, "there is no option %.*s", (int)len, text);
}

static int parse_one(int code, const struct usage *usage, struct options *o)
{
	const struct spelling *s = find(code);

	if (code == 'h') {
		print_help(usage);
		return flush_stdout(STATUS_OK);
	}
	if (code == 'V') {
		printf("tcplife " TCPLIFE_VERSION "\n");
		return flush_stdout(STATUS_OK);
	}
	if (s->parse(optarg, (char *)o + s->at))
		return OPTIONS_GO;
	if (!s->value)
		return options_refuse(usage, "-4 and -6 exclude each other");
	return options_refuse(usage, "--%s: \"%s\" is not valid", s->name,
			      optarg);
}

/**
 * options_parse - read the command line
 * @argc: of the subcommand
 * @argv: of the subcommand
 * @usage: what it takes
 * @o: what was asked for; optind is the first argument that is no option
 *
 * Return: OPTIONS_GO, or the exit status when there is nothing more to do.
 */
int options_parse(int argc, char **argv, const struct usage *usage,
		  struct options *o)
{
	struct option longs[NR_SPELLINGS + 1];
	char letters[2 * NR_SPELLINGS + 2];
	int code, ret = OPTIONS_GO;

	memset(o, 0, sizeof(*o));
	o->local_ports.any = true;
	o->remote_ports.any = true;
	make_tables(usage, letters, longs);
	optind = 0;
	opterr = 0;
	while (ret == OPTIONS_GO) {
		code = getopt_long(argc, argv, letters, longs, NULL);
		if (code < 0)
			break;
		if (code == '?' || code == ':')
			return refuse_option(code, usage, longs,
					     argv[optind - 1]);
		ret = parse_one(code, usage, o);
	}
	if (ret == OPTIONS_GO && optind < argc && !usage->arguments)
		return options_refuse(usage, "\"%s\": what is that?",
				      argv[optind]);
	return ret;
}
