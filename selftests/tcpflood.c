// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcpflood DST DPORT FIRST COUNT: that many SYNs as fast as they can be sent,
 * each from an address of its own, from 10.8.0.0 + FIRST on.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <linux/tcp.h>

#define FIRST_SOURCE	0x0a080000	/* 10.8.0.0 */
#define SOURCE_PORT	7000

struct packet {
	struct iphdr ip;
	struct tcphdr tcp;
};

/* The pseudo header and the TCP header: all words of 16 bits that are set. */
static uint16_t tcp_checksum(const struct packet *p)
{
	const uint16_t *word = (const uint16_t *)&p->tcp;
	uint32_t sum = htons(IPPROTO_TCP) + htons(sizeof(p->tcp)) +
		       (p->ip.saddr >> 16) + (p->ip.saddr & 0xffff) +
		       (p->ip.daddr >> 16) + (p->ip.daddr & 0xffff);

	for (size_t i = 0; i < sizeof(p->tcp) / 2; i++)
		sum += word[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* The kernel fills in length, id and checksum of the IP header. */
static struct packet syn(in_addr_t dst, uint16_t port)
{
	struct packet p = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64,
			.protocol = IPPROTO_TCP, .daddr = dst },
	};

	p.tcp.source = htons(SOURCE_PORT);
	p.tcp.dest = htons(port);
	p.tcp.doff = sizeof(p.tcp) / 4;
	p.tcp.syn = 1;
	p.tcp.window = htons(1000);
	return p;
}

int main(int argc, char **argv)
{
	struct sockaddr_in dst = { .sin_family = AF_INET };
	struct packet p;
	int fd, first, count;

	if (argc != 5 || inet_pton(AF_INET, argv[1], &dst.sin_addr) != 1) {
		fprintf(stderr, "usage: tcpflood DST DPORT FIRST COUNT\n");
		return 2;
	}
	first = atoi(argv[3]);
	count = atoi(argv[4]);
	p = syn(dst.sin_addr.s_addr, atoi(argv[2]));
	fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	for (int i = first; i < first + count; i++) {
		p.ip.saddr = htonl(FIRST_SOURCE + i);
		p.tcp.seq = htonl(i);
		p.tcp.check = 0;
		p.tcp.check = tcp_checksum(&p);
		if (sendto(fd, &p, sizeof(p), 0, (struct sockaddr *)&dst,
			   sizeof(dst)) < 0) {
			perror("tcpflood");
			return 1;
		}
	}
	return 0;
}
