// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields: what is in the event filter. They have no keys: it is not shown as
 * JSON.
 */
#include "fields.h"

#define OFF(member)	offsetof(struct event_filter, member)

static const struct field event_filter_rows[] = {
	[TCPLIFE_A_EVENT_FILTER_NETNS] = {
		NULL, OFF(netns), FIELD_U32, SHOW_NOT, "", "",
	},
	[TCPLIFE_A_EVENT_FILTER_FAMILY] = {
		NULL, OFF(family), FIELD_U32, SHOW_NOT, "", "",
	},
	[TCPLIFE_A_EVENT_FILTER_LOCAL_PORT] = {
		NULL, OFF(local_ports), FIELD_PORTS, SHOW_NOT, "", "",
	},
	[TCPLIFE_A_EVENT_FILTER_REMOTE_PORT] = {
		NULL, OFF(remote_ports), FIELD_PORTS, SHOW_NOT, "", "",
	},
	[TCPLIFE_A_EVENT_FILTER_ROLES] = {
		NULL, OFF(roles), FIELD_U32, SHOW_NOT, "", "",
	},
	[TCPLIFE_A_EVENT_FILTER_FAILURES] = {
		NULL, OFF(failures), FIELD_FLAG, SHOW_NOT, "", "",
	},
	[TCPLIFE_A_EVENT_FILTER_SAMPLE] = {
		NULL, OFF(sample), FIELD_U32, SHOW_NOT, "", "",
	},
};

const struct field_set event_filter_fields = {
	"event-filter", event_filter_rows,
	sizeof(event_filter_rows) / sizeof(*event_filter_rows),
	sizeof(struct event_filter),
};
