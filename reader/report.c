// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife report: a page of a recording.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "options.h"
#include "report.h"

static const int takes[] = { 'o', 0 };

static const struct usage usage = {
	.name = "report",
	.arguments = "FILE",
	.about =
"Write a page of HTML that shows what tcplife record has written to FILE: what\n"
"was wrong, when; the queues of the listeners, how connections ended, how long\n"
"things took; the worst connections, each with its ladder.",
	.takes = takes,
	.notes =
"The page has all that it needs in it, and loads nothing. Its size does not grow\n"
"with the recording. Without -o it is written to the standard output.",
};

/* Like the recording: not for everybody, unless it is there and was. */
static FILE *create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

static int write_page(const struct report *r, const char *path)
{
	FILE *to = path ? create(path) : stdout;
	json_t *data;
	int ret = 0;

	if (!to) {
		fprintf(stderr, "tcplife: %s: %s\n", path, strerror(errno));
		return STATUS_FAILED;
	}
	data = report_json(r);
	ret = page_write(to, data);
	json_decref(data);
	if ((to == stdout ? fflush(to) : fclose(to)) || ret) {
		fprintf(stderr, "tcplife: %s: %s\n", path ? path : "stdout",
			strerror(errno));
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

/** command_report - tcplife report */
int command_report(int argc, char **argv)
{
	static struct report report;
	struct options o;
	int ret, status;

	ret = options_parse(argc, argv, &usage, &o);
	if (ret != OPTIONS_GO)
		return ret;
	if (optind == argc)
		return options_refuse(&usage, "which file?");
	if (optind + 1 < argc)
		return options_refuse(&usage, "\"%s\": what is that?",
				      argv[optind + 1]);
	status = report_take(&report, argv[optind]);
	if (status && !report.bins.start)
		return status;
	ret = write_page(&report, o.output);
	return ret ? ret : status;
}
