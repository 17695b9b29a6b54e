/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of the module and of the reader: they are released together.
 */
#ifndef _TCPLIFE_VERSION_H
#define _TCPLIFE_VERSION_H

#define TCPLIFE_VERSION	"0.2"

#endif /* _TCPLIFE_VERSION_H */
