// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife timewait: sockets in TIME_WAIT by peer, and what they leave of the
 * ephemeral ports.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "decode.h"
#include "filter.h"
#include "host.h"
#include "out.h"
#include "ports.h"
#include "seen.h"
#include "session.h"

/**
 * struct peer - who we are connected with
 * @netns: the namespace
 * @ipv6: of which family the addresses are; an IPv4 one is in front of zeros
 * @local: our address
 * @remote: theirs
 * @port: theirs if we called, ours if they did
 * @called: we did
 */
struct peer {
	__u32	netns;
	bool	ipv6;
	__u8	local[16];
	__u8	remote[16];
	__u16	port;
	bool	called;
};

/** struct endpoint - what counts of a record */
struct endpoint {
	struct identity	id;
	struct peer	peer;
	__u16		local_port;
	bool		timewait;
};

static struct options o;
static struct session session;
static struct ports ephemeral;
static unsigned int nr_ephemeral;
static struct endpoint *ends;
static size_t nr_ends;
static __u32 our_netns;

static const int takes[] = { OPT_REMOTE, 'D', '4', '6', 'N', 'H', 0 };

static const struct usage usage = {
	.name = "timewait",
	.about =
"Show for each peer how many timewait sockets there are, how many full ones,\n"
"and how many ephemeral ports are left for connect() to it.",
	.takes = takes,
	.notes =
"TIME_WAIT counts timewait sockets, those included that stand for FIN_WAIT2: they\n"
"are closed here, wait for the peer's FIN, and hold the port as well. One in\n"
"FIN_WAIT2 after shutdown() alone is a full socket, and counts as OPEN. To tell\n"
"them apart: tcplife list --state FIN_WAIT2,TIME_WAIT.\n\n"
"PORTS_LEFT is net.ipv4.ip_local_port_range, without ip_local_reserved_ports and\n"
"without those that a connection to the same address and port has now. It is a\n"
"bound: another socket may be bound to one of these, and tcp_tw_reuse may free\n"
"one in TIME_WAIT. It is \"-\" where they called us, and in other namespaces.",
};

/* -- gathering -- */

static void put_address(__u8 *to, const __be32 *ipv4, const __u8 *ipv6)
{
	memset(to, 0, 16);
	if (ipv6)
		memcpy(to, ipv6, 16);
	else if (ipv4)
		memcpy(to, ipv4, 4);
}

/* Of one that was open before we looked, the ports tell who called. */
static bool we_called(const struct record *rec)
{
	if (record_has(rec, ROLE) && rec->role != TCPLIFE_ROLE_PREEXISTING)
		return rec->role == TCPLIFE_ROLE_ACTIVE;
	return ports_have(&ephemeral, rec->local_port) &&
	       !ports_have(&ephemeral, rec->remote_port);
}

static void fill(struct endpoint *end, const struct record *rec, bool timewait)
{
	struct peer *peer = &end->peer;

	memset(end, 0, sizeof(*end));
	end->id = identity_of(rec);
	peer->netns = record_has(rec, NETNS) ? rec->netns : our_netns;
	peer->ipv6 = filter_is_ipv6(rec);
	put_address(peer->local,
		    record_has(rec, LOCAL_IPV4) ? &rec->local_ipv4 : NULL,
		    record_has(rec, LOCAL_IPV6) ? rec->local_ipv6 : NULL);
	put_address(peer->remote,
		    record_has(rec, REMOTE_IPV4) ? &rec->remote_ipv4 : NULL,
		    record_has(rec, REMOTE_IPV6) ? rec->remote_ipv6 : NULL);
	peer->called = we_called(rec);
	peer->port = peer->called ? rec->remote_port : rec->local_port;
	end->local_port = rec->local_port;
	end->timewait = timewait;
}

static int keep(const struct record *rec, bool timewait)
{
	static size_t room;
	struct endpoint *more;

	if (nr_ends == room) {
		room = room ? 2 * room : 1024;
		more = realloc(ends, room * sizeof(*ends));
		if (!more)
			return -ENOMEM;
		ends = more;
	}
	fill(&ends[nr_ends++], rec, timewait);
	return 0;
}

static int on_message(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest;
	struct record rec;
	struct batch b;
	int ret = 0;

	if (decode_batch(nlh, &b))
		return 0;
	for (nest = decode_next(&b, NULL, TCPLIFE_A_RECORD); nest && !ret;
	     nest = decode_next(&b, nest, TCPLIFE_A_RECORD))
		if (decode_record(nest, &rec) && filter_record(&o, &rec))
			ret = keep(&rec, arg);
	return ret;
}

static int dump(__u8 cmd, void *timewait)
{
	struct nlmsghdr *nlh = session_prepare(&session, cmd, NLM_F_DUMP);

	filter_put(nlh, &o);
	return session_ask(&session, nlh, on_message, timewait);
}

