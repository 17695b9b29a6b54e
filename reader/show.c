// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife show: one connection as a ladder, each of its lives.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "decode.h"
#include "flush.h"
#include "ladder.h"
#include "options.h"
#include "self.h"
#include "session.h"
#include "unjson.h"

static const int show_takes[] = { OPT_RELATIVE, 0 };

static const struct usage show_usage = {
	.name = "show",
	.arguments = "COOKIE[.GENERATION] | - [COOKIE[.GENERATION]]",
	.about =
	"Draw a connection that is alive, in TIME_WAIT or in the history. A socket\n"
	"that was connected again keeps its cookie: all its lives are drawn, or the\n"
	"one with that number. With -, records that tcplife -j has made are read\n"
	"from the standard input.\n\n"
	"To get the COOKIE of a connection:\n"
	"  tcplife list -w      of those that are open, or in TIME_WAIT\n"
	"  tcplife -x           of those that end from now on\n"
	"  tcplife states       of those that do something from now on\n"
	"  ss -tane             as sk:COOKIE, the kernel's own",
	.takes = show_takes,
	.notes =
	"The left rail is this end, the right one its peer. An arrow is a segment\n"
	"that the record proves: its sequence number counted from the first one of\n"
	"who sent it, and as it was sent. A dotted arrow is one that TCP's rules ask\n"
	"for, but this end has no proof of. x is where one came and was ignored. An\n"
	"ACK and a FIN may have come in one segment. When something was sent again\n"
	"is not recorded, only how often; of the data, only the sums.",
};

/** struct wanted - what to draw */
struct wanted {
	const char	*text;		/* as it was given */
	__u64	cookie;
	bool		all;		/* whatever cookie */
	__s64		generation;	/* -1: each */
	bool		relative;
};

/* A life, and the message that it came in. */
struct taken {
	struct record	rec;
	struct batch	batch;
};

struct lives {
	const struct wanted	*want;
	struct taken		*taken;
	size_t			n;
	int			error;
};

static bool parse_cookie(const char *text, struct wanted *want)
{
	char *end;

	want->text = text;
	errno = 0;
	want->cookie = strtoull(text, &end, 16);
	want->generation = -1;
	if (errno || end == text || *text == '-' || !want->cookie)
		return false;
	if (*end != '.')
		return !*end;
	text = end + 1;
	want->generation = strtoul(text, &end, 10);
	return !errno && end != text && *text != '-' && !*end &&
	       want->generation <= ~0U;
}

static bool is_wanted(const struct wanted *want, const struct record *rec)
{
	if (want->all)
		return true;
	return rec->cookie == want->cookie &&
	       (want->generation < 0 || rec->generation == want->generation);
}

static void draw(const struct record *rec, const struct batch *b,
		 bool relative, bool first)
{
	if (!first)
		printf("\n");
	ladder_record(rec, b, relative, stdout);
}

/* -- out of the kernel -- */

/* The place for a record: its own, if an earlier dump had it already. */
static struct taken *place(struct lives *lives, const struct record *rec)
{
	struct taken *more;
	size_t i;

	for (i = 0; i < lives->n; i++)
		if (lives->taken[i].rec.generation == rec->generation &&
		    lives->taken[i].rec.net_cookie == rec->net_cookie)
			return &lives->taken[i];
	more = realloc(lives->taken, (lives->n + 1) * sizeof(*more));
	if (!more)
		return NULL;
	lives->taken = more;
	return &more[lives->n++];
}

static int take_message(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct lives *lives = arg;
	struct record rec;
	struct taken *to;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	for (nest = decode_next_record(&b, NULL); nest;
	     nest = decode_next_record(&b, nest)) {
		if (!decode_record(nest, &rec) || !is_wanted(lives->want, &rec))
			continue;
		self_mask_record(&b, &rec);
		to = place(lives, &rec);
		if (!to)
			return -ENOMEM;
		to->rec = rec;
		to->batch = b;
	}
	return 0;
}

static int dump_cookie(struct session *s, __u8 cmd, __u64 cookie,
		       session_fn fn, void *arg)
{
	struct nlmsghdr *nlh = session_prepare(s, cmd, NLM_F_DUMP);
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, TCPLIFE_A_FILTER);
	mnl_attr_put_u64(nlh, TCPLIFE_A_FILTER_COOKIE, cookie);
	mnl_attr_nest_end(nlh, nest);
	return session_ask(s, nlh, fn, arg);
}

