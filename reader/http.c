// SPDX-License-Identifier: GPL-2.0-only
/*
 * HTTP: load the library that serves it.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

#include "http.h"

/* Of the ABI that <microhttpd.h> has had since 0.9.50. */
#define LIBRARY	"libmicrohttpd.so.12"

static const struct {
	const char	*name;
	size_t		offset;
} functions[] = {
#define F(name) { "MHD_" #name, offsetof(struct http, name) },
	HTTP_FUNCTIONS(F)
#undef F
};

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

	for (i = 0; library && i < sizeof(functions) / sizeof(*functions); i++) {
		void **at = (void **)((char *)&http + functions[i].offset);

		*at = dlsym(library, functions[i].name);
		if (!*at)
			break;
	}
	if (library && i == sizeof(functions) / sizeof(*functions))
		return true;
	fprintf(stderr, "tcplife: --listen needs libmicrohttpd: %s\n",
		dlerror());
	return false;
}
