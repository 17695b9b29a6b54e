// SPDX-License-Identifier: GPL-2.0-only
/*
 * Child: a command that runs meanwhile.
 */
#define _GNU_SOURCE	/* pipe2(), ppoll() */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "out.h"

/* As a shell has it. */
#define STATUS_NOT_FOUND	127
#define STATUS_NOT_RUN		126
#define STATUS_SIGNAL		128

static pid_t pid;	/* 0: none, or it ended */
static int status;

static void on_child(int signal)
{
	(void)signal;	/* it is enough that poll() returns */
}

/* Does not return. What exec() says goes to the parent. */
static void run(char **argv, int tell)
{
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	if (write(tell, &errno, sizeof(errno)) < 0)
		_exit(STATUS_NOT_RUN);
	_exit(STATUS_NOT_FOUND);
}

static int complain(const char *what, int error)
{
	fprintf(stderr, "tcplife: %s: %s\n", what, strerror(error));
	return error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN;
}

/**
 * child_start - run a command
 * @argv: it
 *
 * Return: 0, or the exit status when it cannot be run, which is told.
 */
int child_start(char **argv)
{
	struct sigaction sa = {
		.sa_handler = on_child, .sa_flags = SA_NOCLDSTOP,
	};
	int tell[2], error = 0;

	if (pipe2(tell, O_CLOEXEC))
		return complain("pipe", errno);
	sigaction(SIGCHLD, &sa, NULL);
	fflush(NULL);
	pid = fork();
	if (!pid)
		run(argv, tell[1]);
	if (pid < 0)
		error = errno;
	close(tell[1]);
	while (pid > 0 && read(tell[0], &error, sizeof(error)) < 0 &&
	       errno == EINTR)
		;
	close(tell[0]);
	if (!error)
		return 0;
	if (pid > 0)
		waitpid(pid, NULL, 0);
	pid = 0;
	status = complain(argv[0], error);
	return status;
}

/** child_runs - whether it has not ended */
bool child_runs(void)
{
	int how;

	if (pid <= 0)
		return false;
	if (waitpid(pid, &how, WNOHANG) != pid)
		return true;
	pid = 0;
	status = WIFSIGNALED(how) ? STATUS_SIGNAL + WTERMSIG(how) :
				    WEXITSTATUS(how);
	return false;
}

static void child_stop(int sig)
{
	kill(pid, sig);
	kill(pid, SIGCONT);
}

/* Until a signal comes, or it is that time (0: whenever). Those of @old were let in
 * before, and those that matter here may not have been.
 */
static void wait_for_signal(const sigset_t *old, __u64 until)
{
	__u64 now = clock_now(), ns = until > now ? until - now : 0;
	struct timespec left = {
		.tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC,
	};
	sigset_t mask = *old;

	sigdelset(&mask, SIGCHLD);
	sigdelset(&mask, SIGINT);
	sigdelset(&mask, SIGTERM);
	ppoll(NULL, 0, until ? &left : NULL, &mask);
}

/**
 * child_end - wait for its end
 * @stop: ask for it now, by SIGTERM
 * @until: else at that time, or (0) when the user ends us
 *
 * Who does not mind is killed when the user asks once more.
 *
 * Return: its exit status, 128 and the signal if it was one; 0: there was none.
 */
int child_end(bool stop, __u64 until)
{
	int seen = stop ? out_stopped() : 0, sig = SIGTERM;
	sigset_t all, old;

	/* So that none comes between the look for it and the wait. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	while (child_runs()) {
		if (!stop && until && clock_now() >= until) {
			stop = true;
			until = 0;
		}
		if (stop || out_stopped() > seen) {
			child_stop(sig);
			sig = SIGKILL;
			until = 0;
		}
		stop = false;
		seen = out_stopped();
		wait_for_signal(&old, until);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}
