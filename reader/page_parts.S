/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the page of tcplife report that are always the same, as they are
 * in page/ and third_party/uplot/. page.c puts them together.
 */
	.section .rodata

	.macro part name:req, file:req
	.global	page_\name
page_\name:
	.incbin	"\file"
	.byte	0
	.endm

	part	html, "page/report.html"
	part	css, "page/report.css"
	part	script, "page/report.js"
	part	uplot, "third_party/uplot/uPlot.iife.min.js"
	part	uplot_css, "third_party/uplot/uPlot.min.css"
	part	licence, "third_party/uplot/LICENSE"

	.section .note.GNU-stack, "", %progbits
