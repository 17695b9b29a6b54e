// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decode: attributes into structs, as the tables of fields.h say.
 *
 * Sixty attributes are in a record and a busy host ends thousands of them a
 * second, so this walks the bytes itself. What is unknown, or does not have
 * the length that it must have, is skipped: a later module may send it. A
 * length that leads out of the message ends the walk.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <stdint.h>
#include <string.h>

#include "decode.h"
#include "fields.h"

/* Where the walk is: the attribute at @pos, of @left bytes to the end. */
struct walk {
	const char	*pos;
	size_t		left;
};

static const struct nlattr *walk_attr(const struct walk *w)
{
	const struct nlattr *nla = (const void *)w->pos;

	if (w->left < NLA_HDRLEN || nla->nla_len < NLA_HDRLEN ||
	    nla->nla_len > w->left)
		return NULL;
	return nla;
}

/* The last attribute need not be padded. */
static void walk_next(struct walk *w, const struct nlattr *nla)
{
	size_t step = NLA_ALIGN(nla->nla_len);

	if (step > w->left)
		step = w->left;
	w->pos += step;
	w->left -= step;
}

static unsigned int attr_type(const struct nlattr *nla)
{
	return nla->nla_type & NLA_TYPE_MASK;
}

static bool take(void *to, const char *data, size_t len, size_t want)
{
	if (len != want)
		return false;
	memcpy(to, data, want);
	return true;
}

static bool take_port(void *to, const char *data, size_t len)
{
	__u16 port;

	if (!take(&port, data, len, sizeof(port)))
		return false;
	port = ntohs(port);
	memcpy(to, &port, sizeof(port));
	return true;
}

/* One more port, behind those that came. */
static bool take_listed(struct port_list *to, const char *data, size_t len)
{
	if (to->n >= FILTER_PORTS || !take_port(&to->port[to->n], data, len))
		return false;
	to->n++;
	return true;
}

/* It may come with its NUL or without, and too long. */
static bool take_string(char *to, const char *data, size_t len, size_t size)
{
	size_t n = strnlen(data, len < size - 1 ? len : size - 1);

	memcpy(to, data, n);
	to[n] = 0;
	return true;
}

/* One more bucket, behind those that came. */
static bool take_bucket(char *to, const char *data, size_t len)
{
	char *at = to + sizeof(__u64) * BUCKETS_MAX;
	__u32 n;

	memcpy(&n, at, sizeof(n));
	if (n >= BUCKETS_MAX ||
	    !take(to + n * sizeof(__u64), data, len, sizeof(__u64)))
		return false;
	n++;
	memcpy(at, &n, sizeof(n));
	return true;
}

static bool take_flag(void *to)
{
	*(bool *)to = true;
	return true;
}

static bool take_other(__u8 kind, char *to, const char *data, size_t len)
{
	switch (kind) {
	case FIELD_S32:
		return take(to, data, len, 4);
	case FIELD_S64:
		return take(to, data, len, 8);
	case FIELD_PORT:
		return take_port(to, data, len);
	case FIELD_IPV6:
		return take(to, data, len, 16);
	case FIELD_FLAG:
		return take_flag(to);
	case FIELD_COMM:
		return take_string(to, data, len, COMM_LEN);
	case FIELD_NAME:
		return take_string(to, data, len, NAME_LEN);
	case FIELD_BUCKETS:
		return take_bucket(to, data, len);
	case FIELD_PORTS:
		return take_listed((struct port_list *)to, data, len);
	}
	return false;
}

/**
 * decode_field - one attribute, into its member
 * @f: what it is
 * @obj: the struct
 * @data: the value
 * @len: its length
 *
 * Most are four or eight bytes, of the length that they must have.
 *
 * Return: whether it was one.
 */
inline bool decode_field(const struct field *f, void *obj, const char *data,
			 size_t len)
{
	char *to = (char *)obj + f->offset;

	if (f->kind == FIELD_U32 && len == sizeof(__u32)) {
		memcpy(to, data, sizeof(__u32));
		return true;
	}
	if (f->kind == FIELD_U64 && len == sizeof(__u64)) {
		memcpy(to, data, sizeof(__u64));
		return true;
	}
	return take_other(f->kind, to, data, len);
}

/* Each attribute goes through here, so it is not done by walk_attr() and
 * walk_next(), which take twice as long.
 */
static inline bool decode_set(struct walk w, const struct field_set *set,
			      void *obj)
{
	const char *at = w.pos, *end = at + w.left;
	const struct field *fields = set->fields;
	const unsigned int n = set->n;
	const struct nlattr *nla;
	unsigned int len, type;
	__u64 *has = obj;

	while (end - at >= NLA_HDRLEN) {
		nla = (const void *)at;
		len = nla->nla_len;
		type = attr_type(nla);
		if (len < NLA_HDRLEN || len > end - at)
			return false;
		if (type < n && fields[type].kind != FIELD_NONE &&
		    decode_field(&fields[type], obj, at + NLA_HDRLEN,
				 len - NLA_HDRLEN))
			attr_set(has, type);
		at += NLA_ALIGN(len);
	}
	return at >= end;
}

static struct walk walk_nest(const struct nlattr *nest)
{
	return (struct walk){
		.pos = (const char *)nest + NLA_HDRLEN,
		.left = nest->nla_len - NLA_HDRLEN,
	};
}

static bool decode_nest(const struct nlattr *nest, const struct field_set *set,
			void *obj)
{
	memset(obj, 0, set->size);
	return decode_set(walk_nest(nest), set, obj);
}

