/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What page_parts.S takes in: files that end with a NUL.
 */
#ifndef _READER_PAGE_PARTS_H
#define _READER_PAGE_PARTS_H

extern const char page_html[], page_css[], page_script[];
extern const char page_uplot[], page_uplot_css[], page_licence[];

#endif /* _READER_PAGE_PARTS_H */
