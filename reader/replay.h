/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _READER_REPLAY_H
#define _READER_REPLAY_H

#include "session.h"

int replay_run(const char *path, session_fn fn, void *arg);
bool replay_walk(const void *data, size_t len, session_fn fn, void *arg);
void replay_note(const struct nlmsghdr *nlh);
bool replay_is_event(const struct nlmsghdr *nlh);

#endif /* _READER_REPLAY_H */
