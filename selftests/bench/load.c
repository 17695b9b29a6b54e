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
 * The client waits in every mode until the server has closed its end. Without
 * this it would run ahead and measure the accept queue.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC	1000000000LL
#define READ_SIZE	(128 * 1024)	/* as cat(1) does */

static int server_done;	/* eventfd */

struct options {
	char mode;
	long connections;
	long warm_up;
	long settle;			/* seconds */
	const char *file;		/* to be read once a second */
};

struct result {
	long connections;
	long long load;			/* ns until the last connection */
	long long busy;			/* ns not idle, settling included */
};

struct reader {
	pid_t pid;
	struct reader_stats {
		long reads;
		long bytes;
	} *stats;
};

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static void sleep_until(long long when)
{
	struct timespec ts = {
		.tv_sec = when / NSEC_PER_SEC,
		.tv_nsec = when % NSEC_PER_SEC,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

/* /proc/stat is sampled by the tick; this is exact. One CPU is assumed. */
static long long idle_time(void)
{
	char line[256];
	long long ns = -1;
	FILE *f;

	f = fopen("/proc/timer_list", "r");
	if (!f)
		err(1, "/proc/timer_list");
	while (ns < 0 && fgets(line, sizeof(line), f))
		sscanf(line, " .idle_sleeptime : %lld nsecs", &ns);
	fclose(f);
	if (ns < 0)
		errx(1, "/proc/timer_list has no idle_sleeptime");
	return ns;
}

static int new_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static int listen_on_loopback(struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);
	int fd = new_socket();

	memset(addr, 0, sizeof(*addr));
	addr->sin_family = AF_INET;
	addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)addr, sizeof(*addr)) ||
	    listen(fd, SOMAXCONN) ||
	    getsockname(fd, (struct sockaddr *)addr, &len))
		err(1, "listen");
	return fd;
}

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

/* Ends when the client shuts the listener down. */
static void serve(int listener, char mode)
{
	int fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0)
		serve_one(fd, mode);
	if (errno != EINVAL)
		err(1, "accept");
}

static void connect_one(const struct sockaddr_in *addr, char mode)
{
	int fd = new_socket();

	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		err(1, "connect");
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

static pid_t fork_or_die(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static void reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
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
	struct sockaddr_in addr;
	long long seconds = 0;
	int listener;
	long made = 0;
	pid_t server;

	listener = listen_on_loopback(&addr);
	server = fork_or_die();
	if (!server) {
		serve(listener, o->mode);
		_exit(0);
	}
	for (; made < n; made++)
		connect_one(&addr, o->mode);
	if (o->file)
		seconds = (now() - start) / NSEC_PER_SEC + 1;
	for (; o->file && now() < start + seconds * NSEC_PER_SEC; made++)
		connect_one(&addr, o->mode);
	shutdown(listener, SHUT_RDWR);
	reap(server);
	close(listener);
	return made;
}

static void warm_up(const struct options *o)
{
	struct options w = *o;

	w.file = NULL;
	make_connections(&w, now(), o->warm_up);
	sleep_until(now() + o->settle * NSEC_PER_SEC);
}

static struct result measure(const struct options *o, struct reader *reader)
{
	struct result r;
	long long idle = idle_time();
	long long start = now();

	if (o->file)
		*reader = start_reader(o->file, start);
	r.connections = make_connections(o, start, o->connections);
	r.load = now() - start;
	if (o->file)
		stop_reader(reader);
	sleep_until(now() + o->settle * NSEC_PER_SEC);
	r.busy = now() - start - (idle_time() - idle);
	return r;
}

static void usage(void)
{
	fputs("Usage: load [-m a|b|c] [-n CONNECTIONS] [-w WARM-UP]\n"
	      "            [-s SECONDS] [-r FILE]\n"
	      "-s: settle so long after the run; -r: read FILE once a second\n",
	      stderr);
	exit(2);
}

static void parse(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "m:n:w:s:r:")) != -1) {
		switch (c) {
		case 'm':
			o->mode = *optarg;
			break;
		case 'n':
			o->connections = atol(optarg);
			break;
		case 'w':
			o->warm_up = atol(optarg);
			break;
		case 's':
			o->settle = atol(optarg);
			break;
		case 'r':
			o->file = optarg;
			break;
		default:
			usage();
		}
	}
	if (optind != argc || !strchr("abc", o->mode) || o->connections < 1)
		usage();
}

int main(int argc, char **argv)
{
	struct options o = {
		.mode = 'a',
		.connections = 20000,
		.warm_up = 5000,
		.settle = 64,
	};
	struct reader reader = { 0 };
	struct result r;

	parse(argc, argv, &o);
	server_done = eventfd(0, 0);
	if (server_done < 0)
		err(1, "eventfd");
	warm_up(&o);
	r = measure(&o, &reader);
	printf("connections %ld load_ns %lld busy_ns %lld reads %ld read_bytes %ld\n",
	       r.connections, r.load, r.busy,
	       reader.stats ? reader.stats->reads : 0,
	       reader.stats ? reader.stats->bytes : 0);
	return 0;
}
