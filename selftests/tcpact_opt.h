/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcpact's socket options.
 */
#ifndef TCPACT_OPT_H
#define TCPACT_OPT_H

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Not netinet/tcp.h: see tcpact.c. */
#include <linux/tcp.h>

#include "tcpact.h"

static const struct option_name {
	const char *name;
	int level, option;
} options[] = {
	{ "keepalive", SOL_SOCKET, SO_KEEPALIVE },
	{ "reuseaddr", SOL_SOCKET, SO_REUSEADDR },
	{ "reuseport", SOL_SOCKET, SO_REUSEPORT },
	{ "nodelay", IPPROTO_TCP, TCP_NODELAY },
	{ "quickack", IPPROTO_TCP, TCP_QUICKACK },
	{ "defer", IPPROTO_TCP, TCP_DEFER_ACCEPT },
	{ "fastopen", IPPROTO_TCP, TCP_FASTOPEN },
	{ "fastopen-connect", IPPROTO_TCP, TCP_FASTOPEN_CONNECT },
	{ "user-timeout", IPPROTO_TCP, TCP_USER_TIMEOUT },
	{ "linger2", IPPROTO_TCP, TCP_LINGER2 },
};

/* set S OPTION VALUE; "linger" is SO_LINGER switched on with that time. */
static void cmd_set(char **w)
{
	struct linger linger = { .l_onoff = 1, .l_linger = atoi(w[3]) };
	int fd = slot_fd(w[1]), value = atoi(w[3]);

	if (!strcmp(w[2], "linger"))
		return reply_result(setsockopt(fd, SOL_SOCKET, SO_LINGER,
					       &linger, sizeof(linger)));
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (!strcmp(options[i].name, w[2]))
			return reply_result(setsockopt(fd, options[i].level,
						       options[i].option, &value,
						       sizeof(value)));
	reply("err EINVAL");
}

/* md5 S ADDR KEY: segments from and to there are signed */
static void cmd_md5(char **w)
{
	struct addrinfo *ai = resolve(w[2], "0");
	struct tcp_md5sig md5 = {};

	if (!ai)
		return reply_result(-1);
	memcpy(&md5.tcpm_addr, ai->ai_addr, ai->ai_addrlen);
	freeaddrinfo(ai);
	md5.tcpm_keylen = strnlen(w[3], sizeof(md5.tcpm_key));
	memcpy(md5.tcpm_key, w[3], md5.tcpm_keylen);
	reply_result(setsockopt(slot_fd(w[1]), IPPROTO_TCP, TCP_MD5SIG, &md5,
				sizeof(md5)));
}

#endif /* TCPACT_OPT_H */
