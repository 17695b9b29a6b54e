// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page: a frame of HTML, whose %%NAME%%s are replaced. What comes from the
 * recording is JSON in a script that is not run: the page's own script makes
 * text of it, and never HTML, so that no name of a process can do anything.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "page_parts.h"
#include "report.h"

static char nonce[33];

static const struct {
	const char	*name;
	const char	*text;	/* NULL: the data */
} parts[] = {
	{ "NONCE", nonce }, { "CSS", page_css }, { "SCRIPT", page_script },
	{ "UPLOT", page_uplot }, { "UPLOT_CSS", page_uplot_css },
	{ "LICENCE", page_licence }, { "DATA", NULL },
};

/* One for each page, so that no other script runs: nobody can guess it. */
static int make_nonce(void)
{
	unsigned char bytes[16];
	unsigned int i;

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return -1;
	for (i = 0; i < sizeof(bytes); i++)
		sprintf(nonce + 2 * i, "%02x", bytes[i]);
	return 0;
}

/* Nothing in it may look like the end of the script, or like a comment. */
static int write_data(FILE *to, json_t *data)
{
	char *text = json_dumps(data, JSON_COMPACT | JSON_ENSURE_ASCII |
				JSON_REAL_PRECISION(7)), *c;

	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	for (c = text; *c; c++) {
		if (strchr("<>&", *c))
			fprintf(to, "\\u%04x", *c);
		else
			fputc(*c, to);
	}
	free(text);
	return 0;
}

static int write_part(FILE *to, const char *name, size_t len, json_t *data)
{
	unsigned int i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (strlen(parts[i].name) != len ||
		    memcmp(parts[i].name, name, len))
			continue;
		if (!parts[i].text)
			return write_data(to, data);
		return fputs(parts[i].text, to) < 0;
	}
	errno = EINVAL;
	return -1;
}

/**
 * page_write - write the page
 * @to: where to
 * @data: what it shows
 *
 * Return: 0, or -1 and errno.
 */
int page_write(FILE *to, json_t *data)
{
	const char *at = page_html, *mark, *end;

	if (!data)
		errno = ENOMEM;
	if (!data || make_nonce())
		return -1;
	while ((mark = strstr(at, "%%"))) {
		end = strstr(mark + 2, "%%");
		fwrite(at, 1, mark - at, to);
		if (!end || write_part(to, mark + 2, end - mark - 2, data))
			return -1;
		at = end + 2;
	}
	return fputs(at, to) < 0 || ferror(to) ? -1 : 0;
}
