// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tcplife top knows of failures, fed message by message through a socket
 * that is not the module's. Needs no module and no terminal.
 */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "commands.h"
#include "top.h"

#define FAMILY		0x20

static struct top t;
static int feeder;
static unsigned int scenes, failed;

/* As if somebody had just started it. */
static void begin(void)
{
	int fd[2];

	if (t.events.nl) {
		mnl_socket_close(t.events.nl);
		close(feeder);
	}
	free(t.listeners);
	t = (struct top){ .interval = 1 };
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fd))
		abort();
	feeder = fd[0];
	t.events.nl = mnl_socket_fdopen(fd[1]);
	t.events.family = FAMILY;
	scenes++;
}

static void expect(const char *what, unsigned long long got,
		   unsigned long long want)
{
	if (got == want)
		return;
	printf("scene %u: %s: got %llu, want %llu\n", scenes, what, got, want);
	failed++;
}

/* Of the next message; @seq 0: a message that does not tell. */
static struct sent head;

static void put_head(struct nlmsghdr *nlh)
{
	if (!head.seq)
		return;
	mnl_attr_put_u64(nlh, TCPLIFE_A_SEQ, head.seq);
	mnl_attr_put_u64(nlh, TCPLIFE_A_EVENTS, head.events);
	mnl_attr_put_u64(nlh, TCPLIFE_A_DROPPED, head.dropped);
	mnl_attr_put_u64(nlh, TCPLIFE_A_FILTERED, head.filtered);
}

/* A record that ended so, in a message of its own. */
static void feed(__u64 cookie, __u32 end)
{
	char buf[512];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *nest;

	nlh->nlmsg_type = FAMILY;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	put_head(nlh);
	nest = mnl_attr_nest_start(nlh, TCPLIFE_A_RECORD);
	mnl_attr_put_u64(nlh, TCPLIFE_A_RECORD_COOKIE, cookie);
	mnl_attr_put_u16(nlh, TCPLIFE_A_RECORD_REMOTE_PORT, htons(80));
	mnl_attr_put_u32(nlh, TCPLIFE_A_RECORD_END, end);
	mnl_attr_nest_end(nlh, nest);
	if (send(feeder, buf, nlh->nlmsg_len, 0) < 0)
		abort();
	expect("what top_events() returns", top_events(&t), 0);
}

/* Cookies from @first on. */
static void fail_many(__u64 first, unsigned int n)
{
	while (n--)
		feed(first++, TCPLIFE_END_REFUSED);
}

static __u64 cookie_at(size_t row)
{
	const struct top_failure *f = row < t.nr_shown ? top_failure(&t, row) :
							 NULL;

	return f ? f->rec.cookie : 0;
}

/* There is room for so many failures; what ended well takes none of it. */
static void scene_full(void)
{
	size_t i;

	begin();
	fail_many(1, TOP_FAILURES);
	feed(9999, TCPLIFE_END_FIN);
	top_arrange(&t);
	expect("failures", t.nr_failures, TOP_FAILURES);
	expect("rows", t.nr_shown, TOP_FAILURES);
	for (i = 0; i < t.nr_shown; i++)
		expect("cookie", cookie_at(i), TOP_FAILURES - i);
	feed(10000, TCPLIFE_END_REFUSED);
	top_arrange(&t);
	expect("the newest", cookie_at(0), 10000);
	expect("the oldest", cookie_at(TOP_FAILURES - 1), 2);
}

/* Enter opens what is on the screen, though more has come since, and the
 * cursor stays on it.
 */
static void scene_cursor(void)
{
	begin();
	fail_many(1, 3);
	top_arrange(&t);
	t.cursor[1] = 1;
	expect("drawn", cookie_at(t.cursor[1]), 2);
	fail_many(4, 2);
	feed(9999, TCPLIFE_END_FIN);
	expect("not drawn again", cookie_at(t.cursor[1]), 2);
	top_arrange(&t);
	expect("drawn again", cookie_at(t.cursor[1]), 2);
	expect("row", t.cursor[1], 3);
}

/* In the first row it is on the newest, once that is on the screen. */
static void scene_first_row(void)
{
	begin();
	fail_many(1, 1);
	top_arrange(&t);
	fail_many(2, 1);
	expect("not drawn again", cookie_at(0), 1);
	top_arrange(&t);
	expect("drawn again", cookie_at(0), 2);
}

/* Its place is taken while it is on the screen: it is no other. */
static void scene_gone(void)
{
	begin();
	fail_many(1, 2);
	top_arrange(&t);
	fail_many(3, TOP_FAILURES);
	expect("gone", cookie_at(1), 0);
	top_arrange(&t);
	expect("the oldest", cookie_at(TOP_FAILURES - 1), 3);
}

/* What each message says is missing, from what had been sent at the start. */
static void scene_lost(void)
{
	const struct sent start = { .seq = 5, .events = 100, .dropped = 2 };

	begin();
	tally_begin(&t.tally, &start);
	head = start;
	fail_many(1, 1);
	expect("failures of before", t.nr_failures, 0);
	head = (struct sent){ .seq = 6, .events = 101, .dropped = 5 };
	fail_many(2, 1);
	expect("failures", t.nr_failures, 1);
	expect("lost in the kernel", t.tally.lost_kernel, 3);
	expect("lost in the socket", t.tally.lost_socket, 0);
	head = (struct sent){
		.seq = 8, .events = 110, .dropped = 5, .filtered = 4,
	};
	fail_many(3, 1);
	expect("lost in the kernel", t.tally.lost_kernel, 3);
	expect("lost in the socket", t.tally.lost_socket, 8);
	expect("kept back", t.tally.kept_back, 4);
	head = (struct sent){ };
}

int main(void)
{
	scene_full();
	scene_cursor();
	scene_first_row();
	scene_gone();
	scene_lost();
	printf("top: %u scenes, %u failed\n", scenes, failed);
	return failed ? STATUS_FAILED : STATUS_OK;
}
