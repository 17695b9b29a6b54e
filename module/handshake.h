/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_HANDSHAKE_H
#define _TCPLIFE_HANDSHAKE_H

#include "record.h"

struct sock;

void tcplife_handshake_open(struct sock *sk);
void tcplife_handshake_established(struct tcplife_record *rec,
				   const struct sock *sk);
void tcplife_handshake_join(struct tcplife_record *rec, const struct sock *sk);

#endif /* _TCPLIFE_HANDSHAKE_H */
