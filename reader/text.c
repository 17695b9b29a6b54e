// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text that is not worth to be inline.
 */
#include "text.h"

struct brief text_briefs[1000];
char text_pairs[100][2];
char text_triples[1000][4];

static void make_brief(struct brief *brief, const char *triple)
{
	const char *at = triple;

	while (at < triple + 2 && *at == '0')
		at++;
	brief->len = triple + 3 - at;
	memcpy(brief->text, at, brief->len);
}

__attribute__((constructor)) static void make_tables(void)
{
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		text_triples[i][0] = '0' + i / 100;
		text_triples[i][1] = '0' + i / 10 % 10;
		text_triples[i][2] = '0' + i % 10;
		make_brief(&text_briefs[i], text_triples[i]);
	}
	for (i = 0; i < 100; i++)
		memcpy(text_pairs[i], text_triples[i] + 1, 2);
}

/* Below 2^32: that is most of them. */
static char *put_word(char *at, __u32 n)
{
	if (n >= 1000000000)
		return text_six(text_triple(text_brief(at, n / 1000000000),
					    n / 1000000 % 1000), n % 1000000);
	if (n >= 1000000)
		return text_six(text_brief(at, n / 1000000), n % 1000000);
	if (n >= 1000)
		return text_triple(text_brief(at, n / 1000), n % 1000);
	return text_brief(at, n);
}

static char *put_nine(char *at, __u32 n)
{
	return text_six(text_triple(at, n / 1000000), n % 1000000);
}

static __attribute__((noinline)) char *put_long(char *at, __u64 n)
{
	const __u64 unit = 1000000000;

	if (n < unit * unit)
		return put_nine(put_word(at, n / unit), n % unit);
	at = put_word(at, n / unit / unit);
	return put_nine(put_nine(at, n / unit % unit), n % unit);
}

/** text_long_number - text_number() of what is not in its table */
char *text_long_number(char *at, __u64 n)
{
	return n <= ~0U ? put_word(at, n) : put_long(at, n);
}

/** text_hex - hexadecimal, without 0x */
char *text_hex(char *at, __u64 n)
{
	unsigned int digits = (63 - __builtin_clzll(n | 1)) / 4 + 1;
	char *end = at + digits, *to = end;

	do {
		*--to = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (to > at);
	return end;
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

/** text_ipv6 - as RFC 5952 has it; one that maps IPv4 does not get here */
char *text_ipv6(char *at, const __u8 *address)
{
	unsigned int len, zeros = find_zeros(address, &len), i;

	for (i = 0; i < 8; i++) {
		if (i == zeros) {
			at = text_put(at, "::");
			i += len - 1;
			continue;
		}
		if (i && i != zeros + len)
			*at++ = ':';
		at = text_hex(at, address[2 * i] << 8 | address[2 * i + 1]);
	}
	return at;
}

/* A byte of a name that could move the cursor, or break a column. */
static char *put_odd(char *at, unsigned char c)
{
	at[0] = '\\';
	at[1] = '0' + (c >> 6);
	at[2] = '0' + (c >> 3 & 7);
	at[3] = '0' + (c & 7);
	return at + 4;
}

/**
 * text_name - the name of a process, in brackets if it is of the kernel
 * @at: where it goes
 * @name: it
 * @max: bytes to show at most
 * @kthread: it is a kernel thread
 *
 * What is no plain character is shown as its octal number, as in the files in
 * /proc/tcplife: it could move the cursor. A blank is left, as bcc leaves it.
 */
char *text_name(char *at, const char *name, int max, bool kthread)
{
	char *end = at + max - kthread, *next;

	if (kthread)
		*at++ = '[';
	for (; *name; name++, at = next) {
		next = at + 1;
		if ((signed char)*name < ' ' || *name == 127)
			next = put_odd(at, *name);
		else
			*at = *name;
		if (next > end)
			break;
	}
	if (kthread)
		*at++ = ']';
	return at;
}
