// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields: what is in a record.
 */
#include "fields.h"

#define OFF(member)	offsetof(struct record, member)

static const struct field record_rows[] = {
	[TCPLIFE_A_RECORD_COOKIE] = {
		"cookie", OFF(cookie), FIELD_U64, SHOW_COOKIE, "",
		"the socket's, as ss -e shows it",
	},
	[TCPLIFE_A_RECORD_GENERATION] = {
		"generation", OFF(generation), FIELD_U32, SHOW_NUMBER, "",
		"which life of the socket, from 0",
	},
	[TCPLIFE_A_RECORD_NETNS] = {
		"netns", OFF(netns), FIELD_U32, SHOW_NUMBER, "",
		"inode number of its network namespace",
	},
	[TCPLIFE_A_RECORD_NET_COOKIE] = {
		"net_cookie", OFF(net_cookie), FIELD_U64, SHOW_NUMBER, "",
		"cookie of its network namespace, never given twice",
	},
	[TCPLIFE_A_RECORD_LOCAL_IPV4] = {
		"laddr", OFF(local_ipv4), FIELD_U32, SHOW_IPV4, "",
		"local address; a v4-mapped one as IPv4",
	},
	[TCPLIFE_A_RECORD_LOCAL_IPV6] = {
		"laddr", OFF(local_ipv6), FIELD_IPV6, SHOW_IPV6, "",
		"local address",
	},
	[TCPLIFE_A_RECORD_REMOTE_IPV4] = {
		"raddr", OFF(remote_ipv4), FIELD_U32, SHOW_IPV4, "",
		"remote address; a v4-mapped one as IPv4",
	},
	[TCPLIFE_A_RECORD_REMOTE_IPV6] = {
		"raddr", OFF(remote_ipv6), FIELD_IPV6, SHOW_IPV6, "",
		"remote address",
	},
	[TCPLIFE_A_RECORD_LOCAL_PORT] = {
		"lport", OFF(local_port), FIELD_PORT, SHOW_NUMBER, "",
		"local port",
	},
	[TCPLIFE_A_RECORD_REMOTE_PORT] = {
		"rport", OFF(remote_port), FIELD_PORT, SHOW_NUMBER, "",
		"remote port",
	},
	[TCPLIFE_A_RECORD_ROLE] = {
		"role", OFF(role), FIELD_U32, SHOW_ROLE, "",
		"which side it is",
	},
	[TCPLIFE_A_RECORD_STATE] = {
		"state", OFF(state), FIELD_U32, SHOW_STATE, "",
		"its state; of a timewait socket the substate",
	},
	[TCPLIFE_A_RECORD_LAST_STATE] = {
		"last_state", OFF(last_state), FIELD_U32, SHOW_STATE, "",
		"the one before",
	},
	[TCPLIFE_A_RECORD_FLAGS] = {
		"flags", OFF(flags), FIELD_U32, SHOW_FLAGS, "",
		"what else is known",
	},
	[TCPLIFE_A_RECORD_END] = {
		"end", OFF(end), FIELD_U32, SHOW_END, "",
		"why it ended; absent while it has not",
	},
	[TCPLIFE_A_RECORD_ERRNO] = {
		"errno", OFF(err), FIELD_U32, SHOW_ERRNO, "",
		"the error that the kernel set on the socket",
	},
	[TCPLIFE_A_RECORD_BORN] = {
		"born", OFF(born), FIELD_U64, SHOW_TIME, "s",
		"when the record began",
	},
	[TCPLIFE_A_RECORD_ENTERED] = {
		"entered", OFF(entered), FIELD_U64, SHOW_TIME, "s",
		"last entry into the state",
	},
	[TCPLIFE_A_RECORD_ENDED] = {
		"ended", OFF(ended), FIELD_U64, SHOW_TIME, "s",
		"when the record ended",
	},
	[TCPLIFE_A_RECORD_SYN] = {
		"syn", OFF(syn), FIELD_U64, SHOW_TIME, "s",
		"first SYN sent (active) or SYN-ACK sent (passive)",
	},
	[TCPLIFE_A_RECORD_QUEUED] = {
		"queued", OFF(queued), FIELD_U64, SHOW_TIME, "s",
		"into the accept queue",
	},
	[TCPLIFE_A_RECORD_ACCEPTED] = {
		"accepted", OFF(accepted), FIELD_U64, SHOW_TIME, "s",
		"out of it by accept()",
	},
	[TCPLIFE_A_RECORD_SINCE_ESTABLISHED] = {
		"since_established", OFF(since_established), FIELD_U64, SHOW_TIME, "s",
		"first entry into ESTABLISHED",
	},
	[TCPLIFE_A_RECORD_SINCE_SYN_SENT] = {
		"since_syn_sent", OFF(since_syn_sent), FIELD_U64, SHOW_TIME, "s",
		"first entry into SYN_SENT",
	},
	[TCPLIFE_A_RECORD_SINCE_SYN_RECV] = {
		"since_syn_recv", OFF(since_syn_recv), FIELD_U64, SHOW_TIME, "s",
		"first entry into SYN_RECV, as a full socket",
	},
	[TCPLIFE_A_RECORD_SINCE_FIN_WAIT1] = {
		"since_fin_wait1", OFF(since_fin_wait1), FIELD_U64, SHOW_TIME, "s",
		"first entry into FIN_WAIT1",
	},
	[TCPLIFE_A_RECORD_SINCE_FIN_WAIT2] = {
		"since_fin_wait2", OFF(since_fin_wait2), FIELD_U64, SHOW_TIME, "s",
		"first entry into FIN_WAIT2",
	},
	[TCPLIFE_A_RECORD_SINCE_TIME_WAIT] = {
		"since_time_wait", OFF(since_time_wait), FIELD_U64, SHOW_TIME, "s",
		"first entry into TIME_WAIT",
	},
	[TCPLIFE_A_RECORD_SINCE_CLOSE] = {
		"since_close", OFF(since_close), FIELD_U64, SHOW_TIME, "s",
		"first entry into CLOSE of the full socket",
	},
	[TCPLIFE_A_RECORD_SINCE_CLOSE_WAIT] = {
		"since_close_wait", OFF(since_close_wait), FIELD_U64, SHOW_TIME, "s",
		"first entry into CLOSE_WAIT",
	},
	[TCPLIFE_A_RECORD_SINCE_LAST_ACK] = {
		"since_last_ack", OFF(since_last_ack), FIELD_U64, SHOW_TIME, "s",
		"first entry into LAST_ACK",
	},
	[TCPLIFE_A_RECORD_SINCE_CLOSING] = {
		"since_closing", OFF(since_closing), FIELD_U64, SHOW_TIME, "s",
		"first entry into CLOSING",
	},
	[TCPLIFE_A_RECORD_LISTENER] = {
		"listener", OFF(listener), FIELD_U64, SHOW_COOKIE, "",
		"cookie of the listener that it came out of",
	},
	[TCPLIFE_A_RECORD_SYNQ] = {
		"synq", OFF(synq), FIELD_U32, SHOW_NUMBER, "",
		"length of the SYN queue when it left it, itself not counted",
	},
	[TCPLIFE_A_RECORD_ACCQ] = {
		"accq", OFF(accq), FIELD_U32, SHOW_NUMBER, "",
		"length of the accept queue when it joined it, itself not counted",
	},
	[TCPLIFE_A_RECORD_ACK_IGNORED] = {
		"ack_ignored", OFF(ack_ignored), FIELD_U32, SHOW_NUMBER, "",
		"1 if a final ACK found the accept queue full, else 0",
	},
	[TCPLIFE_A_RECORD_SYN_RETRANSMITS] = {
		"syn_retransmits", OFF(syn_retransmits), FIELD_U32, SHOW_NUMBER, "",
		"SYNs sent again",
	},
	[TCPLIFE_A_RECORD_SYNACK_RETRANSMITS] = {
		"synack_retransmits", OFF(synack_retransmits), FIELD_U32, SHOW_NUMBER, "",
		"SYN-ACKs sent again",
	},
	[TCPLIFE_A_RECORD_ISN_LOCAL] = {
		"isn_local", OFF(isn_local), FIELD_U32, SHOW_NUMBER, "",
		"our initial sequence number",
	},
	[TCPLIFE_A_RECORD_ISN_REMOTE] = {
		"isn_remote", OFF(isn_remote), FIELD_U32, SHOW_NUMBER, "",
		"the peer's",
	},
	[TCPLIFE_A_RECORD_MSS] = {
		"mss", OFF(mss), FIELD_U32, SHOW_NUMBER, "B",
		"maximum segment size that the peer announced",
	},
	[TCPLIFE_A_RECORD_WSCALE_LOCAL] = {
		"wscale_local", OFF(wscale_local), FIELD_U32, SHOW_NUMBER, "",
		"our window scale",
	},
	[TCPLIFE_A_RECORD_WSCALE_REMOTE] = {
		"wscale_remote", OFF(wscale_remote), FIELD_U32, SHOW_NUMBER, "",
		"the peer's",
	},
	[TCPLIFE_A_RECORD_WINDOW_LOCAL] = {
		"window_local", OFF(window_local), FIELD_U32, SHOW_NUMBER, "B",
		"window in our SYN or SYN-ACK",
	},
	[TCPLIFE_A_RECORD_WINDOW_REMOTE] = {
		"window_remote", OFF(window_remote), FIELD_U32, SHOW_NUMBER, "B",
		"window in the peer's SYN-ACK",
	},
	[TCPLIFE_A_RECORD_FIRST_FIN] = {
		"first_fin", OFF(first_fin), FIELD_U32, SHOW_FIRST_FIN, "",
		"who closed first",
	},
	[TCPLIFE_A_RECORD_FIN_LOCAL] = {
		"fin_local", OFF(fin_local), FIELD_U32, SHOW_NUMBER, "",
		"sequence number of our FIN, unless it was never sent",
	},
	[TCPLIFE_A_RECORD_FIN_REMOTE] = {
		"fin_remote", OFF(fin_remote), FIELD_U32, SHOW_NUMBER, "",
		"of the peer's",
	},
	[TCPLIFE_A_RECORD_FIN_RETRANSMITS] = {
		"fin_retransmits", OFF(fin_retransmits), FIELD_U32, SHOW_NUMBER, "",
		"FINs sent again",
	},
	[TCPLIFE_A_RECORD_FIN_DUPLICATES] = {
		"fin_duplicates", OFF(fin_duplicates), FIELD_U32, SHOW_NUMBER, "",
		"FINs received again",
	},
	[TCPLIFE_A_RECORD_HALF_CLOSE_BYTES] = {
		"half_close_bytes", OFF(half_close_bytes), FIELD_U64, SHOW_NUMBER, "B",
		"payload bytes while only one side had closed",
	},
	[TCPLIFE_A_RECORD_RST_WHY] = {
		"rst_why", OFF(rst_why), FIELD_U32, SHOW_RST, "",
		"why we sent a RST",
	},
	[TCPLIFE_A_RECORD_TW_RESTARTS] = {
		"tw_restarts", OFF(tw_restarts), FIELD_U32, SHOW_NUMBER, "",
		"how often TIME_WAIT began anew",
	},
	[TCPLIFE_A_RECORD_TW_EXIT] = {
		"tw_exit", OFF(tw_exit), FIELD_U32, SHOW_TW, "",
		"how the timewait socket ended",
	},
	[TCPLIFE_A_RECORD_BYTES_ACKED] = {
		"bytes_acked", OFF(bytes_acked), FIELD_U64, SHOW_NUMBER, "B",
		"payload bytes that the peer acknowledged",
	},
	[TCPLIFE_A_RECORD_BYTES_RECEIVED] = {
		"bytes_received", OFF(bytes_received), FIELD_U64, SHOW_NUMBER, "B",
		"payload bytes received in order",
	},
	[TCPLIFE_A_RECORD_SEGS_OUT] = {
		"segs_out", OFF(segs_out), FIELD_U32, SHOW_NUMBER, "",
		"segments sent",
	},
	[TCPLIFE_A_RECORD_SEGS_IN] = {
		"segs_in", OFF(segs_in), FIELD_U32, SHOW_NUMBER, "",
		"segments received",
	},
	[TCPLIFE_A_RECORD_DATA_RETRANSMITS] = {
		"data_retransmits", OFF(data_retransmits), FIELD_U32, SHOW_NUMBER, "",
		"segments with data sent again",
	},
	[TCPLIFE_A_RECORD_MIN_RTT] = {
		"minrtt", OFF(min_rtt), FIELD_U32, SHOW_US, "ms",
		"smallest round trip time",
	},
	[TCPLIFE_A_RECORD_SRTT] = {
		"rtt", OFF(srtt), FIELD_U32, SHOW_US, "ms",
		"smoothed round trip time",
	},
	[TCPLIFE_A_RECORD_RTO] = {
		"rto", OFF(rto), FIELD_U32, SHOW_US, "ms",
		"retransmission time-out",
	},
	[TCPLIFE_A_RECORD_SNDBUF] = {
		"sndbuf", OFF(sndbuf), FIELD_U32, SHOW_NUMBER, "B",
		"size of the send buffer",
	},
	[TCPLIFE_A_RECORD_RCVBUF] = {
		"rcvbuf", OFF(rcvbuf), FIELD_U32, SHOW_NUMBER, "B",
		"size of the receive buffer",
	},
	[TCPLIFE_A_RECORD_KEEPALIVES] = {
		"keepalives", OFF(keepalives), FIELD_U32, SHOW_NUMBER, "",
		"keepalive probes sent",
	},
	[TCPLIFE_A_RECORD_PROBES] = {
		"probes", OFF(probes), FIELD_U32, SHOW_NUMBER, "",
		"zero window probes sent",
	},
	[TCPLIFE_A_RECORD_PID] = {
		"pid", OFF(pid), FIELD_U32, SHOW_NUMBER, "",
		"process that called connect() or accept()",
	},
	[TCPLIFE_A_RECORD_PID_NS] = {
		"pid_ns", OFF(pid_ns), FIELD_U32, SHOW_NUMBER, "",
		"inode number of the pid namespace that its pids are of; absent: the initial one",
	},
	[TCPLIFE_A_RECORD_KTHREAD] = {
		"kthread", OFF(kthread), FIELD_FLAG, SHOW_TRUE, "",
		"that process is a kernel thread",
	},
	[TCPLIFE_A_RECORD_COMM] = {
		"comm", OFF(comm), FIELD_COMM, SHOW_STRING, "",
		"name of that process",
	},
	[TCPLIFE_A_RECORD_UID] = {
		"uid", OFF(uid), FIELD_U32, SHOW_NUMBER, "",
		"its user",
	},
	[TCPLIFE_A_RECORD_CGROUP] = {
		"cgroup", OFF(cgroup), FIELD_U64, SHOW_NUMBER, "",
		"id of its cgroup (v2)",
	},
	[TCPLIFE_A_RECORD_CLOSER_PID] = {
		"closer_pid", OFF(closer_pid), FIELD_U32, SHOW_NUMBER, "",
		"process that closed",
	},
	[TCPLIFE_A_RECORD_CLOSER_KTHREAD] = {
		"closer_kthread", OFF(closer_kthread), FIELD_FLAG, SHOW_TRUE, "",
		"that process is a kernel thread",
	},
	[TCPLIFE_A_RECORD_CLOSER_COMM] = {
		"closer_comm", OFF(closer_comm), FIELD_COMM, SHOW_STRING, "",
		"name of that process",
	},
	[TCPLIFE_A_RECORD_REPLACED] = {
		"replaced", OFF(replaced), FIELD_U64, SHOW_COOKIE, "",
		"cookie of the socket whose TIME_WAIT it ended for its port",
	},
	[TCPLIFE_A_RECORD_REPLACED_GENERATION] = {
		"replaced_generation", OFF(replaced_generation), FIELD_U32,
		SHOW_NUMBER, "", "which life of that socket",
	},
	[TCPLIFE_A_RECORD_SYN_DATA] = {
		"syn_data", OFF(syn_data), FIELD_U32, SHOW_NUMBER, "B",
		"data in the SYN that the server took",
	},
};

const struct field_set record_fields = {
	"record", record_rows, sizeof(record_rows) / sizeof(*record_rows),
	sizeof(struct record),
};
