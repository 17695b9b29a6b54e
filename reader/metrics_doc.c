// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of metrics for Documentation/, out of metrics_list.h.
 */
#include <string.h>

#include "flush.h"
#include "metrics.h"

static const char * const kinds[] = {
	[METRIC_COUNTER] = "Counter",
	[METRIC_GAUGE] = "Gauge",
	[METRIC_HISTOGRAM] = "Histogram",
};

#define WIDTH	76

/* Words of @text in lines, each behind four blanks. */
static void print_words(const char *text)
{
	size_t at = 0, len;

	printf("   ");
	for (; *text; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		if (at && at + 1 + len > WIDTH - 4) {
			printf("\n   ");
			at = 0;
		}
		printf(" %.*s", (int)len, text);
		at += 1 + len;
	}
	printf("\n");
}

static bool is_listener(const struct metric *m)
{
	return !strncmp(m->name, "tcplife_listener_", 17);
}

static void print_metric(const struct metric *m)
{
	static const char places[] = " by ``address``, ``port``";
	bool listens = is_listener(m);
	char by[64], text[512];

	printf("\n``%s%s``\n", m->name,
	       m->type == METRIC_COUNTER ? "_total" : "");
	snprintf(by, sizeof(by), "%s%s%s%s", listens ? places : "",
		 m->label ? (listens ? ", ``" : " by ``") : "",
		 m->label ? m->label : "", m->label ? "``" : "");
	snprintf(text, sizeof(text), "%s%s. %s.", kinds[m->type], by, m->help);
	print_words(text);
}

/** metrics_print_list - all metrics, as reStructuredText */
int metrics_print_list(void)
{
	unsigned int i;

	for (i = 0; i < NR_METRICS; i++)
		print_metric(&metrics[i]);
	return flush_stdout(STATUS_OK);
}
