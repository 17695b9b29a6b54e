/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_JSON_STRING_H
#define _READER_JSON_STRING_H

char *json_string_put(char *at, const char *text);

#endif /* _READER_JSON_STRING_H */
