// SPDX-License-Identifier: GPL-2.0-only
/*
 * HTTP: load the library that serves it.
 */
#include <assert.h>
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

#include "http.h"

/* Of the ABI that <microhttpd.h> has had since 0.9.50. */
#define LIBRARY	"libmicrohttpd.so.12"

#define FUNCTION(name) { "MHD_" #name, offsetof(struct http, name) }

static const struct {
	const char	*name;
	size_t		offset;
} functions[] = {
	FUNCTION(start_daemon),
	FUNCTION(stop_daemon),
	FUNCTION(get_connection_info),
	FUNCTION(lookup_connection_value),
	FUNCTION(create_response_from_buffer),
	FUNCTION(add_response_header),
	FUNCTION(queue_response),
	FUNCTION(destroy_response),
};

#define NR_FUNCTIONS	(sizeof(functions) / sizeof(*functions))

static_assert(sizeof(struct http) / sizeof(void *) == NR_FUNCTIONS, "all of it");

struct http http;

/**
 * http_load - have the functions in &http
 *
 * The library stays loaded to the end.
 *
 * Return: whether they are there; if not, stderr says why.
 */
bool http_load(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW);
	size_t i;

	for (i = 0; library && i < NR_FUNCTIONS; i++) {
		void **at = (void **)((char *)&http + functions[i].offset);

		*at = dlsym(library, functions[i].name);
		if (!*at)
			break;
	}
	if (library && i == NR_FUNCTIONS)
		return true;
	fprintf(stderr, "tcplife: --listen needs libmicrohttpd: %s\n",
		dlerror());
	return false;
}
