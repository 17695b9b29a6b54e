// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife filter: the kernel's event filter, which is one for all readers.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

#include "../module/names.h"
#include "commands.h"
#include "gather.h"
#include "options.h"
#include "out.h"
#include "session.h"

static const int takes[] = {
	'N', '4', '6', 'L', 'D', OPT_ROLE, OPT_FAILURES, OPT_SAMPLE, OPT_CLEAR,
	0
};

static const struct usage usage = {
	.name = "filter",
	.about =
"Show the event filter: what the kernel tells to those who follow events, which\n"
"are tcplife, tcplife states, tcplife halfopen, and the failures of tcplife top.\n"
"With options, replace it; with --clear, remove it. It is one for all readers of\n"
"this host, for where even a busy reader is too slow: what a reader wants to see\n"
"for itself is better said to that reader, by the same options.",
	.takes = takes,
	.notes =
"All that is given must match; what is not given does not filter. Up to 16 ports\n"
"of each kind. --failures does not apply to tcplife states. Lists, counters and\n"
"the history are never filtered. To set it needs CAP_NET_ADMIN in the initial\n"
"namespaces; it stays until it is changed or the module is unloaded.",
};

/* -- showing -- */

static void print_title(const char *title)
{
	size_t at = out.len;

	out_text("  ");
	out_text(title);
	out_pad(at, 16);
}

static void print_number(bool known, const char *title, __u32 n)
{
	if (!known)
		return;
	print_title(title);
	out_number(n);
	out_char('\n');
}

static void print_ports(const char *title, const struct port_list *ports)
{
	__u32 i;

	if (!ports->n)
		return;
	print_title(title);
	for (i = 0; i < ports->n; i++) {
		if (i)
			out_char(',');
		out_number(ports->port[i]);
	}
	out_char('\n');
}

static void print_roles(__u32 roles)
{
	const char *separator = "";
	__u32 i;

	print_title("roles");
	for (i = 0; i <= TCPLIFE_ROLE_MAX; i++) {
		if (!(roles >> i & 1))
			continue;
		out_text(separator);
		out_text(tcplife_role_name(i));
		separator = ",";
	}
	out_char('\n');
}

static void print_filter(const struct event_filter *f)
{
	out_text("The kernel tells readers only of events that match all of this:\n");
	print_number(event_filter_has(f, NETNS), "netns", f->netns);
	if (event_filter_has(f, FAMILY)) {
		print_title("family");
		out_text(f->family == TCPLIFE_FAMILY_IPV6 ? "IPv6\n" :
							    "IPv4\n");
	}
	print_ports("local ports", &f->local_ports);
	print_ports("remote ports", &f->remote_ports);
	if (event_filter_has(f, ROLES))
		print_roles(f->roles);
	if (event_filter_has(f, FAILURES)) {
		print_title("ends");
		out_text("failures\n");
	}
	print_number(event_filter_has(f, SAMPLE), "one in", f->sample);
	out_text("It holds for all readers. To remove it: tcplife filter --clear\n");
}

static int show(struct session *s)
{
	struct event_filter f;
	int ret = gather_event_filter(s, &f);

	if (ret)
		return session_fail(s, ret);
	if (event_filter_is_set(&f))
		print_filter(&f);
	else
		out_text("No event filter is set: readers are told of all events.\n");
	return out_close();
}

/* -- setting -- */

static bool wants_set(const struct options *o)
{
	return o->netns || o->family || !o->local_ports.any ||
	       !o->remote_ports.any || o->roles || o->failures || o->sample;
}

/* More than the message holds are more than the module takes: it says so. */
static void put_ports(struct nlmsghdr *nlh, __u16 type,
		      const struct ports *ports)
{
	unsigned int port, n = 0;

	if (ports->any)
		return;
	for (port = 1; port < 65536 && n <= FILTER_PORTS; port++) {
		if (!ports_have(ports, port))
			continue;
		mnl_attr_put_u16(nlh, type, htons(port));
		n++;
	}
}

static void put_filter(struct nlmsghdr *nlh, const struct options *o)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, TCPLIFE_A_EVENT_FILTER);

	if (o->netns)
		mnl_attr_put_u32(nlh, TCPLIFE_A_EVENT_FILTER_NETNS, o->netns);
	if (o->family)
		mnl_attr_put_u32(nlh, TCPLIFE_A_EVENT_FILTER_FAMILY,
				 o->family == AF_INET6 ? TCPLIFE_FAMILY_IPV6 :
							 TCPLIFE_FAMILY_IPV4);
	put_ports(nlh, TCPLIFE_A_EVENT_FILTER_LOCAL_PORT, &o->local_ports);
	put_ports(nlh, TCPLIFE_A_EVENT_FILTER_REMOTE_PORT, &o->remote_ports);
	if (o->roles)
		mnl_attr_put_u32(nlh, TCPLIFE_A_EVENT_FILTER_ROLES, o->roles);
	if (o->failures)
		mnl_attr_put(nlh, TCPLIFE_A_EVENT_FILTER_FAILURES, 0, NULL);
	if (o->sample)
		mnl_attr_put_u32(nlh, TCPLIFE_A_EVENT_FILTER_SAMPLE,
				 o->sample);
	mnl_attr_nest_end(nlh, nest);
}

static int replace(struct session *s, const struct options *o)
{
	struct nlmsghdr *nlh = session_prepare(s, TCPLIFE_CMD_EVENT_FILTER_SET,
					       NLM_F_ACK);
	int ret;

	put_filter(nlh, o);
	ret = session_ask(s, nlh, NULL, NULL);
	if (ret != -EPERM)
		return ret ? session_fail(s, ret) : STATUS_OK;
	fprintf(stderr,
		"tcplife: %s\ntcplife: the event filter is one for all of this host: only root outside of\ntcplife: all containers and network namespaces can set it\n",
		s->error);
	return STATUS_FAILED;
}

/** command_filter - the event filter */
int command_filter(int argc, char **argv)
{
	static struct session s;
	struct options o;
	int ret;

	ret = options_parse(argc, argv, &usage, &o);
	if (ret != OPTIONS_GO)
		return ret;
	if (o.clear && wants_set(&o))
		return options_refuse(&usage, "--clear is alone");
	ret = session_open(&s);
	if (ret)
		return session_fail(&s, ret);
	ret = o.clear || wants_set(&o) ? replace(&s, &o) : STATUS_OK;
	if (!ret)
		ret = show(&s);
	session_close(&s);
	return ret;
}
