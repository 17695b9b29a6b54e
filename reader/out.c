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

/**
 * out_flush - write what is there
 *
 * A reader of ours that is gone is no error to tell: out_close() knows.
 */
void out_flush(void)
{
	size_t done = 0;
	ssize_t n;

	while (done < out.len && !out.failed) {
		n = write(STDOUT_FILENO, out.buf + done, out.len - done);
		if (n >= 0)
			done += n;
		else if (errno != EINTR ||
			 __atomic_load_n(&out.stop, __ATOMIC_RELAXED))
			out.failed = errno;
	}
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
	size_t want = width < 0 ? -width : width, n;
	char *at = out.buf + from;

	if (len >= want)
		return;
	n = want - len;
	if (width < 0) {
		memmove(at + n, at, len);
		memset(at, ' ', n);
	} else {
		memset(at + len, ' ', n);
	}
	out.len += n;
}

/* Digits of @n, the last one before @end. */
static char *digits(__u64 n, char *end)
{
	do {
		*--end = '0' + n % 10;
		n /= 10;
	} while (n);
	return end;
}

/** out_number - decimal */
void out_number(__u64 n)
{
	char text[20], *end = text + sizeof(text), *at;

	if (n < 10) {
		out_char('0' + n);
		return;
	}
	at = digits(n, end);
	out_bytes(at, end - at);
}

/** out_signed - decimal, with a sign if it is below 0 */
void out_signed(__s64 n)
{
	if (n < 0)
		out_char('-');
	out_number(n < 0 ? -(__u64)n : (__u64)n);
}

/** out_hex - hexadecimal, without 0x */
void out_hex(__u64 n)
{
	char text[16], *at = text + sizeof(text);

	do {
		*--at = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (n);
	out_bytes(at, text + sizeof(text) - at);
}

/**
 * out_fixed - a number with a decimal point
 * @n: without the point
 * @decimals: digits behind it
 */
void out_fixed(__u64 n, unsigned int decimals)
{
	char text[24], *end = text + sizeof(text), *at, *point;

	if (!decimals) {
		out_number(n);
		return;
	}
	at = digits(n, end);
	point = end - decimals;
	while (at >= point)
		*--at = '0';
	/* Make room for the point: what is before it goes to the left. */
	memmove(at - 1, at, point - at);
	point[-1] = '.';
	at--;
	out_bytes(at, end - at);
}

/** out_ms - nanoseconds as milliseconds, rounded to 0, 2 or 3 decimals */
void out_ms(__u64 ns, unsigned int decimals)
{
	if (decimals == 3)
		out_fixed((ns + 500) / 1000, 3);
	else if (decimals == 2)
		out_fixed((ns + 5000) / 10000, 2);
	else
		out_number((ns + 500000) / 1000000);
}

/** out_ipv4 - dotted decimal */
void out_ipv4(__be32 address)
{
	const __u8 *byte = (const __u8 *)&address;
	char *start = out_room(), *at = start;
	unsigned int i, n;

	for (i = 0; i < 4; i++) {
		n = byte[i];
		if (n >= 100) {
			*at++ = '0' + n / 100;
			n %= 100;
			*at++ = '0' + n / 10;
		} else if (n >= 10) {
			*at++ = '0' + n / 10;
		}
		*at++ = '0' + n % 10;
		*at++ = '.';
	}
	out.len += at - start - 1;
}

/* The longest run of zeros, of two at least: it is written as "::". */
static unsigned int find_zeros(const __u8 *address, unsigned int *len)
{
	unsigned int i, run = 0, at = 8;

	*len = 1;
	for (i = 0; i < 8; i++) {
		run = address[2 * i] | address[2 * i + 1] ? 0 : run + 1;
		if (run > *len) {
			*len = run;
			at = i + 1 - run;
		}
	}
	return at;
}

/** out_ipv6 - as RFC 5952 has it; one that maps IPv4 does not get here */
void out_ipv6(const __u8 *address)
{
	unsigned int len, zeros = find_zeros(address, &len), i;

	for (i = 0; i < 8; i++) {
		if (i == zeros) {
			out_text("::");
			i += len - 1;
			continue;
		}
		if (i && i != zeros + len)
			out_char(':');
		out_hex(address[2 * i] << 8 | address[2 * i + 1]);
	}
}

/* A byte of a name that could move the cursor, or break a column. */
static void out_odd(unsigned char c)
{
	char text[4] = {
		'\\', '0' + (c >> 6), '0' + (c >> 3 & 7), '0' + (c & 7),
	};

	out_bytes(text, sizeof(text));
}

/**
 * out_name - the name of a process, in brackets if it is of the kernel
 * @name: it
 * @max: bytes to show at most
 * @kthread: it is a kernel thread
 *
 * What is no plain character is shown as its octal number, as in the files in
 * /proc/tcplife: it could move the cursor. A blank is left, as bcc leaves it.
 */
void out_name(const char *name, int max, bool kthread)
{
	size_t from, end = out.len + max;

	out_room();
	if (kthread)
		out_char('[');
	for (; *name; name++) {
		from = out.len;
		if ((signed char)*name < ' ' || *name == 127)
			out_odd(*name);
		else
			out_char(*name);
		if (out.len + kthread > end) {
			out.len = from;
			break;
		}
	}
	if (kthread)
		out_char(']');
}

/**
 * out_close - write the rest
 *
 * Return: the exit status: nobody reads a pipe any more is no failure.
 */
int out_close(void)
{
	out_flush();
	if (!out.failed || out.failed == EPIPE || out.failed == EINTR)
		return STATUS_OK;
	fprintf(stderr, "tcplife: stdout: %s\n", strerror(out.failed));
	return STATUS_FAILED;
}
