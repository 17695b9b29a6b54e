// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON strings: what anybody may have chosen, as JSON that is UTF-8.
 */
#include <stdbool.h>

#include "json_string.h"
#include "text.h"

/* Bytes that a string has as they are: ASCII without " and \. */
static const bool plain[256] = {
	[' '] = true, ['!'] = true, ['#' ... '['] = true, [']' ... '~'] = true,
};

/* Bytes of the UTF-8 character at @s, 0 if it is none. */
static unsigned int utf8_len(const unsigned char *s)
{
	unsigned int len, i;

	if (*s < 0x80)
		return 1;
	if (*s < 0xc2 || *s > 0xf4)
		return 0;
	len = *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;
	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Too long for what it says, a surrogate, or behind the last one. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

static char *put_escaped(char *at, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	at = text_put(at, "\\u00");
	*at++ = hex[c >> 4];
	*at++ = hex[c & 15];
	return at;
}

/* A character that is not plain; a process may call itself anything: what is
 * no UTF-8 is U+FFFD.
 */
static char *put_odd(char *at, const unsigned char *s, unsigned int len)
{
	if (!len)
		return text_put(at, "\\ufffd");
	if (*s == '"' || *s == '\\') {
		*at++ = '\\';
		*at++ = *s;
		return at;
	}
	if (*s < ' ' || *s == 127)
		return put_escaped(at, *s);
	/* U+0080 to U+009F: to a terminal as good as an escape. */
	if (*s == 0xc2 && s[1] < 0xa0)
		return put_escaped(at, s[1]);
	memcpy(at, s, len);
	return at + len;
}

/** json_string_put - a string, in quotes; returns the end of it */
char *json_string_put(char *at, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned int len;

	*at++ = '"';
	for (;;) {
		for (; plain[*s]; s++)
			*at++ = *s;
		if (!*s)
			break;
		len = utf8_len(s);
		at = put_odd(at, s, len);
		s += len ? len : 1;
	}
	*at++ = '"';
	return at;
}
