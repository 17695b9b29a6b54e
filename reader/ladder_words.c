// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for what a record says, for people who need not know ours.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "ladder_words.h"
#include "record.h"
#include "text.h"

/**
 * words_time - "793 us", "216.438 ms", "29.430 s", "2 h 12 min"
 * @buf: room for WORDS_TIME bytes
 * @ns: the time
 *
 * Return: @buf.
 */
char *words_time(char *buf, __u64 ns)
{
	__u64 us = (ns + 500) / 1000, s = us / 1000000;

	if (us < 1000)
		snprintf(buf, WORDS_TIME, "%llu us", us);
	else if (!s)
		snprintf(buf, WORDS_TIME, "%.3f ms", us / 1e3);
	else if (s < 3600)
		snprintf(buf, WORDS_TIME, "%.3f s", us / 1e6);
	else if (s < 86400)
		snprintf(buf, WORDS_TIME, "%llu h %llu min",
			 s / 3600, s / 60 % 60);
	else
		snprintf(buf, WORDS_TIME, "%llu d %llu h",
			 s / 86400, s / 3600 % 24);
	return buf;
}

/**
 * words_name - the name of a process, safe for a terminal
 * @buf: where to
 * @size: of it, room for 4 times the name and brackets
 * @comm: the name, which a process chooses for itself
 * @kthread: it is a kernel thread, and gets brackets
 *
 * Return: @buf.
 */
char *words_name(char *buf, size_t size, const char *comm, bool kthread)
{
	/* It writes the last character that is too long before it is cut. */
	*text_name(buf, comm, size - 5, kthread) = '\0';
	return buf;
}

/* "curl (pid 812)", or "pid 812". */
static char *process(char *buf, size_t size, const char *comm, bool kthread,
		     const __u32 *pid)
{
	char name[4 * COMM_LEN + 8];

	if (!comm && !pid)
		return NULL;
	if (comm)
		words_name(name, sizeof(name), comm, kthread);
	if (comm && pid)
		snprintf(buf, size, "%s (pid %u)", name, *pid);
	else if (comm)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "pid %u", *pid);
	return buf;
}

/**
 * words_owner - who called connect() or accept()
 * @buf: where to
 * @size: of it, WORDS_OWNER
 * @rec: the record
 * @relative: without what differs from run to run
 *
 * Return: @buf, or NULL if it is not known.
 */
char *words_owner(char *buf, size_t size, const struct record *rec,
		  bool relative)
{
	return process(buf, size, record_has(rec, COMM) ? rec->comm : NULL,
		       record_has(rec, KTHREAD),
		       record_has(rec, PID) && !relative ? &rec->pid : NULL);
}

/** words_closer - who closed; as words_owner() */
char *words_closer(char *buf, size_t size, const struct record *rec,
		   bool relative)
{
	return process(buf, size,
		       record_has(rec, CLOSER_COMM) ? rec->closer_comm : NULL,
		       record_has(rec, CLOSER_KTHREAD),
		       record_has(rec, CLOSER_PID) && !relative ?
		       &rec->closer_pid : NULL);
}

static char *address(char *buf, const void *ipv4, const void *ipv6,
		     const __u16 *port)
{
	char host[INET6_ADDRSTRLEN] = "-", number[8] = "-";

	if (!ipv4 && !ipv6 && !port) {
		snprintf(buf, WORDS_ADDRESS, "-");
		return buf;
	}
	if (ipv4)
		inet_ntop(AF_INET, ipv4, host, sizeof(host));
	else if (ipv6)
		inet_ntop(AF_INET6, ipv6, host, sizeof(host));
	if (port)
		snprintf(number, sizeof(number), "%u", *port);
	snprintf(buf, WORDS_ADDRESS, ipv6 && !ipv4 ? "[%s]:%s" : "%s:%s", host,
		 number);
	return buf;
}

/**
 * words_local - "127.0.0.1:80", "[::1]:80", with "-" for what is not known
 * @buf: room for WORDS_ADDRESS bytes
 * @rec: the record
 *
 * Return: @buf.
 */
char *words_local(char *buf, const struct record *rec)
{
	return address(buf, record_has(rec, LOCAL_IPV4) ? &rec->local_ipv4 :
		       NULL,
		       record_has(rec, LOCAL_IPV6) ? rec->local_ipv6 : NULL,
		       record_has(rec, LOCAL_PORT) ? &rec->local_port : NULL);
}

/** words_remote - as words_local() */
char *words_remote(char *buf, const struct record *rec)
{
	return address(buf, record_has(rec, REMOTE_IPV4) ? &rec->remote_ipv4 :
		       NULL,
		       record_has(rec, REMOTE_IPV6) ? rec->remote_ipv6 : NULL,
		       record_has(rec, REMOTE_PORT) ? &rec->remote_port : NULL);
}

