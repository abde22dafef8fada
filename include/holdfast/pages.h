/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Pages of a driver's that processes map: a ring, a frame buffer, a buffer for messages.
 *
 * The bug, from the driver of a display (CVE-2018-8781):
 *
 *	static int udl_fb_mmap(struct fb_info *info, struct vm_area_struct *vma)
 *	{
 *		unsigned long size = vma->vm_end - vma->vm_start;
 *		unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
 *
 *		if (offset + size > info->fix.smem_len)		// wraps: any memory of the kernel is mapped
 *			return -EINVAL;
 *
 * Here the pages know their size, and what maps them does the arithmetic:
 *
 *	static int udl_mmap(const struct session *s, struct hf_vma *vma, const struct hf_file *file)
 *	{
 *		return hf_vma_map_writable(vma, hf_ref(s->frame));
 *	}
 *
 * The other bugs: a process makes a read-only mapping writable by mprotect(), a page is freed while a process still
 * has it, and a number in it is read twice, with two values.  Here the function that maps says whether processes may
 * write, for ever; a page stays until nobody has it mapped, so its owner may be dropped at any time; and what is in
 * the pages is read and written by copy, as the memory of a process is (cursor.h).  There are no pointers into them:
 *
 *	HF_WIRE_TYPE(entry, struct entry, HF_WIRE(addr) HF_WIRE(len));
 *
 *	const u32 tail = hf_try(hf_below(hf_try(hf_pages_load_u32(ring, RING_TAIL)), RING_SIZE));
 *	struct entry e = hf_try(hf_pages_read_as(entry, ring, RING_ENTRIES + tail * sizeof(e)));
 *
 * A driver that makes pages as large as the process wants says how large they may be:
 *
 *	const u64 size = hf_try(hf_at_most(hf_vma_size(vma), 4 << 20));
 *	hf_let(hf_pages, pages, hf_try(hf_new_pages(size, GFP_KERNEL_ACCOUNT)));
 *
 * Memory for messages is large, and little of it is in use.  Its pages come when they are needed, and the kernel may take
 * them back later.  Drivers that do so themselves, by a shrinker that unmaps a page from a process, have got it wrong in two
 * ways: rust_binder's locked a list that was locked already (CVE-2025-71181), and put pages into a mapping that another one
 * had replaced (CVE-2026-43434).  Here a driver has no shrinker, no page and no mapping.  It has an area, and from it
 * takes pages, as above, which stay for as long as it owns them:
 *
 *	hf_let_arc(hf_area, area, hf_try(hf_new_area(vma, 4 << 20, GFP_KERNEL)));	// in the mmap operation
 *
 *	hf_let(hf_pages, message, hf_try(hf_area_need(hf_ref(area), at, size)));
 *	hf_try_errno(hf_uaccess_read_pages(from, hf_ref(message), 0, size));
 *
 * Rust: mm::virt::VmaNew, VmaMixedMap::vm_insert_page, Page; rust_binder's ShrinkablePageRange.
 */
#ifndef HOLDFAST_PAGES_H
#define HOLDFAST_PAGES_H

#include <holdfast/cursor.h>
#include <holdfast/own.h>
#include <holdfast/ref.h>

/** Zeroed pages that processes may map. */
struct hf_pages {
	struct hf_sys_pages sys_;
};

HF_INLINE void hf_pages_free_(struct hf_pages *p)
{
	hf_sys_pages_free(&p->sys_);
	hf_sys_free(p);
}

/* Their drop sleeps.  What processes have mapped stays as it is until they unmap it. */
HF_SLEEPING_OWN_DEFINE_(hf_pages, struct hf_pages, hf_pages_free_);

/**
 * hf_new_pages() - allocate zeroed pages that processes may map.
 * @bytes: how many bytes; rounded up to whole pages.
 * @gfp: GFP_KERNEL, or GFP_KERNEL_ACCOUNT to charge them to the control group of the process.
 *
 * Return: a `struct hf_pages_own_result`; -ENOMEM; -EINVAL if @bytes is 0, or too many for any memory.
 * Context: sleeps, whatever @gfp says.
 */
HF_INLINE struct hf_pages_own_result hf_new_pages(u64 bytes, gfp_t gfp) HF_SLEEPS
{
	struct hf_pages *p = NULL;
	int err = -EINVAL;

	if (bytes && bytes <= (size_t)-1 / 2) {
		p = hf_sys_alloc(sizeof(*p), gfp);
		err = p ? hf_sys_pages_make(&p->sys_, (size_t)bytes, gfp) : -ENOMEM;
	}
	if (!err)
		return hf_pages_own_new_(p);
	hf_sys_free(p);
	return hf_pages_own_new_((void *)(long)HF_CALLER_ERROR_(err));
}

/**
 * hf_pages_size() - how many bytes: whole pages, and those behind what was asked for are shared as well; of those that
 * hf_area_need() gave, what was asked for.
 */
HF_INLINE size_t hf_pages_size(const struct hf_pages *p)
{
	return p->sys_.len_;
}

/* --- what is in them -----------------------------------------------------------------------------
 *
 * A shared borrow is enough to write: processes may read and write at the same time, and so may several threads of
 * the driver, which agree by a lock.
 */

/* Not at + n, which may wrap. */
HF_INLINE bool hf_pages_have_(const struct hf_pages *p, u64 at, u64 n)
{
	return HF_LIKELY(at <= p->sys_.len_ && n <= p->sys_.len_ - at);
}

/**
 * hf_pages_read() - copy the bytes from @at on to all of @to.
 *
 * Return: 0; -ERANGE if there are fewer, and nothing is copied.
 * Context: any.
 */
HF_INLINE HF_MUST_USE int hf_pages_read(const struct hf_pages *p, u64 at, struct u8_slice to)
{
	if (!hf_pages_have_(p, at, to.len_))
		return HF_CALLER_ERROR_(-ERANGE);
	for (size_t done = 0, n; done < to.len_; done += n) {
		const u8 *from;

		n = to.len_ - done;
		from = hf_sys_pages_at(&p->sys_, at + done, &n);
		hf_sys_copy_shared(to.ptr_ + done, from, n);
	}
	return 0;
}

/** hf_pages_write() - copy all of @from to the bytes from @at on: 0; -ERANGE, and nothing is copied.  Any context. */
HF_INLINE HF_MUST_USE int hf_pages_write(const struct hf_pages *p, u64 at, struct u8_cslice from)
{
	if (!hf_pages_have_(p, at, from.len_))
		return HF_CALLER_ERROR_(-ERANGE);
	for (size_t done = 0, n; done < from.len_; done += n) {
		u8 *to;

		n = from.len_ - done;
		to = hf_sys_pages_at(&p->sys_, at + done, &n);
		hf_sys_copy_shared(to, from.ptr_ + done, n);
	}
	return 0;
}

/**
 * hf_pages_read_as() - copy a structure out of pages, once.
 * @name: of HF_WIRE_TYPE().  To write one, hf_pages_write() takes its hf_bytes_of().
 * @p: the pages.
 * @at: where it begins, in bytes.
 *
 * Return: a `struct name_wire_result` of a T; -ERANGE.
 * Context: any.
 */
#define hf_pages_read_as(name, p, at)							\
	__extension__ ({								\
		HF_SHADOW_BEGIN_							\
		struct name##_wire_result hf_wire_ HF_UNINITIALIZED_;			\
		HF_SHADOW_END_								\
		hf_wire_.err_ = hf_pages_read((p), (u64)+(at), (struct u8_slice){	\
			.len_ = sizeof(hf_wire_.val_), .ptr_ = (u8 *)&hf_wire_.val_ });	\
		hf_wire_;								\
	})

/* The place of a word, or an errno. */
HF_INLINE u32 *hf_pages_word_(const struct hf_pages *p, u64 at, int *err)
{
	size_t n = sizeof(u32);
	u8 *const word = hf_pages_have_(p, at, n) ? hf_sys_pages_at(&p->sys_, at, &n) : NULL;

	*err = !word ? -ERANGE : (unsigned long)word % sizeof(u32) ? -EINVAL : 0;
	return *err ? NULL : (u32 *)(void *)word;
}

/**
 * hf_pages_load_u32() - read a word by which a process tells something, such as the end of a ring.
 *
 * What the process wrote before the word is read after it (acquire).
 *
 * Return: a `struct untrusted_u32_result`; -ERANGE; -EINVAL if @at is not a multiple of 4.
 * Context: any.
 */
HF_INLINE struct untrusted_u32_result hf_pages_load_u32(const struct hf_pages *p, u64 at)
{
	int err;
	const u32 *const word = hf_pages_word_(p, at, &err);

	if (HF_UNLIKELY(err))
		return (struct untrusted_u32_result){ .err_ = HF_CALLER_ERROR_(err) };
	return (struct untrusted_u32_result){ .val_ = hf_untrusted_u32(hf_sys_load_acquire(word)) };
}

/**
 * hf_pages_store_u32() - write a word by which the driver tells something.
 *
 * What the driver wrote and read before, in pages or elsewhere, comes before it (release).
 *
 * Return: 0; -ERANGE; -EINVAL if @at is not a multiple of 4.
 * Context: any.
 */
HF_INLINE HF_MUST_USE int hf_pages_store_u32(const struct hf_pages *p, u64 at, u32 v)
{
	int err;
	u32 *const word = hf_pages_word_(p, at, &err);

	if (HF_UNLIKELY(err))
		return HF_CALLER_ERROR_(err);
	hf_sys_store_release(word, v);
	return 0;
}

/**
 * hf_uaccess_read_pages() - copy the next bytes of user memory into pages, without a copy between.
 * @r: the reader.
 * @p: the pages.
 * @at: where in them the bytes go.
 * @n: how many bytes.
 *
 * Return: 0; -ERANGE if @p has not so much room there; the errors of hf_uaccess_read().  Nothing is consumed then, but
 * @p may hold a part.
 * Context: may sleep.
 */
HF_INLINE HF_MUST_USE int hf_uaccess_read_pages(struct hf_uaccess_reader *r, const struct hf_pages *p, u64 at, u64 n)
	HF_SLEEPS
{
	const struct hf_uaccess_reader was = *r;
	int err = 0;

	if (!hf_pages_have_(p, at, n))
		return HF_CALLER_ERROR_(-ERANGE);
	for (u64 done = 0; done < n && !err;) {
		size_t part = (size_t)(n - done);
		u8 *const to = hf_sys_pages_at(&p->sys_, at + done, &part);

		err = hf_uaccess_read(r, (struct u8_slice){ .len_ = part, .ptr_ = to });
		done += part;
	}
	if (err)
		*r = was;
	return err;
}

/* --- in the mmap operation of a file (file.h) ---------------------------------------------------- */

/** hf_vma_size() - how many bytes the process wants to map: whole pages, and as many as it likes. */
HF_INLINE struct hf_untrusted_u64 hf_vma_size(const struct hf_vma *vma)
{
	return hf_untrusted_u64(hf_sys_vma_size(vma));
}

/**
 * hf_vma_address() - where the process will see the first page.
 *
 * For what the driver tells the process: nothing keeps the mapping there.
 */
HF_INLINE u64 hf_vma_address(const struct hf_vma *vma)
{
	return hf_sys_vma_address(vma);
}

HF_INLINE HF_MUST_USE int hf_vma_map_(struct hf_vma *vma, const struct hf_pages *p, bool writable)
{
	int err;

	if (vma->area_)
		return HF_CALLER_ERROR_(-EBUSY);
	if (p->sys_.area_ || !hf_pages_have_(p, hf_sys_vma_offset(vma), hf_sys_vma_size(vma)))
		return HF_CALLER_ERROR_(-EINVAL);
	/* What a private mapping writes goes to a copy, which is of no use: it is a read-only one. */
	writable = writable && hf_sys_vma_shared(vma);
	if (hf_sys_vma_executes(vma) || (hf_sys_vma_writes(vma) && !writable))
		return HF_CALLER_ERROR_(-EPERM);
	err = hf_sys_vma_map(vma, &p->sys_, writable);
	return err ? HF_CALLER_ERROR_(err) : 0;
}

/**
 * hf_vma_map_readonly() - map pages that the process may read.
 * @vma: what the mmap operation was given.
 * @p: the pages.  Those from the offset on are mapped that the process asked for, and no others.
 *
 * The process cannot make the mapping writable or executable later.
 *
 * Return: 0; -EINVAL if the process wants more than there is from its offset on, or @p is of an area; -EPERM if it wants to
 * write or execute; -ENOMEM; -EBUSY if the operation has mapped something already.  The operation gives an error to the process.
 * Context: in a mmap operation; may sleep.
 */
HF_INLINE HF_MUST_USE int hf_vma_map_readonly(struct hf_vma *vma, const struct hf_pages *p) HF_SLEEPS
{
	return hf_vma_map_(vma, p, false);
}

/**
 * hf_vma_map_writable() - map pages that the process may read and write, as hf_vma_map_readonly().
 *
 * Only a shared mapping (MAP_SHARED) of a file that is open for writing may be written; others are read-only.
 */
HF_INLINE HF_MUST_USE int hf_vma_map_writable(struct hf_vma *vma, const struct hf_pages *p) HF_SLEEPS
{
	return hf_vma_map_(vma, p, true);
}

/* --- pages that come when they are needed ------------------------------------------------------- */

struct hf_area_arc;
/** hf_area_arc_drop() - put a reference to an area.  Its mappings have one each, and so have pages that are needed.  Sleeps. */
HF_INLINE void hf_area_arc_drop(struct hf_area_arc *a) HF_SLEEPS;
HF_REF_DEFINE(hf_area, struct hf_area, hf_sys_area_get, hf_sys_area_put);

/**
 * hf_new_area() - make an area of what the process maps.
 * @vma: what the mmap operation was given.
 * @most: how many of its first bytes are used at most, rounded down to whole pages.  What is behind them stays empty.
 * @gfp: GFP_KERNEL, or GFP_KERNEL_ACCOUNT to charge what describes the pages to the control group of the process.
 *
 * No page is there yet.  The process may only read them, for ever; a child does not inherit the mapping.  If it touches what
 * is not there, it gets a SIGBUS.  If the operation gives an error after all, the area counts as unmapped.
 *
 * Return: a `struct hf_area_arc_result`; -EPERM if the process wants to write; -EINVAL if @most is less than a page; -ENOMEM;
 * -EBUSY if the operation has mapped something already.
 * Context: in a mmap operation; may sleep.
 */
HF_INLINE struct hf_area_arc_result hf_new_area(struct hf_vma *vma, u64 most, gfp_t gfp) HF_SLEEPS
{
	struct hf_area *area = NULL;
	int err = vma->area_ ? -EBUSY : hf_sys_vma_writes(vma) ? -EPERM : 0;

	if (!err)
		err = hf_sys_area_make(vma, most, gfp, &area);
	if (err)
		return (struct hf_area_arc_result){ .err_ = HF_CALLER_ERROR_(err) };
	return hf_area_arc_adopt_result_(area);
}

/** hf_area_size() - how many bytes it has: whole pages. */
HF_INLINE size_t hf_area_size(const struct hf_area *a)
{
	return hf_sys_area_size(a);
}

/** hf_area_address() - where the process sees the first byte, if it has not moved it. */
HF_INLINE u64 hf_area_address(const struct hf_area *a)
{
	return hf_sys_area_address(a);
}

/** hf_area_is_mapped() - whether the process has all of it mapped.  It may not any more when this returns. */
HF_INLINE bool hf_area_is_mapped(const struct hf_area *a)
{
	return !hf_sys_area_closed(a);
}

/**
 * hf_area_need() - bytes of an area, as pages that the process sees.
 * @a: the area.
 * @at: the first byte.
 * @n: how many.
 *
 * They stay where they are until the owner is dropped; others may need bytes of the same page.  From then on they may
 * be taken when the kernel is short of memory, those first that were used last the longest ago.  What is in them is what
 * was there when they were dropped, or zeros.
 *
 * Return: a `struct hf_pages_own_result`; -ERANGE if there are fewer; -ESRCH if the process has unmapped the area, or a part
 * of it; -ENOMEM.  What was needed before stays usable after the process has unmapped it.
 * Context: sleeps.
 */
HF_INLINE struct hf_pages_own_result hf_area_need(const struct hf_area *a, u64 at, u64 n) HF_SLEEPS
{
	struct hf_pages *p = NULL;
	int err = -ERANGE;

	if (at <= hf_area_size(a) && n <= hf_area_size(a) - at) {
		p = hf_sys_alloc(sizeof(*p), GFP_KERNEL);
		err = p ? hf_sys_pages_need(&p->sys_, (struct hf_area *)(unsigned long)a, at, n) : -ENOMEM;
	}
	if (!err)
		return hf_pages_own_new_(p);
	hf_sys_free(p);
	return hf_pages_own_new_((void *)(long)HF_CALLER_ERROR_(err));
}

#endif
