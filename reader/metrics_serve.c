// SPDX-License-Identifier: GPL-2.0-only
/*
 * Serve: pages by HTTP. One thread answers one request after the other, so that
 * any number of clients costs no more than one scrape at a time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "http.h"
#include "http_clients.h"
#include "metrics.h"

#define TEXT_TYPE	"text/plain; version=0.0.4; charset=utf-8"
#define OPEN_TYPE	"application/openmetrics-text; version=1.0.0; charset=utf-8"

/* Of a request: its line and all headers. */
#define REQUEST_ROOM	16384

static enum MHD_Result answer(struct MHD_Connection *c, unsigned int status,
			      char *text, size_t size,
			      enum MHD_ResponseMemoryMode mode,
			      const char *header, const char *value)
{
	struct MHD_Response *r;
	enum MHD_Result ret;

	r = http.create_response_from_buffer(size, text, mode);
	if (!r) {
		if (mode == MHD_RESPMEM_MUST_FREE)
			free(text);
		return MHD_NO;
	}
	http.add_response_header(r, header, value);
	http.add_response_header(r, "X-Content-Type-Options", "nosniff");
	/* Or those who ask again and again keep their places. */
	http.add_response_header(r, "Connection", "close");
	ret = http.queue_response(c, status, r);
	http.destroy_response(r);
	return ret;
}

static enum MHD_Result refuse(struct scraper *s, struct MHD_Connection *c,
			      unsigned int status, const char *text,
			      const char *header, const char *value)
{
	s->refused++;
	/* The library has no const, and only reads it. */
	return answer(c, status, (char *)text, strlen(text),
		      MHD_RESPMEM_PERSISTENT, header, value);
}

/* Who names it can read it, unless with a weight of 0; the others get text. */
static bool wants_open(struct MHD_Connection *c)
{
	const char *accept, *at, *q;

	accept = http.lookup_connection_value(c, MHD_HEADER_KIND, "Accept");
	at = accept ? strstr(accept, "application/openmetrics-text") : NULL;
	if (!at)
		return false;
	q = strstr(at, "q=");
	if (!q || memchr(at, ',', q - at))
		return true;
	return strtod(q + 2, NULL) > 0;
}

/* A page that takes long, as there are many connections, is given again for four
 * times as long as it took: who asks all the time, and anybody may, takes a fifth
 * of a CPU at most. Not so one that says that the module is gone, which may be
 * over at once; it took long because others did.
 */
#define PAGE_LONG	(50 * NSEC_PER_MSEC)
#define PAGE_REST	4

/** struct kept - the last page, in each format; one thread has them */
struct kept {
	char	*page;
	size_t	size;
	__u64	until;
};

static struct kept kept[2];

static bool keep(struct scraper *s, struct kept *k, bool open)
{
	__u64 begin = clock_now(), end;
	int error;

	if (k->page && begin < k->until)
		return true;
	free(k->page);
	k->page = scrape(s, open, &k->size, &error);
	end = clock_now();
	k->until = error == -ENOENT || end - begin < PAGE_LONG ? 0 :
		   end + PAGE_REST * (end - begin);
	return k->page;
}

static enum MHD_Result answer_page(struct scraper *s, struct MHD_Connection *c)
{
	bool open = s->o->openmetrics || wants_open(c);
	struct kept *k = &kept[open];
	bool ok;

	http_clients_wait(true);
	ok = keep(s, k, open);
	http_clients_wait(false);
	if (!ok)
		return MHD_NO;
	return answer(c, MHD_HTTP_OK, k->page, k->size, MHD_RESPMEM_MUST_COPY,
		      "Content-Type", open ? OPEN_TYPE : TEXT_TYPE);
}

/* HEAD is GET; the library leaves the page out. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *c,
				  const char *url, const char *method,
				  const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	static int seen;

	(void)version;
	(void)upload;
	/* Headers first; then what comes with them, which nobody reads. */
	if (!*state && !strcmp(url, "/metrics") &&
	    (!strcmp(method, "GET") || !strcmp(method, "HEAD"))) {
		*state = &seen;
		return MHD_YES;
	}
	if (*state && *upload_size) {
		*upload_size = 0;
		return MHD_YES;
	}
	if (*state)
		return answer_page(arg, c);
	if (strcmp(url, "/metrics"))
		return refuse(arg, c, MHD_HTTP_NOT_FOUND,
			      "There is only /metrics.\n", "Content-Type",
			      "text/plain");
	return refuse(arg, c, MHD_HTTP_METHOD_NOT_ALLOWED,
		      "There is only GET and HEAD.\n", "Allow", "GET, HEAD");
}

union place {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

static void place_of(const struct address *a, union place *place)
{
	memset(place, 0, sizeof(*place));
	if (a->family == AF_INET6) {
		place->in6.sin6_family = AF_INET6;
		place->in6.sin6_port = htons(a->port);
		memcpy(&place->in6.sin6_addr, a->ipv6, sizeof(a->ipv6));
		return;
	}
	place->in.sin_family = AF_INET;
	place->in.sin_port = htons(a->port);
	place->in.sin_addr.s_addr = a->ipv4;
}

static struct MHD_Daemon *start(struct scraper *s)
{
	const struct address *a = &s->o->listen;
	unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
	union place place;

	place_of(a, &place);
	if (a->family == AF_INET6)
		flags |= MHD_USE_IPv6;
	return http.start_daemon(flags, a->port, NULL, NULL, on_request, s,
		MHD_OPTION_SOCK_ADDR, &place.sa,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)HTTP_CLIENTS,
		MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned int)HTTP_CLIENT_SECONDS,
		MHD_OPTION_NOTIFY_CONNECTION, http_clients_connection, NULL,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_ROOM,
		MHD_OPTION_END);
}

/**
 * metrics_serve - answer until a signal ends it
 * @s: who scrapes
 *
 * Return: the exit status.
 */
int metrics_serve(struct scraper *s)
{
	const struct timespec second = { .tv_sec = 1 };
	struct MHD_Daemon *daemon;
	sigset_t end;

	if (!http_load())
		return STATUS_FAILED;
	/* For the thread, too, so that the signals come here. */
	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGHUP);
	sigprocmask(SIG_BLOCK, &end, NULL);
	s->serves = true;
	errno = 0;
	daemon = start(s);
	if (!daemon) {
		fprintf(stderr, "tcplife: cannot listen: %s\n",
			strerror(errno));
		return STATUS_FAILED;
	}
	while (sigtimedwait(&end, NULL, &second) < 0)
		http_clients_cut();
	http.stop_daemon(daemon);
	groups_free(&s->groups);
	free(kept[false].page);
	free(kept[true].page);
	return STATUS_OK;
}
