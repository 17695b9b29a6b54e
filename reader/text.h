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

/** struct octet - "0" to "255", and how long it is */
struct octet {
	char	text[4];
	__u32	len;
};

extern struct octet text_octets[256];
extern char text_pairs[100][2];		/* "00" to "99" */

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

/* A number below 256. */
static inline char *text_octet(char *at, size_t n)
{
	const struct octet *octet = &text_octets[n];

	memcpy(at, octet->text, sizeof(octet->text));
	return at + octet->len;
}

/* Two digits of a number below 100. */
static inline char *text_pair(char *at, unsigned int n)
{
	memcpy(at, text_pairs[n], 2);
	return at + 2;
}

/* Four digits of a number below 10,000. */
static inline char *text_quad(char *at, unsigned int n)
{
	return text_pair(text_pair(at, n / 100), n % 100);
}

/** text_number - decimal */
static inline char *text_number(char *at, __u64 n)
{
	return n < 256 ? text_octet(at, n) : text_long_number(at, n);
}

/** text_port - text_number() of what often has five digits */
static inline char *text_port(char *at, __u16 n)
{
	if (n < 10000)
		return text_number(at, n);
	*at = '0' + n / 10000;
	return text_quad(at + 1, n % 10000);
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
	if (decimals & 1) {
		*at++ = '0' + part / (units[decimals] / 10);
		part %= units[decimals] / 10;
	}
	if (decimals == 6)
		at = text_pair(at, part / 10000);
	if (decimals == 6)
		at = text_pair(at, part / 100 % 100);
	return decimals > 1 ? text_pair(at, part % 100) : at;
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
		at = text_octet(at, byte[i]);
		*at++ = '.';
	}
	return text_octet(at, byte[3]);
}

#endif /* _READER_TEXT_H */
