// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients: how long each has had its place. The library cuts off who says nothing;
 * who sends or reads a byte now and then would keep a place for ever, and a few of
 * those all of them.
 */
#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "clock.h"
#include "http.h"
#include "http_clients.h"

/** struct client - a place; the socket is the library's, which closes it */
static struct client {
	bool	used;
	int	fd;
	__u64	since;	/* it came; later by what it had to wait for us */
} clients[HTTP_CLIENTS];

static __u64 waits;	/* for us, since then; 0: none does */

/* For both: the library's thread calls back, another one cuts. A socket that is in
 * @clients is open, so that its number is nobody else's.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct client *add(int fd)
{
	struct client *client;

	for (client = clients; client < clients + HTTP_CLIENTS; client++) {
		if (client->used)
			continue;
		*client = (struct client){ true, fd, clock_now() };
		return client;
	}
	return NULL;
}

/**
 * http_clients_connection - a connection begins, or ends with its socket open yet
 * @arg: unused
 * @c: it
 * @client: what is remembered with it
 * @code: which of the two
 */
void http_clients_connection(void *arg, struct MHD_Connection *c,
			     void **client,
			     enum MHD_ConnectionNotificationCode code)
{
	const union MHD_ConnectionInfo *info =
		http.get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

	(void)arg;
	pthread_mutex_lock(&lock);
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*client = info ? add(info->connect_fd) : NULL;
	else if (*client)
		((struct client *)*client)->used = false;
	pthread_mutex_unlock(&lock);
}

/**
 * http_clients_wait - all of them wait for us, which is not their fault
 * @begins: from now on; else until now
 */
void http_clients_wait(bool begins)
{
	struct client *client;
	__u64 now;

	pthread_mutex_lock(&lock);
	now = clock_now();
	for (client = clients; client < clients + HTTP_CLIENTS; client++)
		client->since += begins ? 0 : now - waits;
	waits = begins ? now : 0;
	pthread_mutex_unlock(&lock);
}

/** http_clients_cut - no more from those that have had their time */
void http_clients_cut(void)
{
	struct client *client;
	__u64 now;

	pthread_mutex_lock(&lock);
	now = clock_now();
	for (client = clients; client < clients + HTTP_CLIENTS; client++)
		if (client->used && !waits &&
		    now - client->since > HTTP_CLIENT_SECONDS * NSEC_PER_SEC)
			shutdown(client->fd, SHUT_RDWR);
	pthread_mutex_unlock(&lock);
}
