// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values: what is given with an option. Each function returns whether the text
 * is one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "../module/names.h"
#include "metrics.h"
#include "options.h"
#include "values.h"

static bool parse_u64(const char *text, int base, __u64 *value)
{
	char *end;

	if (!strchr("0123456789abcdefABCDEF", *text) || !*text)
		return false;
	errno = 0;
	*value = strtoull(text, &end, base);
	return !errno && end != text && !*end;
}

/** value_true - the option is enough */
bool value_true(const char *text, void *to)
{
	(void)text;
	*(bool *)to = true;
	return true;
}

static bool set_family(int *family, int want)
{
	bool free = !*family || *family == want;

	*family = want;
	return free;
}

/** value_family4 - IPv4; false if IPv6 was wanted before */
bool value_family4(const char *text, void *to)
{
	(void)text;
	return set_family(to, AF_INET);
}

/** value_family6 - IPv6; false if IPv4 was wanted before */
bool value_family6(const char *text, void *to)
{
	(void)text;
	return set_family(to, AF_INET6);
}

/** value_text - anything */
bool value_text(const char *text, void *to)
{
	*(const char **)to = text;
	return true;
}

/** value_count - a number above 0 */
bool value_count(const char *text, void *to)
{
	__u64 *value = to;

	return parse_u64(text, 10, value) && *value;
}

/** value_cookie - hexadecimal, as ss -e shows it */
bool value_cookie(const char *text, void *to)
{
	__u64 *value = to;

	return parse_u64(text, 16, value) && *value;
}

/** value_u32 - a decimal number above 0 */
bool value_u32(const char *text, void *to)
{
	__u32 *value = to;
	__u64 n;

	if (!parse_u64(text, 10, &n) || !n || n > ~0U)
		return false;
	*value = n;
	return true;
}

/** value_age - seconds, from 0 up to a year */
bool value_age(const char *text, void *to)
{
	double *value = to;
	char *end;

	*value = strtod(text, &end);
	return end != text && !*end && *value >= 0 && *value < 366 * 86400.0;
}

/** value_seconds - the same, but more than 0 */
bool value_seconds(const char *text, void *to)
{
	return value_age(text, to) && *(double *)to > 0;
}

/* Each word of a list with commas. */
static bool each_word(const char *text, bool (*fn)(const char *word, void *arg),
		      void *arg)
{
	char copy[1024], *at = copy, *word;

	if (strlen(text) >= sizeof(copy))
		return false;
	memcpy(copy, text, strlen(text) + 1);
	while ((word = strsep(&at, ",")))
		if (!fn(word, arg))
			return false;
	return true;
}

static bool add_port(const char *word, void *arg)
{
	struct ports *ports = arg;
	__u32 port;

	if (!value_u32(word, &port) || port > 65535)
		return false;
	ports->set[port / 64] |= 1ULL << (port % 64);
	return true;
}

/** value_ports - numbers with commas */
bool value_ports(const char *text, void *to)
{
	struct ports *ports = to;

	ports->any = false;
	return each_word(text, add_port, ports);
}

/* Where the namespace is that is not given by its inode number. */
static bool netns_path(const char *text, char *path, size_t size)
{
	__u32 pid;

	if (!strncmp(text, "pid:", 4)) {
		if (!value_u32(text + 4, &pid))
			return false;
		snprintf(path, size, "/proc/%u/ns/net", pid);
		return true;
	}
	if (strchr(text, '/'))
		return false;
	snprintf(path, size, "/run/netns/%s", text);
	return true;
}

/**
 * value_netns - a name as ip netns has it, an inode number, or pid:N
 *
 * A name may be a number, too, and goes before it: "ip netns add 7".
 */
bool value_netns(const char *text, void *to)
{
	__u32 *inode = to;
	char path[256];
	struct stat st;
	int error;

	if (!netns_path(text, path, sizeof(path)))
		return false;
	if (!stat(path, &st)) {
		*inode = st.st_ino;
		return true;
	}
	error = errno;
	if (value_u32(text, inode))
		return true;
	fprintf(stderr, "tcplife: %s: %s\n", path, strerror(error));
	return false;
}

