/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_NAMES_H
#define _TCPLIFE_NAMES_H

#include <uapi/linux/tcplife.h>

const char *tcplife_end_name(enum tcplife_end end);
const char *tcplife_tw_exit_name(enum tcplife_tw tw_exit);
const char *tcplife_rst_why_name(enum tcplife_rst why);
const char *tcplife_state_name(unsigned int state);
const char *tcplife_role_name(enum tcplife_role role);

#endif /* _TCPLIFE_NAMES_H */
