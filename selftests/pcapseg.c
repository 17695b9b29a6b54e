// SPDX-License-Identifier: GPL-2.0-only
/*
 * pcapseg FILE: prints the TCP segments of a capture, one a line:
 *
 *   time src sport dst dport flags seq ack len win mss wscale sack tsval tsecr
 *
 * Flags are letters of FSRPAUEC in this order, "." for none. Sequence numbers
 * are absolute, options that a segment does not have are "-". This is the
 * tests' view of the wire: it shares nothing with the module.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pcap/pcap.h>

#define ETHER_LEN 14
#define NOT_SEEN -1

/* What a segment's options say. */
struct options {
	long long mss, wscale, tsval, tsecr;
	bool sack;
};

static unsigned int get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const unsigned char *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void parse_option(struct options *o, const unsigned char *p)
{
	if (p[0] == 2 && p[1] == 4) {
		o->mss = get16(p + 2);
	} else if (p[0] == 3 && p[1] == 3) {
		o->wscale = p[2];
	} else if (p[0] == 4 && p[1] == 2) {
		o->sack = true;
	} else if (p[0] == 8 && p[1] == 10) {
		o->tsval = get32(p + 2);
		o->tsecr = get32(p + 6);
	}
}

static struct options parse_options(const unsigned char *p,
				    const unsigned char *end)
{
	struct options o = { NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN, false };

	while (p < end && *p != 0) {
		if (*p == 1) {
			p++;
			continue;
		}
		if (p + 2 > end || p[1] < 2 || p + p[1] > end)
			break;
		parse_option(&o, p);
		p += p[1];
	}
	return o;
}

static void print_flags(unsigned char flags)
{
	static const char letters[] = "FSRPAUEC";

	putchar(' ');
	for (int i = 0; i < 8; i++)
		if (flags & 1 << i)
			putchar(letters[i]);
	if (!flags)
		putchar('.');
}

static void print_number(long long n)
{
	if (n == NOT_SEEN)
		printf(" -");
	else
		printf(" %lld", n);
}

/* A TCP header and how many bytes of the packet it and its data are. */
static void print_tcp(const unsigned char *tcp, unsigned int len)
{
	unsigned int header = (tcp[12] >> 4) * 4;
	struct options o;

	if (header < 20 || header > len)
		return;
	o = parse_options(tcp + 20, tcp + header);
	print_flags(tcp[13]);
	printf(" %u %u %u %u", get32(tcp + 4), get32(tcp + 8), len - header,
	       get16(tcp + 14));
	print_number(o.mss);
	print_number(o.wscale);
	printf(" %s", o.sack ? "sack" : "-");
	print_number(o.tsval);
	print_number(o.tsecr);
	putchar('\n');
}

static void print_segment(const struct pcap_pkthdr *h, int family,
			  const unsigned char *src, const unsigned char *dst,
			  const unsigned char *tcp, unsigned int len)
{
	char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];

	printf("%lld.%06ld %s %u %s %u", (long long)h->ts.tv_sec,
	       (long)h->ts.tv_usec, inet_ntop(family, src, a, sizeof(a)),
	       get16(tcp), inet_ntop(family, dst, b, sizeof(b)),
	       get16(tcp + 2));
	print_tcp(tcp, len);
}

static void print_ipv4(const struct pcap_pkthdr *h, const unsigned char *ip,
		       unsigned int caplen)
{
	unsigned int header = (ip[0] & 15) * 4;

	if (caplen < header + 20 || ip[9] != IPPROTO_TCP)
		return;
	print_segment(h, AF_INET, ip + 12, ip + 16, ip + header,
		      get16(ip + 2) - header);
}

/* No extension headers: nothing in the tests makes any. */
static void print_ipv6(const struct pcap_pkthdr *h, const unsigned char *ip,
		       unsigned int caplen)
{
	if (caplen < 60 || ip[6] != IPPROTO_TCP)
		return;
	print_segment(h, AF_INET6, ip + 8, ip + 24, ip + 40, get16(ip + 4));
}

static void print_packet(unsigned char *user, const struct pcap_pkthdr *h,
			 const unsigned char *p)
{
	unsigned int caplen = h->caplen;

	(void)user;
	if (caplen < ETHER_LEN + 20)
		return;
	caplen -= ETHER_LEN;
	if (get16(p + 12) == 0x0800)
		print_ipv4(h, p + ETHER_LEN, caplen);
	else if (get16(p + 12) == 0x86dd)
		print_ipv6(h, p + ETHER_LEN, caplen);
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;

	if (argc != 2) {
		fprintf(stderr, "usage: pcapseg FILE\n");
		return 2;
	}
	pcap = pcap_open_offline(argv[1], error);
	if (!pcap) {
		fprintf(stderr, "pcapseg: %s\n", error);
		return 1;
	}
	if (pcap_datalink(pcap) != DLT_EN10MB) {
		fprintf(stderr, "pcapseg: %s: not Ethernet\n", argv[1]);
		return 1;
	}
	/* Less than 0 is a last packet cut short: the file is being written. */
	pcap_loop(pcap, -1, print_packet, NULL);
	pcap_close(pcap);
	return 0;
}
