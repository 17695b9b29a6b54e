// SPDX-License-Identifier: GPL-2.0-only
/*
 * failnth N MODULE [PARAMETERS]: loads a module while the N-th allocation from
 * there on fails, whatever it is for. Prints
 *
 *	ERROR LEFT
 *
 * ERROR is "ok" or the name of an errno; LEFT is 0 if it came to the N-th.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int module, nth, ret;
	char left[16] = "";

	if (argc < 3)
		errx(2, "usage: failnth N MODULE [PARAMETERS]");
	module = open(argv[2], O_RDONLY);
	nth = open("/proc/thread-self/fail-nth", O_RDWR);
	if (module < 0 || nth < 0)
		err(1, "%s", module < 0 ? argv[2] : "fail-nth");
	if (write(nth, argv[1], strlen(argv[1])) < 0)
		err(1, "fail-nth");
	ret = syscall(SYS_finit_module, module, argc > 3 ? argv[3] : "", 0);
	ret = ret ? errno : 0;
	if (pread(nth, left, sizeof(left) - 1, 0) < 0 ||
	    pwrite(nth, "0", 1, 0) < 0)
		err(1, "fail-nth");
	printf("%s %d\n", ret ? strerrorname_np(ret) : "ok", atoi(left));
	return 0;
}
