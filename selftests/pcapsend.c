// SPDX-License-Identifier: GPL-2.0-only
/*
 * pcapsend FILE SRC SPORT DPORT data|fin|syn: sends once more what a capture
 * has: the first segment of IPv4 with data, FIN or SYN from SRC:SPORT to DPORT.
 * An old duplicate, as it was, but for its checksum, which the sender's device
 * was to have made.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <pcap/pcap.h>

#define ETHER_LEN 14
#define IP_PROTOCOL 9
#define IP_SOURCE 12
#define IP_DEST 16
#define TCP_FLAGS 13
#define TCP_CHECK 16
#define TCP_FIN 1
#define TCP_SYN 2

static int get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t sum16(const unsigned char *p, unsigned int len)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	return sum;
}

static void set_checksum(unsigned char *ip, unsigned char *tcp,
			 unsigned int len)
{
	uint32_t sum;

	memset(tcp + TCP_CHECK, 0, 2);
	sum = sum16(ip + IP_SOURCE, 8) + IPPROTO_TCP + len + sum16(tcp, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	tcp[TCP_CHECK] = ~sum >> 8;
	tcp[TCP_CHECK + 1] = ~sum;
}

/* IPv4 and TCP, whole, from here to there, and what is asked for. */
static bool wanted(const unsigned char *ip, unsigned int len, char **argv)
{
	const unsigned char *tcp = ip + (ip[0] & 15) * 4;
	struct in_addr src;

	if (ip[0] >> 4 != 4 || ip[IP_PROTOCOL] != IPPROTO_TCP ||
	    get16(ip + 2) > (int)len || inet_pton(AF_INET, argv[2], &src) != 1 ||
	    memcmp(ip + IP_SOURCE, &src, sizeof(src)))
		return false;
	if (get16(tcp) != atoi(argv[3]) || get16(tcp + 2) != atoi(argv[4]))
		return false;
	if (!strcmp(argv[5], "fin"))
		return tcp[TCP_FLAGS] & TCP_FIN;
	if (!strcmp(argv[5], "syn"))
		return tcp[TCP_FLAGS] & TCP_SYN;
	return ip + get16(ip + 2) > tcp + (tcp[12] >> 4) * 4;
}

static int send_again(unsigned char *ip)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	unsigned int header = (ip[0] & 15) * 4, len = get16(ip + 2);
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	set_checksum(ip, ip + header, len - header);
	memcpy(&to.sin_addr, ip + IP_DEST, sizeof(to.sin_addr));
	if (fd < 0 ||
	    sendto(fd, ip, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("pcapsend");
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const unsigned char *p;
	unsigned char ip[65536];
	pcap_t *pcap;

	if (argc != 6) {
		fprintf(stderr,
			"usage: pcapsend FILE SRC SPORT DPORT data|fin|syn\n");
		return 2;
	}
	pcap = pcap_open_offline(argv[1], error);
	if (!pcap) {
		fprintf(stderr, "pcapsend: %s\n", error);
		return 1;
	}
	while (pcap_next_ex(pcap, &h, &p) == 1) {
		if (h->caplen < ETHER_LEN + 40 || get16(p + 12) != 0x0800 ||
		    !wanted(p + ETHER_LEN, h->caplen - ETHER_LEN, argv))
			continue;
		memcpy(ip, p + ETHER_LEN, h->caplen - ETHER_LEN);
		return send_again(ip);
	}
	fprintf(stderr, "pcapsend: %s: no such segment\n", argv[1]);
	return 1;
}
