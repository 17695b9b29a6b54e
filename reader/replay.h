/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_REPLAY_H
#define _READER_REPLAY_H

#include "session.h"

int replay_run(const char *path, session_fn fn, void *arg);
int replay_open(const char *path);
bool replay_save(const void *message, size_t len);
bool replay_walk(const void *data, size_t len, session_fn fn, void *arg);

#endif /* _READER_REPLAY_H */
