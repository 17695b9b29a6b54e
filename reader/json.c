// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON lines: what is known of an object, key by key.
 */
#define _GNU_SOURCE	/* strerrorname_np() */
#include <stdio.h>
#include <string.h>

#include "../module/names.h"
#include "clock.h"
#include "derived.h"
#include "json.h"
#include "out.h"

const struct derived_field derived_fields[] = {
	{ "ms", "ms", "ESTABLISHED to CLOSE of the full socket",
	  derived_life },
	{ "handshake_ms", "ms", "first SYN or SYN-ACK sent to ESTABLISHED",
	  derived_handshake },
	{ "accept_wait_ms", "ms", "time in the accept queue",
	  derived_accept_wait },
	{ "time_wait_ms", "ms", "TIME_WAIT to the end of the record",
	  derived_time_wait },
	{ NULL, NULL, NULL, NULL },
};

static const char * const flag_names[] = {
	"imported", "syncookie", "tfo", "data-in-syn", "data-in-ack",
	"simopen", "sack", "timestamps", "ecn", "rst-sent", "rst-received",
	"timewait",
};

static const char * const first_fin_names[] = { "?", "local", "remote", "both" };

static void put_key(const char *key)
{
	out_char(',');
	out_char('"');
	out_text(key);
	out_char('"');
	out_char(':');
}

static void put_word(const char *word)
{
	out_char('"');
	out_text(word);
	out_char('"');
}

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

static void put_escaped(unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	out_text("\\u00");
	out_char(hex[c >> 4]);
	out_char(hex[c & 15]);
}

/* A process may call itself anything: what is no UTF-8 is U+FFFD. */
static void put_string(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned int len;

	out_char('"');
	for (; *s; s += len) {
		len = utf8_len(s);
		if (!len) {
			out_text("\\ufffd");
			len = 1;
		} else if (*s == '"' || *s == '\\') {
			out_char('\\');
			out_char(*s);
		} else if (*s < ' ' || *s == 127) {
			put_escaped(*s);
		} else {
			out_bytes((const char *)s, len);
		}
	}
	out_char('"');
}

static void put_flags(__u32 flags)
{
	const char *sep = "";
	unsigned int i;

	out_char('[');
	for (i = 0; i < sizeof(flag_names) / sizeof(*flag_names); i++) {
		if (!(flags >> i & 1))
			continue;
		out_text(sep);
		put_word(flag_names[i]);
		sep = ",";
	}
	out_char(']');
}

static void put_errno(__u32 error)
{
	const char *name = strerrorname_np(error);

	out_char('"');
	if (name)
		out_text(name);
	else
		out_number(error);
	out_char('"');
}

static void put_buckets(const __u32 *bucket)
{
	__u32 n = bucket[BUCKETS_MAX], i;

	out_char('[');
	for (i = 0; i < n && i < BUCKETS_MAX; i++) {
		if (i)
			out_char(',');
		out_number(bucket[i]);
	}
	out_char(']');
}

/* A number, of whatever size it is. */
static void put_number(const struct field *f, const void *at)
{
	switch (f->kind) {
	case FIELD_U64:
		out_number(*(const __u64 *)at);
		break;
	case FIELD_S32:
		out_signed(*(const __s32 *)at);
		break;
	case FIELD_PORT:
		out_number(*(const __u16 *)at);
		break;
	default:
		out_number(*(const __u32 *)at);
	}
}

static void put_cookie(__u64 cookie)
{
	out_char('"');
	out_hex(cookie);
	out_char('"');
}

static void put_address(const struct field *f, const void *at)
{
	out_char('"');
	if (f->show == SHOW_IPV4)
		out_ipv4(*(const __be32 *)at);
	else
		out_ipv6(at);
	out_char('"');
}

static void put_enum(__u8 show, __u32 n)
{
	const char *word = "?";

	switch (show) {
	case SHOW_STATE:
		word = tcplife_state_name(n);
		break;
	case SHOW_ROLE:
		word = tcplife_role_name(n);
		break;
	case SHOW_END:
		word = tcplife_end_name(n);
		break;
	case SHOW_TW:
		word = tcplife_tw_exit_name(n);
		break;
	case SHOW_RST:
		word = tcplife_rst_why_name(n);
		break;
	case SHOW_FIRST_FIN:
		if (n <= TCPLIFE_FIRST_FIN_BOTH)
			word = first_fin_names[n];
		break;
	}
	put_word(word);
}

static void put_value(const struct field *f, const struct batch *b,
		      const void *at)
{
	switch (f->show) {
	case SHOW_NUMBER:
		put_number(f, at);
		break;
	case SHOW_COOKIE:
		put_cookie(*(const __u64 *)at);
		break;
	case SHOW_TIME:
		out_fixed(clock_wall(b, *(const __u64 *)at) / NSEC_PER_USEC, 6);
		break;
	case SHOW_NS:
		out_ms(*(const __u64 *)at, 3);
		break;
	case SHOW_US:
		out_fixed(*(const __u32 *)at, 3);
		break;
	case SHOW_IPV4:
	case SHOW_IPV6:
		put_address(f, at);
		break;
	case SHOW_STRING:
		put_string(at);
		break;
	case SHOW_TRUE:
		out_text("true");
		break;
	case SHOW_FLAGS:
		put_flags(*(const __u32 *)at);
		break;
	case SHOW_ERRNO:
		put_errno(*(const __u32 *)at);
		break;
	case SHOW_BUCKETS:
		put_buckets(at);
		break;
	default:
		put_enum(f->show, *(const __u32 *)at);
	}
}

/* All that is known of it; the brace is for the caller to close. */
static void put_object(const char *event, const struct field_set *set,
		       const struct batch *b, const void *obj)
{
	const __u64 *has = obj;
	unsigned int word, i;
	__u64 left;

	out_text("{\"event\":");
	put_word(event);
	for (word = 0; word < ATTR_WORDS; word++) {
		for (left = has[word]; left; left &= left - 1) {
			const struct field *f;

			i = word * 64 + __builtin_ctzll(left);
			if (i >= set->n)
				return;
			f = &set->fields[i];
			if (!f->key || f->show == SHOW_NOT)
				continue;
			put_key(f->key);
			put_value(f, b, (const char *)obj + f->offset);
		}
	}
}

/**
 * json_record - a record as a line
 * @event: what happened to it, or which list it is of
 * @b: the message that it came in
 * @rec: the record
 */
void json_record(const char *event, const struct batch *b,
		 const struct record *rec)
{
	const struct derived_field *d;
	__u64 ns;

	put_object(event, &record_fields, b, rec);
	for (d = derived_fields; d->key; d++) {
		if (!d->get(rec, &ns))
			continue;
		put_key(d->key);
		out_ms(ns, 3);
	}
	out_text("}\n");
}

/** json_transition - a change of state as a line */
void json_transition(const struct batch *b, const struct transition *t)
{
	put_object("transition", &transition_fields, b, t);
	out_text("}\n");
}

/** json_listener - a listener as a line */
void json_listener(const struct batch *b, const struct listener *l)
{
	put_object("listener", &listener_fields, b, l);
	out_text("}\n");
}