/* The same word: "-" is as good as "_", and the case does not matter. */
static bool same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if ((*a == '-' || *a == '_') && (*b == '-' || *b == '_'))
			continue;
		if (strncasecmp(a, b, 1))
			return false;
	}
	return *a == *b;
}

static bool add_state(const char *word, void *arg)
{
	__u32 *mask = arg, i;

	for (i = TCPLIFE_STATE_ESTABLISHED; i <= TCPLIFE_STATE_MAX; i++) {
		if (!same(word, tcplife_state_name(i)))
			continue;
		*mask |= 1U << i;
		return true;
	}
	return false;
}

static bool add_role(const char *word, void *arg)
{
	__u32 *mask = arg, i;

	for (i = 0; i <= TCPLIFE_ROLE_MAX; i++) {
		if (!same(word, tcplife_role_name(i)))
			continue;
		*mask |= 1U << i;
		return true;
	}
	return false;
}

static bool add_end(const char *word, void *arg)
{
	__u32 *mask = arg, i;

	for (i = TCPLIFE_END_FIN; i <= TCPLIFE_END_MAX; i++) {
		if (!same(word, tcplife_end_name(i)))
			continue;
		*mask |= 1U << i;
		return true;
	}
	return false;
}

/** value_states - names with commas, into a mask by number */
bool value_states(const char *text, void *to)
{
	__u32 *mask = to;

	return each_word(text, add_state, mask);
}

/** value_roles - names with commas, into a mask */
bool value_roles(const char *text, void *to)
{
	__u32 *mask = to;

	return each_word(text, add_role, mask);
}

/** value_ends - names with commas, into a mask */
bool value_ends(const char *text, void *to)
{
	__u32 *mask = to;

	return each_word(text, add_end, mask);
}

static bool parse_ip(const char *text, struct address *a)
{
	if (!*text) {
		a->family = 0;
		return true;
	}
	if (inet_pton(AF_INET, text, &a->ipv4) == 1)
		a->family = AF_INET;
	else if (inet_pton(AF_INET6, text, a->ipv6) == 1)
		a->family = AF_INET6;
	else
		return false;
	return true;
}

/** value_address - 10.0.0.1, 10.0.0.1:80, :80, ::1 or [::1]:80 */
bool value_address(const char *text, void *to)
{
	struct address *address = to;
	char copy[80], *host = copy, *port;
	__u32 n;

	memset(address, 0, sizeof(*address));
	if (strlen(text) >= sizeof(copy))
		return false;
	memcpy(copy, text, strlen(text) + 1);
	if (*text != '[' && parse_ip(copy, address))
		return address->family;
	port = strrchr(copy, ':');
	if (*text == '[') {
		host = copy + 1;
		port = strchr(copy, ']');
		if (!port)
			return false;
		*port++ = 0;
		if (!*port)
			return parse_ip(host, address) &&
			       address->family == AF_INET6;
	}
	if (!port || *port != ':' || !value_u32(port + 1, &n) || n > 65535)
		return false;
	*port = 0;
	address->port = n;
	return parse_ip(host, address) &&
	       (address->family == AF_INET6) == (*text == '[');
}

/** value_listen - an address, with a port or not; or a port, of this machine */
bool value_listen(const char *text, void *to)
{
	struct address *address = to;
	bool colon = *text == ':';
	__u32 port;

	if (value_u32(text + colon, &port)) {
		*address = (struct address){
			.family = AF_INET,
			.ipv4 = htonl(INADDR_LOOPBACK),
			.port = port,
		};
		return port < 65536;
	}
	if (!value_address(text, address) || !address->family)
		return false;
	if (!address->port)
		address->port = METRICS_PORT;
	return true;
}
