// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold N FILE COMMAND...: run COMMAND, and hold it before its Nth sendto(), so
 * that a test can do something between two requests of a program.
 *
 * When it is held, FILE says "held"; it goes on when somebody opens the fifo
 * FILE.go for writing. It is COMMAND that has our pid: who holds it is a child,
 * which is gone from then on.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int trace(int request, pid_t pid, unsigned long data)
{
	return ptrace(request, pid, NULL, data);
}

static int is_entry_of(pid_t pid, long number)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY &&
	       info.entry.nr == (unsigned long)number;
}

/* To the entry of the next system call, or the exit of this one. */
static void go_on(pid_t pid)
{
	int status, signal = 0;

	for (;;) {
		if (trace(PTRACE_SYSCALL, pid, signal) ||
		    waitpid(pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
			exit(1);
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			return;
		signal = status >> 16 ? 0 : WSTOPSIG(status);
	}
}

static void wait_for_leave(const char *path)
{
	FILE *file = fopen(path, "w");
	char go[256];

	if (!file)
		err(1, "%s", path);
	fputs("held\n", file);
	fclose(file);
	snprintf(go, sizeof(go), "%s.go", path);
	close(open(go, O_RDONLY));
}

static int hold(pid_t pid, int n, const char *path, int ready)
{
	if (trace(PTRACE_SEIZE, pid, PTRACE_O_TRACESYSGOOD) ||
	    trace(PTRACE_INTERRUPT, pid, 0) || close(ready) ||
	    waitpid(pid, NULL, __WALL) < 0)
		err(1, "ptrace");
	while (n) {
		go_on(pid);
		n -= is_entry_of(pid, SYS_sendto);
	}
	wait_for_leave(path);
	return trace(PTRACE_DETACH, pid, 0);
}

int main(int argc, char **argv)
{
	pid_t self = getpid();
	int ready[2];
	char c;

	if (argc < 4 || pipe2(ready, O_CLOEXEC))
		errx(2, "see the head of hold.c");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		close(ready[0]);
		return hold(self, atoi(argv[1]), argv[2], ready[1]);
	}
	close(ready[1]);
	/* The end of it: we are traced. */
	while (read(ready[0], &c, 1) < 0 && errno == EINTR)
		;
	execvp(argv[3], argv + 3);
	err(1, "%s", argv[3]);
}
