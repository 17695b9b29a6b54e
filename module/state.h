/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_STATE_H
#define _TCPLIFE_STATE_H

#include "record.h"

struct sock;

void tcplife_state_fin_remote(struct tcplife_record *rec,
			      const struct sock *sk);

#endif /* _TCPLIFE_STATE_H */
