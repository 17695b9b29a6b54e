// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcpload: many connections from one process that has sockets in two network
 * namespaces, so that no time goes into switching tasks.
 *
 *	tcpload mix CLI-NS SRV-NS COUNT    of all roles and ends; 0: until killed
 *	tcpload hold CLI-NS SRV-NS COUNT [TIMEWAIT]
 *	                                   open, say so, close at the end of stdin;
 *	                                   before, so many are closed, client first
 *	tcpload quick CLI-NS SRV-NS COUNT  as hold, but started all at once and to
 *	                                   nobody, with no other task between
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netns.h"

#define SERVER "10.7.0.2"
#define NOBODY "10.7.0.99"	/* nobody answers */
#define NO_ROUTE "192.0.2.1"
#define FIRST_PORT 6000
#define CLOSED_PORT 5999
#define PORTS 16		/* so that ephemeral ports last */

static int listeners[PORTS], srv_ns, cli_ns;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int new_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

static struct sockaddr_in address(const char *addr, int port)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};

	inet_pton(AF_INET, addr, &sa.sin_addr);
	return sa;
}

static int open_listener(int port)
{
	struct sockaddr_in sa = address("0.0.0.0", port);
	int fd = new_socket(), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) || listen(fd, 1000))
		die("listen");
	return fd;
}

static int connect_socket(int fd, const char *addr, int port)
{
	struct sockaddr_in sa = address(addr, port);

	return connect(fd, (struct sockaddr *)&sa, sizeof(sa));
}

/* An accepted connection: the handshake needs no task, so one does both. */
static void open_pair(int n, int *cli, int *srv)
{
	*cli = new_socket();
	if (connect_socket(*cli, SERVER, FIRST_PORT + n % PORTS))
		die("connect");
	*srv = accept(listeners[n % PORTS], NULL, NULL);
	if (*srv < 0)
		die("accept");
}

static void send_byte(int fd)
{
	if (send(fd, "x", 1, MSG_NOSIGNAL) < 0)
		return;		/* some scenarios have it fail */
}

static void receive_byte(int fd)
{
	char c;

	if (recv(fd, &c, 1, 0) < 0)
		return;
}

static void linger_off(int fd)
{
	struct linger linger = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

/* Scenarios: one connection each. */
static void client_first(int n)
{
	int cli, srv;

	open_pair(n, &cli, &srv);
	close(cli);
	close(srv);
}

static void server_first(int n)
{
	int cli, srv;

	open_pair(n, &cli, &srv);
	close(srv);
	close(cli);
}

static void request_response(int n)
{
	int cli, srv;

	open_pair(n, &cli, &srv);
	send_byte(cli);
	receive_byte(srv);
	send_byte(srv);
	receive_byte(cli);
	close(cli);
	close(srv);
}

static void half_close(int n)
{
	int cli, srv;

	open_pair(n, &cli, &srv);
	shutdown(cli, SHUT_WR);
	send_byte(srv);
	receive_byte(cli);
	close(srv);
	close(cli);
}

static void reset_by_linger(int n)
{
	int cli, srv;

	open_pair(n, &cli, &srv);
	linger_off(cli);
	close(cli);
	close(srv);
}

static void reset_by_unread(int n)
{
	int cli, srv;

	open_pair(n, &cli, &srv);
	send_byte(cli);
	close(srv);
	close(cli);
}

/* The FIN's ACK does not wait for the data: FIN_WAIT2 is reached first. */
static void data_after_close(int n)
{
	int cli, srv, on = 1;

	open_pair(n, &cli, &srv);
	close(srv);
	receive_byte(cli);
	setsockopt(cli, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
	send_byte(cli);
	close(cli);
}

static void refused(int n)
{
	int cli = new_socket();

	(void)n;
	connect_socket(cli, SERVER, CLOSED_PORT);
	close(cli);
}

static void twice_on_one_socket(int n)
{
	int cli = new_socket();

	(void)n;
	connect_socket(cli, SERVER, CLOSED_PORT);
	connect_socket(cli, SERVER, CLOSED_PORT);
	close(cli);
}

static void no_route(int n)
{
	int cli = new_socket();

	(void)n;
	connect_socket(cli, NO_ROUTE, CLOSED_PORT);
	close(cli);
}

static void closed_in_syn_sent(int n)
{
	int cli = new_socket();

	(void)n;
	fcntl(cli, F_SETFL, O_NONBLOCK);
	connect_socket(cli, NOBODY, CLOSED_PORT);
	close(cli);
}

static void disconnected(int n)
{
	struct sockaddr sa = { .sa_family = AF_UNSPEC };
	int cli, srv;

	open_pair(n, &cli, &srv);
	connect(cli, &sa, sizeof(sa));
	close(cli);
	close(srv);
}

static void never_accepted(int n)
{
	int cli = new_socket(), port = FIRST_PORT + PORTS + n % PORTS, own;

	enter_netns(srv_ns);
	own = open_listener(port);
	enter_netns(cli_ns);
	connect_socket(cli, SERVER, port);
	close(own);
	close(cli);
}

static void (*const scenarios[])(int n) = {
	client_first, server_first, request_response, half_close,
	reset_by_linger, client_first, reset_by_unread, data_after_close,
	refused, request_response, twice_on_one_socket, no_route,
	closed_in_syn_sent, server_first, disconnected, never_accepted,
};

#define SCENARIOS (sizeof(scenarios) / sizeof(*scenarios))

/* Without an end it leaves some of the CPU to those it is to disturb. */
static void mix(int count)
{
	for (int n = 0; !count || n < count; n++) {
		scenarios[n % SCENARIOS](n);
		if (!count && n % SCENARIOS == 0)
			usleep(2000);
	}
	printf("done\n");
}

static void say_and_wait(const char *what)
{
	char c;

	printf("%s\n", what);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		continue;
}

static void hold(int count, int timewait)
{
	int cli, srv;

	for (int n = 0; n < timewait; n++)
		client_first(n);
	for (int n = 0; n < count; n++)
		open_pair(n, &cli, &srv);
	say_and_wait("open");
}

/*
 * No worker that makes records in advance gets the CPU: this is done before the
 * throttle of real-time tasks, one second, comes into it.
 */
static void quick(int count)
{
	struct sched_param fifo = { .sched_priority = 50 }, other = {};
	int *fds = calloc(count, sizeof(*fds));

	if (!fds)
		die("calloc");
	for (int n = 0; n < count; n++) {
		fds[n] = new_socket();
		fcntl(fds[n], F_SETFL, O_NONBLOCK);
	}
	sched_setscheduler(0, SCHED_FIFO, &fifo);
	for (int n = 0; n < count; n++)
		connect_socket(fds[n], NOBODY, CLOSED_PORT);
	sched_setscheduler(0, SCHED_OTHER, &other);
	free(fds);
	say_and_wait("open");
}

static void use_all_files(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	if (argc != 5 && argc != 6)
		return 2;
	use_all_files();
	cli_ns = open_netns(argv[2]);
	srv_ns = open_netns(argv[3]);
	enter_netns(srv_ns);
	for (int i = 0; i < PORTS; i++)
		listeners[i] = open_listener(FIRST_PORT + i);
	enter_netns(cli_ns);
	if (!strcmp(argv[1], "mix"))
		mix(atoi(argv[4]));
	else if (!strcmp(argv[1], "hold"))
		hold(atoi(argv[4]), argc == 6 ? atoi(argv[5]) : 0);
	else if (!strcmp(argv[1], "quick"))
		quick(atoi(argv[4]));
	else
		return 2;
	return 0;
}
