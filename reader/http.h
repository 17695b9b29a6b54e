/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HTTP: the library that serves it, loaded when something is to be served. It
 * brings GnuTLS, 3 MB that none of the other commands needs.
 */
#ifndef _READER_HTTP_H
#define _READER_HTTP_H

#include <microhttpd.h>
#include <stdbool.h>

/** struct http - what is used of libmicrohttpd, NULL before http_load() */
struct http {
	typeof(MHD_start_daemon)		*start_daemon;
	typeof(MHD_stop_daemon)			*stop_daemon;
	typeof(MHD_get_connection_info)		*get_connection_info;
	typeof(MHD_lookup_connection_value)	*lookup_connection_value;
	typeof(MHD_create_response_from_buffer)	*create_response_from_buffer;
	typeof(MHD_add_response_header)		*add_response_header;
	typeof(MHD_queue_response)		*queue_response;
	typeof(MHD_destroy_response)		*destroy_response;
};

extern struct http http;

bool http_load(void);

#endif /* _READER_HTTP_H */
