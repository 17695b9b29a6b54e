// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin of QEMU's TCG: how often each instruction of the kernel was executed.
 *
 *	qemu-system-x86_64 -plugin count.so,out=FILE
 *
 * At the end FILE has a line "ADDRESS COUNT" for each, in hex and decimal; that
 * of user space is one line, with the address 0.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "qemu_plugin.h"

#define KERNEL		UINT64_C(0xffffffff80000000)	/* __START_KERNEL_map */
#define ADDRESSES	UINT64_C(0x80000000)	/* from there to the end */

int qemu_plugin_version = 1;
/* One for each address; the host gives memory to those pages only that count. */
static uint64_t *counts;
static uint64_t user;
static char out[4096];

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	(void)id;

	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t addr = qemu_plugin_insn_vaddr(insn);

		uint64_t *where = addr < KERNEL ? &user : &counts[addr - KERNEL];

		qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64,
							   where, 1);
	}
}

static void write_page(FILE *f, uint64_t first, uint64_t n)
{
	for (uint64_t i = first; i < first + n; i++)
		if (counts[i])
			fprintf(f, "%llx %llu\n",
				(unsigned long long)(KERNEL + i),
				(unsigned long long)counts[i]);
}

static void ended(qemu_plugin_id_t id, void *data)
{
	size_t page = sysconf(_SC_PAGESIZE), n = page / sizeof(*counts);
	FILE *map = fopen("/proc/self/pagemap", "rb");
	FILE *f = fopen(out, "w");
	uint64_t entry;
	(void)id;
	(void)data;

	if (!f || !map)
		return perror(out);
	fprintf(f, "0 %llu\n", (unsigned long long)user);
	fseek(map, (uintptr_t)counts / page * sizeof(entry), SEEK_SET);
	/* Bits 62 and 63: in swap, in memory. */
	for (uint64_t i = 0; i < ADDRESSES; i += n)
		if (fread(&entry, sizeof(entry), 1, map) == 1 && entry >> 62)
			write_page(f, i, n);
	fclose(map);
	fclose(f);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			snprintf(out, sizeof(out), "%s", argv[i] + 4);
	counts = mmap(NULL, ADDRESSES * sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (counts == MAP_FAILED)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
