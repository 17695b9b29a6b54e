/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clients of the server: who takes too long is cut off.
 */
#ifndef _READER_HTTP_CLIENTS_H
#define _READER_HTTP_CLIENTS_H

#include <microhttpd.h>
#include <stdbool.h>

/* More of them wait in the accept queue. */
#define HTTP_CLIENTS		16
/* To ask and to read the answer; each connection has one. */
#define HTTP_CLIENT_SECONDS	10

/* A callback of the library's. */
void http_clients_connection(void *arg, struct MHD_Connection *c,
			     void **client,
			     enum MHD_ConnectionNotificationCode code);

void http_clients_wait(bool begins);
void http_clients_cut(void);

#endif /* _READER_HTTP_CLIENTS_H */
