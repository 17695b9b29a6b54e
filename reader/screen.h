/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ncurses, which has an attr_set() of its own that nobody here needs.
 */
#ifndef _READER_SCREEN_H
#define _READER_SCREEN_H

#define NCURSES_NOMACROS
#define attr_set ncurses_attr_set
#include <ncurses.h>
#undef attr_set

#endif /* _READER_SCREEN_H */
