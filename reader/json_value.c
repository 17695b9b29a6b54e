// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON values. Each word that one can be, in quotes, is made before, to be
 * copied in a fixed size.
 */
#include <stdio.h>

#include "enums.h"
#include "json_string.h"
#include "json_value.h"
#include "text.h"

#define PIECE_MAX	31
#define WORDS_MAX	32	/* of an enum, the last one for what is unknown */

/** struct piece - a text that is copied in a fixed size */
struct piece {
	char	text[PIECE_MAX];
	__u8	len;
};

static struct piece words[SHOW_NOT][WORDS_MAX];

static void make_piece(struct piece *piece, const char *before,
		       const char *text, const char *after)
{
	piece->len = snprintf(piece->text, sizeof(piece->text), "%s%s%s",
			      before, text, after);
}

static void make_words(enum field_show show)
{
	unsigned int n;

	for (n = 0; n < WORDS_MAX; n++)
		make_piece(&words[show][n], "\"", enums_name(show, n), "\"");
}

/** json_value_make - make the words; before the first value */
void json_value_make(void)
{
	unsigned int i;

	if (words[SHOW_STATE]->len)
		return;
	for (i = SHOW_STATE; i <= SHOW_FLAGS; i++)
		make_words(i);
}

static inline char *put_piece(char *at, const struct piece *piece)
{
	memcpy(at, piece->text, sizeof(piece->text) + 1);
	return at + piece->len;
}

static char *put_flags(char *at, __u32 flags)
{
	__u32 left = flags & ((1U << enums_count(SHOW_FLAGS)) - 1);

	*at++ = '[';
	for (; left; left &= left - 1) {
		at = put_piece(at, &words[SHOW_FLAGS][__builtin_ctz(left)]);
		*at++ = ',';
	}
	if (at[-1] == ',')
		at--;
	*at++ = ']';
	return at;
}

static char *put_errno(char *at, __u32 error)
{
	const char *name = enums_name(SHOW_ERRNO, error);

	*at++ = '"';
	at = name ? text_put(at, name) : text_number(at, error);
	*at++ = '"';
	return at;
}

static char *put_buckets(char *at, const __u64 *bucket)
{
	__u32 n = *(const __u32 *)(bucket + BUCKETS_MAX), i;

	*at++ = '[';
	for (i = 0; i < n && i < BUCKETS_MAX; i++) {
		if (i)
			*at++ = ',';
		at = text_number(at, bucket[i]);
	}
	*at++ = ']';
	return at;
}

static char *put_signed(char *at, __s32 n)
{
	if (n < 0)
		*at++ = '-';
	return text_number(at, n < 0 ? -(__s64)n : n);
}

static char *put_cookie(char *at, __u64 cookie)
{
	*at++ = '"';
	at = text_hex(at, cookie);
	*at++ = '"';
	return at;
}

static char *put_address(char *at, bool ipv4, const void *address)
{
	__be32 word;

	*at++ = '"';
	memcpy(&word, address, sizeof(word));
	at = ipv4 ? text_ipv4(at, word) : text_ipv6(at, address);
	*at++ = '"';
	return at;
}

static inline char *put_enum(char *at, size_t show, size_t n)
{
	return put_piece(at, &words[show][n < WORDS_MAX ? n : WORDS_MAX - 1]);
}

/**
 * json_value_put - a value that is neither a time nor a number
 * @at: where it goes
 * @show: of json_value_show()
 * @value: where it is
 *
 * Return: the end of it.
 */
char *json_value_put(char *at, unsigned int show, const void *value)
{
	switch (show) {
	case SHOW_SIGNED:
		return put_signed(at, *(const __s32 *)value);
	case SHOW_COOKIE:
		return put_cookie(at, *(const __u64 *)value);
	case SHOW_NS:
		return text_ms(at, *(const __u64 *)value, 3);
	case SHOW_US:
		return text_fixed(at, *(const __u32 *)value, 3);
	case SHOW_IPV4:
	case SHOW_IPV6:
		return put_address(at, show == SHOW_IPV4, value);
	case SHOW_STRING:
		return json_string_put(at, value);
	case SHOW_TRUE:
		return text_put(at, "true");
	case SHOW_FLAGS:
		return put_flags(at, *(const __u32 *)value);
	case SHOW_ERRNO:
		return put_errno(at, *(const __u32 *)value);
	case SHOW_BUCKETS:
		return put_buckets(at, value);
	default:
		return put_enum(at, show, *(const __u32 *)value);
	}
}

/** json_value_show - how to show a field, with its sign if it has one */
unsigned int json_value_show(const struct field *f)
{
	return f->kind == FIELD_S32 && f->show == SHOW_NUMBER ? SHOW_SIGNED :
	       f->show;
}
