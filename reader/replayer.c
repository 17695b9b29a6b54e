// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife replay: other commands, out of a recording.
 */
#include <string.h>

#include "answers.h"
#include "commands.h"
#include "host.h"
#include "options.h"

static const int takes[] = { 0 };

static const struct usage usage = {
	.name = "replay",
	.arguments = "FILE [COMMAND [OPTION]...]",
	.about =
"Do a COMMAND on what tcplife record has written to FILE, without the module and\n"
"without root: follow (the default), list, show, listeners, timewait, stats,\n"
"audit and doctor.",
	.takes = takes,
	.notes =
"What is now is what was when the recording ended; list --history and show have\n"
"what ended while it was made. Of a file that was cut off, or still grows, all\n"
"that is whole is read, and stderr says how much that is.",
};

static const struct {
	const char	*name;
	int		(*run)(int argc, char **argv);
} commands[] = {
	{ "follow", command_follow }, { "list", command_list },
	{ "show", command_show }, { "listeners", command_listeners },
	{ "timewait", command_timewait }, { "stats", command_stats },
	{ "audit", command_audit }, { "doctor", command_doctor },
};

/* Each reads the file; following does it once, as the events come. */
static int run(unsigned int i, const char *path, int argc, char **argv)
{
	int status = answers_load(path), ret;

	/* There is nothing, and it was told. */
	if (status && !host_header())
		return status;
	ret = commands[i].run(argc, argv);
	return ret ? ret : status;
}

/** command_replay - tcplife replay */
int command_replay(int argc, char **argv)
{
	char follow[] = "follow";
	struct options o;
	unsigned int i;
	char *path;

	if (argc < 2 || *argv[1] == '-') {
		int ret = options_parse(argc < 2 ? argc : 2, argv, &usage, &o);

		return ret != OPTIONS_GO ? ret :
		       options_refuse(&usage, "which file?");
	}
	path = argv[1];
	argc--;
	argv++;
	/* Options alone are those of the default. */
	if (argc > 1 && *argv[1] != '-') {
		argc--;
		argv++;
	} else {
		*argv = follow;
	}
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(commands[i].name, *argv))
			return run(i, path, argc, argv);
	return options_refuse(&usage, "a recording is not for \"%s\"", *argv);
}
