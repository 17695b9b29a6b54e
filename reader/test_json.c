// SPDX-License-Identifier: GPL-2.0-only
/*
 * What json.c keeps from one line to the next, against lines that are made anew,
 * out of records that change now and then, here and there. Needs no module.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "json.h"
#include "json_value.h"
#include "out.h"

#define LINES		60000
#define LINE_MAX	8192
/* So many lines, on an average, until others are known. */
#define STRETCH		700

static unsigned int pick(unsigned int n)
{
	return (unsigned int)random() % n;
}

/* Of all sizes, most of them small, or another one but for a bit. */
static __u64 pick_number(const void *old)
{
	__u64 n = (__u64)random() << 33 ^ (__u64)random() << 2 ^ random();
	__u64 is = 0;

	switch (pick(6)) {
	case 0:
		return n >> pick(64);
	case 1:
		return ~0ULL;
	case 2:
	case 3:
		memcpy(&is, old, sizeof(is));
		return is ^ 1ULL << pick(64);
	default:
		return n & 7;
	}
}

static void pick_name(char *name)
{
	static const char letters[] = "ab\\\"\n\x01\xc2\x85\xff";
	unsigned int i, len = pick(COMM_LEN);

	for (i = 0; i < len; i++)
		name[i] = letters[pick(sizeof(letters) - 1)];
	/* What is behind it means nothing. */
	name[len] = '\0';
	for (i = len + 1; i < COMM_LEN; i++)
		name[i] = pick(256);
}

static void change(struct record *rec, const struct field *f)
{
	void *value = (char *)rec + f->offset;
	__u64 n = pick_number(value);
	unsigned int i;

	switch (f->kind) {
	case FIELD_U64:
		memcpy(value, &n, sizeof(__u64));
		break;
	case FIELD_PORT:
		memcpy(value, &n, sizeof(__u16));
		break;
	case FIELD_COMM:
		pick_name(value);
		break;
	case FIELD_IPV6:
		for (i = 0; i < 16; i++)
			((__u8 *)value)[i] = pick(3);
		break;
	case FIELD_FLAG:
		break;
	case FIELD_U32:
	case FIELD_S32:
		memcpy(value, &n, sizeof(__u32));
	}
}

static char *put_value(char *at, const struct field *f, const struct batch *b,
		       const void *value)
{
	__u64 n = 0;

	switch (json_value_show(f)) {
	case SHOW_TIME:
		memcpy(&n, value, sizeof(n));
		n = clock_wall(b, n);
		return at + sprintf(at, "%llu.%06llu", n / NSEC_PER_SEC,
				    n % NSEC_PER_SEC / 1000);
	case SHOW_NUMBER:
		memcpy(&n, value, f->kind == FIELD_U64 ? sizeof(__u64) :
			f->kind == FIELD_PORT ? sizeof(__u16) : sizeof(__u32));
		return at + sprintf(at, "%llu", n);
	default:
		return json_value_put(at, json_value_show(f), value);
	}
}

/* Up to what follows from the others, which nothing is kept of. */
static size_t make_line(char *line, const struct batch *b,
			const struct record *rec)
{
	char *at = line + sprintf(line, "{\"event\":\"record\"");
	const struct field *f;
	unsigned int i;

	for (i = 0; i < record_fields.n; i++) {
		f = &record_fields.fields[i];
		if (!f->key || f->show == SHOW_NOT ||
		    !(rec->has[i / 64] >> i % 64 & 1))
			continue;
		at += sprintf(at, ",\"%s\":", f->key);
		at = put_value(at, f, b, (const char *)rec + f->offset);
	}
	return at - line;
}

static void compare(const struct batch *b, const struct record *rec)
{
	static char line[LINE_MAX];
	size_t len = make_line(line, b, rec);

	json_record("record", b, rec);
	if (out.len > len && !memcmp(out.buf, line, len)) {
		out.len = 0;
		return;
	}
	fprintf(stderr, "want %.*s\nhave %.*s\n", (int)len, line, (int)out.len,
		out.buf);
	exit(1);
}

/* Often nothing changes, so that lines are kept; then one value does, or one does
 * each time for a while.
 */
static void change_some(struct record *rec, unsigned int restless)
{
	const struct field *fields = record_fields.fields;

	change(rec, &fields[restless]);
	if (!pick(40))
		change(rec, &fields[pick(record_fields.n)]);
	if (!pick(200))
		rec->role = pick(4);
}

/* Now and then all values are as long as can be. */
static void know_others(struct record *rec)
{
	unsigned int i, missing = 1 + pick(record_fields.n);

	if (!pick(4))
		memset(rec, 0xfe, offsetof(struct record, comm));

	memset(rec->has, 0, sizeof(rec->has));
	for (i = 0; i < record_fields.n; i++)
		if (pick(missing))
			rec->has[i / 64] |= 1ULL << i % 64;
}

int main(void)
{
	struct batch b = { .clock_offset = 1795273243123456789LL };
	static struct record rec;
	unsigned int i, restless = 0;

	for (i = 0; i < LINES; i++) {
		if (!pick(STRETCH)) {
			know_others(&rec);
			restless = pick(record_fields.n);
		}
		change_some(&rec, restless);
		compare(&b, &rec);
	}
	printf("json: %d scenes, 0 failed\n", LINES);
	return 0;
}
