/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of each set: how they come, where they go, and how `-j` calls
 * and shows them. One table for the decoder, the JSON writer, the JSON reader
 * and the documentation, so that they cannot differ.
 */
#ifndef _READER_FIELDS_H
#define _READER_FIELDS_H

#include "record.h"

/** enum field_kind - how an attribute comes in a message */
enum field_kind {
	FIELD_NONE,	/* not a value of this set: a nest, or unknown */
	FIELD_U32,	/* or __be32 */
	FIELD_S32,
	FIELD_U64,
	FIELD_S64,
	FIELD_PORT,	/* __be16 there, __u16 here */
	FIELD_IPV6,
	FIELD_FLAG,
	FIELD_COMM,	/* char[COMM_LEN] */
	FIELD_NAME,	/* char[NAME_LEN] */
	FIELD_BUCKETS,	/* __u64[BUCKETS_MAX] and the number of them, __u32 */
	FIELD_PORTS,	/* __be16 there, struct port_list here */
};

/** enum field_show - how it is shown in JSON */
enum field_show {
	SHOW_NUMBER,
	SHOW_COOKIE,	/* "2a": hexadecimal, as ss -e has it */
	SHOW_TIME,	/* 1700000000.000001: seconds of the wall clock */
	SHOW_NS,	/* 0.123: milliseconds, out of nanoseconds */
	SHOW_US,	/* 0.123: milliseconds, out of microseconds */
	SHOW_IPV4,
	SHOW_IPV6,
	SHOW_STRING,
	SHOW_TRUE,	/* true, or absent */
	SHOW_STATE,
	SHOW_ROLE,
	SHOW_END,
	SHOW_TW,
	SHOW_RST,
	SHOW_FIRST_FIN,
	SHOW_FLAGS,	/* a list of names */
	SHOW_ERRNO,	/* "ECONNRESET" */
	SHOW_HOOK_TYPE,
	SHOW_HOOK_STATE,
	SHOW_BUCKETS,	/* a list of numbers */
	SHOW_VERDICT,	/* of audit */
	SHOW_RULE,	/* of doctor */
	SHOW_NOT,
};

/** struct field - one attribute; the key is NULL where there is none */
struct field {
	const char	*key;
	__u16		offset;
	__u8		kind;
	__u8		show;
	const char	*unit;
	const char	*doc;
};

/** struct field_set - a set of attributes; the index is the attribute */
struct field_set {
	const char		*name;
	const struct field	*fields;
	unsigned int		n;
	size_t			size;	/* of the struct that it describes */
};

extern const struct field_set batch_fields;
extern const struct field_set record_fields;
extern const struct field_set transition_fields;
extern const struct field_set request_fields;
extern const struct field_set listener_fields;
extern const struct field_set event_filter_fields;
extern const struct field_set hook_fields;
extern const struct field_set mib_fields;
extern const struct field_set histogram_fields;

/* No attributes: lines of audit -j and doctor -j. */
extern const struct field_set verdict_fields;
extern const struct field_set finding_fields;

const char *stats_name(unsigned int attr);
bool stats_is_gauge(unsigned int attr);

#endif /* _READER_FIELDS_H */
