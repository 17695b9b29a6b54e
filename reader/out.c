// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output: a buffer with its own formatting.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "out.h"

struct out out;

/* After a signal a write() is interrupted each second. */
#define TICK		1
/* The first one may come as soon as the write() has begun. */
#define TICKS		2

/**
 * out_stop - a signal: write what is there, if it is taken; for its handler
 *
 * A second one is from somebody who does not want to wait for that.
 */
void out_stop(void)
{
	__atomic_add_fetch(&out.stop, 1, __ATOMIC_RELAXED);
	alarm(TICK);
}

/** out_tick - the handler of SIGALRM */
void out_tick(int signal)
{
	(void)signal;
	__atomic_add_fetch(&out.ticks, 1, __ATOMIC_RELAXED);
	alarm(TICK);
}

static bool is_stuck(void)
{
	return __atomic_load_n(&out.stop, __ATOMIC_RELAXED) > 1 ||
	       __atomic_load_n(&out.ticks, __ATOMIC_RELAXED) >= TICKS;
}

/**
 * out_flush - write what is there
 *
 * A reader of ours that is gone is no error to tell: out_close() knows. One
 * that is slow gets all of it, after a signal, too, as long as it takes some.
 */
void out_flush(void)
{
	size_t done = 0;
	ssize_t n;

	while (done < out.len && !out.failed) {
		n = write(STDOUT_FILENO, out.buf + done, out.len - done);
		if (n > 0) {
			done += n;
			__atomic_store_n(&out.ticks, 0, __ATOMIC_RELAXED);
		}
		if (n < 0 && errno != EINTR)
			out.failed = errno;
		else if (done < out.len && is_stuck())
			out.failed = EINTR;
	}
	out.left += out.len - done;
	out.len = 0;
}

/** out_long - text of any length */
void out_long(const char *text)
{
	size_t len = strlen(text), n;

	for (; len; len -= n, text += n) {
		n = len < OUT_PIECE ? len : OUT_PIECE;
		out_bytes(text, n);
	}
}

/**
 * out_pad - blanks up to the width of a column
 * @from: out.len at its beginning
 * @width: of the column; below 0: the text goes to its right end
 */
void out_pad(size_t from, int width)
{
	size_t len = out.len - from;
	size_t want = width < 0 ? -width : width;
	char *at = out.buf + from;

	if (len >= want)
		return;
	if (width < 0) {
		memmove(at + want - len, at, len);
		memset(at, ' ', want - len);
	} else {
		memset(at + len, ' ', want - len);
	}
	out.len = from + want;
}

/** out_signed - decimal, with a sign if it is below 0 */
void out_signed(__s64 n)
{
	if (n < 0)
		out_char('-');
	out_number(n < 0 ? -(__u64)n : (__u64)n);
}

/**
 * out_close - write the rest
 *
 * Return: the exit status: nobody reads a pipe any more is no failure.
 */
int out_close(void)
{
	out_flush();
	if (!out.failed || out.failed == EPIPE)
		return STATUS_OK;
	if (out.failed == EINTR)
		fprintf(stderr,
			"tcplife: stdout: nobody reads: %zu byte%s not written\n",
			out.left, out.left == 1 ? " was" : "s were");
	else
		fprintf(stderr, "tcplife: stdout: %s\n", strerror(out.failed));
	return STATUS_FAILED;
}
