// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcpraw SRC SPORT DST DPORT FLAGS SEQ ACK [COUNT [BYTES | TSVAL TSECR |
 * options HEX]]: sends an IPv4 TCP segment, as no well-behaved TCP would at that
 * moment, COUNT times. Flags are letters of FSRPAU. It has BYTES of data, which
 * are 0, or timestamps for an option, or the options that HEX says.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/tcp.h>

/* What the checksum covers besides the segment. */
struct pseudo_header {
	struct in_addr src, dst;
	uint8_t zero, protocol;
	uint16_t len;
};

struct packet {
	struct pseudo_header pseudo;
	struct tcphdr tcp;
	union {
		struct {
			uint8_t nops[2], kind, len;
			uint32_t tsval, tsecr;
			uint8_t data[100];
		};
		uint8_t options[40];
	};
};

static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static void set_flags(struct tcphdr *tcp, const char *flags)
{
	tcp->fin = !!strchr(flags, 'F');
	tcp->syn = !!strchr(flags, 'S');
	tcp->rst = !!strchr(flags, 'R');
	tcp->psh = !!strchr(flags, 'P');
	tcp->ack = !!strchr(flags, 'A');
	tcp->urg = !!strchr(flags, 'U');
}

static uint32_t number(const char *s)
{
	return strtoull(s, NULL, 10);
}

static void set_timestamps(struct packet *p, char **argv)
{
	memcpy(p->nops, "\1\1\10\12", 4);
	p->tsval = htonl(number(argv[0]));
	p->tsecr = htonl(number(argv[1]));
}

/* Options as pairs of hexadecimal digits, with NOPs up to a multiple of 4; returns
 * their length.
 */
static size_t set_options(struct packet *p, const char *hex)
{
	size_t n = 0;

	while (n < sizeof(p->options) &&
	       sscanf(hex + 2 * n, "%2hhx", &p->options[n]) == 1)
		n++;
	while (n % 4)
		p->options[n++] = 1;
	return n;
}

/* Sets what comes behind the header; returns the length of the segment. */
static size_t set_rest(struct packet *p, int argc, char **argv)
{
	size_t head = sizeof(p->tcp), bytes = 0;

	if (argc == 2 && !strcmp(argv[0], "options")) {
		head += set_options(p, argv[1]);
	} else if (argc == 2) {
		set_timestamps(p, argv);
		head = offsetof(struct packet, data) - sizeof(p->pseudo);
	} else if (argc == 1) {
		bytes = atoi(argv[0]);
	}
	if (bytes > sizeof(p->data))
		bytes = sizeof(p->data);
	p->pseudo.len = htons(head + bytes);
	p->tcp.doff = head / 4;
	return head + bytes;
}

static int die(void)
{
	perror("tcpraw");
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in src = { .sin_family = AF_INET };
	struct sockaddr_in dst = { .sin_family = AF_INET };
	int count = argc > 8 ? atoi(argv[8]) : 1;
	struct packet p = {};
	size_t len;
	int fd;

	if (argc < 8 || inet_pton(AF_INET, argv[1], &src.sin_addr) != 1 ||
	    inet_pton(AF_INET, argv[3], &dst.sin_addr) != 1) {
		fprintf(stderr, "usage: tcpraw SRC SPORT DST DPORT FLAGS SEQ ACK\n");
		return 2;
	}
	p.pseudo = (struct pseudo_header){ src.sin_addr, dst.sin_addr, 0,
		IPPROTO_TCP, 0 };
	p.tcp.source = htons(number(argv[2]));
	p.tcp.dest = htons(number(argv[4]));
	set_flags(&p.tcp, argv[5]);
	p.tcp.seq = htonl(number(argv[6]));
	p.tcp.ack_seq = htonl(number(argv[7]));
	p.tcp.window = htons(1000);
	len = set_rest(&p, argc - 9, argv + 9);
	p.tcp.check = checksum(&p, sizeof(p));

	fd = socket(AF_INET, SOCK_RAW, IPPROTO_TCP);
	if (fd < 0 || bind(fd, (struct sockaddr *)&src, sizeof(src)) ||
	    connect(fd, (struct sockaddr *)&dst, sizeof(dst)))
		return die();
	do {
		if (send(fd, &p.tcp, len, 0) < 0)
			return die();
	} while (--count > 0);
	return 0;
}
