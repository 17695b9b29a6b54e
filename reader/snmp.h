/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own counters of TCP, as the namespace of this process has them.
 */
#ifndef _READER_SNMP_H
#define _READER_SNMP_H

#include <stdbool.h>
#include <linux/types.h>

#define SNMP_NAME	40
#define SNMP_MAX		512

/**
 * struct snmp - /proc/net/snmp and /proc/net/netstat
 * @names: as nstat spells them: TcpActiveOpens, TcpExtListenOverflows
 * @values: in the same order
 * @n: how many
 */
struct snmp {
	char		names[SNMP_MAX][SNMP_NAME];
	__u64	values[SNMP_MAX];
	unsigned int	n;
};

int snmp_read(struct snmp *snmp);
bool snmp_value(const struct snmp *snmp, const char *name, __u64 *value);

#endif /* _READER_SNMP_H */
