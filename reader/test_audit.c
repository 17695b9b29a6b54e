// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each verdict of audit, out of readings that ask for it. Needs no module.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "commands.h"

#define PAIRS		3

/** struct reading - a counter, and how much it grew until it was read */
struct reading {
	const char	*mib;
	__u64		grew;
};

/**
 * struct scene - readings, and what is to be said of one pair of twins
 * @ours: the pair, by the name of the module's
 * @verdict: of it
 * @before: counters of the module and their values, before the kernel's
 * @after: what they had grown by after it
 * @kernel: the kernel's
 * @off: the event of a hook that is not attached
 * @absent: a counter that the module did not know at load
 */
struct scene {
	const char	*ours;
	enum verdict	verdict;
	__u64		before[2 * PAIRS];
	__u64		after[2 * PAIRS];
	struct reading	kernel[PAIRS];
	const char	*off;
	const char	*absent;
};

#define S(name)		TCPLIFE_A_STATS_##name

static const struct scene scenes[] = {
	{ .ours = "active_opens", .verdict = VERDICT_EXACT },
	{ "active_opens", VERDICT_EXACT, { S(ACTIVE_OPENS), 5 },
	  .kernel = { { "TcpActiveOpens", 5 } } },
	{ "active_opens", VERDICT_DIFFERS, { S(ACTIVE_OPENS), 5 },
	  .kernel = { { "TcpActiveOpens", 4 } } },
	{ "active_opens", VERDICT_DIFFERS, { S(ACTIVE_OPENS), 5 },
	  .kernel = { { "TcpActiveOpens", 6 } } },
	/* They moved from 5 to 7 while the kernel was asked. */
	{ "active_opens", VERDICT_MOVING, { S(ACTIVE_OPENS), 5 },
	  .after = { S(ACTIVE_OPENS), 2 }, .kernel = { { "TcpActiveOpens", 7 } } },
	{ "active_opens", VERDICT_DIFFERS, { S(ACTIVE_OPENS), 5 },
	  .after = { S(ACTIVE_OPENS), 2 }, .kernel = { { "TcpActiveOpens", 8 } } },
	/* Some of ours the kernel may not have sent; it has sent no others. */
	{ "rst_sent", VERDICT_BOUND, { S(RST_SENT), 3, S(RST_SIGNED), 1 },
	  .kernel = { { "TcpOutRsts", 2 } } },
	{ "rst_sent", VERDICT_DIFFERS, { S(RST_SENT), 4, S(RST_SIGNED), 1 },
	  .kernel = { { "TcpOutRsts", 2 } } },
	{ "rst_sent", VERDICT_DIFFERS, { S(RST_SENT), 2, S(RST_SIGNED), 1 },
	  .kernel = { { "TcpOutRsts", 3 } } },
	{ "rst_sent", VERDICT_EXACT, { S(RST_SENT), 2, S(RST_SIGNED), 1 },
	  .kernel = { { "TcpOutRsts", 2 } } },
	/* The kernel says itself how many it counted that came to nothing. */
	{ "retrans_*", VERDICT_BOUND, { S(RETRANS_FIN), 2 },
	  .kernel = { { "TcpRetransSegs", 3 },
		      { "TcpExtTCPRetransFail", 1 } } },
	{ "retrans_*", VERDICT_DIFFERS, { S(RETRANS_FIN), 2 },
	  .kernel = { { "TcpRetransSegs", 4 },
		      { "TcpExtTCPRetransFail", 1 } } },
	{ "retrans_*", VERDICT_DIFFERS, { S(RETRANS_FIN), 4 },
	  .kernel = { { "TcpRetransSegs", 3 },
		      { "TcpExtTCPRetransFail", 1 } } },
	/* A RST that failed was counted before it did. */
	{ "rst_sent", VERDICT_DIFFERS, { S(RST_SENT), 3 },
	  .kernel = { { "TcpOutRsts", 2 }, { "TcpExtTCPAbortFailed", 1 } } },
	/* What is not counted here is never said to be the same. */
	{ .ours = "-", .verdict = VERDICT_BOUND },
	{ "-", VERDICT_BOUND, .kernel = { { "TcpExtTCPAbortFailed", 7 } } },
	/* By kinds that are added. */
	{ "timeouts_*", VERDICT_EXACT,
	  { S(TIMEOUTS_SYN), 1, S(TIMEOUTS_SYNACK), 2, S(TIMEOUTS_DATA), 4 },
	  .kernel = { { "TcpExtTCPTimeouts", 7 } } },
	{ "abort_timeout", VERDICT_DIFFERS, { S(NOW_CLOSE), 1 },
	  .kernel = { { "TcpExtTCPAbortOnTimeout", 1 } } },
	/* It counts more, and ours says how much. */
	{ "abort_unread", VERDICT_DIFFERS, { S(LOST_POOL_EMPTY), 1 },
	  .kernel = { { "TcpExtTCPAbortOnClose", 2 } } },
	{ "abort_unread", VERDICT_BOUND, { S(LOST_POOL_EMPTY), 1 },
	  .kernel = { { "TcpExtTCPAbortOnClose", 1 } } },
	/* But ours must not be higher for that. */
	{ "abort_unread", VERDICT_DIFFERS,
	  .before = { S(LOST_POOL_EMPTY), 1, S(ABORT_UNREAD), 1 } },
	/* A hook is missing: whatever there is, it is no difference. */
	{ "cookies_sent", VERDICT_OFF, { S(COOKIES_SENT), 1 },
	  .off = "cookie-sent6" },
	{ "cookies_sent", VERDICT_OFF, .off = "syn-received" },
	{ "cookies_sent", VERDICT_DIFFERS, { S(COOKIES_SENT), 1 },
	  .off = "cookie-valid" },
	{ "cookies_sent", VERDICT_DIFFERS, { S(COOKIES_SENT), 1 },
	  .off = "cookie-sen" },
	{ "tw_entered", VERDICT_UNKNOWN, { S(TW_ENTERED), 1 },
	  .absent = "TcpExtTWKilled" },
};

