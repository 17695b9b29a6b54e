// SPDX-License-Identifier: GPL-2.0-only
/*
 * stretch COMMAND...: the longest time for which nobody else got the CPU while
 * COMMAND ran.
 *
 * Two processes wake up each 100 us and note how late they are. One has a
 * real-time priority, so it runs at the first moment at which the kernel is
 * ready to schedule. The other is an ordinary one, which the scheduler may leave
 * waiting besides, to the end of its slice. Where the kernel is preempted only at
 * points that it chooses, as Debian's is, both wait for such a point.
 *
 * There must be one CPU. Prints
 *
 *	stretch NS ordinary NS busy NS
 *
 * the last of which is what the CPU had to do in all; where the clock counts
 * instructions, those are instructions.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

#include "bench/busy.h"

#define PERIOD	(100 * 1000LL)		/* ns */

static void watch(long long *longest)
{
	long long due = now(), late;

	for (;;) {
		due += PERIOD;
		sleep_until(due);
		late = now() - due;
		if (late > *longest)
			*longest = late;
		if (late > PERIOD)
			due += late;
	}
}

static pid_t start_watch(int priority, long long *longest)
{
	const struct sched_param param = { .sched_priority = priority };
	pid_t pid = fork_or_die();

	if (pid)
		return pid;
	if (priority && sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "sched_setscheduler");
	watch(longest);
	_exit(0);
}

static void stop_watch(pid_t pid)
{
	kill(pid, SIGKILL);
	reap(pid);
}

static void run(char **argv)
{
	pid_t pid = fork_or_die();

	if (!pid) {
		execvp(argv[0], argv);
		err(1, "%s", argv[0]);
	}
	reap(pid);
}

int main(int argc, char **argv)
{
	pid_t real_time, ordinary;
	long long *longest;
	struct busy b;

	if (argc < 2)
		errx(2, "Usage: stretch COMMAND...");
	longest = mmap(NULL, 2 * sizeof(*longest), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (longest == MAP_FAILED)
		err(1, "mmap");
	real_time = start_watch(50, &longest[0]);
	ordinary = start_watch(0, &longest[1]);
	/* What they are late at their start does not count. */
	sleep_until(now() + 10 * PERIOD);
	longest[0] = 0;
	longest[1] = 0;
	b = busy_start();
	run(argv + 1);
	busy_end(&b, 0);
	stop_watch(real_time);
	stop_watch(ordinary);
	printf("stretch %lld ordinary %lld busy %lld\n", longest[0],
	       longest[1], b.busy);
	return 0;
}
