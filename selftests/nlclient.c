// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlclient: the netlink family as a C program sees it, without any help from
 * the reader.
 *
 *	nlclient dump connection|timewait|listener|history|hook [NAME=VALUE]...
 *	nlclient get stats|latency|mib|group|event-filter
 *	nlclient get record COOKIE [GENERATION]
 *	nlclient set [NAME=VALUE]...	the event filter
 *	nlclient follow GROUP [RCVBUF]	until it is killed
 *
 * A record is printed as "COOKIE.GENERATION", an event as what it is about,
 * words of its own, and how old it was in us. Why a request was refused is
 * told on stderr: "ERRNO: TEXT". With SAVE=PREFIX in the environment each
 * message is also written to a file of its own, for selftests/corpus.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <sys/socket.h>
#include <time.h>

#include "nl.h"

#define N_ATTRS 128

enum kind { U16BE, U32, U64, IPV4, IPV6, FLAG };

struct attr {
	const char	*name;
	uint16_t	type;
	enum kind	kind;
};

static const struct attr filter_attrs[] = {
	{ "netns", TCPLIFE_A_FILTER_NETNS, U32 },
	{ "cookie", TCPLIFE_A_FILTER_COOKIE, U64 },
	{ "local-ipv4", TCPLIFE_A_FILTER_LOCAL_IPV4, IPV4 },
	{ "local-ipv6", TCPLIFE_A_FILTER_LOCAL_IPV6, IPV6 },
	{ "remote-ipv4", TCPLIFE_A_FILTER_REMOTE_IPV4, IPV4 },
	{ "remote-ipv6", TCPLIFE_A_FILTER_REMOTE_IPV6, IPV6 },
	{ "local-port", TCPLIFE_A_FILTER_LOCAL_PORT, U16BE },
	{ "remote-port", TCPLIFE_A_FILTER_REMOTE_PORT, U16BE },
	{ "port", TCPLIFE_A_FILTER_PORT, U16BE },
	{ "states", TCPLIFE_A_FILTER_STATES, U32 },
	{ "roles", TCPLIFE_A_FILTER_ROLES, U32 },
	{ "ends", TCPLIFE_A_FILTER_ENDS, U32 },
	{ "older-than", TCPLIFE_A_FILTER_OLDER_THAN, U64 },
	{},
};

static const struct attr event_filter_attrs[] = {
	{ "netns", TCPLIFE_A_EVENT_FILTER_NETNS, U32 },
	{ "family", TCPLIFE_A_EVENT_FILTER_FAMILY, U32 },
	{ "local-port", TCPLIFE_A_EVENT_FILTER_LOCAL_PORT, U16BE },
	{ "remote-port", TCPLIFE_A_EVENT_FILTER_REMOTE_PORT, U16BE },
	{ "roles", TCPLIFE_A_EVENT_FILTER_ROLES, U32 },
	{ "failures", TCPLIFE_A_EVENT_FILTER_FAILURES, FLAG },
	{ "sample", TCPLIFE_A_EVENT_FILTER_SAMPLE, U32 },
	{},
};

static const struct {
	const char	*name;
	uint8_t		cmd;
} commands[] = {
	{ "connection", TCPLIFE_CMD_CONNECTION_GET },
	{ "timewait", TCPLIFE_CMD_TIMEWAIT_GET },
	{ "listener", TCPLIFE_CMD_LISTENER_GET },
	{ "history", TCPLIFE_CMD_HISTORY_GET },
	{ "hook", TCPLIFE_CMD_HOOK_GET },
	{ "record", TCPLIFE_CMD_RECORD_GET },
	{ "stats", TCPLIFE_CMD_STATS_GET },
	{ "latency", TCPLIFE_CMD_LATENCY_GET },
	{ "mib", TCPLIFE_CMD_MIB_GET },
	{ "group", TCPLIFE_CMD_GROUP_GET },
	{ "event-filter", TCPLIFE_CMD_EVENT_FILTER_GET },
};

static void usage(void)
{
	fprintf(stderr, "nlclient: see the head of nlclient.c\n");
	exit(2);
}

static uint8_t command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(commands[i].name, name))
			return commands[i].cmd;
	usage();
	return 0;
}

static void put_attr(struct nlmsghdr *nlh, const struct attr *attr,
		     const char *value)
{
	uint64_t number = strtoull(value, NULL, 0);
	char addr[16];

	switch (attr->kind) {
	case U16BE:
		return mnl_attr_put_u16(nlh, attr->type, htons(number));
	case U32:
		return mnl_attr_put_u32(nlh, attr->type, number);
	case U64:
		return mnl_attr_put_u64(nlh, attr->type, number);
	case IPV4:
		inet_pton(AF_INET, value, addr);
		return mnl_attr_put(nlh, attr->type, 4, addr);
	case IPV6:
		inet_pton(AF_INET6, value, addr);
		return mnl_attr_put(nlh, attr->type, 16, addr);
	case FLAG:
		return mnl_attr_put(nlh, attr->type, 0, NULL);
	}
}

