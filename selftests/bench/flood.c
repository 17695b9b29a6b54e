// SPDX-License-Identifier: GPL-2.0-only
/*
 * A flood of SYNs that nobody finishes, for selftests/bench: each from an
 * address of its own, none answered. The listener is in one network namespace;
 * the flood comes from another, over veth, as frames of a packet socket: no
 * route, neighbour or socket of TCP is at work on the sender's side.
 *
 * A SYN has no options, the cheapest there is for its receiver. Its checksum is
 * marked as still to be made, as in all that comes over veth, so it is not
 * tested, as behind a NIC that does so. Both make the base small, and so what
 * is added to it a large part.
 *
 * With -x the same frames are for a station that is not there and end where
 * IP begins: what they cost is the sending.
 */
#define _GNU_SOURCE
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>

#include "../netns.h"
#include "busy.h"
#include "options.h"
#include "sock.h"

#define FIRST_SOURCE	0x0a080000	/* 10.8.0.0 */
#define SOURCE_PORT	7000
#define BACKLOG		1000000		/* there shall be room */

static const struct place server = { "tcplife-srv", "10.7.0.2", 5001 };

struct frame {
	struct virtio_net_hdr offload;
	struct ether_header eth;
	struct iphdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

/* For no protocol, so it receives nothing. */
static int open_wire(void)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex("eth0"),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	int on = 1;

	if (fd < 0 || !addr.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		err(1, "packet socket");
	return fd;
}

static struct frame syn_to(const union address *dst, int nowhere)
{
	struct frame f = {
		.offload.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.offload.csum_start = sizeof(f.eth) + sizeof(f.ip),
		.offload.csum_offset = offsetof(struct tcphdr, check),
		/* Those of selftests/lib/net.sh. */
		.eth.ether_dhost = { 2, 0, 0, 0, 0, nowhere ? 9 : 2 },
		.eth.ether_shost = { 2, 0, 0, 0, 0, 1 },
		.eth.ether_type = htons(ETHERTYPE_IP),
		.ip = { .version = 4, .ihl = 5, .ttl = 64,
			.tot_len = htons(sizeof(f.ip) + sizeof(f.tcp)),
			.protocol = IPPROTO_TCP,
			.daddr = dst->v4.sin_addr.s_addr },
	};

	f.tcp.source = htons(SOURCE_PORT);
	f.tcp.dest = dst->v4.sin_port;
	f.tcp.doff = sizeof(f.tcp) / 4;
	f.tcp.syn = 1;
	f.tcp.window = htons(1000);
	return f;
}

static uint16_t ip_checksum(const struct iphdr *ip)
{
	uint16_t word[sizeof(*ip) / 2];
	uint32_t sum = 0;

	memcpy(word, ip, sizeof(word));
	for (size_t i = 0; i < sizeof(word) / 2; i++)
		sum += word[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void flood(int wire, struct frame f, long first, long n)
{
	struct iphdr ip = f.ip;

	for (long i = first; i < first + n; i++) {
		ip.saddr = htonl(FIRST_SOURCE + i);
		ip.check = 0;
		ip.check = ip_checksum(&ip);
		f.ip = ip;
		f.tcp.seq = htonl(i);
		if (write(wire, &f, sizeof(f)) != sizeof(f))
			err(1, "write");
	}
}

int main(int argc, char **argv)
{
	/* Six SYN-ACKs take 63 s, and timers of half a minute are late. */
	struct run run = { .count = 20000, .warm_up = 5000, .settle = 80 };
	int c, wire, nowhere = 0;
	union address addr;
	struct frame f;
	struct busy b;

	while ((c = run_getopt(argc, argv, RUN_OPTIONS "x", &run)) != -1) {
		if (c != 'x')
			errx(2, "Usage: flood [-x] " RUN_USAGE);
		nowhere = 1;
	}
	enter_netns(open_netns("tcplife-cli"));
	listen_at(&server, &addr, BACKLOG);
	wire = open_wire();
	f = syn_to(&addr, nowhere);
	flood(wire, f, 0, run.warm_up);
	settle(run.settle);
	b = busy_start();
	flood(wire, f, run.warm_up, run.count);
	busy_loaded(&b);
	busy_end(&b, run.settle);
	busy_print(&b, run.count, 0, 0);
	return 0;
}
