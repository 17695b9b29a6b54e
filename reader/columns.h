/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Columns that lines of different commands have in common: the owner and the
 * two ends, out of whatever struct has them.
 */
#ifndef _READER_COLUMNS_H
#define _READER_COLUMNS_H

#include "options.h"
#include "row.h"

/** struct owner - of a connection; NULL is what is not known */
struct owner {
	const __u32	*pid;
	const char	*comm;
	bool		kthread;
};

/** struct pair - both ends of a connection; NULL is what is not known */
struct pair {
	const __be32	*local_ipv4;
	const __u8	*local_ipv6;
	const __be32	*remote_ipv4;
	const __u8	*remote_ipv6;
	const __u16	*local_port;
	const __u16	*remote_port;
};

/* Of a struct of record.h, whichever it is: what is known. */
#define owner_of(kind, object) ({					\
	typeof(object) _o = (object);					\
									\
	(struct owner){							\
		.pid = kind##_has(_o, PID) ? &_o->pid : NULL,		\
		.comm = kind##_has(_o, COMM) ? _o->comm : NULL,		\
		.kthread = kind##_has(_o, KTHREAD),			\
	};								\
})

#define pair_of(kind, object) ({					\
	typeof(object) _o = (object);					\
									\
	(struct pair){							\
		.local_ipv4 = kind##_has(_o, LOCAL_IPV4) ?		\
			&_o->local_ipv4 : NULL,				\
		.local_ipv6 = kind##_has(_o, LOCAL_IPV6) ?		\
			_o->local_ipv6 : NULL,				\
		.remote_ipv4 = kind##_has(_o, REMOTE_IPV4) ?		\
			&_o->remote_ipv4 : NULL,			\
		.remote_ipv6 = kind##_has(_o, REMOTE_IPV6) ?		\
			_o->remote_ipv6 : NULL,				\
		.local_port = kind##_has(_o, LOCAL_PORT) ?		\
			&_o->local_port : NULL,				\
		.remote_port = kind##_has(_o, REMOTE_PORT) ?		\
			&_o->remote_port : NULL,			\
	};								\
})

/* The family is that of the addresses which are there. */
static inline bool pair_is_ipv6(const struct pair *p)
{
	return p->remote_ipv6 || p->local_ipv6;
}

static inline int columns_address(const struct options *o)
{
	return o->wide ? 39 : 15;
}

static inline int columns_comm(const struct options *o)
{
	return o->wide ? 16 : 10;
}

/** columns_owner - PID and COMM */
static inline void columns_owner(struct row *row, const struct options *o,
				 const struct owner *owner)
{
	row_number(row, owner->pid, owner->pid ? *owner->pid : 0, 5);
	row_name(row, owner->comm, owner->comm, owner->kthread,
		 columns_comm(o));
}

static inline void columns_port(struct row *row, const __u16 *port)
{
	row_port(row, port, port ? *port : 0, 5);
}

/** columns_remote - RADDR and RPORT */
static inline void columns_remote(struct row *row, const struct options *o,
				  const struct pair *pair)
{
	row_address(row, pair->remote_ipv4, pair->remote_ipv6,
		    columns_address(o));
	columns_port(row, pair->remote_port);
}

/** columns_pair - LADDR, LPORT, RADDR and RPORT */
static inline void columns_pair(struct row *row, const struct options *o,
				const struct pair *pair)
{
	row_address(row, pair->local_ipv4, pair->local_ipv6,
		    columns_address(o));
	columns_port(row, pair->local_port);
	columns_remote(row, o, pair);
}

/** columns_family - IP, where there is room for it: bcc's CSV has it */
static inline void columns_family(struct row *row, const struct options *o,
				  const struct pair *pair)
{
	if (o->wide || o->csv)
		row_text(row, pair_is_ipv6(pair) ? "6" : "4", 2);
}

bool columns_begin_header(struct row *row, const struct options *o);
void columns_owner_header(struct row *row, const struct options *o);
void columns_family_header(struct row *row, const struct options *o);
void columns_remote_header(struct row *row, const struct options *o);
void columns_pair_header(struct row *row, const struct options *o);

#endif /* _READER_COLUMNS_H */
