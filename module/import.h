/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_IMPORT_H
#define _TCPLIFE_IMPORT_H

int tcplife_import(void);

#endif /* _TCPLIFE_IMPORT_H */
