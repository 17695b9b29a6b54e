/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What counts as a failure: for the module's event filter and for its readers.
 */
#ifndef _TCPLIFE_ENDS_H
#define _TCPLIFE_ENDS_H

#include <uapi/linux/tcplife.h>

/* The ends that both sides, or the owner, meant to have; as a mask. */
#define TCPLIFE_ENDS_MEANT						\
	(1U << TCPLIFE_END_NONE | 1U << TCPLIFE_END_FIN |		\
	 1U << TCPLIFE_END_DISCONNECTED | 1U << TCPLIFE_END_REPAIR_CLOSED)

/* TCPLIFE_END_NONE, of what has not ended, is none. */
#define tcplife_end_failed(end)	(!(TCPLIFE_ENDS_MEANT >> (end) & 1))

#endif /* _TCPLIFE_ENDS_H */
