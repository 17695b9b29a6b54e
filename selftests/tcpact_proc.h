/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcpact's process: where and who it is, its children, and what it hands them.
 */
#ifndef TCPACT_PROC_H
#define TCPACT_PROC_H

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netns.h"
#include "tcpact.h"

static void die(const char *what)
{
	fprintf(stderr, "tcpact: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Not an orphan that keeps a namespace alive when the script dies. */
static void die_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* comm NAME, uid NUMBER: what the process is known as from here on */
static void cmd_comm(char **w)
{
	reply_result(prctl(PR_SET_NAME, w[1]));
}

static void cmd_uid(char **w)
{
	reply_result(setresuid(atoi(w[1]), atoi(w[1]), 0));
}

/*
 * fork IN OUT: a child with all sockets of this process, which reads its
 * commands from IN and answers to OUT. The value is its pid.
 */
static void cmd_fork(char **w)
{
	pid_t pid = fork();

	if (pid)
		return reply_result(pid);
	die_with_parent();
	if (!freopen(w[1], "r", stdin) || !freopen(w[2], "w", stdout))
		die(w[1]);
}

/* pair A B: two ends of a way to hand sockets over, for before a fork */
static void cmd_pair(char **w)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds) ||
	    slot_put(w[1], fds[0]))
		return reply_result(-1);
	reply_result(slot_put(w[2], fds[1]));
}

/* One byte of data and room for one descriptor. */
struct parcel {
	struct msghdr msg;
	struct iovec iov;
	char byte;
	char control[CMSG_SPACE(sizeof(int))];
};

static struct msghdr *parcel_init(struct parcel *p)
{
	memset(p, 0, sizeof(*p));
	p->iov = (struct iovec){ &p->byte, 1 };
	p->msg.msg_iov = &p->iov;
	p->msg.msg_iovlen = 1;
	p->msg.msg_control = p->control;
	p->msg.msg_controllen = sizeof(p->control);
	return &p->msg;
}

/* give S WAY: a copy of a socket; this process keeps its own */
static void cmd_give(char **w)
{
	struct parcel p;
	struct msghdr *msg = parcel_init(&p);
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fd = slot_fd(w[1]);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	reply_result(sendmsg(slot_fd(w[2]), msg, 0));
}

/* take S WAY: what was given at the other end */
static void cmd_take(char **w)
{
	struct parcel p;
	struct msghdr *msg = parcel_init(&p);
	struct cmsghdr *c;
	int fd = -1;

	if (recvmsg(slot_fd(w[2]), msg, 0) < 0)
		return reply_result(-1);
	c = CMSG_FIRSTHDR(msg);
	if (c)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	reply_result(slot_put(w[1], fd));
}

#endif /* TCPACT_PROC_H */