/**
 * decode_batch - the head of a message
 * @nlh: the message; all of its nlmsg_len bytes are there
 * @b: what is in it, of which the nests are for decode_next()
 *
 * Return: 0, or -EBADMSG if it is broken or too short.
 */
int decode_batch(const struct nlmsghdr *nlh, struct batch *b)
{
	const struct genlmsghdr *genl = (const void *)((const char *)nlh +
						       NLMSG_HDRLEN);
	struct walk w;

	memset(b, 0, sizeof(*b));
	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return -EBADMSG;
	b->cmd = genl->cmd;
	b->attrs = (const char *)genl + GENL_HDRLEN;
	b->len = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	w = (struct walk){ .pos = b->attrs, .left = b->len };
	return decode_set(w, &batch_fields, b) ? 0 : -EBADMSG;
}

/**
 * decode_next - the next nest of a type
 * @b: from decode_batch()
 * @last: the one before, NULL for the first
 * @type: the attribute
 *
 * Return: the nest, or NULL when there is no other.
 */
const struct nlattr *decode_next(const struct batch *b,
				 const struct nlattr *last, unsigned int type)
{
	const char *at = b->attrs, *end = at + b->len;
	const struct nlattr *nla;

	if (last)
		at = (const char *)last + NLA_ALIGN(last->nla_len);
	for (; end - at >= NLA_HDRLEN; at += NLA_ALIGN(nla->nla_len)) {
		nla = (const void *)at;
		if (nla->nla_len < NLA_HDRLEN || nla->nla_len > end - at)
			break;
		if (attr_type(nla) == type)
			return nla;
	}
	return NULL;
}

/**
 * decode_next_record - the next record
 * @b: from decode_batch()
 * @last: the one before, NULL for the first
 *
 * A dump has attributes and an event may have the compact form: not both.
 */
const struct nlattr *decode_next_record(const struct batch *b,
					const struct nlattr *last)
{
	const struct nlattr *nest = decode_next(b, last, TCPLIFE_A_RECORD);

	return nest ? nest : decode_next(b, last, TCPLIFE_A_COMPACT);
}

static size_t field_size(const struct field *f)
{
	switch (f->kind) {
	case FIELD_FLAG:
		return 1;
	case FIELD_PORT:
		return 2;
	case FIELD_U64:
		return 8;
	case FIELD_IPV6:
	case FIELD_COMM:
		return 16;
	}
	return 4;
}

/* Of an older module: what is behind the end of its record is not known. */
static void forget_behind(struct record *rec, size_t len)
{
	const struct field *f = record_fields.fields;
	unsigned int i;

	for (i = 0; i < record_fields.n; i++)
		if (f[i].offset + field_size(&f[i]) > len)
			attr_clear(rec->has, i);
}

/* One that is longer is of a later module. */
static bool decode_compact(const struct nlattr *attr, struct record *rec)
{
	const char *data = (const char *)attr + NLA_HDRLEN;
	size_t len = attr->nla_len - NLA_HDRLEN;

	if (len >= sizeof(*rec)) {
		memcpy(rec, data, sizeof(*rec));
	} else {
		memset(rec, 0, sizeof(*rec));
		if (len < sizeof(rec->has))
			return false;
		memcpy(rec, data, len);
		forget_behind(rec, len);
	}
	rec->comm[COMM_LEN - 1] = 0;
	rec->closer_comm[COMM_LEN - 1] = 0;
	return true;
}

/** decode_record - attributes of set record, or the compact form */
bool decode_record(const struct nlattr *attr, struct record *rec)
{
	return attr_type(attr) == TCPLIFE_A_COMPACT ?
	       decode_compact(attr, rec) :
	       decode_nest(attr, &record_fields, rec);
}

/** decode_transition - attributes of set transition */
bool decode_transition(const struct nlattr *nest, struct transition *t)
{
	return decode_nest(nest, &transition_fields, t);
}

/** decode_request - attributes of set request */
bool decode_request(const struct nlattr *nest, struct request *req)
{
	return decode_nest(nest, &request_fields, req);
}

/** decode_listener - attributes of set listener */
bool decode_listener(const struct nlattr *nest, struct listener *l)
{
	return decode_nest(nest, &listener_fields, l);
}

/** decode_event_filter - attributes of set event-filter */
bool decode_event_filter(const struct nlattr *nest, struct event_filter *f)
{
	return decode_nest(nest, &event_filter_fields, f);
}

/** decode_hook - attributes of set hook */
bool decode_hook(const struct nlattr *nest, struct hook *hook)
{
	return decode_nest(nest, &hook_fields, hook);
}

/** decode_mib - attributes of set mib */
bool decode_mib(const struct nlattr *nest, struct mib_entry *mib)
{
	return decode_nest(nest, &mib_fields, mib);
}

/** decode_histogram - attributes of set histogram */
bool decode_histogram(const struct nlattr *nest, struct histogram *h)
{
	return decode_nest(nest, &histogram_fields, h);
}

/** decode_stats - attributes of set stats: they are all alike */
bool decode_stats(const struct nlattr *nest, struct stats *stats)
{
	struct walk w = walk_nest(nest);
	const struct nlattr *nla;
	unsigned int type;

	memset(stats, 0, sizeof(*stats));
	while ((nla = walk_attr(&w))) {
		type = attr_type(nla);
		if (type <= TCPLIFE_A_STATS_MAX &&
		    take(&stats->value[type], w.pos + NLA_HDRLEN,
			 nla->nla_len - NLA_HDRLEN, sizeof(__u64)))
			attr_set(stats->has, type);
		walk_next(&w, nla);
	}
	return !w.left;
}
