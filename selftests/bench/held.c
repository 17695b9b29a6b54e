// SPDX-License-Identifier: GPL-2.0-only
/*
 * Endpoints that stay open, for selftests/bench/scale. A number on a line of
 * stdin is how many there shall be from now on; when there are, the number is
 * written back. Of those that go the client closes
 * first.
 *
 * Both ends of each connection are ours, over loopback, to as many addresses as
 * it takes: to one of them there are not ports enough.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "sock.h"

#define MANY		(1024 * 1024)
/* Of the 64,000 ports, so that a free one is found quickly. */
#define TO_AN_ADDRESS	16384

static struct pair {
	int client;
	int server;
} pairs[MANY / 2];

static void open_pair(int listener, union address *to, long i)
{
	to->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + i / TO_AN_ADDRESS);
	pairs[i].client = connect_to(to);
	pairs[i].server = accept(listener, NULL, NULL);
	if (pairs[i].server < 0)
		err(1, "accept");
}

static void close_pair(long i)
{
	close(pairs[i].client);
	close(pairs[i].server);
}

static void allow_files(void)
{
	const struct rlimit many = { MANY + 64, MANY + 64 };

	if (setrlimit(RLIMIT_NOFILE, &many))
		err(1, "setrlimit");
}

int main(void)
{
	const struct place any = { .ip = "0.0.0.0" };
	union address to;
	long held = 0, want;
	int listener;

	allow_files();
	listener = listen_at(&any, &to, SOMAXCONN);
	while (scanf("%ld", &want) == 1 && want >= 0 && want <= MANY) {
		for (; held < want / 2; held++)
			open_pair(listener, &to, held);
		for (; held > want / 2; held--)
			close_pair(held - 1);
		printf("%ld\n", 2 * held);
		fflush(stdout);
	}
	return 0;
}
