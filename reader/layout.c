// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layouts: the heads of the attributes of a record are compared with those of
 * the last one of its length, in chunks, without a look at what is between
 * them. If all are the same, it is known where the values are that are wanted.
 * If not, it is decoded, and its layout is learnt.
 */
#include <arpa/inet.h>
#include <string.h>

#include "decode.h"
#include "fields.h"
#include "layout.h"

#define LENGTHS		32
#define WAYS		4	/* layouts of the same length */
#define CHUNKS_MAX	64	/* a record of 1 KiB */
#define PICKS_MAX	__TCPLIFE_A_RECORD_MAX

typedef __u64 chunk_t __attribute__((vector_size(16)));

/** struct chunk - the attribute heads in 16 bytes of a record */
struct chunk {
	chunk_t	is;
	chunk_t	mask;
};

/** struct pick - a value that is wanted */
struct pick {
	__u16	at;	/* in the nest */
	__u16	to;	/* in the record */
};

/** struct picks - those of a kind */
struct picks {
	unsigned int	nr;
	struct pick	pick[PICKS_MAX];
};

/** struct odd - a value that is not just copied */
struct odd {
	const struct field	*field;
	__u16			at;	/* in the nest */
	__u16			len;	/* of the value */
	bool			name;	/* with COMM_LEN bytes of the nest to copy */
};

/**
 * struct layout - of records that are @len bytes long
 * @len: 0: there is none
 * @nr_chunks: of @chunks, of which the last one is at the end of the record
 * @nr_odds: of @odds
 * @has: what the record is known to have
 * @chunks: the heads of all attributes
 * @u64s: the wanted values of eight bytes
 * @u32s: of four
 * @odds: the others
 */
struct layout {
	__u16		len;
	__u16		nr_chunks;
	__u16		nr_odds;
	__u64		has[ATTR_WORDS];
	struct chunk	chunks[CHUNKS_MAX];
	struct picks	u64s;
	struct picks	u32s;
	struct odd	odds[PICKS_MAX];
};

static struct layout layouts[LENGTHS][WAYS];
static __u64 wanted[ATTR_WORDS] = { ~0ULL, ~0ULL };

/**
 * layout_want - which attributes layout_record() is to take
 * @want: bitmap of them
 *
 * To be called before the first record.
 */
void layout_want(const __u64 *want)
{
	memcpy(wanted, want, sizeof(wanted));
}

static inline chunk_t differs(const struct chunk *c, const char *at)
{
	chunk_t is;

	memcpy(&is, at, sizeof(is));
	return (is ^ c->is) & c->mask;
}

static inline bool layout_fits(const struct layout *l, const char *nest)
{
	const struct chunk *c = l->chunks, *last = c + l->nr_chunks - 1;
	chunk_t other = differs(last, nest + l->len - sizeof(chunk_t));

#pragma GCC unroll 8
	for (; c < last; c++, nest += sizeof(chunk_t))
		other |= differs(c, nest);
	return !(other[0] | other[1]);
}

/* What is behind a name is copied, too: a fixed size is cheap. */
static inline void take_odd(const struct odd *odd, const char *value,
			    struct record *rec)
{
	char *to = (char *)rec + odd->field->offset;

	if (odd->name) {
		memcpy(to, value, COMM_LEN);
		to[odd->len] = 0;
	} else if (odd->field->kind == FIELD_PORT) {
		*(__u16 *)to = ntohs(*(const __be16 *)value);
	} else {
		decode_field(odd->field, rec, value, odd->len);
	}
}

static inline void layout_take(const struct layout *l, const char *nest,
			       struct record *rec)
{
	const struct pick *p, *end;
	const struct odd *odd;

	memcpy(rec->has, l->has, sizeof(rec->has));
#pragma GCC unroll 4
	for (p = l->u64s.pick, end = p + l->u64s.nr; p < end; p++)
		memcpy((char *)rec + p->to, nest + p->at, sizeof(__u64));
#pragma GCC unroll 4
	for (p = l->u32s.pick, end = p + l->u32s.nr; p < end; p++)
		memcpy((char *)rec + p->to, nest + p->at, sizeof(__u32));
	for (odd = l->odds; odd < l->odds + l->nr_odds; odd++)
		take_odd(odd, nest + odd->at, rec);
}

