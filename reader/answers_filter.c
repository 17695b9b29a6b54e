// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filter: of a dump what was asked for, as the module would have left it.
 */
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "answers.h"
#include "decode.h"

/* What is asked for, and what is looked at: each as the attribute has it. */
struct object {
	__u32	netns;
	__u64	cookie;
	__be32	local_ipv4;
	__be32	remote_ipv4;
	const __u8 *local_ipv6;
	const __u8 *remote_ipv6;
	__u16	local_port;
	__u16	remote_port;
	__u32	state;
	__u32	role;
	__u32	end;
	__u64	entered;
};

static struct object of_record(const struct record *r)
{
	return (struct object){
		.netns = r->netns, .cookie = r->cookie,
		.local_ipv4 = r->local_ipv4, .remote_ipv4 = r->remote_ipv4,
		.local_ipv6 = r->local_ipv6, .remote_ipv6 = r->remote_ipv6,
		.local_port = r->local_port, .remote_port = r->remote_port,
		.state = r->state, .role = r->role, .end = r->end,
		.entered = r->entered,
	};
}

static struct object of_listener(const struct listener *l)
{
	return (struct object){
		.netns = l->netns, .cookie = l->cookie,
		.local_ipv4 = l->local_ipv4, .local_ipv6 = l->local_ipv6,
		.local_port = l->local_port,
		.state = TCPLIFE_STATE_LISTEN,
	};
}

static bool in_mask(const struct nlattr *attr, __u32 value)
{
	return value < 32 && mnl_attr_get_u32(attr) >> value & 1;
}

static bool same_ipv6(const struct nlattr *attr, const __u8 *address)
{
	return address && mnl_attr_get_payload_len(attr) == 16 &&
	       !memcmp(mnl_attr_get_payload(attr), address, 16);
}

static bool fits(const struct nlattr *attr, const struct object *o, __u64 now)
{
	switch (mnl_attr_get_type(attr)) {
	case TCPLIFE_A_FILTER_NETNS:
		return mnl_attr_get_u32(attr) == o->netns;
	case TCPLIFE_A_FILTER_COOKIE:
		return mnl_attr_get_u64(attr) == o->cookie;
	case TCPLIFE_A_FILTER_LOCAL_IPV4:
		return mnl_attr_get_u32(attr) == o->local_ipv4;
	case TCPLIFE_A_FILTER_LOCAL_IPV6:
		return same_ipv6(attr, o->local_ipv6);
	case TCPLIFE_A_FILTER_REMOTE_IPV4:
		return mnl_attr_get_u32(attr) == o->remote_ipv4;
	case TCPLIFE_A_FILTER_REMOTE_IPV6:
		return same_ipv6(attr, o->remote_ipv6);
	case TCPLIFE_A_FILTER_LOCAL_PORT:
		return ntohs(mnl_attr_get_u16(attr)) == o->local_port;
	case TCPLIFE_A_FILTER_REMOTE_PORT:
		return ntohs(mnl_attr_get_u16(attr)) == o->remote_port;
	case TCPLIFE_A_FILTER_STATES:
		return in_mask(attr, o->state);
	case TCPLIFE_A_FILTER_ROLES:
		return in_mask(attr, o->role);
	case TCPLIFE_A_FILTER_ENDS:
		return in_mask(attr, o->end);
	case TCPLIFE_A_FILTER_OLDER_THAN:
		return o->entered && now > o->entered &&
		       now - o->entered > mnl_attr_get_u64(attr);
	}
	return true;
}

static bool is_wanted(const struct nlattr *filter, const struct nlattr *nest,
		      __u64 now)
{
	const struct nlattr *attr;
	struct listener l;
	struct record rec;
	struct object o;

	if (mnl_attr_get_type(nest) == TCPLIFE_A_LISTENER) {
		decode_listener(nest, &l);
		o = of_listener(&l);
	} else {
		decode_record(nest, &rec);
		o = of_record(&rec);
	}
	mnl_attr_for_each_nested(attr, filter)
		if (!fits(attr, &o, now))
			return false;
	return true;
}

static const struct nlattr *filter_of(const struct nlmsghdr *request)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == TCPLIFE_A_FILTER &&
		    mnl_attr_get_payload_len(attr))
			return attr;
	return NULL;
}

static bool is_object(const struct nlattr *attr)
{
	__u16 type = mnl_attr_get_type(attr);

	return type == TCPLIFE_A_RECORD || type == TCPLIFE_A_COMPACT ||
	       type == TCPLIFE_A_LISTENER;
}

/**
 * answers_filter - leave out what does not fit
 * @request: that has the filter
 * @nlh: a message of the answer to one without
 * @to: where the message goes
 * @room: bytes there
 *
 * Return: whether there is another message there; if not, @nlh is it.
 */
bool answers_filter(const struct nlmsghdr *request, const struct nlmsghdr *nlh,
		    char *to, size_t room)
{
	const struct nlattr *filter = filter_of(request), *attr;
	struct nlmsghdr *part = (void *)to;
	size_t len = NLMSG_HDRLEN + GENL_HDRLEN;
	struct batch b;

	if (!(request->nlmsg_flags & NLM_F_DUMP) || !filter ||
	    nlh->nlmsg_len > room || decode_batch(nlh, &b))
		return false;
	memcpy(to, nlh, len);
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (is_object(attr) && !is_wanted(filter, attr, b.now))
			continue;
		memcpy(to + len, attr, attr->nla_len);
		len += NLA_ALIGN(attr->nla_len);
	}
	part->nlmsg_len = len < room ? len : room;
	return true;
}
