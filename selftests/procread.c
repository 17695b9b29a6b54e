// SPDX-License-Identifier: GPL-2.0-only
/*
 * procread: reads of every size, at every offset, by many processes at once.
 *
 *	procread same PROCESSES STEP FILE...
 *	                                   files that stand still: each read must
 *	                                   be what the whole has there; of STEP
 *	                                   rounds of sizes one
 *	procread any PROCESSES READS SEED FILE...
 *	                                   files that change: sizes and offsets at
 *	                                   random, small, at a border, absurd
 *
 * Prints how many reads there were, and fails at the first that is wrong.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WHOLE	(1024 * 1024)

static unsigned long *reads;

static int open_or_die(const char *file)
{
	int fd = open(file, O_RDONLY);

	if (fd < 0)
		err(1, "%s", file);
	return fd;
}

static ssize_t read_whole(const char *file, char *buf)
{
	int fd = open_or_die(file);
	ssize_t n, len = 0;

	while ((n = read(fd, buf + len, WHOLE - len)) > 0)
		len += n;
	if (n < 0)
		err(1, "%s", file);
	close(fd);
	return len;
}

/* A read may end early, but not with nothing and not with what is wrong. */
static void read_at(int fd, const char *file, const char *whole, ssize_t len,
		    size_t size, off_t at)
{
	static char buf[WHOLE];
	ssize_t n = pread(fd, buf, size, at);
	ssize_t left = at < len ? len - at : 0;

	if (n < 0)
		err(1, "%s: %zu at %ld", file, size, (long)at);
	if (n > left || n > (ssize_t)size || (!n && left && size) ||
	    memcmp(buf, whole + at, n))
		errx(1, "%s: %zu at %ld: %zd bytes that are not those of it",
		     file, size, (long)at, n);
	__atomic_add_fetch(reads, 1, __ATOMIC_RELAXED);
}

/* Every size to one more than the file has, and some that are larger, at every
 * offset to one behind its end: each process has its share of the sizes.
 */
static void same(int part, int parts, int step, char **files)
{
	static char whole[WHOLE];
	ssize_t len, size;
	int fd;

	for (; *files; files++) {
		len = read_whole(*files, whole);
		fd = open_or_die(*files);
		for (size = part; size <= len + 1; size += parts * step)
			for (off_t at = 0; at <= len + 1; at++)
				read_at(fd, *files, whole, len, size, at);
		for (off_t at = part; at <= len + 1; at += parts)
			for (size = 4095; size < WHOLE; size = 2 * size + 1)
				read_at(fd, *files, whole, len, size, at);
		close(fd);
	}
}

static uint64_t rnd(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 2685821657736338717ULL;
}

static size_t some_size(uint64_t *state)
{
	static const size_t borders[] = {
		0, 1, 4095, 4096, 4097, 8191, 8192, 65536, WHOLE - 1, WHOLE,
	};

	switch (rnd(state) % 3) {
	case 0:
		return borders[rnd(state) % (sizeof(borders) / sizeof(*borders))];
	case 1:
		return rnd(state) % 600;
	default:
		return rnd(state) % WHOLE;
	}
}

static off_t some_offset(uint64_t *state)
{
	static const off_t borders[] = {
		0, 1, 4095, 4096, INT_MAX, UINT_MAX, LLONG_MAX, LLONG_MAX - 1,
		-1, LLONG_MIN,
	};

	switch (rnd(state) % 8) {
	case 0:
		return borders[rnd(state) % (sizeof(borders) / sizeof(*borders))];
	case 1:
		return rnd(state);
	default:
		return rnd(state) % 20000;
	}
}

static void any(long n, uint64_t state, char **files, int nfiles)
{
	static char buf[WHOLE];
	int fds[16];
	ssize_t got;
	size_t size;
	int i;

	for (i = 0; i < nfiles; i++)
		fds[i] = open_or_die(files[i]);
	while (n--) {
		i = rnd(&state) % nfiles;
		size = some_size(&state);
		switch (rnd(&state) % 4) {
		case 0:
			lseek(fds[i], some_offset(&state),
			      rnd(&state) % 2 ? SEEK_SET : SEEK_CUR);
			break;
		case 1:
			got = read(fds[i], buf, size);
			break;
		case 2:		/* again from its beginning */
			close(fds[i]);
			fds[i] = open_or_die(files[i]);
			break;
		default:
			got = pread(fds[i], buf, size, some_offset(&state));
			if (got < 0 && errno != EINVAL && errno != EOVERFLOW)
				err(1, "%s", files[i]);
		}
		__atomic_add_fetch(reads, 1, __ATOMIC_RELAXED);
	}
}

int main(int argc, char **argv)
{
	int processes = argc > 4 ? atoi(argv[2]) : 0, status, failed = 0;
	int exact = argc > 4 && !strcmp(argv[1], "same");

	if (!processes || (!exact && argc < 6) || argc > 5 + 16)
		errx(2, "see the head of procread.c");
	reads = mmap(NULL, sizeof(*reads), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < processes; i++) {
		if (fork())
			continue;
		if (exact)
			same(i, processes, atoi(argv[3]), argv + 4);
		else
			any(atol(argv[3]) / processes,
			    (strtoull(argv[4], NULL, 0) * 2 + 1) * (i + 1),
			    argv + 5, argc - 5);
		exit(0);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	printf("%lu reads\n", *reads);
	return failed != 0;
}
