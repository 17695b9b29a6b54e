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
#define TEXT_DIGITS	24	/* of any number, with a point */

/** struct octet - "0" to "255", and how long it is */
struct octet {
	char	text[4];
	__u32	len;
};

extern struct octet text_octets[256];

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

/* Digits of @n, the last one before @end. */
static inline char *text_digits(__u64 n, char *end)
{
	do {
		*--end = '0' + n % 10;
		n /= 10;
	} while (n);
	return end;
}

/* What is from @from to the middle of @text: to copy a fixed size is cheap. */
static inline char *text_copy(char *at, const char *text, const char *from)
{
	memcpy(at, from, TEXT_DIGITS);
	return at + (text + TEXT_DIGITS - from);
}

/** text_number - decimal */
static inline char *text_number(char *at, __u64 n)
{
	char text[2 * TEXT_DIGITS];

	return text_copy(at, text, text_digits(n, text + TEXT_DIGITS));
}

/** text_right - decimal, at the right end of at most TEXT_DIGITS */
static inline char *text_right(char *at, __u64 n, unsigned int width)
{
	char text[2 * TEXT_DIGITS];
	char *from = text_digits(n, text + TEXT_DIGITS);

	while (from > text + TEXT_DIGITS - width)
		*--from = ' ';
	return text_copy(at, text, from);
}

/** text_fixed - decimal, with a point before the last @decimals digits */
static inline char *text_fixed(char *at, __u64 n, unsigned int decimals)
{
	char text[2 * TEXT_DIGITS], *from = text + TEXT_DIGITS;
	unsigned int i;

	for (i = 0; i < decimals; i++, n /= 10)
		*--from = '0' + n % 10;
	if (decimals)
		*--from = '.';
	return text_copy(at, text, text_digits(n, from));
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

	for (i = 0; i < 4; i++) {
		memcpy(at, text_octets[byte[i]].text, 4);
		at += text_octets[byte[i]].len;
		*at++ = '.';
	}
	return at - 1;
}

#endif /* _READER_TEXT_H */
