/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HTTP: the library that serves it, loaded when something is to be served. It
 * brings GnuTLS, 3 MB that none of the other commands needs.
 */
#ifndef _READER_HTTP_H
#define _READER_HTTP_H

#include <microhttpd.h>
#include <stdbool.h>

/* What is used of it: MHD_ and a name. */
#define HTTP_FUNCTIONS(F)			\
	F(start_daemon)				\
	F(stop_daemon)				\
	F(get_connection_info)			\
	F(lookup_connection_value)		\
	F(create_response_from_buffer)		\
	F(add_response_header)			\
	F(queue_response)			\
	F(destroy_response)

/** struct http - functions of libmicrohttpd, NULL before http_load() */
struct http {
#define F(name) typeof(MHD_##name) *name;
	HTTP_FUNCTIONS(F)
#undef F
};

extern struct http http;

bool http_load(void);

#endif /* _READER_HTTP_H */
