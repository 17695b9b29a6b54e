// SPDX-License-Identifier: GPL-2.0-only
/*
 * lists FILE | connection | history: read a file of /proc/tcplife, or dump that
 * list by netlink, and do nothing with it, for selftests/bench/scale. Its
 * beginning is read before, to warm up. Prints
 *
 *	records N ns NS bytes N
 *
 * Under a clock that counts instructions and with nothing else to do, those are
 * the kernel's: who only steps from message to message, or from line to line,
 * needs some ten for a record.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "../nl.h"
#include "busy.h"

#define READ_SIZE	(128 * 1024)	/* as cat(1) does */

struct listed {
	long	records;
	long	bytes;
};

static void count_message(const struct nlmsghdr *nlh, void *data)
{
	struct listed *listed = data;

	listed->records++;
	listed->bytes += nlh->nlmsg_len;
}

static void dump(struct nl *nl, uint8_t cmd, struct listed *listed)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_request(nl, buf, nl->family, cmd, NLM_F_DUMP);

	if (nl_ask(nl, nlh, count_message, listed))
		exit(nl_verdict(nl));
}

static void count_lines(const char *buf, ssize_t n, struct listed *listed)
{
	const char *end = buf + n;

	while ((buf = memchr(buf, '\n', end - buf))) {
		listed->records++;
		buf++;
	}
}

/* At most @most times; of its lines one is the heading. */
static void read_file(const char *file, long most, struct listed *listed)
{
	static char buf[READ_SIZE];
	ssize_t n = 1;
	int fd;

	fd = open(file, O_RDONLY);
	if (fd < 0)
		err(1, "%s", file);
	listed->records = -1;
	for (; most && n > 0; most--) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0)
			err(1, "%s", file);
		listed->bytes += n;
		count_lines(buf, n, listed);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	struct listed warm = { 0 }, listed = { 0 };
	struct nl nl = { 0 };
	long long start;
	uint8_t cmd;

	if (argc != 2)
		errx(2, "Usage: lists FILE|connection|history");
	cmd = !strcmp(argv[1], "history") ? TCPLIFE_CMD_HISTORY_GET :
					    TCPLIFE_CMD_CONNECTION_GET;
	if (*argv[1] == '/') {
		read_file(argv[1], 1, &warm);
		start = now();
		read_file(argv[1], -1, &listed);
	} else {
		nl_open(&nl);
		dump(&nl, cmd, &warm);
		start = now();
		dump(&nl, cmd, &listed);
	}
	printf("records %ld ns %lld bytes %ld\n", listed.records,
	       now() - start, listed.bytes);
	return 0;
}
