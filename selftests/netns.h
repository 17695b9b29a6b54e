/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named network namespaces, those of `ip netns`.
 */
#ifndef NETNS_H
#define NETNS_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

static int open_netns(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void enter_netns(int fd)
{
	if (setns(fd, CLONE_NEWNET))
		err(1, "setns");
}

#endif /* NETNS_H */