/* Of one endpoint what came later is in front, the timewait socket. */
static int by_identity(const void *a, const void *b)
{
	const struct endpoint *x = a, *y = b;
	int ret = identity_compare(&x->id, &y->id);

	return ret ? ret : y->timewait - x->timewait;
}

static void drop_doubles(void)
{
	size_t i, n = 0;

	if (nr_ends)
		qsort(ends, nr_ends, sizeof(*ends), by_identity);
	for (i = 0; i < nr_ends; i++)
		if (!n || identity_compare(&ends[n - 1].id, &ends[i].id))
			ends[n++] = ends[i];
	nr_ends = n;
}

/* What becomes a timewait socket meanwhile is in both dumps; the other way
 * round it would be in none.
 */
static int gather(void)
{
	int ret = dump(TCPLIFE_CMD_CONNECTION_GET, NULL);

	if (!ret)
		ret = dump(TCPLIFE_CMD_TIMEWAIT_GET, &session);
	drop_doubles();
	return ret;
}

/* -- printing -- */

static void print_ip(const struct peer *peer, const __u8 *address)
{
	__be32 ipv4;

	if (peer->ipv6) {
		out_char('[');
		out_ipv6(address);
		out_char(']');
	} else {
		memcpy(&ipv4, address, sizeof(ipv4));
		out_ipv4(ipv4);
	}
}

static void print_number(__u64 n, bool known, int width)
{
	size_t at = out.len;

	if (known)
		out_number(n);
	else
		out_char('-');
	out_pad(at, -width);
}

/**
 * struct group - the endpoints of one peer
 * @first: the first of them
 * @timewait: how many are in TIME_WAIT
 * @open: how many are not
 * @used: ephemeral ports that they have
 */
struct group {
	const struct endpoint	*first;
	unsigned int		timewait;
	unsigned int		open;
	unsigned int		used;
};

static void print_group(const struct group *g)
{
	const struct peer *peer = &g->first->peer;
	bool known = peer->called && peer->netns == our_netns && nr_ephemeral;

	print_number(g->timewait, true, 9);
	print_number(g->open, true, 8);
	print_number(nr_ephemeral - g->used, known, 12);
	out_text("  ");
	print_ip(peer, peer->local);
	if (!peer->called) {
		out_char(':');
		out_number(peer->port);
	}
	out_text(peer->called ? " -> " : " <- ");
	print_ip(peer, peer->remote);
	if (peer->called) {
		out_char(':');
		out_number(peer->port);
	}
	out_char('\n');
}

static int by_peer(const void *a, const void *b)
{
	const struct endpoint *x = a, *y = b;
	int ret = memcmp(&x->peer, &y->peer, sizeof(x->peer));

	return ret ? ret : x->local_port - y->local_port;
}

static int by_timewait(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->timewait < y->timewait) - (x->timewait > y->timewait);
}

/* They are in order: those of one peer are together, and so is each port. */
static size_t make_groups(struct group *groups)
{
	const struct endpoint *end, *before = NULL;
	struct group *g = groups;
	size_t i, n = 0;

	for (i = 0; i < nr_ends; i++, before = end) {
		end = &ends[i];
		if (!before ||
		    memcmp(&end->peer, &before->peer, sizeof(end->peer))) {
			g = &groups[n++];
			g->first = end;
			before = NULL;
		}
		g->timewait += end->timewait;
		g->open += !end->timewait;
		if ((!before || before->local_port != end->local_port) &&
		    ports_have(&ephemeral, end->local_port))
			g->used++;
	}
	return n;
}

static int print_groups(void)
{
	struct group *groups = calloc(nr_ends + 1, sizeof(*groups));
	size_t n, i, shown = 0;

	if (!groups)
		return -ENOMEM;
	if (ends)
		qsort(ends, nr_ends, sizeof(*ends), by_peer);
	n = make_groups(groups);
	qsort(groups, n, sizeof(*groups), by_timewait);
	if (!o.no_header)
		out_text("TIME_WAIT    OPEN  PORTS_LEFT  ADDRESSES\n");
	for (i = 0; i < n && groups[i].timewait; i++, shown++)
		print_group(&groups[i]);
	if (!shown && !o.no_header)
		out_text("No socket is in TIME_WAIT.\n");
	free(groups);
	return 0;
}

static void learn_host(void)
{
	our_netns = host_inode("net");
	if (ports_ephemeral(&ephemeral, &nr_ephemeral))
		fprintf(stderr, "tcplife: the ephemeral ports are not known\n");
}

/** command_timewait - TIME_WAIT by peer */
int command_timewait(int argc, char **argv)
{
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	learn_host();
	ret = session_open(&session);
	if (!ret)
		ret = gather();
	if (!ret)
		ret = print_groups();
	if (ret == -ENOMEM)
		snprintf(session.error, sizeof(session.error), "no memory");
	session_close(&session);
	free(ends);
	return ret ? session_fail(&session, ret) : out_close();
}
