/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_TEARDOWN_H
#define _TCPLIFE_TEARDOWN_H

#include "record.h"

struct sock;

void tcplife_teardown_close(struct tcplife_record *rec, const struct sock *sk,
			    int old);

#endif /* _TCPLIFE_TEARDOWN_H */
