/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/*
 * The compact form of a record: one attribute, TCPLIFE_A_COMPACT, in place of
 * the nest TCPLIFE_A_RECORD. For readers of many.
 */
#ifndef _UAPI_LINUX_TCPLIFE_COMPACT_H
#define _UAPI_LINUX_TCPLIFE_COMPACT_H

#include <linux/types.h>

#define TCPLIFE_COMPACT_HAS	2	/* words of 64 attributes */
#define TCPLIFE_COMPACT_COMM	16

/*
 * A member is what the attribute of set record is that is called so; err is
 * errno. It is known if the attribute's bit is set: of attribute n, bit n % 64
 * of has[n / 64]. If not, it has no meaning.
 *
 * Numbers have the byte order of the host, ports included; IPv4 addresses have
 * that of the network. Names end with a NUL. There is no padding, and the whole
 * may be aligned to four bytes only.
 *
 * What a later version adds it adds at the end, so that the length says what is
 * there: a reader takes what it knows of a longer one, and of a shorter one the
 * rest is not known.
 */
struct tcplife_compact {
	__u64	has[TCPLIFE_COMPACT_HAS];
	__u64	cookie;
	__u64	net_cookie;
	__u32	generation;
	__u32	netns;
	__u8	local_ipv6[16];
	__u8	remote_ipv6[16];
	__be32	local_ipv4;
	__be32	remote_ipv4;
	__u16	local_port;
	__u16	remote_port;
	__u8	kthread;
	__u8	closer_kthread;
	__u16	reserved;
	__u32	role;
	__u32	state;
	__u32	last_state;
	__u32	flags;
	__u32	end;
	__u32	err;
	__u64	born;
	__u64	entered;
	__u64	ended;
	__u64	syn;
	__u64	queued;
	__u64	accepted;
	__u64	since_established;
	__u64	since_syn_sent;
	__u64	since_syn_recv;
	__u64	since_fin_wait1;
	__u64	since_fin_wait2;
	__u64	since_time_wait;
	__u64	since_close;
	__u64	since_close_wait;
	__u64	since_last_ack;
	__u64	since_closing;
	__u64	listener;
	__u64	replaced;
	__u32	replaced_generation;
	__u32	ack_ignored;
	__u32	isn_local;
	__u32	isn_remote;
	__u32	synq;
	__u32	accq;
	__u32	syn_retransmits;
	__u32	synack_retransmits;
	__u32	mss;
	__u32	syn_data;
	__u32	wscale_local;
	__u32	wscale_remote;
	__u32	window_local;
	__u32	window_remote;
	__u32	first_fin;
	__u32	fin_local;
	__u32	fin_remote;
	__u32	fin_retransmits;
	__u32	fin_duplicates;
	__u32	rst_why;
	__u64	half_close_bytes;
	__u64	bytes_acked;
	__u64	bytes_received;
	__u32	tw_restarts;
	__u32	tw_exit;
	__u32	segs_out;
	__u32	segs_in;
	__u32	data_retransmits;
	__u32	min_rtt;
	__u32	srtt;
	__u32	rto;
	__u32	sndbuf;
	__u32	rcvbuf;
	__u32	keepalives;
	__u32	probes;
	__u32	pid;
	__u32	pid_ns;
	__u32	uid;
	__u32	closer_pid;
	__u64	cgroup;
	char	comm[TCPLIFE_COMPACT_COMM];
	char	closer_comm[TCPLIFE_COMPACT_COMM];
};

#endif /* _UAPI_LINUX_TCPLIFE_COMPACT_H */
