/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text, put where a pointer points; each function returns the end of it. What
 * a line of each connection needs is inline: calls would cost more than they
 * do. Some write more than they say, so that there must be TEXT_SLACK bytes
 * of room behind.
 */
#ifndef _READER_TEXT_H
#define _READER_TEXT_H

#include <linux/types.h>
#include <stdbool.h>
#include <string.h>

#define TEXT_SLACK	64
/* Of a count in a sentence. */
#define PLURAL(n)	((n) == 1 ? "" : "s")

#define TEXT_DIGITS	24	/* of any number, with a point */

/** struct brief - "0" to "999", and how long it is */
struct brief {
	char	text[4];
	__u32	len;
};

extern struct brief text_briefs[1000];
extern char text_pairs[100][2];		/* "00" to "99" */
extern char text_triples[1000][4];	/* "000" to "999" */

char *text_long_number(char *at, __u64 n);
char *text_hex(char *at, __u64 n);
char *text_ipv6(char *at, const __u8 *address);
char *text_name(char *at, const char *name, int max, bool kthread);

static inline char *text_put(char *at, const char *text)
{
	size_t len = strlen(text);

	memcpy(at, text, len);
	return at + len;
}

/* Sixteen are enough for most columns; a loop would become a call. */
static inline char *text_blanks(char *at, size_t n)
{
	memcpy(at, "                ", 16);
	if (n > 16)
		memset(at + 16, ' ', n - 16);
	return at + n;
}

/* A number below 1,000. */
static inline char *text_brief(char *at, size_t n)
{
	const struct brief *brief = &text_briefs[n];

	memcpy(at, brief->text, sizeof(brief->text));
	return at + brief->len;
}

/* Two digits of a number below 100. */
static inline char *text_pair(char *at, unsigned int n)
{
	memcpy(at, text_pairs[n], 2);
	return at + 2;
}

/* Three digits of a number below 1,000; four bytes, for that is one store. */
static inline char *text_triple(char *at, unsigned int n)
{
	memcpy(at, text_triples[n], 4);
	return at + 3;
}

/* Six digits of a number below a million. */
static inline char *text_six(char *at, unsigned int n)
{
	return text_triple(text_triple(at, n / 1000), n % 1000);
}

/** text_number - decimal */
static inline char *text_number(char *at, __u64 n)
{
	return n < 1000 ? text_brief(at, n) : text_long_number(at, n);
}

/** text_port - text_number() of what often has five digits */
static inline char *text_port(char *at, __u16 n)
{
	return n < 1000 ? text_brief(at, n) :
	       text_triple(text_brief(at, n / 1000), n % 1000);
}

/** text_right - decimal, at the right end of at most 16 */
static inline char *text_right(char *at, __u64 n, size_t width)
{
	char text[TEXT_DIGITS];
	size_t len = text_number(text, n) - text;

	text_blanks(at, 16);
	if (len < width)
		at += width - len;
	memcpy(at, text, TEXT_DIGITS);
	return at + len;
}

/** text_fixed - decimal, with a point before the last 1, 2, 3 or 6 decimals */
static inline char *text_fixed(char *at, __u64 n, unsigned int decimals)
{
	static const unsigned int units[] = { 1, 10, 100, 1000, 0, 0, 1000000 };
	unsigned int part = n % units[decimals];

	at = text_number(at, n / units[decimals]);
	*at++ = '.';
	switch (decimals) {
	case 1:
		*at++ = '0' + part;
		return at;
	case 2:
		return text_pair(at, part);
	case 3:
		return text_triple(at, part);
	}
	return text_six(at, part);
}

/** text_ms - nanoseconds as milliseconds, rounded to 0, 2 or 3 decimals */
static inline char *text_ms(char *at, __u64 ns, unsigned int decimals)
{
	if (decimals == 3)
		return text_fixed(at, (ns + 500) / 1000, 3);
	if (decimals == 2)
		return text_fixed(at, (ns + 5000) / 10000, 2);
	return text_number(at, (ns + 500000) / 1000000);
}

/** text_ipv4 - dotted decimal */
static inline char *text_ipv4(char *at, __be32 address)
{
	const __u8 *byte = (const __u8 *)&address;
	unsigned int i;

#pragma GCC unroll 3
	for (i = 0; i < 3; i++) {
		at = text_brief(at, byte[i]);
		*at++ = '.';
	}
	return text_brief(at, byte[3]);
}

#endif /* _READER_TEXT_H */
