/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clients of the server: who takes too long is cut off.
 */
#ifndef _READER_HTTP_CLIENTS_H
#define _READER_HTTP_CLIENTS_H

#include <microhttpd.h>

/* More of them wait in the accept queue. */
#define HTTP_CLIENTS		16
/* To ask and to read the answer; then, to ask again. */
#define HTTP_CLIENT_SECONDS	10

/* Callbacks of the library. */
void http_clients_connection(void *arg, struct MHD_Connection *c,
			     void **client,
			     enum MHD_ConnectionNotificationCode code);
void http_clients_answered(void *arg, struct MHD_Connection *c, void **request,
			   enum MHD_RequestTerminationCode code);

void http_clients_cut(void);

#endif /* _READER_HTTP_CLIENTS_H */
