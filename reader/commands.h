/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subcommands, and how they end.
 */
#ifndef _READER_COMMANDS_H
#define _READER_COMMANDS_H

/* Exit status. */
enum {
	STATUS_OK,
	STATUS_FAILED,
	STATUS_USAGE,
	STATUS_NOT_LOADED,
};

/* Each is called with its name as argv[0], and returns the exit status. */
int command_follow(int argc, char **argv);
int command_halfopen(int argc, char **argv);
int command_states(int argc, char **argv);
int command_list(int argc, char **argv);
int command_show(int argc, char **argv);
int command_listeners(int argc, char **argv);
int command_timewait(int argc, char **argv);
int command_stats(int argc, char **argv);
int command_top(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_metrics(int argc, char **argv);
int command_filter(int argc, char **argv);
int command_record(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_report(int argc, char **argv);

#endif /* _READER_COMMANDS_H */
