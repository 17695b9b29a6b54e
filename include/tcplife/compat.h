/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels. The only place that knows their versions; the
 * rest of the module asks for a named capability.
 */
#ifndef _TCPLIFE_COMPAT_H
#define _TCPLIFE_COMPAT_H

#include <linux/ftrace.h>
#include <linux/hrtimer.h>
#include <linux/version.h>
#include <net/tcp.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "tcplife needs Linux 6.1 or later"
#endif

#ifndef CONFIG_64BIT
#error "tcplife needs a 64-bit kernel: its counters are read without a lock"
#endif

#if !defined(CONFIG_TRACEPOINTS) || !defined(CONFIG_KPROBES) || \
	!defined(CONFIG_KRETPROBES)
#error "tcplife needs CONFIG_TRACEPOINTS, CONFIG_KPROBES and CONFIG_KRETPROBES"
#endif

/* ftrace's own hook API with arguments: else only kprobes are used. */
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
#define TCPLIFE_HAVE_FTRACE_ARGS 1
#endif

/* Argument @n of a function entered through ftrace. */
#ifdef TCPLIFE_HAVE_FTRACE_ARGS
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define tcplife_fregs_arg(fregs, n) \
	regs_get_kernel_argument(&(fregs)->regs, n)
#else
#define tcplife_fregs_arg(fregs, n) ftrace_regs_get_argument(fregs, n)
#endif
#endif

/* Tracepoint probes run with preemption on. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define TCPLIFE_PROBE_PREEMPTIBLE 1
#else
#define TCPLIFE_PROBE_PREEMPTIBLE 0
#endif

/* tcp:tcp_retransmit_skb has a third argument, the error, and fires for a
 * failed transmission, too.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
#define TCPLIFE_RETRANSMIT_SKB_ERR 1
#endif

/* Whether the kernel can send SYN cookies. If not, a SYN that one would answer is
 * dropped, whatever tcp_syncookies says: tcp_syn_flood_action().
 */
#ifdef CONFIG_SYN_COOKIES
#define TCPLIFE_SYN_COOKIES	1
#define tcplife_cookies_lately(lsk)	(!tcp_synq_no_recent_overflow(lsk))
#else
#define TCPLIFE_SYN_COOKIES	0
#define tcplife_cookies_lately(lsk)	((void)(lsk), false)
#endif

/* cookie_timestamp_decode() is inlined into cookie_v4_check(): seen in 7.3. */
#define TCPLIFE_COOKIE_DECODED_INLINED \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0))

/* A SYN that takes the place of a timewait socket passes by the limits of the
 * SYN queue. Before, tcp_v4_fill_cb() forgot that it was one.
 */
#define TCPLIFE_RECYCLED_SYN_PASSES \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0))

/* What puts a timewait socket into the hash starts its timer, too. */
#define TCPLIFE_TW_HASHDANCE_SCHEDULES \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0))

/* A segment whose options cannot be parsed gets no RST: tcp_v4_send_reset()
 * gives up if tcp_parse_auth_options() does.
 */
#define TCPLIFE_AUTH_OPTIONS \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0))

/* PAWSEstab counts what PAWS refuses in TIME_WAIT, too: no other counter does. */
#define TCPLIFE_PAWS_TIMEWAIT \
	(LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0))

/* ECN was negotiated, by RFC 3168 or as AccECN. */
#ifdef TCP_ECN_MODE_ANY
#define tcplife_ecn_ok(tp)	tcp_ecn_mode_any(tp)
#else
#define tcplife_ecn_ok(tp)	((tp)->ecn_flags & TCP_ECN_OK)
#endif

/* The attributes of a dump's request. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define tcplife_dump_attrs(cb)	(genl_dumpit_info(cb)->info.attrs)
#else
#define tcplife_dump_attrs(cb)	(genl_dumpit_info(cb)->attrs)
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define tcplife_hrtimer_setup	hrtimer_setup
#else
static inline void tcplife_hrtimer_setup(struct hrtimer *timer,
					 enum hrtimer_restart
						(*fn)(struct hrtimer *timer),
					 clockid_t clock,
					 enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif

#endif /* _TCPLIFE_COMPAT_H */
