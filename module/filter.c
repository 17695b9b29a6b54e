// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filter: which records and listeners a dump shows.
 */
#include <net/ipv6.h>
#include <net/netlink.h>

#include "filter.h"

#define GIVEN(name)	BIT(TCPLIFE_A_FILTER_##name)
#define GIVEN_LOCAL	(GIVEN(LOCAL_IPV4) | GIVEN(LOCAL_IPV6))
#define GIVEN_REMOTE	(GIVEN(REMOTE_IPV4) | GIVEN(REMOTE_IPV6))

static void filter_take(struct tcplife_filter *f, const struct nlattr *a)
{
	switch (nla_type(a)) {
	case TCPLIFE_A_FILTER_NETNS:
		f->netns = nla_get_u32(a);
		break;
	case TCPLIFE_A_FILTER_COOKIE:
		f->cookie = nla_get_u64(a);
		break;
	case TCPLIFE_A_FILTER_LOCAL_IPV4:
		ipv6_addr_set_v4mapped(nla_get_be32(a), &f->laddr);
		break;
	case TCPLIFE_A_FILTER_LOCAL_IPV6:
		f->laddr = nla_get_in6_addr(a);
		break;
	case TCPLIFE_A_FILTER_REMOTE_IPV4:
		ipv6_addr_set_v4mapped(nla_get_be32(a), &f->raddr);
		break;
	case TCPLIFE_A_FILTER_REMOTE_IPV6:
		f->raddr = nla_get_in6_addr(a);
		break;
	case TCPLIFE_A_FILTER_LOCAL_PORT:
		f->lport = nla_get_be16(a);
		break;
	case TCPLIFE_A_FILTER_REMOTE_PORT:
		f->rport = nla_get_be16(a);
		break;
	case TCPLIFE_A_FILTER_PORT:
		f->port = nla_get_be16(a);
		break;
	case TCPLIFE_A_FILTER_STATES:
		f->states = nla_get_u32(a);
		break;
	case TCPLIFE_A_FILTER_ROLES:
		f->roles = nla_get_u32(a);
		break;
	case TCPLIFE_A_FILTER_ENDS:
		f->ends = nla_get_u32(a);
		break;
	case TCPLIFE_A_FILTER_OLDER_THAN:
		f->older = nla_get_u64(a);
		break;
	}
}

/**
 * tcplife_filter_parse - take a filter from a request
 * @filter: filled
 * @nest: TCPLIFE_A_FILTER, validated, or NULL for everything
 * @allowed: mask of the TCPLIFE_A_FILTER_* that make sense here
 * @extack: where a refusal is put into words
 *
 * Return: 0 or -EINVAL.
 */
int tcplife_filter_parse(struct tcplife_filter *filter,
			 const struct nlattr *nest, u32 allowed,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *a;
	int rem;

	memset(filter, 0, sizeof(*filter));
	if (!nest)
		return 0;
	nla_for_each_nested(a, nest, rem) {
		u32 bit = BIT(nla_type(a));

		if (!(allowed & bit)) {
			NL_SET_ERR_MSG_ATTR(extack, a,
					    "nothing here has that to be filtered by");
			return -EINVAL;
		}
		if (filter->given & bit) {
			NL_SET_ERR_MSG_ATTR(extack, a,
					    "given twice: one value of each");
			return -EINVAL;
		}
		filter->given |= bit;
		filter_take(filter, a);
	}
	if (filter->given & GIVEN(NETNS) && !filter->netns) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "no network namespace has the number 0");
		return -EINVAL;
	}
	if ((filter->given & GIVEN_LOCAL) == GIVEN_LOCAL ||
	    (filter->given & GIVEN_REMOTE) == GIVEN_REMOTE) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "an address is IPv4 or IPv6, not both");
		return -EINVAL;
	}
	return 0;
}

/* What records and listeners have in common. */
static bool filter_local(const struct tcplife_filter *f, u32 netns, u64 cookie,
			 const struct in6_addr *laddr, __be16 lport)
{
	u32 given = f->given;

	return !(given & GIVEN(NETNS) && f->netns != netns) &&
	       !(given & GIVEN(COOKIE) && f->cookie != cookie) &&
	       !(given & GIVEN_LOCAL && !ipv6_addr_equal(&f->laddr, laddr)) &&
	       !(given & GIVEN(LOCAL_PORT) && f->lport != lport);
}

static bool filter_remote(const struct tcplife_filter *f,
			  const struct tcplife_record *rec)
{
	u32 given = f->given;

	return !(given & GIVEN_REMOTE &&
		 !ipv6_addr_equal(&f->raddr, &rec->raddr)) &&
	       !(given & GIVEN(REMOTE_PORT) && f->rport != rec->rport) &&
	       !(given & GIVEN(PORT) && f->port != rec->lport &&
		 f->port != rec->rport);
}

/**
 * tcplife_filter_record - is a record wanted
 * @filter: the filter
 * @rec: a copy of the record
 * @now: the time
 */
bool tcplife_filter_record(const struct tcplife_filter *filter,
			   const struct tcplife_record *rec, u64 now)
{
	const struct tcplife_filter *f = filter;
	u32 given = f->given;

	if (!given)
		return true;
	return filter_local(f, rec->netns, rec->cookie, &rec->laddr,
			    rec->lport) &&
	       filter_remote(f, rec) &&
	       !(given & GIVEN(STATES) && !(f->states & BIT(rec->state))) &&
	       !(given & GIVEN(ROLES) && !(f->roles & BIT(rec->role))) &&
	       !(given & GIVEN(ENDS) && !(f->ends & BIT(rec->end))) &&
	       !(given & GIVEN(OLDER_THAN) &&
		 (rec->ended ?: now) - rec->entered < f->older);
}

/**
 * tcplife_filter_listener - is a listener wanted
 * @filter: the filter
 * @l: a copy of the listener
 */
bool tcplife_filter_listener(const struct tcplife_filter *filter,
			     const struct tcplife_listener *l)
{
	return filter_local(filter, l->netns, l->cookie, &l->laddr, l->lport);
}
