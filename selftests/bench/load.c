// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lock-step loopback load for selftests/bench: one client process, one server
 * process, one connection at a time, so that each costs the same. Prints what
 * was made and how long the CPU was busy with it; under a clock that counts
 * instructions, those are instructions.
 *
 * Modes, by who sends the first FIN:
 *   a   the client; nothing is sent
 *   b   the server; nothing is sent
 *   c   the client, after one byte each way
 *
 * The server listens on 127.0.0.1, on ::1 (-6), or on an address (-a) of
 * another network namespace (-N), to which a route must lead; with -L on that
 * many ports, each of which gets a connection in turn.
 *
 * The client waits in every mode until the server has closed its end. Without
 * this it would run ahead and measure the accept queue.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "busy.h"
#include "options.h"
#include "sock.h"

#define READ_SIZE	(128 * 1024)	/* as cat(1) does */
#define OPTIONS		RUN_OPTIONS "m:6a:N:L:r:"
#define USAGE		"[-m a|b|c] [-6] [-a ADDRESS] [-N NETNS] "	\
			"[-L LISTENERS] [-r FILE] " RUN_USAGE

static int server_done;	/* eventfd */

struct listener {
	int fd;
	union address addr;
};

struct options {
	char mode;
	struct place place;
	long n_listeners;
	struct listener *listeners;
	struct run run;
	const char *file;		/* to be read once a second */
};

struct reader {
	pid_t pid;
	struct reader_stats {
		long reads;
		long bytes;
	} *stats;
};

/* Returns bytes read: 0 at the peer's FIN. */
static ssize_t read_byte(int fd)
{
	char byte;
	ssize_t n = read(fd, &byte, 1);

	if (n < 0)
		err(1, "read");
	return n;
}

static void write_byte(int fd)
{
	if (write(fd, "x", 1) != 1)
		err(1, "write");
}

static void await_fin(int fd)
{
	if (read_byte(fd))
		errx(1, "a byte too many");
}

/* That the server has closed its end, when the client did so before. */
static void tell_client(void)
{
	if (eventfd_write(server_done, 1))
		err(1, "eventfd_write");
}

static void await_server(void)
{
	eventfd_t n;

	if (eventfd_read(server_done, &n))
		err(1, "eventfd_read");
}

static void serve_one(int fd, char mode)
{
	if (mode == 'c') {
		read_byte(fd);
		write_byte(fd);
	}
	if (mode != 'b')
		await_fin(fd);
	close(fd);
	if (mode != 'b')
		tell_client();
}

/* Until it is killed. */
static void serve(const struct options *o)
{
	long i = 0;
	int fd;

	while ((fd = accept(o->listeners[i].fd, NULL, NULL)) >= 0) {
		serve_one(fd, o->mode);
		i = (i + 1) % o->n_listeners;
	}
	err(1, "accept");
}

static void listen_all(struct options *o)
{
	struct listener *l = calloc(o->n_listeners, sizeof(*l));

	if (!l)
		err(1, "calloc");
	for (long i = 0; i < o->n_listeners; i++)
		l[i].fd = listen_at(&o->place, &l[i].addr, SOMAXCONN);
	o->listeners = l;
}

static void connect_one(const union address *addr, char mode)
{
	int fd = connect_to(addr);

	if (mode == 'c') {
		write_byte(fd);
		read_byte(fd);
	}
	if (mode == 'b')
		await_fin(fd);
	close(fd);
	if (mode != 'b')
		await_server();
}

static void connect_next(const struct options *o, long made)
{
	connect_one(&o->listeners[made % o->n_listeners].addr, o->mode);
}

static void read_whole(const char *file, struct reader_stats *stats)
{
	static char buf[READ_SIZE];
	ssize_t n;
	int fd;

	fd = open(file, O_RDONLY);
	if (fd < 0)
		err(1, "%s", file);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		stats->bytes += n;
	if (n < 0)
		err(1, "%s", file);
	close(fd);
	stats->reads++;
}

/* In the middle of each second, so that no read is half in the run. */
static struct reader start_reader(const char *file, long long start)
{
	struct reader r = { 0 };

	r.stats = mmap(NULL, sizeof(*r.stats), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r.stats == MAP_FAILED)
		err(1, "mmap");
	r.pid = fork_or_die();
	if (r.pid)
		return r;
	for (start += NSEC_PER_SEC / 2; ; start += NSEC_PER_SEC) {
		sleep_until(start);
		read_whole(file, r.stats);
	}
}

static void stop_reader(struct reader *r)
{
	kill(r->pid, SIGKILL);
	reap(r->pid);
}

/*
 * With a reader the run is a whole number of seconds, so that it has as many
 * reads as seconds.
 */
static long make_connections(const struct options *o, long long start, long n)
{
	long long seconds = 0;
	pid_t server;
	long made = 0;

	server = fork_or_die();
	if (!server)
		serve(o);
	for (; made < n; made++)
		connect_next(o, made);
	if (o->file)
		seconds = (now() - start) / NSEC_PER_SEC + 1;
	for (; o->file && now() < start + seconds * NSEC_PER_SEC; made++)
		connect_next(o, made);
	kill(server, SIGKILL);
	reap(server);
	return made;
}

static void warm_up(const struct options *o)
{
	struct options w = *o;

	w.file = NULL;
	make_connections(&w, now(), o->run.warm_up);
	settle(o->run.settle);
}

static long measure(const struct options *o, struct busy *b, struct reader *r)
{
	long made;

	*b = busy_start();
	if (o->file)
		*r = start_reader(o->file, b->start);
	made = make_connections(o, b->start, o->run.count);
	busy_loaded(b);
	if (o->file)
		stop_reader(r);
	busy_end(b, o->run.settle);
	return made;
}

static void parse(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = run_getopt(argc, argv, OPTIONS, &o->run)) != -1) {
		if (c == 'm' && strchr("abc", *optarg))
			o->mode = *optarg;
		else if (c == '6')
			o->place.ip = "::1";
		else if (c == 'a')
			o->place.ip = optarg;
		else if (c == 'N')
			o->place.netns = optarg;
		else if (c == 'L' && atol(optarg) > 0)
			o->n_listeners = atol(optarg);
		else if (c == 'r')
			o->file = optarg;
		else
			errx(2, "Usage: load " USAGE);
	}
}

int main(int argc, char **argv)
{
	struct options o = {
		.mode = 'a',
		.place.ip = "127.0.0.1",
		.n_listeners = 1,
		.run = { .count = 20000, .warm_up = 5000, .settle = 64 },
	};
	struct reader reader = { 0 };
	struct busy b;
	long made;

	parse(argc, argv, &o);
	server_done = eventfd(0, 0);
	if (server_done < 0)
		err(1, "eventfd");
	listen_all(&o);
	warm_up(&o);
	made = measure(&o, &b, &reader);
	busy_print(&b, made, reader.stats ? reader.stats->reads : 0,
		   reader.stats ? reader.stats->bytes : 0);
	return 0;
}
