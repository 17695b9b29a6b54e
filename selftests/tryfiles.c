// SPDX-License-Identifier: GPL-2.0-only
/*
 * tryfiles FILE...: the ways that are open to files, a line each.
 *
 * "open", "read", "write", "move", "remove" and, in its folder, "create", each
 * with the name; then "tried". What works is not undone. A shell would start
 * programs for this, which is what takes long under QEMU.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(int ok, const char *way, const char *name)
{
	if (ok)
		printf("%s %s\n", way, name);
}

static void try_contents(const char *name)
{
	int fd = open(name, O_RDONLY);
	char c;

	say(fd >= 0, "open", name);
	say(fd >= 0 && read(fd, &c, 1) >= 0, "read", name);
	close(fd);
	fd = open(name, O_WRONLY);
	say(fd >= 0 && write(fd, "1\n", 2) > 0, "write", name);
	close(fd);
}

static void try_folder(const char *name)
{
	char other[256];

	snprintf(other, sizeof(other), "%s.old", name);
	say(!rename(name, other), "move", name);
	say(!unlink(name), "remove", name);
	snprintf(strrchr(other, '/'), 8, "/new");
	say(open(other, O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0,
	    "create", other);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		try_contents(argv[i]);
		try_folder(argv[i]);
	}
	printf("tried\n");
	return 0;
}