static const char * const end_words[__TCPLIFE_END_MAX] = {
	[TCPLIFE_END_FIN] = "both sides have closed",
	[TCPLIFE_END_REFUSED] = "refused: nobody listens there",
	[TCPLIFE_END_CONNECT_TIMEOUT] = "nobody answered the SYNs",
	[TCPLIFE_END_UNREACHABLE] = "unreachable: no route, or ICMP said so",
	[TCPLIFE_END_NO_LOCAL_PORT] = "no free local port",
	[TCPLIFE_END_SYN_ACK_TIMEOUT] = "the final ACK never came",
	[TCPLIFE_END_EMBRYONIC_RESET] = "reset before the handshake was over",
	[TCPLIFE_END_LISTENER_CLOSED] = "the listener closed before accept()",
	[TCPLIFE_END_ACCEPT_OVERFLOW] = "the accept queue stayed full",
	[TCPLIFE_END_CLOSED_IN_HANDSHAKE] = "closed here before it was open",
	[TCPLIFE_END_DISCONNECTED] = "disconnected by connect(AF_UNSPEC)",
	[TCPLIFE_END_RESET_RECEIVED] = "the peer reset it",
	[TCPLIFE_END_RESET_SENT] = "reset from here",
	[TCPLIFE_END_RETRANSMIT_TIMEOUT] = "data had no answer, time after time",
	[TCPLIFE_END_PROBE_TIMEOUT] = "the peer's window stayed closed",
	[TCPLIFE_END_FIN_TIMEOUT] = "our FIN had no answer, time after time",
	[TCPLIFE_END_FIN_WAIT2_TIMEOUT] = "the peer never closed",
	[TCPLIFE_END_KEEPALIVE_TIMEOUT] = "nobody answered the keepalive probes",
	[TCPLIFE_END_USER_TIMEOUT] = "the time of TCP_USER_TIMEOUT was over",
	[TCPLIFE_END_ABORTED] = "ended by ss -K or the like",
	[TCPLIFE_END_OUT_OF_MEMORY] = "no memory, or too many orphans",
	[TCPLIFE_END_NETNS_GONE] = "its network namespace was removed",
	[TCPLIFE_END_REPAIR_CLOSED] = "closed in TCP_REPAIR mode, in silence",
	[TCPLIFE_END_UNKNOWN] = "unknown why: please report it",
};

/** words_end - why a connection ended, in a few words */
const char *words_end(unsigned int end)
{
	return end < __TCPLIFE_END_MAX && end_words[end] ? end_words[end] : "-";
}

static const char * const rst_words[__TCPLIFE_RST_MAX] = {
	[TCPLIFE_RST_LINGER] = "closed with SO_LINGER and a time of 0",
	[TCPLIFE_RST_UNREAD] = "closed with data not read",
	[TCPLIFE_RST_DATA_AFTER_CLOSE] = "data came after close()",
	[TCPLIFE_RST_DISCONNECT] = "connect(AF_UNSPEC)",
	[TCPLIFE_RST_LISTENER] = "the listener closed before accept()",
	[TCPLIFE_RST_KEEPALIVE] = "the last act of the keepalive timer",
	[TCPLIFE_RST_OOM] = "no memory, or too many orphans",
	[TCPLIFE_RST_ABORT] = "ss -K or the like",
	[TCPLIFE_RST_OTHER] = "for another reason",
};

/** words_rst_why - why we sent a RST, in a few words */
const char *words_rst_why(unsigned int why)
{
	return why < __TCPLIFE_RST_MAX && rst_words[why] ? rst_words[why] : "-";
}

static const char * const tw_words[__TCPLIFE_TW_MAX] = {
	[TCPLIFE_TW_EXPIRED] = "the time is over",
	[TCPLIFE_TW_REUSED] = "a connect() of this host took the port",
	[TCPLIFE_TW_RECYCLED] = "a new SYN of the peer took its place",
	[TCPLIFE_TW_RST_RECEIVED] = "ended early: a RST came",
	[TCPLIFE_TW_RST_SENT] = "ended early: data or a SYN came after close()",
	[TCPLIFE_TW_KILLED] = "ended by ss -K or by the kernel",
	[TCPLIFE_TW_NETNS_GONE] = "its network namespace was removed",
	[TCPLIFE_TW_OVERFLOW] = "no timewait socket: tcp_max_tw_buckets, memory",
};

/** words_timewait - how its timewait socket ended, in a few words */
const char *words_timewait(const struct record *rec)
{
	if (!record_has(rec, TW_EXIT) || rec->tw_exit >= __TCPLIFE_TW_MAX ||
	    !tw_words[rec->tw_exit])
		return "-";
	return tw_words[rec->tw_exit];
}
