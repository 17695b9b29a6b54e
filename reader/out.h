/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output: a buffer with its own formatting, for printf() costs more than all
 * the rest of a line. It is written at once by out_flush(), which is called
 * for each message of events, so that a pipe gets whole lines in time.
 */
#ifndef _READER_OUT_H
#define _READER_OUT_H

#include "text.h"

#define OUT_SIZE	(256 << 10)
/* No row, and no piece that is put at once, is longer. */
#define OUT_PIECE	8192

/**
 * struct out - text on its way to stdout
 * @len: bytes in the buffer
 * @failed: errno of a write that failed, EINTR if a signal came and nobody
 *	reads; what follows is dropped
 * @left: bytes that were not written, then
 * @stop: how many signals came to end all this
 * @ticks: of the clock since then, without a byte that was taken
 * @buf: the text
 */
struct out {
	size_t	len;
	int	failed;
	size_t	left;
	int	stop;
	int	ticks;
	char	buf[OUT_SIZE + TEXT_SLACK];
};

extern struct out out;

void out_flush(void);
void out_stop(void);
void out_tick(int signal);

/** out_stopped - how many signals came to end all this */
static inline int out_stopped(void)
{
	return __atomic_load_n(&out.stop, __ATOMIC_RELAXED);
}

/* Room for one piece; out_end() says where it ended. */
static inline char *out_room(void)
{
	if (out.len > OUT_SIZE - OUT_PIECE)
		out_flush();
	return out.buf + out.len;
}

static inline void out_char(char c)
{
	*out_room() = c;
	out.len++;
}

static inline void out_bytes(const char *text, size_t len)
{
	memcpy(out_room(), text, len);
	out.len += len;
}

static inline void out_text(const char *text)
{
	out_bytes(text, strlen(text));
}

static inline void out_end(const char *at)
{
	out.len = at - out.buf;
}

static inline void out_number(__u64 n)
{
	out_end(text_number(out_room(), n));
}

static inline void out_hex(__u64 n)
{
	out_end(text_hex(out_room(), n));
}

static inline void out_fixed(__u64 n, unsigned int decimals)
{
	out_end(text_fixed(out_room(), n, decimals));
}

static inline void out_ms(__u64 ns, unsigned int decimals)
{
	out_end(text_ms(out_room(), ns, decimals));
}

static inline void out_ipv4(__be32 address)
{
	out_end(text_ipv4(out_room(), address));
}

static inline void out_ipv6(const __u8 *address)
{
	out_end(text_ipv6(out_room(), address));
}

static inline void out_name(const char *name, int max, bool kthread)
{
	out_end(text_name(out_room(), name, max, kthread));
}

void out_long(const char *text);
void out_pad(size_t from, int width);
void out_signed(__s64 n);
int out_close(void);

#endif /* _READER_OUT_H */
