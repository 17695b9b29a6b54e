// SPDX-License-Identifier: GPL-2.0-only
/*
 * netnsload COUNT [FILE|netlink]: so many network namespaces, one after the other,
 * each with connections over its loopback that are open, half closed, in TIME_WAIT
 * and not accepted when its last process leaves it. FILE is read in there, a few
 * bytes of it, and remains open; a few are, always, and each keeps its namespace.
 * So do netlink sockets that have joined all groups and asked for a dump.
 *
 * Prints the number of connections in a namespace.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "bench/busy.h"
#include "bench/sock.h"
#include "nl.h"

#define PORT		6000
#define OPEN		4	/* of each kind */
#define LEFT_OPEN	8	/* files */

/* What loopback has no interface for goes nowhere. */
static void loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = new_socket(AF_INET);

	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		err(1, "lo");
	close(fd);
}

static void open_pair(const union address *addr, int listener, int *cli,
		      int *srv)
{
	*cli = connect_to(addr);
	*srv = accept(listener, NULL, NULL);
	if (*srv < 0)
		err(1, "accept");
}

/* Of each kind, by what is closed: both ends, client or server first; the
 * client's alone, which is a timewait socket in FIN_WAIT2 then; none; and some
 * that wait for accept().
 */
static void connections(void)
{
	const struct place here = { .ip = "127.0.0.1", .port = PORT };
	union address addr;
	int listener, cli, srv;

	listener = listen_at(&here, &addr, 64);
	for (int i = 0; i < OPEN; i++) {
		open_pair(&addr, listener, &cli, &srv);
		close(cli);
		close(srv);
		open_pair(&addr, listener, &cli, &srv);
		close(srv);
		close(cli);
		open_pair(&addr, listener, &cli, &srv);
		close(cli);
		open_pair(&addr, listener, &cli, &srv);
		if (write(cli, "x", 1) != 1)
			err(1, "write");
	}
	for (int i = 0; i < OPEN; i++)
		connect_to(&addr);
}

/* One message of the dump is taken; the rest waits for its reader. */
static int netlink_reader(void)
{
	struct nlmsghdr *nlh;
	char request[256];
	struct nl nl = {};

	nl_open(&nl);
	for (int i = 0; i < NL_GROUPS; i++)
		if (mnl_socket_setsockopt(nl.sock, NETLINK_ADD_MEMBERSHIP,
					  &nl.groups[i], sizeof(int)))
			err(1, "group");
	nlh = nl_request(&nl, request, nl.family, TCPLIFE_CMD_CONNECTION_GET,
			 NLM_F_DUMP);
	if (mnl_socket_sendto(nl.sock, nlh, nlh->nlmsg_len) < 0 ||
	    mnl_socket_recvfrom(nl.sock, nl.buf, NL_BUFFER) <= 0)
		err(1, "dump");
	return mnl_socket_get_fd(nl.sock);
}

static int file_reader(const char *file)
{
	char some[100];
	int fd = open(file, O_RDONLY);

	if (fd < 0 || read(fd, some, sizeof(some)) <= 0)
		err(1, "%s", file);
	return fd;
}

/* Sockets live in the process that does this: its end is that of them all. */
static int in_namespace(const char *file, int fds[2])
{
	int fd;

	close(fds[0]);
	if (unshare(CLONE_NEWNET))
		err(1, "unshare");
	loopback_up();
	connections();
	if (!file)
		return 0;
	fd = strcmp(file, "netlink") ? file_reader(file) : netlink_reader();
	/* Handed over by number: who takes it does so by way of /proc. */
	if (dprintf(fds[1], "%d\n", fd) < 0)
		err(1, "pipe");
	pause();
	return 0;
}

/* Of a namespace that nobody is in any more: the rest is read, or not. */
static void leave(int fd, int reads)
{
	char buf[4096];

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (reads && read(fd, buf, sizeof(buf)) > 0)
		continue;
	close(fd);
}

static int pidfd_getfd_of(pid_t pid, int fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	int got = syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	if (got < 0)
		err(1, "pidfd_getfd");
	close(pidfd);
	return got;
}

static void take_file(pid_t pid, int from, long n)
{
	static int left[LEFT_OPEN];
	char number[16];

	if (read(from, number, sizeof(number)) <= 0)
		errx(1, "no file");
	if (left[n % LEFT_OPEN])
		leave(left[n % LEFT_OPEN], n % 3);
	left[n % LEFT_OPEN] = pidfd_getfd_of(pid, atoi(number));
	kill(pid, SIGKILL);
}

int main(int argc, char **argv)
{
	const char *file = argc > 2 ? argv[2] : NULL;
	long count = argc > 1 ? atol(argv[1]) : 0;
	int fds[2], status;
	pid_t pid;

	for (long n = 0; n < count; n++) {
		if (pipe(fds))
			err(1, "pipe");
		pid = fork_or_die();
		if (!pid)
			exit(in_namespace(file, fds));
		close(fds[1]);
		if (file)
			take_file(pid, fds[0], n);
		close(fds[0]);
		if (waitpid(pid, &status, 0) != pid || (!file && status))
			errx(1, "namespace %ld: status %x", n, status);
	}
	printf("%d\n", 5 * OPEN);
	return 0;
}
