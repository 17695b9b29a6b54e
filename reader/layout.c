// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layouts: a record is compared, attribute head by attribute head, with the
 * last one of its length. If all are the same, it is known where the values
 * are that are wanted. If not, it is decoded, and its layout is learnt.
 */
#include <arpa/inet.h>
#include <string.h>

#include "decode.h"
#include "fields.h"
#include "layout.h"

#define LAYOUTS		64
#define HEADS_MAX	96
#define PICKS_MAX	96

/** struct head - the first four bytes of an attribute, and where it is */
struct head {
	__u32	is;
	__u32	at;
};

/** struct pick - a value that is wanted */
struct pick {
	__u16	attr;
	__u16	kind;
	__u16	at;	/* in the nest */
	__u16	to;	/* in the record */
};

/**
 * struct layout - of records that are @len bytes long
 * @len: 0: there is none
 * @nr_heads: of @heads
 * @nr_picks: of @picks
 * @has: what the record is known to have
 * @heads: all attributes
 * @picks: the wanted ones
 */
struct layout {
	__u16		len;
	__u16		nr_heads;
	__u16		nr_picks;
	__u64		has[ATTR_WORDS];
	struct head	heads[HEADS_MAX];
	struct pick	picks[PICKS_MAX];
};

static struct layout layouts[LAYOUTS];
static __u64 wanted[ATTR_WORDS] = { ~0ULL, ~0ULL };

/**
 * layout_want - which attributes layout_record() is to take
 * @want: bitmap of them
 */
void layout_want(const __u64 *want)
{
	memcpy(wanted, want, sizeof(wanted));
	memset(layouts, 0, sizeof(layouts));
}

static bool layout_fits(const struct layout *l, const char *nest)
{
	const struct head *head = l->heads, *end = head + l->nr_heads;
	__u32 is;

#pragma GCC unroll 4
	for (; head < end; head++) {
		memcpy(&is, nest + head->at, sizeof(is));
		if (is != head->is)
			return false;
	}
	return true;
}

static void layout_take(const struct layout *l, const char *nest,
			struct record *rec)
{
	const struct pick *pick = l->picks, *end = pick + l->nr_picks;
	const struct nlattr *nla;
	char *to;

	memcpy(rec->has, l->has, sizeof(rec->has));
	for (; pick < end; pick++) {
		nla = (const void *)(nest + pick->at);
		to = (char *)rec + pick->to;
		if (pick->kind == FIELD_U64)
			memcpy(to, nla + 1, sizeof(__u64));
		else if (pick->kind == FIELD_U32)
			memcpy(to, nla + 1, sizeof(__u32));
		else if (pick->kind == FIELD_PORT)
			*(__u16 *)to = ntohs(*(const __be16 *)(nla + 1));
		else
			decode_field(&record_fields.fields[pick->attr], rec,
				     (const char *)(nla + 1),
				     nla->nla_len - NLA_HDRLEN);
	}
}

static bool layout_add(struct layout *l, const struct nlattr *nla, size_t at,
		       const __u64 *has)
{
	unsigned int type = nla->nla_type & NLA_TYPE_MASK;
	const struct field *f = &record_fields.fields[type];

	if (l->nr_heads == HEADS_MAX || l->nr_picks == PICKS_MAX)
		return false;
	l->heads[l->nr_heads].at = at;
	memcpy(&l->heads[l->nr_heads++].is, nla, sizeof(__u32));
	if (type < record_fields.n && attr_has(has, type) &&
	    attr_has(wanted, type))
		l->picks[l->nr_picks++] = (struct pick){
			.attr = type, .kind = f->kind, .at = at,
			.to = f->offset,
		};
	return true;
}

/* One that was decoded without a complaint: each attribute is within it. Two
 * of the same type, of which one may be broken, have no layout.
 */
static void layout_learn(struct layout *l, const struct nlattr *nest,
			 const struct record *rec)
{
	const char *start = (const char *)nest;
	size_t at = NLA_HDRLEN, len = nest->nla_len;
	__u64 seen[ATTR_WORDS] = { };
	const struct nlattr *nla;
	unsigned int type, i;

	memset(l, 0, sizeof(*l));
	for (; at + NLA_HDRLEN <= len; at += NLA_ALIGN(nla->nla_len)) {
		nla = (const void *)(start + at);
		type = nla->nla_type & NLA_TYPE_MASK;
		if (type >= record_fields.n || attr_has(seen, type) ||
		    !layout_add(l, nla, at, rec->has))
			return;
		attr_set(seen, type);
	}
	for (i = 0; i < ATTR_WORDS; i++)
		l->has[i] = rec->has[i] & wanted[i];
	l->len = len;
}

/**
 * layout_record - decode_record(), for many that are alike
 * @nest: the record
 * @rec: what was wanted of it; the members of the rest are not set
 *
 * Return: as decode_record().
 */
bool layout_record(const struct nlattr *nest, struct record *rec)
{
	struct layout *l = &layouts[nest->nla_len / NLA_ALIGNTO % LAYOUTS];

	if (l->len == nest->nla_len && layout_fits(l, (const char *)nest)) {
		layout_take(l, (const char *)nest, rec);
		return true;
	}
	if (!decode_record(nest, rec))
		return false;
	layout_learn(l, nest, rec);
	return true;
}
