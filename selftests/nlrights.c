// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlrights: everything that the family has to offer, tried.
 *
 *	nlrights [dropped UID] try	as what each attempt ended
 *	nlrights save FILE		what each command answers
 *	nlrights follow FILE		what each group tells, until killed
 *	nlrights stall			a dump of connections
 *
 * All numbers that a command can have are tried, and the groups that the kernel
 * lists, so that none can be forgotten. "do 5 EPERM" and "dump 5 0" are
 * commands, "join NAME EPERM" and "bind NAME EPERM" are the two ways into a
 * group, "family 12 6" are how many commands and groups the kernel lists; "set
 * 11" is the one command that changes something. "dropped" is by that user, with
 * a socket that root opened. FILE gets raw messages. The dump reads a message,
 * says "stalled", and goes on when it is told a line; then it says how many
 * records it was in all.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <unistd.h>

#include "nl.h"

#define MAX_GROUPS 64

struct group {
	char		name[GENL_NAMSIZ];
	uint32_t	id;
};

static struct group groups[MAX_GROUPS];
static unsigned int n_groups, n_ops;
static FILE *file;

static void usage(void)
{
	fprintf(stderr, "nlrights: see the head of nlrights.c\n");
	exit(2);
}

static void take_group(const struct nlattr *nest)
{
	struct group *group = &groups[n_groups++];
	const struct nlattr *attr;

	if (n_groups == MAX_GROUPS)
		exit(2);
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			snprintf(group->name, sizeof(group->name), "%s",
				 mnl_attr_get_str(attr));
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			group->id = mnl_attr_get_u32(attr);
	}
}

static void take_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest;

	(void)data;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OPS)
			mnl_attr_for_each_nested(nest, attr)
				n_ops++;
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_for_each_nested(nest, attr)
				take_group(nest);
	}
}

static void look(struct nl *nl)
{
	char buf[256];
	struct nlmsghdr *nlh;

	nlh = nl_request(nl, buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TCPLIFE_FAMILY_NAME);
	nl_ask(nl, nlh, take_family, NULL);
}

static void save(const struct nlmsghdr *nlh, void *data)
{
	(void)data;
	if (file && fwrite(nlh, nlh->nlmsg_len, 1, file) != 1)
		nl_die("write");
}

static const char *name_of(int err)
{
	return err ? strerrorname_np(err) : "0";
}

static void try_command(struct nl *nl, unsigned int cmd, const char *kind,
			uint16_t flags)
{
	char buf[256];

	nl_ask(nl, nl_request(nl, buf, nl->family, cmd, flags), save, NULL);
	printf("%s %u %s\n", kind, cmd, name_of(nl->err));
}

static int join(struct nl *nl, const struct group *group)
{
	return mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP,
				     (void *)&group->id, sizeof(group->id)) ?
	       errno : 0;
}

/* The groups that have a bit in the address of a socket. */
static int bind_to(const struct group *group)
{
	struct mnl_socket *sock = mnl_socket_open(NETLINK_GENERIC);
	int err;

	if (!sock)
		nl_die("netlink socket");
	err = mnl_socket_bind(sock, 1U << (group->id - 1),
			      MNL_SOCKET_AUTOPID) ? errno : 0;
	mnl_socket_close(sock);
	return err;
}

static void try_groups(struct nl *nl)
{
	unsigned int i;

	for (i = 0; i < n_groups; i++) {
		printf("join %s %s\n", groups[i].name,
		       name_of(join(nl, &groups[i])));
		if (groups[i].id <= 32)
			printf("bind %s %s\n", groups[i].name,
			       name_of(bind_to(&groups[i])));
	}
}

static void try_commands(struct nl *nl)
{
	unsigned int cmd;

	for (cmd = 0; cmd < 256; cmd++) {
		try_command(nl, cmd, "do", 0);
		try_command(nl, cmd, "dump", NLM_F_DUMP);
	}
}

static int try_all(struct nl *nl)
{
	try_commands(nl);
	printf("family %u %u\n", n_ops, n_groups);
	printf("set %u\n", TCPLIFE_CMD_EVENT_FILTER_SET);
	try_groups(nl);
	return 0;
}

static void follow(struct nl *nl)
{
	int size = 8 << 20;
	unsigned int i;
	ssize_t len;

	for (i = 0; i < n_groups; i++)
		if (join(nl, &groups[i]))
			nl_die("join");
	setsockopt(mnl_socket_get_fd(nl->sock), SOL_SOCKET, SO_RCVBUFFORCE,
		   &size, sizeof(size));
	printf("following\n");
	fflush(stdout);
	for (;;) {
		len = mnl_socket_recvfrom(nl->sock, nl->buf, NL_BUFFER);
		if (len < 0)
			nl_die("receive");
		if (fwrite(nl->buf, len, 1, file) != 1 || fflush(file))
			nl_die("write");
	}
}

static void count(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	++*(unsigned int *)data;
}

/* With a new socket: the kernel writes messages as large as the largest buffer
 * that a socket has been read with, and these are to be many.
 */
static int stall(struct nl *nl)
{
	unsigned int records = 0;
	struct nlmsghdr *nlh;
	char buf[8192];
	int left;

	mnl_socket_close(nl->sock);
	nl->sock = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID))
		nl_die("netlink socket");
	nlh = nl_request(nl, buf, nl->family, TCPLIFE_CMD_CONNECTION_GET,
			 NLM_F_DUMP);
	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		nl_die("send");
	left = mnl_socket_recvfrom(nl->sock, buf, sizeof(buf));
	if (left < 0)
		nl_die("receive");
	for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type == nl->family)
			count(nlh, &records);
	printf("stalled %u\n", records);
	fflush(stdout);
	getchar();
	nl_answer(nl, count, &records);
	printf("%u %s\n", records, name_of(nl->err));
	return nl->err != 0;
}

int main(int argc, char **argv)
{
	struct nl nl = {};

	nl_open(&nl);
	if (argc == 4 && !strcmp(argv[1], "dropped")) {
		if (setuid(atoi(argv[2])))
			nl_die("setuid");
		argv += 2;
		argc -= 2;
	}
	look(&nl);
	if (argc == 2 && !strcmp(argv[1], "try"))
		return try_all(&nl);
	if (argc == 2 && !strcmp(argv[1], "stall"))
		return stall(&nl);
	if (argc != 3)
		usage();
	file = fopen(argv[2], "w");
	if (!file)
		nl_die(argv[2]);
	if (!strcmp(argv[1], "follow"))
		follow(&nl);
	else
		try_commands(&nl);
	return fclose(file) != 0;
}
