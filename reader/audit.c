// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife audit: the module's counters against the kernel's own.
 *
 * The kernel's are read between two readings of the module's, and the module
 * knows what they were before its first hook was attached and after its last
 * one. So each sum is known between two numbers, which are the same where
 * nothing happened meanwhile, and only what lies outside is a difference.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"
#include "commands.h"
#include "enums.h"
#include "flush.h"
#include "gather.h"
#include "options.h"

/* A difference that is gone at a second look was on its way. */
#define LOOKS		3
#define PAUSE_US	100000

static const int audit_takes[] = { 'j', 0 };

static const struct usage audit_usage = {
	.name = "audit",
	.about =
	"Compare each counter of the module with the kernel's own that counts the\n"
	"same, both since the module was loaded, in this network namespace.",
	.takes = audit_takes,
	.notes =
	"exact   the same\n"
	"moving  they are, as far as can be told while they move\n"
	"bound   they need not be the same; the line below says why and by how much\n"
	"off     a hook that it needs is not attached here\n"
	"-       this kernel does not have the counter, or did not tell it at load\n"
	"DIFFERS they should be the same and are not: exit status 1",
};

/* All that moves. */
static int read_once(struct session *s, struct readings *r)
{
	__u32 netns = gather_netns();
	int ret;

	ret = gather_stats(s, netns, &r->before);
	if (ret)
		return ret;
	if (snmp_read(&r->snmp)) {
		snprintf(s->error, sizeof(s->error),
			 "the kernel's own counters cannot be read");
		return -EIO;
	}
	ret = gather_stats(s, netns, &r->after);
	return ret;
}

/* The smallest difference that is possible. */
static __s64 difference(const struct comparison *c)
{
	return c->low > 0 ? c->low : c->high < 0 ? c->high : 0;
}

/* As -j has it; for people, a difference is shouted. */
static const char *verdict_name(enum verdict verdict)
{
	return enums_name(SHOW_VERDICT, verdict);
}

/* As /proc/net/snmp and netstat have it, without the first word of the line. */
static const char *short_name(const char *name)
{
	name += strlen("Tcp");
	return strncmp(name, "Ext", 3) ? name : name + 3;
}

static void print_why(const struct twin *twin, const struct comparison *c)
{
	if (!twin->stats[0])
		printf("    not counted here: %s\n", twin->why);
	else if (twin->why && (c->verdict == VERDICT_BOUND ||
			       c->verdict == VERDICT_DIFFERS))
		printf("    -%lld to +%lld are explained: %s\n",
		       c->bound_fewer, c->bound_more, twin->why);
}

static void print_numbers(const struct twin *twin, const struct comparison *c)
{
	if (c->verdict == VERDICT_UNKNOWN)
		printf("%8s %8lld %5s ", "-", c->ours, "-");
	else if (!twin->stats[0])
		printf("%8lld %8s %5s ", c->theirs, "-", "-");
	else
		printf("%8lld %8lld %5lld ", c->theirs, c->ours,
		       difference(c));
}

static void print_text(const struct comparison *all)
{
	const struct comparison *c;
	const struct twin *twin;

	printf("%-23s %-22s %8s %8s %5s %s\n", "KERNEL'S COUNTER",
	       "TCPLIFE'S", "KERNEL", "TCPLIFE", "DIFF", "VERDICT");
	for (twin = twins, c = all; twin < twins + nr_twins; twin++, c++) {
		printf("%-23s %-22s ", short_name(twin->theirs), twin->ours);
		print_numbers(twin, c);
		printf("%s\n", c->verdict == VERDICT_DIFFERS ? "DIFFERS" :
		       c->verdict == VERDICT_UNKNOWN ? "-" :
		       verdict_name(c->verdict));
		print_why(twin, c);
	}
}

static void add_comparison(json_t *line, const struct comparison *c)
{
	json_object_set_new(line, "kernel", json_integer(c->theirs));
	json_object_set_new(line, "difference", json_integer(difference(c)));
	json_object_set_new(line, "explained_more",
			    json_integer(c->bound_more));
	json_object_set_new(line, "explained_fewer",
			    json_integer(c->bound_fewer));
}

static void print_json(const struct comparison *all)
{
	json_t *line;
	unsigned int i;

	for (i = 0; i < nr_twins; i++) {
		const struct comparison *c = &all[i];

		line = json_pack("{s:s, s:s, s:s, s:I}", "counters", twins[i].ours,
				 "mib", twins[i].theirs, "verdict",
				 verdict_name(c->verdict),
				 "tcplife", (json_int_t)c->ours);
		if (c->verdict != VERDICT_UNKNOWN)
			add_comparison(line, c);
		json_dumpf(line, stdout, JSON_COMPACT);
		printf("\n");
		json_decref(line);
	}
}

/**
 * audit_take - read, and again where it may be that all differences move
 * @s: the session
 * @r: set to what was read last; to be freed
 * @all: set to what became of each pair of twins, nr_twins of them
 *
 * Return: how many differ, or an error, with words for it in @s.
 */
int audit_take(struct session *s, struct readings *r, struct comparison *all)
{
	unsigned int looks, differ = 0;
	int ret;

	ret = gather_mibs(s, &r->mibs);
	if (!ret)
		ret = gather_hooks(s, &r->hooks);
	for (looks = 0; !ret && looks < LOOKS; looks++) {
		if (looks)
			usleep(PAUSE_US);
		ret = read_once(s, r);
		if (ret)
			break;
		differ = audit_compare(r, all);
		if (!differ)
			break;
	}
	return ret ? ret : (int)differ;
}

static int report(const struct readings *r, const struct comparison *all,
		  const struct options *o, int differ)
{
	__u64 missed = stats_value(&r->after, HOOKS_MISSED);

	if (o->json)
		print_json(all);
	else
		print_text(all);
	if (missed && !o->json)
		printf("%llu hits of hooks were missed: as much may be short in all\n",
		       missed);
	if (!differ)
		return STATUS_OK;
	fprintf(stderr, "tcplife: %d of %u differ\n", differ, nr_twins);
	return STATUS_FAILED;
}

/** command_audit - tcplife audit */
int command_audit(int argc, char **argv)
{
	static struct readings readings;
	static struct session s;
	struct comparison *all;
	struct options o;
	int ret;

	ret = options_parse(argc, argv, &audit_usage, &o);
	if (ret != OPTIONS_GO)
		return ret;
	all = calloc(nr_twins, sizeof(*all));
	if (!all)
		return STATUS_FAILED;
	ret = session_open(&s);
	if (!ret)
		ret = audit_take(&s, &readings, all);
	ret = ret < 0 ? session_fail(&s, ret) :
			report(&readings, all, &o, ret);
	gather_free(&readings.mibs);
	gather_free(&readings.hooks);
	session_close(&s);
	free(all);
	return flush_stdout(ret);
}
