/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_NAMES_H
#define _TCPLIFE_NAMES_H

#include "record.h"

const char *tcplife_end_name(enum tcplife_end end);
const char *tcplife_tw_exit_name(enum tcplife_tw_exit tw_exit);
const char *tcplife_rst_why_name(enum tcplife_rst_why why);
const char *tcplife_state_name(u8 state);
const char *tcplife_role_name(enum tcplife_role role);

#endif /* _TCPLIFE_NAMES_H */
