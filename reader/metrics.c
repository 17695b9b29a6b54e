// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife metrics: everything that is counted, for Prometheus.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "commands.h"
#include "metrics.h"
#include "out.h"
#include "self.h"

static struct options o;
static struct scraper scraper = { .o = &o };

static const int takes[] = {
	OPT_OPENMETRICS, OPT_LISTEN, OPT_MAX_LISTENERS, 'L', 'N', OPT_FIELDS, 0,
};

static const struct usage usage = {
	.name = "metrics",
	.about =
"Print what the module counts as metrics for Prometheus, in its text format\n"
"0.0.4; with --listen, serve them as http://ADDRESS:PORT/metrics until a signal\n"
"comes, as OpenMetrics to those who ask for it.",
	.takes = takes,
	.notes =
"--listen is for this machine, 127.0.0.1, unless an address is given; the port is\n"
"9743 unless one is. Anyone who can connect may read. Listeners have series of\n"
"their own by address and port, but no more than --max-listeners (128); those of\n"
"the lowest ports come first, and tcplife_listeners_left_out counts the rest.\n"
"Documentation/metrics.rst explains each metric.",
};

/* For a file that is a collector's: all or nothing. */
static int print_once(void)
{
	size_t size;
	char *page;
	int error;

	page = scrape(&scraper, o.openmetrics, &size, &error);
	groups_free(&scraper.groups);
	if (error) {
		free(page);
		return session_fail(&scraper.session, error);
	}
	if (!page) {
		fprintf(stderr, "tcplife: no memory\n");
		return STATUS_FAILED;
	}
	out_long(page);
	free(page);
	return out_close();
}

/** command_metrics - for Prometheus */
int command_metrics(int argc, char **argv)
{
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	if (o.fields)
		return metrics_print_list();
	if (!o.max_listeners)
		o.max_listeners = METRICS_LISTENERS;
	self_init();
	return o.listen.port ? metrics_serve(&scraper) : print_once();
}
