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
	__u64	since;	/* it came, or had its last answer */
} clients[HTTP_CLIENTS];

/* For @clients: the library's thread calls back, another one cuts. A socket that is
 * in them is open, so that its number is nobody else's.
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
 * http_clients_answered - a request was answered, or given up
 * @arg: unused
 * @c: its connection
 * @request: unused
 * @code: unused
 */
void http_clients_answered(void *arg, struct MHD_Connection *c, void **request,
			   enum MHD_RequestTerminationCode code)
{
	const union MHD_ConnectionInfo *info =
		http.get_connection_info(c,
					 MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct client *client = info ? info->socket_context : NULL;

	(void)arg;
	(void)request;
	(void)code;
	if (!client)
		return;
	pthread_mutex_lock(&lock);
	client->since = clock_now();
	pthread_mutex_unlock(&lock);
}

/** http_clients_cut - no more from those that have had their time */
void http_clients_cut(void)
{
	const __u64 now = clock_now();
	struct client *client;

	pthread_mutex_lock(&lock);
	for (client = clients; client < clients + HTTP_CLIENTS; client++)
		if (client->used && now - client->since >
		    HTTP_CLIENT_SECONDS * NSEC_PER_SEC)
			shutdown(client->fd, SHUT_RDWR);
	pthread_mutex_unlock(&lock);
}
