// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unjson: a record out of what `-j` made of it, by the same table.
 *
 * Times come back as nanoseconds since 1970, to the microsecond. What is not
 * there, or is not what the table says, is not known; a later tcplife may have
 * written more.
 */
#include <arpa/inet.h>
#include <math.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "unjson.h"
#include "enums.h"

static bool put_number(const struct field *f, void *rec, __u64 n)
{
	char *to = (char *)rec + f->offset;
	__u32 n32 = n;
	__u16 n16 = n;

	switch (f->kind) {
	case FIELD_U32:
	case FIELD_S32:
		memcpy(to, &n32, sizeof(n32));
		return true;
	case FIELD_U64:
	case FIELD_S64:
		memcpy(to, &n, sizeof(n));
		return true;
	case FIELD_PORT:
		memcpy(to, &n16, sizeof(n16));
		return true;
	}
	return false;
}

static bool take_name(const struct field *f, const json_t *v, void *rec)
{
	const char *text = json_string_value(v), *name;
	unsigned int i;

	for (i = 0; text && i < enums_count(f->show); i++) {
		name = enums_name(f->show, i);
		if (name && strcmp(name, "?") && !strcmp(name, text))
			return put_number(f, rec, i);
	}
	return false;
}

static bool take_cookie(const struct field *f, const json_t *v, void *rec)
{
	const char *text = json_string_value(v);
	char *end;
	__u64 n;

	if (!text || !*text)
		return false;
	n = strtoull(text, &end, 16);
	return !*end && put_number(f, rec, n);
}

/* A fraction has been rounded to microseconds of @unit, and is not exact. */
static bool take_real(const struct field *f, const json_t *v, void *rec,
		      double unit, __u64 step)
{
	double n = json_number_value(v);

	if (!json_is_number(v) || !(n >= 0) || n * unit > 9e15)
		return false;
	return put_number(f, rec, (__u64)llround(n * unit) * step);
}

static bool take_address(const struct field *f, const json_t *v, void *rec)
{
	const char *text = json_string_value(v);
	int family = f->show == SHOW_IPV4 ? AF_INET : AF_INET6;

	return text && inet_pton(family, text, (char *)rec + f->offset) == 1;
}

static bool take_text(const struct field *f, const json_t *v, void *rec)
{
	const char *text = json_string_value(v);
	size_t size = f->kind == FIELD_COMM ? COMM_LEN : NAME_LEN;
	char *to = (char *)rec + f->offset;

	if (!text)
		return false;
	snprintf(to, size, "%s", text);
	return true;
}

static bool take_true(const struct field *f, const json_t *v, void *rec)
{
	*((bool *)((char *)rec + f->offset)) = json_is_true(v);
	return json_is_true(v);
}

static __u32 flag_of(const char *text)
{
	unsigned int i;

	for (i = 0; text && i < enums_count(SHOW_FLAGS); i++)
		if (!strcmp(enums_name(SHOW_FLAGS, i), text))
			return 1U << i;
	return 0;
}

static bool take_flags(const struct field *f, const json_t *v, void *rec)
{
	__u32 flags = 0;
	size_t i;

	if (!json_is_array(v))
		return false;
	for (i = 0; i < json_array_size(v); i++)
		flags |= flag_of(json_string_value(json_array_get(v, i)));
	return put_number(f, rec, flags);
}

static bool take(const struct field *f, const json_t *v, void *rec)
{
	switch (f->show) {
	case SHOW_NUMBER:
		return json_is_integer(v) &&
		       put_number(f, rec, json_integer_value(v));
	case SHOW_COOKIE:
		return take_cookie(f, v, rec);
	case SHOW_TIME:
		return take_real(f, v, rec, 1e6, 1000);
	case SHOW_NS:
		return take_real(f, v, rec, 1e3, 1000);
	case SHOW_US:
		return take_real(f, v, rec, 1e3, 1);
	case SHOW_IPV4:
	case SHOW_IPV6:
		return take_address(f, v, rec);
	case SHOW_STRING:
		return take_text(f, v, rec);
	case SHOW_TRUE:
		return take_true(f, v, rec);
	case SHOW_FLAGS:
		return take_flags(f, v, rec);
	default:
		return take_name(f, v, rec);
	}
}

/**
 * unjson_record - a record of `-j`
 * @object: the JSON object
 * @rec: set to it
 *
 * Return: whether it is one: it has a cookie and a time.
 */
bool unjson_record(const json_t *object, struct record *rec)
{
	const struct field *f;
	unsigned int attr;
	json_t *v;

	memset(rec, 0, sizeof(*rec));
	for (attr = 0; attr < record_fields.n; attr++) {
		f = &record_fields.fields[attr];
		v = f->key ? json_object_get(object, f->key) : NULL;
		if (v && take(f, v, rec))
			attr_set(rec->has, attr);
	}
	return record_has(rec, COOKIE) && record_has(rec, BORN);
}