/* A nest of NAME=VALUE words. */
static void put_words(struct nlmsghdr *nlh, uint16_t type,
		      const struct attr *attrs, char **words)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);
	const struct attr *attr;
	char *value;

	for (; *words; words++) {
		value = strchr(*words, '=');
		if (!value)
			usage();
		*value++ = '\0';
		for (attr = attrs; attr->name; attr++)
			if (!strcmp(attr->name, *words))
				break;
		if (!attr->name)
			usage();
		put_attr(nlh, attr, value);
	}
	mnl_attr_nest_end(nlh, nest);
}

/* The attributes in NEST by number; of those that come twice, the last. */
static void index_attrs(const struct nlattr *nest, const struct nlattr **index)
{
	const struct nlattr *attr;

	memset(index, 0, N_ATTRS * sizeof(*index));
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) < N_ATTRS)
			index[mnl_attr_get_type(attr)] = attr;
}

static unsigned long long get_u64(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u64(attr) : 0;
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u32(attr) : 0;
}

static unsigned int get_port(const struct nlattr *attr)
{
	return attr ? ntohs(mnl_attr_get_u16(attr)) : 0;
}

static void save(const struct nlmsghdr *nlh)
{
	const char *prefix = getenv("SAVE");
	static unsigned int n;
	char path[256];
	FILE *file;

	if (!prefix)
		return;
	snprintf(path, sizeof(path), "%s-%u.msg", prefix, n++);
	file = fopen(path, "w");
	if (!file || fwrite(nlh, nlh->nlmsg_len, 1, file) != 1 || fclose(file))
		nl_die(path);
}

/* How many bytes the attributes of a message that is no record take. */
static void print_answer(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *index[N_ATTRS];

	(void)data;
	save(nlh);
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != TCPLIFE_A_RECORD &&
		    mnl_attr_get_type(attr) != TCPLIFE_A_LISTENER) {
			if (attr->nla_type & NLA_F_NESTED)
				printf("attr %u %u\n", mnl_attr_get_type(attr),
				       mnl_attr_get_payload_len(attr));
			continue;
		}
		index_attrs(attr, index);
		printf("%llx.%u\n",
		       get_u64(index[TCPLIFE_A_RECORD_COOKIE]),
		       mnl_attr_get_type(attr) == TCPLIFE_A_RECORD ?
		       get_u32(index[TCPLIFE_A_RECORD_GENERATION]) : 0);
	}
}

static unsigned long long age_us(unsigned long long time)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec * 1000000000ULL + now.tv_nsec - time) / 1000;
}

/* records, closes: COOKIE.GENERATION LPORT RPORT END TW-EXIT AGE */
static void print_end(unsigned long long cookie, unsigned int gen,
		      unsigned int lport, unsigned int rport, unsigned int end,
		      unsigned int tw_exit, unsigned long long time)
{
	printf("%llx.%u %u %u %u %u %llu\n", cookie, gen, lport, rport, end,
	       tw_exit, age_us(time));
}

static void print_compact(const struct nlattr *attr, bool close)
{
	struct tcplife_compact c;

	if (mnl_attr_get_payload_len(attr) != sizeof(c))
		errx(1, "not the record that this was built for");
	memcpy(&c, mnl_attr_get_payload(attr), sizeof(c));
	if (nl_leaks(&c))
		printf("people behind what is not known\n");
	print_end(c.cookie, c.generation, c.local_port, c.remote_port,
		  nl_knows(&c, TCPLIFE_A_RECORD_END) ? c.end : 0,
		  nl_knows(&c, TCPLIFE_A_RECORD_TW_EXIT) ? c.tw_exit : 0,
		  close ? c.since_close : c.ended);
}

static void print_record(const struct nlattr **a, bool close)
{
	print_end(get_u64(a[TCPLIFE_A_RECORD_COOKIE]),
		  get_u32(a[TCPLIFE_A_RECORD_GENERATION]),
		  get_port(a[TCPLIFE_A_RECORD_LOCAL_PORT]),
		  get_port(a[TCPLIFE_A_RECORD_REMOTE_PORT]),
		  get_u32(a[TCPLIFE_A_RECORD_END]),
		  get_u32(a[TCPLIFE_A_RECORD_TW_EXIT]),
		  get_u64(a[close ? TCPLIFE_A_RECORD_SINCE_CLOSE :
			    TCPLIFE_A_RECORD_ENDED]));
}

/* states: COOKIE.GENERATION LPORT RPORT OLD NEW full|timewait AGE */
static void print_transition(const struct nlattr **a)
{
	printf("%llx.%u %u %u %u %u %s %llu\n",
	       get_u64(a[TCPLIFE_A_TRANSITION_COOKIE]),
	       get_u32(a[TCPLIFE_A_TRANSITION_GENERATION]),
	       get_port(a[TCPLIFE_A_TRANSITION_LOCAL_PORT]),
	       get_port(a[TCPLIFE_A_TRANSITION_REMOTE_PORT]),
	       get_u32(a[TCPLIFE_A_TRANSITION_OLD_STATE]),
	       get_u32(a[TCPLIFE_A_TRANSITION_NEW_STATE]),
	       a[TCPLIFE_A_TRANSITION_TIMEWAIT] ? "timewait" : "full",
	       age_us(get_u64(a[TCPLIFE_A_TRANSITION_TIME])));
}

