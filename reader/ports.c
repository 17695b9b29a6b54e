// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ephemeral ports, as sysctl has them.
 */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "ports.h"

#define RANGE		"/proc/sys/net/ipv4/ip_local_port_range"
#define RESERVED	"/proc/sys/net/ipv4/ip_local_reserved_ports"

static void set_range(struct ports *ports, unsigned int from, unsigned int to,
		      bool on)
{
	unsigned int port;

	for (port = from; port <= to && port < 65536; port++) {
		if (on)
			ports->set[port / 64] |= 1ULL << (port % 64);
		else
			ports->set[port / 64] &= ~(1ULL << (port % 64));
	}
}

/* "8080,9148-9150": none of them is given out. */
static void remove_reserved(struct ports *ports)
{
	FILE *file = host_open(RESERVED);
	unsigned int from, to;

	if (!file)
		return;
	while (fscanf(file, "%u", &from) == 1) {
		if (fscanf(file, "-%u", &to) != 1)
			to = from;
		set_range(ports, from, to, false);
		if (fgetc(file) != ',')
			break;
	}
	fclose(file);
}

/**
 * ports_ephemeral - learn them
 * @ports: the set
 * @count: how many they are
 *
 * Return: 0, or -1 when /proc/sys does not tell.
 */
int ports_ephemeral(struct ports *ports, unsigned int *count)
{
	FILE *file = host_open(RANGE);
	unsigned int from, to, i;
	int n;

	memset(ports, 0, sizeof(*ports));
	*count = 0;
	if (!file)
		return -1;
	n = fscanf(file, "%u %u", &from, &to);
	fclose(file);
	if (n != 2)
		return -1;
	set_range(ports, from, to, true);
	remove_reserved(ports);
	for (i = 0; i < 65536 / 64; i++)
		*count += __builtin_popcountll(ports->set[i]);
	return 0;
}
