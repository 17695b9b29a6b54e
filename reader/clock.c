// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time of day of an event.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"

/**
 * clock_time_of_day - "12:34:56", local time
 * @wall: nanoseconds since 1970
 * @text: room for 9 bytes
 *
 * Many events have the same second, and localtime() is dear.
 */
void clock_time_of_day(__u64 wall, char *text)
{
	static char last_text[9] = "-";
	static time_t last = -1;
	time_t now = wall / NSEC_PER_SEC;
	struct tm tm;

	if (now != last) {
		if (localtime_r(&now, &tm))
			strftime(last_text, sizeof(last_text), "%T", &tm);
		last = now;
	}
	memcpy(text, last_text, sizeof(last_text));
}
