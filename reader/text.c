// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text that is not worth to be inline.
 */
#include "text.h"

struct octet text_octets[256];

static char *octets_put(char *at, unsigned int n)
{
	if (n >= 100)
		*at++ = '0' + n / 100;
	if (n >= 10)
		*at++ = '0' + n / 10 % 10;
	*at++ = '0' + n % 10;
	return at;
}

__attribute__((constructor)) static void make_octets(void)
{
	unsigned int i;
	char *at;

	for (i = 0; i < 256; i++) {
		at = octets_put(text_octets[i].text, i);
		text_octets[i].len = at - text_octets[i].text;
	}
}

/** text_hex - hexadecimal, without 0x */
char *text_hex(char *at, __u64 n)
{
	char text[2 * TEXT_DIGITS], *from = text + TEXT_DIGITS;

	do {
		*--from = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (n);
	return text_copy(at, text, from);
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
