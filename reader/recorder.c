// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife record: all that can be known, into a file, while a command runs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "audit.h"
#include "child.h"
#include "clock.h"
#include "commands.h"
#include "doctor.h"
#include "options.h"
#include "out.h"
#include "recording.h"
#include "stream.h"

/* TIME_WAIT has 60 s, and the kernel's timers may be late by an eighth. */
#define WAIT_NS		(68 * NSEC_PER_SEC)
/* With --no-wait: a FIN is answered at once, or in 40 ms. */
#define CLOSE_NS	(1 * NSEC_PER_SEC)
#define CLOSE_STEP_NS	(50 * NSEC_PER_MSEC)

static struct options o;
static char **command;		/* NULL: until a signal, or -d */
static __u64 ended;		/* when the command did */
static __u64 next;		/* when to look again */
static int not_run;		/* why the command was not */

static const int takes[] = { 'o', 'i', 'd', OPT_NO_WAIT, OPT_HOSTNAME, 0 };

static const struct usage usage = {
	.name = "record",
	.arguments = "[-- COMMAND [ARGUMENT]...]",
	.about =
"Record each connection that ends, and each second the counters and the\n"
"listeners, into a file for tcplife replay and tcplife report: while COMMAND\n"
"runs and until nothing is closing or in TIME_WAIT any more, or until ^C.",
	.takes = takes,
	.notes =
"The exit status is that of COMMAND; 1 if the file could not be written to the\n"
"end, 3 if the module was unloaded: that is said at once, and COMMAND goes on. ^C\n"
"and -d end all of it, COMMAND too. -i is how often to look at counters and\n"
"listeners (1). With --no-wait, connections are recorded when their socket\n"
"closes. The file can be read while it grows, and may be cut off anywhere:\n"
"Documentation/recording.rst",
};

/* The same as tcplife stats, listeners and the latency file show. */
static int sample(struct session *control, struct stats *stats)
{
	int ret = gather_stats(control, 0, stats);

	if (!ret)
		ret = session_dump(control, TCPLIFE_CMD_LISTENER_GET, NULL,
				   NULL);
	if (!ret)
		ret = session_request(control, TCPLIFE_CMD_LATENCY_GET, NULL,
				      NULL);
	return ret;
}

static int begin(struct session *control)
{
	struct facts facts = { .netns = 0 };
	struct stats first;
	int ret;

	facts_host(&facts);
	ret = session_dump(control, TCPLIFE_CMD_HOOK_GET, NULL, NULL);
	if (!ret)
		ret = session_request(control, TCPLIFE_CMD_MIB_GET, NULL, NULL);
	if (!ret)
		ret = sample(control, &first);
	if (!ret && command)
		not_run = child_start(command);
	return ret;
}

static __u64 closing(const struct stats *s)
{
	__u64 n = stats_value(s, NOW_FIN_WAIT1) + stats_value(s, NOW_CLOSING) +
		  stats_value(s, NOW_LAST_ACK);

	return o.no_wait ? n : n + stats_value(s, NOW_FIN_WAIT2) +
			       stats_value(s, NOW_TIME_WAIT);
}

/* Whether what the command left is over, as far as can be told: what closes may
 * be of others, and is waited for as well.
 */
static bool is_over(const struct stats *stats, __u64 now)
{
	if (!command || child_runs())
		return false;
	if (!ended)
		ended = now;
	return not_run || !closing(stats) ||
	       now - ended > (o.no_wait ? CLOSE_NS : WAIT_NS);
}

static int step(struct session *control, __u64 now, __u64 *when)
{
	static struct stats stats;
	bool due = now >= next || (command && !ended && !child_runs());
	int ret = 0;

	if (!due)
		return 0;
	ret = sample(control, &stats);
	if (!ret)
		ret = is_over(&stats, now);
	next = now + (ended && o.no_wait ? CLOSE_STEP_NS :
		      (o.interval ? o.interval : 1) * NSEC_PER_SEC);
	*when = next;
	return ret;
}

/* The last reading stays, in which nothing differs only because it moved. */
static int take_audit(struct session *control)
{
	struct comparison *all = calloc(nr_twins, sizeof(*all));
	static struct readings readings;
	int ret;

	if (!all) {
		snprintf(control->error, sizeof(control->error), "no memory");
		return -ENOMEM;
	}
	ret = audit_take(control, &readings, all);
	gather_free(&readings.mibs);
	gather_free(&readings.hooks);
	free(all);
	return ret < 0 ? ret : 0;
}

/* What tcplife list, doctor and audit need, as it is at the end. */
static int end(struct session *control)
{
	struct stats stats;
	int ret;

	ret = sample(control, &stats);
	if (!ret)
		ret = session_dump(control, TCPLIFE_CMD_CONNECTION_GET, NULL,
				   NULL);
	if (!ret)
		ret = session_dump(control, TCPLIFE_CMD_TIMEWAIT_GET, NULL,
				   NULL);
	if (!ret)
		ret = take_audit(control);
	return ret;
}

static bool on_event(const struct batch *b, const struct nlattr *nest)
{
	(void)b;
	(void)nest;
	return true;
}

static const struct stream_work work = {
	.begin = begin, .step = step, .end = end,
};

static json_t *about(void)
{
	json_t *more = json_object();
	struct utsname name;
	char text[64] = "";
	FILE *f;

	f = fopen("/sys/module/tcplife/version", "re");
	if (f && fgets(text, sizeof(text), f)) {
		text[strcspn(text, "\n")] = '\0';
		json_object_set_new(more, "module", json_string(text));
	}
	if (f)
		fclose(f);
	if (o.hostname && !uname(&name))
		json_object_set_new(more, "hostname",
				    json_string(name.nodename));
	if (command)
		json_object_set_new(more, "command", json_string(command[0]));
	return more;
}

static int record(void)
{
	struct stream stream = {
		.group = o.no_wait ? TCPLIFE_MCGRP_CLOSES :
				     TCPLIFE_MCGRP_RECORDS,
		.compact = o.no_wait ? TCPLIFE_MCGRP_CLOSES_COMPACT :
				       TCPLIFE_MCGRP_RECORDS_COMPACT,
		.nest = TCPLIFE_A_RECORD, .noun = "record", .o = &o,
		.event = on_event, .work = &work,
	};
	__u64 until = o.seconds ? clock_now() + o.seconds * NSEC_PER_SEC : 0;
	int status, ended_by;

	status = recording_open(o.output, about());
	if (!status)
		status = stream_run(&stream);
	/* It is not the command's fault that it cannot be recorded. */
	ended_by = child_end(!status || out_stopped(), until);
	return status ? status : ended_by;
}

/** command_record - tcplife record */
int command_record(int argc, char **argv)
{
	int ret = options_parse(argc, argv, &usage, &o);

	if (ret != OPTIONS_GO)
		return ret;
	if (!o.output)
		return options_refuse(&usage, "-o FILE: where to?");
	if (optind < argc)
		command = argv + optind;
	return record();
}
