// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcppaced CLI-NS SRV-NS RATE: so many connections a second to a server that is
 * here, too, whatever becomes of them, from when a line of stdin says so to the
 * next one. Says "ready", and in the end
 *
 *	done STARTED ESTABLISHED FAILED
 *
 * The server closes first.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/busy.h"
#include "bench/sock.h"

#define SERVER	"10.7.0.2"
#define PORT	6000
#define EVENTS	64

static long started, established, failed;

static int new_nonblocking(void)
{
	int fd = new_socket(AF_INET);

	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		err(1, "fcntl");
	return fd;
}

static union address server(void)
{
	const struct place place = { .ip = SERVER, .port = PORT };
	union address addr;

	parse_address(&place, &addr);
	return addr;
}

static void watch(int epoll, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		err(1, "epoll_ctl");
}

static int listen_at_server(void)
{
	union address addr = server();
	int fd = new_nonblocking(), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &addr.any, address_size(&addr)) || listen(fd, 128))
		err(1, "listen");
	return fd;
}

static void start_one(int epoll)
{
	union address addr = server();
	int fd = new_nonblocking();

	if (connect(fd, &addr.any, address_size(&addr)) &&
	    errno != EINPROGRESS)
		err(1, "connect");
	started++;
	watch(epoll, fd, EPOLLIN);
}

static void accept_all(int listener)
{
	int fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0)
		close(fd);
}

/* The end of what the server sends, or an error. */
static void end_one(int fd)
{
	char c;

	if (recv(fd, &c, 1, 0) == 0)
		established++;
	else
		failed++;
	close(fd);
}

static void serve(int epoll, int listener, int timeout)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(epoll, events, EVENTS, timeout);

	for (int i = 0; i < n; i++)
		if (events[i].data.fd == listener)
			accept_all(listener);
		else
			end_one(events[i].data.fd);
}

static bool told(void)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	char line[64];

	return poll(&in, 1, 0) > 0 && read(0, line, sizeof(line)) > 0;
}

static void run(int epoll, int listener, long long period)
{
	long long due = now();

	for (; !told(); due += period) {
		while (now() < due) {
			serve(epoll, listener, 0);
			sleep_until(now() + period / 8);
		}
		start_one(epoll);
	}
	while (established + failed < started)
		serve(epoll, listener, 1000);
}

static void say(const char *what)
{
	printf("%s\n", what);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const struct rlimit many = { 65536, 65536 };
	int cli, srv, listener, epoll;
	char line[64];

	if (argc != 4)
		errx(2, "usage: tcppaced CLI-NS SRV-NS RATE");
	setrlimit(RLIMIT_NOFILE, &many);
	cli = open_netns(argv[1]);
	srv = open_netns(argv[2]);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	enter_netns(srv);
	listener = listen_at_server();
	enter_netns(cli);
	watch(epoll, listener, EPOLLIN);
	say("ready");
	if (read(0, line, sizeof(line)) <= 0)
		return 1;
	run(epoll, listener, NSEC_PER_SEC / atol(argv[3]));
	printf("done %ld %ld %ld\n", started, established, failed);
	return 0;
}
