// SPDX-License-Identifier: GPL-2.0-only
/*
 * SNMP: the second witness. Each group of counters is two lines, one of names
 * and one of values, which begin with the name of the group.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "snmp.h"

#define SNMP_SEPARATORS	"\n :"

static void snmp_add(struct snmp *snmp, const char *group, const char *name,
		     const char *value)
{
	if (snmp->n == SNMP_MAX)
		return;
	snprintf(snmp->names[snmp->n], SNMP_NAME, "%s%s", group, name);
	snmp->values[snmp->n++] = strtoull(value, NULL, 10);
}

/* One group: "Tcp: RtoMin ..." and "Tcp: 200 ...". */
static void snmp_group(struct snmp *snmp, char *names, char *values)
{
	char *name, *value, *at_name, *at_value, *group;

	group = strtok_r(names, SNMP_SEPARATORS, &at_name);
	strtok_r(values, SNMP_SEPARATORS, &at_value);
	if (!group || strncmp(group, "Tcp", 3))
		return;
	for (;;) {
		name = strtok_r(NULL, SNMP_SEPARATORS, &at_name);
		value = strtok_r(NULL, SNMP_SEPARATORS, &at_value);
		if (!name || !value)
			return;
		snmp_add(snmp, group, name, value);
	}
}

static int snmp_file(struct snmp *snmp, const char *path)
{
	char *names = NULL, *values = NULL;
	size_t names_size = 0, values_size = 0;
	FILE *f = host_open(path);

	if (!f) {
		perror(path);
		return -1;
	}
	while (getline(&names, &names_size, f) > 0 &&
	       getline(&values, &values_size, f) > 0)
		snmp_group(snmp, names, values);
	free(names);
	free(values);
	fclose(f);
	return 0;
}

/**
 * snmp_read - read all of them, now
 * @snmp: where to
 *
 * Return: 0, or -1 when a file cannot be read, which is told.
 */
int snmp_read(struct snmp *snmp)
{
	snmp->n = 0;
	if (snmp_file(snmp, "/proc/net/snmp"))
		return -1;
	return snmp_file(snmp, "/proc/net/netstat");
}

/**
 * snmp_value - one of them
 * @snmp: as read
 * @name: as nstat spells it
 * @value: set to it
 *
 * Return: whether this kernel has it.
 */
bool snmp_value(const struct snmp *snmp, const char *name, __u64 *value)
{
	unsigned int i;

	for (i = 0; i < snmp->n; i++) {
		if (!strcmp(snmp->names[i], name)) {
			*value = snmp->values[i];
			return true;
		}
	}
	return false;
}
