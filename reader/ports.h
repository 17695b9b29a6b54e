/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which local ports connect() may take by itself, in our network namespace.
 */
#ifndef _READER_PORTS_H
#define _READER_PORTS_H

#include "options.h"

int ports_ephemeral(struct ports *ports, unsigned int *count);

#endif /* _READER_PORTS_H */
