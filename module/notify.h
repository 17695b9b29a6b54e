/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TCPLIFE_NOTIFY_H
#define _TCPLIFE_NOTIFY_H

struct work_struct;

void tcplife_notify_work(struct work_struct *work);

#endif /* _TCPLIFE_NOTIFY_H */
