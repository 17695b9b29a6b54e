/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_VALUES_H
#define _READER_VALUES_H

#include <stdbool.h>

bool value_true(const char *text, void *to);
bool value_family4(const char *text, void *to);
bool value_family6(const char *text, void *to);
bool value_text(const char *text, void *to);
bool value_count(const char *text, void *to);
bool value_cookie(const char *text, void *to);
bool value_u32(const char *text, void *to);
bool value_age(const char *text, void *to);
bool value_seconds(const char *text, void *to);
bool value_ports(const char *text, void *to);
bool value_netns(const char *text, void *to);
bool value_states(const char *text, void *to);
bool value_roles(const char *text, void *to);
bool value_ends(const char *text, void *to);
bool value_listen(const char *text, void *to);
bool value_address(const char *text, void *to);

#endif /* _READER_VALUES_H */