/* In the order of a life, so that one which moves on meanwhile is not missed. */
static int take_lives(struct session *s, struct lives *lives)
{
	static const __u8 commands[] = {
		TCPLIFE_CMD_CONNECTION_GET, TCPLIFE_CMD_TIMEWAIT_GET,
		TCPLIFE_CMD_HISTORY_GET,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < sizeof(commands); i++) {
		ret = dump_cookie(s, commands[i], lives->want->cookie,
				  take_message, lives);
		if (ret)
			return ret;
	}
	return 0;
}

static int take_listener(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct listener *l = arg;
	struct batch b;

	if (decode_batch(nlh, &b))
		return 0;
	nest = decode_next(&b, NULL, TCPLIFE_A_LISTENER);
	return nest && decode_listener(nest, l);
}

/* Nothing was found: what is it, then? */
static int explain(struct session *s, const struct wanted *want)
{
	struct listener l = { .has = { 0 } };
	int ret = dump_cookie(s, TCPLIFE_CMD_LISTENER_GET, want->cookie,
			      take_listener, &l);

	if (!ret && listener_has(&l, COOKIE))
		fprintf(stderr,
			"tcplife: %llx is a listening socket: tcplife listeners\n",
			want->cookie);
	else
		fprintf(stderr,
			"tcplife: %s is neither open nor in TIME_WAIT nor in the history\n",
			want->text);
	return STATUS_FAILED;
}

static int by_generation(const void *a, const void *b)
{
	const struct taken *x = a, *y = b;

	if (x->rec.generation != y->rec.generation)
		return x->rec.generation < y->rec.generation ? -1 : 1;
	return x->rec.born < y->rec.born ? -1 : x->rec.born > y->rec.born;
}

static int show_kernel(const struct wanted *want)
{
	struct lives lives = { .want = want };
	static struct session s;
	size_t i;
	int ret;

	self_init();
	ret = session_open(&s);
	if (!ret)
		ret = take_lives(&s, &lives);
	/* It may have been moved to where the dump had been before. */
	if (!ret && !lives.n && s.inconsistent)
		ret = take_lives(&s, &lives);
	if (ret) {
		ret = session_fail(&s, ret);
	} else if (!lives.n) {
		ret = explain(&s, want);
	} else {
		qsort(lives.taken, lives.n, sizeof(*lives.taken),
		      by_generation);
		for (i = 0; i < lives.n; i++)
			draw(&lives.taken[i].rec, &lives.taken[i].batch,
			     want->relative, !i);
	}
	free(lives.taken);
	session_close(&s);
	return ret;
}

/* -- out of a file -- */

/* Each line is one; what is no record, as the end of a run, is passed over. */
static int show_line(const char *line, const struct wanted *want,
		     unsigned long number, size_t *drawn)
{
	struct batch b = { .cmd = 0 };
	struct record rec;
	json_error_t error;
	json_t *object;

	if (line[strspn(line, " \t\r\n")] == '\0')
		return 0;
	object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
	if (!object) {
		fprintf(stderr, "tcplife: line %lu is not JSON: %s\n", number,
			error.text);
		return -1;
	}
	if (unjson_record(object, &rec) && is_wanted(want, &rec)) {
		draw(&rec, &b, want->relative, !*drawn);
		(*drawn)++;
	}
	json_decref(object);
	return 0;
}

static int show_input(const struct wanted *want)
{
	unsigned long number = 0;
	int ret = STATUS_OK;
	char *line = NULL;
	size_t size = 0, drawn = 0;

	while (ret == STATUS_OK && getline(&line, &size, stdin) > 0)
		if (show_line(line, want, ++number, &drawn))
			ret = STATUS_FAILED;
	if (ferror(stdin)) {
		perror("tcplife: the standard input");
		ret = STATUS_FAILED;
	} else if (ret == STATUS_OK && !drawn) {
		fprintf(stderr, "tcplife: the standard input has no such record\n");
		ret = STATUS_FAILED;
	}
	free(line);
	return ret;
}

/** command_show - tcplife show */
int command_show(int argc, char **argv)
{
	struct wanted want = { .generation = -1 };
	bool input;
	struct options o;
	int ret;

	ret = options_parse(argc, argv, &show_usage, &o);
	if (ret != OPTIONS_GO)
		return ret;
	want.relative = o.relative;
	input = optind < argc && !strcmp(argv[optind], "-");
	optind += input;
	want.all = input && optind == argc;
	if (optind == argc && !input)
		return options_refuse(&show_usage, "which connection?");
	if (!want.all && !parse_cookie(argv[optind], &want))
		return options_refuse(&show_usage, "\"%s\" is no cookie",
				      argv[optind]);
	if (optind + 1 < argc)
		return options_refuse(&show_usage, "\"%s\": what is that?",
				      argv[optind + 1]);
	ret = input ? show_input(&want) : show_kernel(&want);
	return flush_stdout(ret);
}
