/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long the only CPU was busy, for the load generators of the bench. Under a
 * clock that counts instructions, those are instructions.
 */
#ifndef BUSY_H
#define BUSY_H

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC	1000000000LL

/* A run, and what becomes of it until all is quiet. */
struct busy {
	long long start;
	long long idle;		/* of the CPU, until the start */
	long long load;		/* ns until the last of the load */
	long long busy;		/* ns not idle, settling included */
};

static inline long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static inline void sleep_until(long long when)
{
	struct timespec ts = {
		.tv_sec = when / NSEC_PER_SEC,
		.tv_nsec = when % NSEC_PER_SEC,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

static inline void settle(long seconds)
{
	sleep_until(now() + seconds * NSEC_PER_SEC);
}

/* /proc/stat is sampled by the tick; this is exact. One CPU is assumed. */
static inline long long idle_time(void)
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

static inline struct busy busy_start(void)
{
	struct busy b = { .idle = idle_time() };

	b.start = now();
	return b;
}

static inline void busy_loaded(struct busy *b)
{
	b->load = now() - b->start;
}

static inline void busy_end(struct busy *b, long seconds)
{
	settle(seconds);
	b->busy = now() - b->start - (idle_time() - b->idle);
}

/* What selftests/bench/guest reads. */
static inline void busy_print(const struct busy *b, long count, long reads,
			      long read_bytes)
{
	printf("count %ld load_ns %lld busy_ns %lld reads %ld read_bytes %ld\n",
	       count, b->load, b->busy, reads, read_bytes);
}

static inline pid_t fork_or_die(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static inline void reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
}

#endif /* BUSY_H */
