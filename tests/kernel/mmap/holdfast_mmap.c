// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A node whose pages a process maps: user.c.  Each file has three pages.  read() and write() move their first word,
 * and ioctl() forbids writing, or drops the pages.
 */
#include <linux/module.h>

#include <holdfast/holdfast.h>

#include "mmap_abi.h"

struct sheet {
	struct hf_pages_own pages;
	bool readonly;
};

HF_LOCKED_DEFINE(locked_sheet, mutex, struct sheet);

struct session {
	struct locked_sheet sheet;
};

static void session_end(struct session *s)
{
	{
		hf_lock(d, &s->sheet);
		hf_pages_own_drop(&d->pages);
	}
	hf_lock_fini(&s->sheet);
	hf_free(s);
}

HF_OWN_DEFINE(session, struct session, session_end);

static int session_init(struct session *s, int unused)
{
	hf_let(hf_pages, pages, hf_try(hf_new_pages(MMAP_PAGES * PAGE_SIZE, GFP_KERNEL_ACCOUNT)));

	hf_lock_init(&s->sheet);
	hf_lock(d, &s->sheet);
	hf_set(d->pages, hf_move(pages));
	return 0;
}

/* What the node owns. */
struct nothing {
	int unused;
};

static void nothing_end(struct nothing *n)
{
	hf_free(n);
}

HF_OWN_DEFINE(nothing, struct nothing, nothing_end);
HF_FILE_DEFINE(sheet_node, nothing_own, session_own);

static struct session_own_result sheet_open(const struct nothing *n, const struct hf_file *how)
{
	return hf_new_with(session, GFP_KERNEL, session_init, 0);
}

static int sheet_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	u32 word;

	{
		hf_lock(d, &s->sheet);
		if (hf_is_empty(d->pages))
			return -ENXIO;
		word = hf_accept_any(hf_try(hf_pages_load_u32(hf_ref(d->pages), 0)));
	}
	return hf_uaccess_write_u32(to, word);
}

static int sheet_write(const struct session *s, struct hf_uaccess_reader *from, const struct hf_file *how)
{
	const u32 word = hf_accept_any(hf_try(hf_uaccess_read_u32(from)));

	hf_lock(d, &s->sheet);
	if (hf_is_empty(d->pages))
		return -ENXIO;
	return hf_pages_store_u32(hf_ref(d->pages), 0, word);
}

static int sheet_ioctl(const struct session *s, unsigned int cmd, const struct hf_ioctl_arg *arg, const struct hf_file *how)
{
	hf_lock(d, &s->sheet);
	switch (cmd) {
	case MMAP_READONLY:
		d->readonly = true;
		return 0;
	case MMAP_DROP:
		hf_pages_own_drop(&d->pages);
		return 0;
	default:
		return -ENOTTY;
	}
}

static int sheet_mmap(const struct session *s, struct hf_vma *vma, const struct hf_file *how)
{
	hf_lock(d, &s->sheet);
	if (hf_is_empty(d->pages))
		return -ENXIO;
	return d->readonly ? hf_vma_map_readonly(vma, hf_ref(d->pages)) : hf_vma_map_writable(vma, hf_ref(d->pages));
}

HF_FILE_OPS(sheet_node, session_own, .open = sheet_open, .read = sheet_read, .write = sheet_write,
	    .ioctl = sheet_ioctl, .mmap = sheet_mmap);

static struct sheet_node_own node;

static int __init sheet_init(void)
{
	return hf_set_ok((node), hf_node_register(sheet_node, "holdfast_mmap", hf_try(hf_new(nothing, GFP_KERNEL)), GFP_KERNEL));
}

static void __exit sheet_exit(void)
{
	sheet_node_own_drop(&node);
}

module_init(sheet_init);
module_exit(sheet_exit);

MODULE_DESCRIPTION("Pages that a process maps");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
