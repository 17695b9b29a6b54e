// SPDX-License-Identifier: GPL-2.0-only
/*
 * For libFuzzer: a line from anywhere is taken for a record that was saved, and
 * drawn, as "tcplife show -" does.
 */
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "ladder.h"
#include "out.h"
#include "unjson.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

static FILE *nowhere(void)
{
	static FILE *file;

	if (!file)
		file = fopen("/dev/null", "we");
	if (!file)
		abort();
	return file;
}

/* The rest of the reader must be able to print what was read, too. */
int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	json_t *object = json_loadb((const char *)data, size,
				    JSON_REJECT_DUPLICATES, NULL);
	struct batch b = { .cmd = 0 };
	struct record rec;

	if (object && unjson_record(object, &rec)) {
		ladder_record(&rec, &b, false, nowhere());
		ladder_record(&rec, &b, true, nowhere());
		json_record("record", &b, &rec);
		out.len = 0;
	}
	json_decref(object);
	return 0;
}