#define NR_SCENES	(sizeof(scenes) / sizeof(*scenes))

static void add_stats(struct stats *stats, const __u64 *pairs)
{
	unsigned int i;

	for (i = 0; i < 2 * PAIRS; i += 2) {
		attr_set(stats->has, pairs[i]);
		stats->value[pairs[i]] += pairs[i + 1];
	}
}

static __u64 grew(const struct scene *scene, const char *mib)
{
	unsigned int i;

	for (i = 0; i < PAIRS && scene->kernel[i].mib; i++)
		if (!strcmp(scene->kernel[i].mib, mib))
			return scene->kernel[i].grew;
	return 0;
}

/* Each was 100 when the module was loaded. */
static void add_mib(const struct scene *scene, struct readings *r,
		    const char *name)
{
	struct mib_entry *mib;
	unsigned int n = r->snmp.n++;

	snprintf(r->snmp.names[n], SNMP_NAME, "%s", name);
	r->snmp.values[n] = 100 + grew(scene, name);
	if (scene->absent && !strcmp(scene->absent, name))
		return;
	mib = (struct mib_entry *)r->mibs.items + r->mibs.n++;
	*mib = (struct mib_entry){ .before = 100, .after = 100 };
	snprintf(mib->name, sizeof(mib->name), "%s", name);
}

static void set_up(const struct scene *scene, struct readings *r)
{
	struct hook *hook = calloc(1, sizeof(*hook));
	unsigned int i, j;

	memset(r, 0, sizeof(*r));
	add_stats(&r->before, scene->before);
	add_stats(&r->after, scene->before);
	add_stats(&r->after, scene->after);
	r->mibs.items = calloc(2 * TWIN_MIBS * nr_twins,
			       sizeof(struct mib_entry));
	if (!hook || !r->mibs.items)
		abort();
	for (i = 0; i < nr_twins; i++) {
		for (j = 0; j < TWIN_MIBS && twins[i].mibs[j]; j++)
			add_mib(scene, r, twins[i].mibs[j]);
		for (j = 0; j < TWIN_MIBS && twins[i].failed[j]; j++)
			add_mib(scene, r, twins[i].failed[j]);
	}
	r->hooks = (struct gathered){ .items = hook, .n = !!scene->off };
	hook->state = TCPLIFE_HOOK_STATE_OFF;
	if (scene->off)
		snprintf(hook->event, sizeof(hook->event), "%s", scene->off);
}

static unsigned int find(const char *ours)
{
	unsigned int i;

	for (i = 0; i < nr_twins; i++)
		if (!strcmp(twins[i].ours, ours))
			return i;
	abort();
}

static int play(const struct scene *scene)
{
	static struct readings r;
	struct comparison *all = calloc(nr_twins, sizeof(*all));
	enum verdict verdict;

	if (!all)
		abort();
	set_up(scene, &r);
	audit_compare(&r, all);
	verdict = all[find(scene->ours)].verdict;
	gather_free(&r.mibs);
	gather_free(&r.hooks);
	free(all);
	if (verdict == scene->verdict)
		return 0;
	printf("scene %zu, %s: %s, want %s\n", scene - scenes, scene->ours,
	       enums_name(SHOW_VERDICT, verdict),
	       enums_name(SHOW_VERDICT, scene->verdict));
	return 1;
}

int main(void)
{
	int failed = 0;
	size_t n;

	for (n = 0; n < NR_SCENES; n++)
		failed += play(&scenes[n]);
	printf("audit: %zu scenes, %d failed\n", NR_SCENES, failed);
	return failed ? STATUS_FAILED : STATUS_OK;
}