/* -- learning -- */

/* Heads are at multiples of four, so that each is in one chunk. */
static void add_head(struct layout *l, const struct nlattr *nla, size_t at)
{
	unsigned int i = at / sizeof(chunk_t);

	if (i < l->nr_chunks - 1U) {
		at -= i * sizeof(chunk_t);
	} else {
		i = l->nr_chunks - 1;
		at -= l->len - sizeof(chunk_t);
	}
	memcpy((char *)&l->chunks[i].is + at, nla, sizeof(*nla));
	memset((char *)&l->chunks[i].mask + at, 0xff, sizeof(*nla));
}

static void add_odd(struct layout *l, const struct field *f, size_t at,
		    size_t len)
{
	l->odds[l->nr_odds++] = (struct odd){
		.field = f, .at = at, .len = len,
		.name = f->kind == FIELD_COMM && len < COMM_LEN &&
			at + COMM_LEN <= l->len,
	};
}

/* Of a length that is right, for it was decoded. */
static void add_pick(struct layout *l, const struct nlattr *nla, size_t at)
{
	const struct field *f = &record_fields.fields[nla->nla_type];
	const struct pick pick = { .at = at + NLA_HDRLEN, .to = f->offset };

	if (f->kind == FIELD_U64)
		l->u64s.pick[l->u64s.nr++] = pick;
	else if (f->kind == FIELD_U32)
		l->u32s.pick[l->u32s.nr++] = pick;
	else
		add_odd(l, f, pick.at, nla->nla_len - NLA_HDRLEN);
}

/* Whether there can be one: the rest of the record is decoded each time. Two
 * attributes of the same type, of which one may be broken, have no layout.
 */
static bool learn_attrs(struct layout *l, const char *nest,
			const struct record *rec)
{
	__u64 seen[ATTR_WORDS] = { };
	const struct nlattr *nla;
	size_t at;

	for (at = NLA_HDRLEN; at + NLA_HDRLEN <= l->len;
	     at += NLA_ALIGN(nla->nla_len)) {
		nla = (const void *)(nest + at);
		if (nla->nla_type >= record_fields.n ||
		    attr_has(seen, nla->nla_type))
			return false;
		attr_set(seen, nla->nla_type);
		add_head(l, nla, at);
		if (attr_has(rec->has, nla->nla_type) &&
		    attr_has(wanted, nla->nla_type))
			add_pick(l, nla, at);
	}
	return true;
}

/* One that was decoded without a complaint: each attribute is within it. */
static void layout_learn(struct layout *l, const struct nlattr *nest,
			 const struct record *rec)
{
	unsigned int len = nest->nla_len, i;

	l->len = 0;
	if (len < sizeof(chunk_t) || len > sizeof(chunk_t) * CHUNKS_MAX ||
	    len % NLA_ALIGNTO)
		return;
	l->len = len;
	l->nr_chunks = (len - 1) / sizeof(chunk_t) + 1;
	memset(l->chunks, 0, l->nr_chunks * sizeof(*l->chunks));
	l->u64s.nr = 0;
	l->u32s.nr = 0;
	l->nr_odds = 0;
	for (i = 0; i < ATTR_WORDS; i++)
		l->has[i] = rec->has[i] & wanted[i];
	if (!learn_attrs(l, (const char *)nest, rec))
		l->len = 0;
}

static bool decode_and_learn(struct layout *set, const struct nlattr *nest,
			     struct record *rec)
{
	static unsigned int turn;

	if (!decode_record(nest, rec))
		return false;
	layout_learn(&set[turn++ % WAYS], nest, rec);
	return true;
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
	struct layout *set = layouts[nest->nla_len / NLA_ALIGNTO % LENGTHS];
	const struct layout *l;

	for (l = set; l < set + WAYS; l++) {
		if (l->len != nest->nla_len ||
		    !layout_fits(l, (const char *)nest))
			continue;
		layout_take(l, (const char *)nest, rec);
		return true;
	}
	return decode_and_learn(set, nest, rec);
}
