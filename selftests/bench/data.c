// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data over one connection that stays open, for selftests/bench: between two
 * network namespaces, over veth. Setting it up, and warming up, are over before
 * the measurement begins.
 *
 *	bulk	requests of 64 KiB, 16 of them count as one
 *	rr	requests of 100 bytes, responses of 1000: what a client of a web
 *		server that keeps the connection does
 *	lossy	as bulk, over a network that loses packets
 *
 * Every request has its response before the next one is sent: what packets do
 * depends on a few instructions more or less, and so it begins anew each time
 * and evens out. Else figures would differ by 2 % where packets are lost, and
 * by half a percent where not.
 */
#define _GNU_SOURCE
#include "../netns.h"
#include "busy.h"
#include "options.h"
#include "sock.h"

#define CHUNK	(64 * 1024)

static const struct place server = { "tcplife-srv", "10.7.0.2", 5001 };

static const struct mode {
	const char *name;
	size_t request;
	size_t response;
	int requests;		/* that count as one */
} modes[] = {
	{ "bulk", CHUNK, 1, 16 },
	{ "rr", 100, 1000, 1 },
	{ "lossy", CHUNK, 1, 16 },
};

static char buf[CHUNK];		/* zeroes; what is read goes there, too */

static void write_whole(int fd, size_t left)
{
	while (left) {
		ssize_t n = write(fd, buf, left < CHUNK ? left : CHUNK);

		if (n < 0)
			err(1, "write");
		left -= n;
	}
}

/* Returns 0 at the peer's FIN. */
static int read_whole(int fd, size_t left)
{
	while (left) {
		ssize_t n = read(fd, buf, left < CHUNK ? left : CHUNK);

		if (n < 0)
			err(1, "read");
		if (!n)
			return 0;
		left -= n;
	}
	return 1;
}

static void load(int fd, const struct mode *mode, long count)
{
	for (count *= mode->requests; count; count--) {
		write_whole(fd, mode->request);
		if (!read_whole(fd, mode->response))
			errx(1, "the server has left");
	}
}

static pid_t start_server(union address *addr, const struct mode *mode)
{
	int listener = listen_at(&server, addr, 1);
	pid_t pid = fork_or_die();
	int fd;

	if (!pid) {
		fd = accept(listener, NULL, NULL);
		while (read_whole(fd, mode->request))
			write_whole(fd, mode->response);
		_exit(0);
	}
	close(listener);
	return pid;
}

static const struct mode *find_mode(const char *name)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(modes[i].name, name))
			return &modes[i];
	errx(2, "no mode %s", name);
}

int main(int argc, char **argv)
{
	struct run run = { .count = 200, .warm_up = 50, .settle = 10 };
	const struct mode *mode = modes;
	union address addr;
	struct busy b;
	pid_t pid;
	int c, fd;

	while ((c = run_getopt(argc, argv, RUN_OPTIONS "m:", &run)) != -1) {
		if (c != 'm')
			errx(2, "Usage: data [-m bulk|rr|lossy] " RUN_USAGE);
		mode = find_mode(optarg);
	}
	enter_netns(open_netns("tcplife-cli"));
	pid = start_server(&addr, mode);
	fd = connect_to(&addr);
	load(fd, mode, run.warm_up);
	settle(run.settle);
	b = busy_start();
	load(fd, mode, run.count);
	busy_loaded(&b);
	busy_end(&b, run.settle);
	busy_print(&b, run.count, 0, 0);
	close(fd);
	reap(pid);
	return 0;
}
