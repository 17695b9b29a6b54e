// SPDX-License-Identifier: GPL-2.0-only
/*
 * Repeat: a screen once, or each interval (-i).
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "answers.h"
#include "clock.h"
#include "commands.h"
#include "out.h"
#include "repeat.h"

/* A signal ends the sleep and, by default, all of it. */
static void wait_until(__u64 time)
{
	struct timespec ts = {
		.tv_sec = time / NSEC_PER_SEC,
		.tv_nsec = time % NSEC_PER_SEC,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

/**
 * repeat_run - print a screen, again and again with -i
 * @s: the session, which is closed at the end
 * @o: has -i and -j
 * @print: prints it, and returns 0 or an error of the session
 *
 * On a terminal each screen takes the place of the one before.
 *
 * Return: the exit status.
 */
int repeat_run(struct session *s, const struct options *o, int (*print)(void))
{
	bool tty = isatty(STDOUT_FILENO) && !o->json;
	__u64 next = clock_now();
	int ret;

	if (o->interval && answers_recording()) {
		fprintf(stderr,
			"tcplife: a recording goes on no more: it is shown as it ended, once\n");
		return STATUS_USAGE;
	}
	for (;;) {
		if (tty && o->interval)
			out_text("\033[H\033[J");
		ret = print();
		out_flush();
		if (ret || !o->interval || out.failed)
			break;
		if (!tty && !o->json)
			out_char('\n');
		next += o->interval * NSEC_PER_SEC;
		wait_until(next);
	}
	session_close(s);
	return ret ? session_fail(s, ret) : out_close();
}
