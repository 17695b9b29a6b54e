// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy: which attributes a request may have. Written by the spec,
 * Documentation/netlink/specs/tcplife.yaml: ynl's tables want struct
 * genl_split_ops, which 6.1 does not have.
 */
#include <net/genetlink.h>

#include "netlink.h"

#define STATES_MASK	(BIT(__TCPLIFE_STATE_MAX) - BIT(TCPLIFE_STATE_ESTABLISHED))
#define ROLES_MASK	(BIT(__TCPLIFE_ROLE_MAX) - 1)
#define ENDS_MASK	(BIT(__TCPLIFE_END_MAX) - 1)

static const struct nla_policy filter_policy[TCPLIFE_A_FILTER_MAX + 1] = {
	[TCPLIFE_A_FILTER_NETNS]	= { .type = NLA_U32 },
	[TCPLIFE_A_FILTER_COOKIE]	= { .type = NLA_U64 },
	[TCPLIFE_A_FILTER_LOCAL_IPV4]	= { .type = NLA_BE32 },
	[TCPLIFE_A_FILTER_LOCAL_IPV6]	= NLA_POLICY_EXACT_LEN(16),
	[TCPLIFE_A_FILTER_REMOTE_IPV4]	= { .type = NLA_BE32 },
	[TCPLIFE_A_FILTER_REMOTE_IPV6]	= NLA_POLICY_EXACT_LEN(16),
	[TCPLIFE_A_FILTER_LOCAL_PORT]	= { .type = NLA_BE16 },
	[TCPLIFE_A_FILTER_REMOTE_PORT]	= { .type = NLA_BE16 },
	[TCPLIFE_A_FILTER_PORT]		= { .type = NLA_BE16 },
	[TCPLIFE_A_FILTER_STATES]	= NLA_POLICY_MASK(NLA_U32, STATES_MASK),
	[TCPLIFE_A_FILTER_ROLES]	= NLA_POLICY_MASK(NLA_U32, ROLES_MASK),
	[TCPLIFE_A_FILTER_ENDS]		= NLA_POLICY_MASK(NLA_U32, ENDS_MASK),
	[TCPLIFE_A_FILTER_OLDER_THAN]	= { .type = NLA_U64 },
};

static const struct nla_policy
event_filter_policy[TCPLIFE_A_EVENT_FILTER_MAX + 1] = {
	[TCPLIFE_A_EVENT_FILTER_NETNS]	= { .type = NLA_U32 },
	[TCPLIFE_A_EVENT_FILTER_FAMILY]	=
		NLA_POLICY_MAX(NLA_U32, TCPLIFE_FAMILY_MAX),
	[TCPLIFE_A_EVENT_FILTER_LOCAL_PORT]	= { .type = NLA_BE16 },
	[TCPLIFE_A_EVENT_FILTER_REMOTE_PORT]	= { .type = NLA_BE16 },
	[TCPLIFE_A_EVENT_FILTER_ROLES]	=
		NLA_POLICY_MASK(NLA_U32, ROLES_MASK),
	[TCPLIFE_A_EVENT_FILTER_FAILURES]	= { .type = NLA_FLAG },
	[TCPLIFE_A_EVENT_FILTER_SAMPLE]	= { .type = NLA_U32 },
};

/* All are as long as the set: a request with another attribute of it is
 * refused with that attribute named, not as one out of range.
 */
const struct nla_policy tcplife_no_policy[TCPLIFE_A_MAX + 1] = {
};

const struct nla_policy tcplife_filter_policy[TCPLIFE_A_MAX + 1] = {
	[TCPLIFE_A_FILTER]	= NLA_POLICY_NESTED(filter_policy),
};

const struct nla_policy tcplife_record_policy[TCPLIFE_A_MAX + 1] = {
	[TCPLIFE_A_COOKIE]	= { .type = NLA_U64 },
	[TCPLIFE_A_GENERATION]	= { .type = NLA_U32 },
};

const struct nla_policy tcplife_event_filter_policy[TCPLIFE_A_MAX + 1] = {
	[TCPLIFE_A_EVENT_FILTER] = NLA_POLICY_NESTED(event_filter_policy),
};
