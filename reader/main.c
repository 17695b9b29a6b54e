// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife: shows what the kernel module of that name knows about the life of
 * TCP connections.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "flush.h"

/** struct command - a subcommand */
struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*help;
};

static const struct command commands[] = {
	{ "follow", command_follow, "each connection when it ends (the default)" },
	{ "states", command_states, "each change of state of a connection" },
	{ "halfopen", command_halfopen, "handshakes that died before they were complete" },
	{ "list", command_list, "connections that are open now" },
	{ "show", command_show, "one connection, drawn as a ladder" },
	{ "listeners", command_listeners, "listening sockets and their queues" },
	{ "timewait", command_timewait, "TIME_WAIT by peer, and the ports left" },
	{ "stats", command_stats, "counters, or rates with -i" },
	{ "top", command_top, "all of this on a live screen" },
	{ "audit", command_audit, "the counters against the kernel's own" },
	{ "doctor", command_doctor, "what is wrong here, and what to change" },
	{ "metrics", command_metrics, "everything that is counted, for Prometheus" },
	{ "filter", command_filter, "which events the kernel tells, to all readers" },
	{ "record", command_record, "all of this into a file, while a command runs" },
	{ "replay", command_replay, "the other commands on such a file" },
	{ "report", command_report, "a page that shows such a file" },
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(*commands))

static int print_overview(void)
{
	unsigned int i;

	printf("Usage: tcplife [COMMAND] [OPTION]...\n\n"
	       "Show the life of TCP connections, as the tcplife module records it.\n\n");
	for (i = 0; i < NR_COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].help);
	printf("\nOptions: tcplife COMMAND --help. Without a command, tcplife follows:\n"
	       "tcplife follow --help.\n");
	return flush_stdout(STATUS_OK);
}

int main(int argc, char **argv)
{
	unsigned int i;

	/* A pipe that nobody reads is seen by write(). */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return command_follow(argc, argv);
	if (!strcmp(argv[1], "help"))
		return print_overview();
	for (i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (*argv[1] == '-')
		return command_follow(argc, argv);
	fprintf(stderr, "tcplife: there is no command \"%s\"\n"
		"Usage: tcplife [COMMAND] [OPTION]...\nTry 'tcplife help'.\n",
		argv[1]);
	return STATUS_USAGE;
}
