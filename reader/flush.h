/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of what printf() wrote: a full disk must not pass for success.
 */
#ifndef _READER_FLUSH_H
#define _READER_FLUSH_H

#include <errno.h>
#include <stdio.h>

#include "commands.h"

/**
 * flush_stdout - write the rest
 * @status: the exit status so far
 *
 * Return: that, or STATUS_FAILED, which is told, when it cannot be written. A
 * pipe that nobody reads any more is no failure.
 */
static inline int flush_stdout(int status)
{
	if ((!fflush(stdout) && !ferror(stdout)) || errno == EPIPE)
		return status;
	perror("tcplife: stdout");
	return STATUS_FAILED;
}

#endif /* _READER_FLUSH_H */
