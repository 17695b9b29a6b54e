// SPDX-License-Identifier: GPL-2.0-only
/*
 * What to show.
 */
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <tcplife/ends.h>

#include "clock.h"
#include "columns.h"
#include "filter.h"

/** filter_is_ipv6 - of which family it is: the remote address is there */
bool filter_is_ipv6(const struct record *rec)
{
	return record_has(rec, REMOTE_IPV6) || record_has(rec, LOCAL_IPV6);
}

static bool family_fits(const struct options *o, bool ipv6)
{
	return !o->family || ipv6 == (o->family == AF_INET6);
}

/* What is not known fits no filter. */
static bool number_fits(__u32 want, bool known, __u32 is)
{
	return !want || (known && want == is);
}

static bool port_fits(const struct ports *want, const __u16 *port)
{
	return want->any || (port && ports_have(want, *port));
}

static bool pair_fits(const struct options *o, const struct pair *p)
{
	return family_fits(o, pair_is_ipv6(p)) &&
	       port_fits(&o->local_ports, p->local_port) &&
	       port_fits(&o->remote_ports, p->remote_port);
}

/**
 * filter_failed - whether it ended, as nobody meant it to
 *
 * An end that only a later module knows is taken for one of these.
 */
bool filter_failed(const struct record *rec)
{
	return record_has(rec, END) && (rec->end > TCPLIFE_END_MAX ||
					tcplife_end_failed(rec->end));
}

/** filter_has - whether there is anything that filter_record() looks at */
bool filter_has(const struct options *o)
{
	return o->failures || o->family || o->pid || o->netns ||
	       !o->local_ports.any || !o->remote_ports.any;
}

/** filter_record - whether to show it */
bool filter_record(const struct options *o, const struct record *rec)
{
	const struct pair pair = pair_of(record, rec);

	if (o->failures && !filter_failed(rec))
		return false;
	return pair_fits(o, &pair) &&
	       number_fits(o->pid, record_has(rec, PID), rec->pid) &&
	       number_fits(o->netns, record_has(rec, NETNS), rec->netns);
}

/** filter_transition - whether to show it */
bool filter_transition(const struct options *o, const struct transition *t)
{
	const struct pair pair = pair_of(transition, t);

	return pair_fits(o, &pair) &&
	       number_fits(o->pid, transition_has(t, PID), t->pid) &&
	       number_fits(o->netns, transition_has(t, NETNS), t->netns);
}

/** filter_request - whether to show it */
bool filter_request(const struct options *o, const struct request *req)
{
	const struct pair pair = pair_of(request, req);

	return pair_fits(o, &pair) &&
	       number_fits(o->netns, request_has(req, NETNS), req->netns);
}

/* The only port of a set; 0 if it has none or more. */
static __u16 only_port(const struct ports *ports)
{
	unsigned int port, found = 0;

	if (ports->any)
		return 0;
	for (port = 1; port < 65536; port++) {
		if (!ports_have(ports, port))
			continue;
		if (found)
			return 0;
		found = port;
	}
	return found;
}

static void put_address(struct nlmsghdr *nlh, const struct address *a,
			__u16 ipv4, __u16 ipv6)
{
	if (a->family == AF_INET)
		mnl_attr_put_u32(nlh, ipv4, a->ipv4);
	else if (a->family == AF_INET6)
		mnl_attr_put(nlh, ipv6, sizeof(a->ipv6), a->ipv6);
}

static void put_port(struct nlmsghdr *nlh, __u16 type, __u16 port)
{
	if (port)
		mnl_attr_put_u16(nlh, type, htons(port));
}

static void put_mask(struct nlmsghdr *nlh, __u16 type, __u32 mask)
{
	if (mask)
		mnl_attr_put_u32(nlh, type, mask);
}

/**
 * filter_put - have the kernel apply what it can of it to a dump
 * @nlh: the request
 * @o: the filter; filter_record() knows the rest: -4, -6, -p, many ports
 */
void filter_put(struct nlmsghdr *nlh, const struct options *o)
{
	__u16 lport = o->local.port ? o->local.port : only_port(&o->local_ports);
	__u16 rport = o->remote.port ? o->remote.port :
				       only_port(&o->remote_ports);
	struct nlattr *nest = mnl_attr_nest_start(nlh, TCPLIFE_A_FILTER);

	put_mask(nlh, TCPLIFE_A_FILTER_NETNS, o->netns);
	if (o->cookie)
		mnl_attr_put_u64(nlh, TCPLIFE_A_FILTER_COOKIE, o->cookie);
	put_address(nlh, &o->local, TCPLIFE_A_FILTER_LOCAL_IPV4,
		    TCPLIFE_A_FILTER_LOCAL_IPV6);
	put_address(nlh, &o->remote, TCPLIFE_A_FILTER_REMOTE_IPV4,
		    TCPLIFE_A_FILTER_REMOTE_IPV6);
	put_port(nlh, TCPLIFE_A_FILTER_LOCAL_PORT, lport);
	put_port(nlh, TCPLIFE_A_FILTER_REMOTE_PORT, rport);
	put_mask(nlh, TCPLIFE_A_FILTER_STATES, o->states);
	put_mask(nlh, TCPLIFE_A_FILTER_ROLES, o->roles);
	put_mask(nlh, TCPLIFE_A_FILTER_ENDS, o->ends);
	if (o->older)
		mnl_attr_put_u64(nlh, TCPLIFE_A_FILTER_OLDER_THAN,
				 o->older * NSEC_PER_SEC);
	mnl_attr_nest_end(nlh, nest);
}
