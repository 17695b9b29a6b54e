// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host: its files and its namespaces. While there is a recording, what is read
 * is put there; when one is replayed, it has all of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host.h"
#include "recording.h"

/* The longest is /proc/net/netstat, with a tenth of it. */
#define TEXT_MAX	(64 << 10)

static json_t *recorded;	/* its header; NULL: it is this host */
static json_t *texts;		/* of the recording, by path */

/**
 * host_recorded - take a note of a recording
 * @note: its header, its end, whose events it has, or the text of a file
 */
void host_recorded(const json_t *note)
{
	const char *path = json_string_value(json_object_get(note, "file"));
	json_t *text = json_object_get(note, "text");

	if (json_object_get(note, "tcplife_recording")) {
		json_decref(recorded);
		recorded = json_copy((json_t *)note);
		json_decref(texts);
		texts = json_object();
	} else if (recorded && (json_object_get(note, "ended") ||
				json_object_get(note, "group"))) {
		json_object_update(recorded, (json_t *)note);
	} else if (texts && path && json_is_string(text)) {
		json_object_set(texts, path, text);
	}
}

/** host_header - that of the recording; NULL: there is none */
const json_t *host_header(void)
{
	return recorded;
}

/** host_group - the group whose events are recorded; NULL: not known */
const char *host_group(void)
{
	return json_string_value(json_object_get(recorded, "group"));
}

/** host_ended - whether the recording has an end, as one that is cut off has not */
bool host_ended(void)
{
	return host_end();
}

/** host_end - when it did, by the clock of the module; 0: it has not */
__u64 host_end(void)
{
	return json_integer_value(json_object_get(recorded, "ended"));
}

/**
 * host_inode - of a namespace that this process is in
 * @ns: "net" and the like
 *
 * Return: it; 0 if it is not known.
 */
__u32 host_inode(const char *ns)
{
	char text[32];
	struct stat st;

	snprintf(text, sizeof(text), "%s_ns", ns);
	if (recorded)
		return json_integer_value(json_object_get(recorded, text));
	snprintf(text, sizeof(text), "/proc/self/ns/%s", ns);
	return stat(text, &st) ? 0 : st.st_ino;
}

/* In memory: there may be no place to write. */
static FILE *open_text(const char *text)
{
	FILE *file = fmemopen(NULL, strlen(text) + 1, "w+");

	if (file) {
		fputs(text, file);
		rewind(file);
	}
	return file;
}

static FILE *open_recorded(const char *path)
{
	const char *text = json_string_value(json_object_get(texts, path));

	errno = ENOENT;
	return text ? open_text(text) : NULL;
}

/* A file in /proc is another one each time it is read. */
static FILE *open_and_record(const char *path, FILE *file)
{
	char *text = malloc(TEXT_MAX);
	FILE *copy = NULL;
	size_t len;

	if (text) {
		len = fread(text, 1, TEXT_MAX - 1, file);
		text[len] = '\0';
		recording_note(json_pack("{s:s, s:s}", "file", path,
					 "text", text));
		copy = open_text(text);
	}
	fclose(file);
	free(text);
	return copy;
}

/**
 * host_open - open a file to read it
 * @path: in /proc
 *
 * Return: what fopen() would.
 */
FILE *host_open(const char *path)
{
	FILE *file;

	if (recorded)
		return open_recorded(path);
	file = fopen(path, "re");
	if (!file || !recording_is_open())
		return file;
	return open_and_record(path, file);
}
