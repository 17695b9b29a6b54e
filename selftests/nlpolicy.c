// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlpolicy: each attribute of each request wrong in each way, one at a time.
 *
 * Usage: nlpolicy [mute-dumps]
 *
 * Prints a line for each that was not refused as it should be: with EINVAL,
 * ERANGE or EOPNOTSUPP and a text that says why; at last how many were.
 */
#define _GNU_SOURCE
#include "nl.h"

struct attr {
	const char	*name;
	uint8_t		cmd;
	uint16_t	flags;	/* of the request */
	uint16_t	nest;	/* 0: none */
	uint16_t	type;
	uint16_t	len;
	bool		multi;	/* may come twice; outside of nests the last counts */
	/* A number that is out of range, if any is. */
	uint32_t	wrong;
};

#define FILTER(sym, len, wrong)						\
	{ "filter " #sym, TCPLIFE_CMD_CONNECTION_GET, NLM_F_DUMP,	\
	  TCPLIFE_A_FILTER, TCPLIFE_A_FILTER_##sym, len, false, wrong }
#define EVENT_FILTER(sym, len, multi, wrong)				\
	{ "event-filter " #sym, TCPLIFE_CMD_EVENT_FILTER_SET, 0,	\
	  TCPLIFE_A_EVENT_FILTER, TCPLIFE_A_EVENT_FILTER_##sym, len,	\
	  multi, wrong }
#define RECORD_GET(sym, len)						\
	{ #sym, TCPLIFE_CMD_RECORD_GET, 0, 0, TCPLIFE_A_##sym, len, true, 0 }
#define ALL 0xffffffff

static const struct attr attrs[] = {
	FILTER(NETNS, 4, 0),
	FILTER(COOKIE, 8, 0),
	FILTER(LOCAL_IPV4, 4, 0),
	FILTER(LOCAL_IPV6, 16, 0),
	FILTER(REMOTE_IPV4, 4, 0),
	FILTER(REMOTE_IPV6, 16, 0),
	FILTER(LOCAL_PORT, 2, 0),
	FILTER(REMOTE_PORT, 2, 0),
	FILTER(PORT, 2, 0),
	FILTER(STATES, 4, ALL),
	FILTER(ROLES, 4, ALL),
	FILTER(ENDS, 4, ALL),
	FILTER(OLDER_THAN, 8, 0),
	EVENT_FILTER(NETNS, 4, false, 0),
	EVENT_FILTER(FAMILY, 4, false, TCPLIFE_FAMILY_MAX + 1),
	EVENT_FILTER(LOCAL_PORT, 2, true, 0),
	EVENT_FILTER(REMOTE_PORT, 2, true, 0),
	EVENT_FILTER(ROLES, 4, false, ALL),
	EVENT_FILTER(FAILURES, 0, false, 0),
	EVENT_FILTER(SAMPLE, 4, false, 0),
	RECORD_GET(COOKIE, 8),
	RECORD_GET(GENERATION, 4),
};

static struct nl nl;
static struct nlmsghdr *nlh;
static unsigned int refused, others;
/* Before 6.12 the kernel gives the start of a dump nothing to put words into:
 * __netlink_dump_start(). What the policy refuses has them.
 */
static bool mute_dumps;
static char buf[4096];

static struct nlattr *put(uint16_t type, uint16_t len, uint32_t value)
{
	struct nlattr *attr = mnl_nlmsg_get_payload_tail(nlh);
	uint32_t payload[8] = { value, value, value, value };

	mnl_attr_put(nlh, type, len, payload);
	return attr;
}

static void ask(const char *name, const char *how, bool need_text)
{
	if (mute_dumps && nlh->nlmsg_flags & NLM_F_DUMP &&
	    !strcmp(how, "twice"))
		need_text = false;
	nl_ask(&nl, nlh, NULL, NULL);
	if ((nl.err == EINVAL || nl.err == ERANGE || nl.err == EOPNOTSUPP) &&
	    (nl.extack[0] || !need_text)) {
		refused++;
		return;
	}
	others++;
	printf("%s %s: %s %s\n", name, how,
	       nl.err ? strerrorname_np(nl.err) : "ok", nl.extack);
}

static void begin(const struct attr *a)
{
	nlh = nl_request(&nl, buf, nl.family, a->cmd, a->flags);
	/* A generation alone would be refused for want of a cookie. */
	if (a->type == TCPLIFE_A_GENERATION && !a->nest)
		mnl_attr_put_u64(nlh, TCPLIFE_A_COOKIE, 1);
}

static void wrong_nest(const struct attr *a)
{
	begin(a);
	put(a->nest, 8, 0x00080001);
	ask(a->name, "nest without its flag", true);
	begin(a);
	mnl_attr_nest_end(nlh, mnl_attr_nest_start(nlh, a->nest));
	put(a->nest | NLA_F_NESTED, 3, 0);
	ask(a->name, "nest of 3 bytes", true);
}

/* One way of being wrong; false if this attribute cannot be. */
static bool spoil(const struct attr *a, unsigned int way, const char **how)
{
	struct nlattr *attr;

	switch (way) {
	case 0:
		*how = "empty";
		put(a->type, 0, 0);
		return a->len;
	case 1:
		*how = "a byte short";
		if (a->len)
			put(a->type, a->len - 1, 1);
		return a->len;
	case 2:
		*how = "a byte long";
		put(a->type, a->len + 1, 1);
		return true;
	case 3:
		*how = "longer than the message";
		attr = put(a->type, a->len, 1);
		attr->nla_len += 4;
		return true;
	case 4:
		*how = "shorter than its header";
		attr = put(a->type, a->len, 1);
		attr->nla_len = 3;
		return true;
	case 5:
		*how = "marked as a nest";
		put(a->type | NLA_F_NESTED, a->len, 1);
		return true;
	case 6:
		*how = "twice";
		put(a->type, a->len, 1);
		put(a->type, a->len, 1);
		return !a->multi;
	case 7:
		*how = "out of range";
		put(a->type, a->len, a->wrong);
		return a->wrong;
	case 8:
		*how = "beside an unknown one";
		put(a->type, a->len, 1);
		put(100, 4, 1);
		return true;
	}
	return false;
}

#define WAYS 9

static void attribute(const struct attr *a)
{
	const char *how;
	struct nlattr *nest;
	bool can;

	for (unsigned int way = 0; way < WAYS; way++) {
		begin(a);
		nest = a->nest ? mnl_attr_nest_start(nlh, a->nest) : NULL;
		can = spoil(a, way, &how);
		if (nest)
			mnl_attr_nest_end(nlh, nest);
		if (can)
			ask(a->name, how, true);
	}
	if (a->nest)
		wrong_nest(a);
}

/* What the kernel's own part of generic netlink refuses has no text. */
static void commands(void)
{
	static const uint8_t dumps[] = {
		TCPLIFE_CMD_CONNECTION_GET, TCPLIFE_CMD_TIMEWAIT_GET,
		TCPLIFE_CMD_LISTENER_GET, TCPLIFE_CMD_HISTORY_GET,
		TCPLIFE_CMD_HOOK_GET,
	};
	uint8_t cmd;

	for (cmd = 0; cmd <= TCPLIFE_CMD_MAX + 1; cmd++) {
		bool dump = memchr(dumps, cmd, sizeof(dumps));

		nlh = nl_request(&nl, buf, nl.family, cmd,
				 dump ? 0 : NLM_F_DUMP);
		ask("command", dump ? "without dump" : "as dump", false);
		nlh = nl_request(&nl, buf, nl.family, cmd,
				 dump ? NLM_F_DUMP : 0);
		put(TCPLIFE_A_SEQ, 8, 1);
		ask("command", "with an attribute of replies",
		    cmd && cmd <= TCPLIFE_CMD_EVENT_FILTER_SET);
	}
}

int main(int argc, char **argv)
{
	mute_dumps = argc > 1 && !strcmp(argv[1], "mute-dumps");
	nl_open(&nl);
	for (size_t i = 0; i < sizeof(attrs) / sizeof(*attrs); i++)
		attribute(&attrs[i]);
	commands();
	printf("%u refused, %u not\n", refused, others);
	return others != 0;
}