/* halfopen: LISTENER LPORT RPORT END RETRANSMITS AGE */
static void print_request(const struct nlattr **a)
{
	printf("%llx %u %u %u %u %llu\n",
	       get_u64(a[TCPLIFE_A_REQUEST_LISTENER]),
	       get_port(a[TCPLIFE_A_REQUEST_LOCAL_PORT]),
	       get_port(a[TCPLIFE_A_REQUEST_REMOTE_PORT]),
	       get_u32(a[TCPLIFE_A_REQUEST_END]),
	       get_u32(a[TCPLIFE_A_REQUEST_SYNACK_RETRANSMITS]),
	       age_us(get_u64(a[TCPLIFE_A_REQUEST_TIME])));
}

/* A message: its events, then "message SEQ DROPPED FILTERED EVENTS". */
static void print_events(const struct nlmsghdr *nlh, uint8_t cmd)
{
	unsigned long long seq = 0, dropped = 0, filtered = 0;
	const struct nlattr *attr, *index[N_ATTRS];
	unsigned int events = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TCPLIFE_A_SEQ:
			seq = mnl_attr_get_u64(attr);
			continue;
		case TCPLIFE_A_DROPPED:
			dropped = mnl_attr_get_u64(attr);
			continue;
		case TCPLIFE_A_FILTERED:
			filtered = mnl_attr_get_u64(attr);
			continue;
		case TCPLIFE_A_RECORD:
			index_attrs(attr, index);
			print_record(index, cmd == TCPLIFE_CMD_CLOSE_NTF);
			break;
		case TCPLIFE_A_COMPACT:
			print_compact(attr, cmd == TCPLIFE_CMD_CLOSE_NTF);
			break;
		case TCPLIFE_A_TRANSITION:
			index_attrs(attr, index);
			print_transition(index);
			break;
		case TCPLIFE_A_REQUEST:
			index_attrs(attr, index);
			print_request(index);
			break;
		default:
			continue;
		}
		events++;
	}
	printf("message %llu %llu %llu %u\n", seq, dropped,
	       filtered, events);
}

static void receive(struct nl *nl)
{
	const struct nlmsghdr *nlh;
	ssize_t len = mnl_socket_recvfrom(nl->sock, nl->buf, NL_BUFFER);
	int left = len;

	if (len < 0) {
		printf("%s\n", strerrorname_np(errno));
		return;
	}
	for (nlh = (void *)nl->buf; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

		if (nlh->nlmsg_type != nl->family)
			continue;
		save(nlh);
		print_events(nlh, genl->cmd);
	}
}

/* Says "following" when it has joined. */
static int follow(struct nl *nl, const char *group, const char *rcvbuf)
{
	int i, size = rcvbuf ? atoi(rcvbuf) : 8 << 20;

	for (i = 0; i < NL_GROUPS && strcmp(group, nl_groups[i]);)
		i++;
	if (i == NL_GROUPS)
		usage();
	setsockopt(mnl_socket_get_fd(nl->sock), SOL_SOCKET,
		   rcvbuf ? SO_RCVBUF : SO_RCVBUFFORCE, &size, sizeof(size));
	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP,
				  &nl->groups[i], sizeof(*nl->groups))) {
		fprintf(stderr, "%s: join\n", strerrorname_np(errno));
		return 1;
	}
	printf("following\n");
	fflush(stdout);
	for (;;) {
		receive(nl);
		fflush(stdout);
	}
}

static int ask(struct nl *nl, uint8_t cmd, char **words)
{
	char buf[4096];
	struct nlmsghdr *nlh;
	bool dump = !strcmp(words[-2], "dump");

	nlh = nl_request(nl, buf, nl->family, cmd, dump ? NLM_F_DUMP : 0);
	if (cmd == TCPLIFE_CMD_EVENT_FILTER_SET) {
		put_words(nlh, TCPLIFE_A_EVENT_FILTER, event_filter_attrs,
			  words);
	} else if (cmd == TCPLIFE_CMD_RECORD_GET && words[0]) {
		mnl_attr_put_u64(nlh, TCPLIFE_A_COOKIE,
				 strtoull(words[0], NULL, 16));
		if (words[1])
			mnl_attr_put_u32(nlh, TCPLIFE_A_GENERATION,
					 atoi(words[1]));
	} else if (dump && *words) {
		put_words(nlh, TCPLIFE_A_FILTER, filter_attrs, words);
	}
	nl_ask(nl, nlh, print_answer, NULL);
	return nl_verdict(nl);
}

int main(int argc, char **argv)
{
	struct nl nl = {};

	if (argc < 2 || (argc < 3 && strcmp(argv[1], "set")))
		usage();
	nl_open(&nl);
	if (!strcmp(argv[1], "follow"))
		return follow(&nl, argv[2], argv[3]);
	if (!strcmp(argv[1], "set"))
		return ask(&nl, TCPLIFE_CMD_EVENT_FILTER_SET, argv + 2);
	return ask(&nl, command(argv[2]), argv + 3);
}
