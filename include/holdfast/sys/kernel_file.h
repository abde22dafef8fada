/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The kernel back end of files: miscellaneous devices, and pages that processes map.
 */
#ifndef HOLDFAST_SYS_KERNEL_FILE_H
#define HOLDFAST_SYS_KERNEL_FILE_H

#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

/** A poll() under way. */
struct hf_poll {
	struct file *file_;
	poll_table *table_;
};

#define hf_sys_poll_wait(p, q)	poll_wait((p)->file_, &(q)->q_, (p)->table_)

#define hf_sys_node_ops		file_operations

/* A node in /dev. */
struct hf_sys_node {
	struct miscdevice misc_;
	void *ctx_;
};

HF_SYS_INLINE __must_check int hf_sys_node_make(struct hf_sys_node *n, const char *text,
						const struct hf_sys_node_ops *ops, void *ctx)
{
	if (hf_kernel_alloc_fails())
		return -ENOMEM;
	n->ctx_ = ctx;
	n->misc_ = (struct miscdevice){ .minor = MISC_DYNAMIC_MINOR, .name = text, .fops = ops };
	return misc_register(&n->misc_);
}

/* misc_open() calls open() under the lock that is taken here: none is under way afterwards. */
HF_SYS_INLINE void hf_sys_node_remove(struct hf_sys_node *n)
{
	misc_deregister(&n->misc_);
}

struct hf_area;

/** A mmap() under way: the part of the process's memory that it makes. */
struct hf_vma {
	struct vm_area_struct *vma_;
	struct hf_area *area_;
};

#define hf_sys_vma_size(v)	((u64)((v)->vma_->vm_end - (v)->vma_->vm_start))
#define hf_sys_vma_offset(v)	((u64)(v)->vma_->vm_pgoff << PAGE_SHIFT)
#define hf_sys_vma_address(v)	((u64)(v)->vma_->vm_start)
#define hf_sys_vma_shared(v)	(((v)->vma_->vm_flags & VM_SHARED) != 0)
#define hf_sys_vma_writes(v)	(((v)->vma_->vm_flags & VM_WRITE) != 0)
#define hf_sys_vma_executes(v)	(((v)->vma_->vm_flags & VM_EXEC) != 0)

/*
 * Pages that are contiguous for the kernel only, and each an allocation of its own, as vm_insert_page() wants; or
 * those of an area from at_ on.
 */
struct hf_sys_pages {
	u8 *cpu_;
	size_t len_;
	struct hf_area *area_;
	u64 at_;
};

/* A page of an area, which may be there. */
struct hf_kernel_slot {
	struct hf_area *area_;
	struct list_head lru_;
	struct page *page_;		/* it stays while somebody needs it */
	unsigned int users_;
	bool listed_;			/* the shrinker may take it, if nobody needs it ... */
	bool again_;			/* ... and it was not needed since the shrinker saw it last */
};

/**
 * A part of the memory of a process, whose pages come by page faults, so nobody maps or looks for a mapping.
 *
 * src/kernel/area.c explains the locks.
 */
struct hf_area {
	refcount_t refs_;
	spinlock_t lock_;
	bool closed_;			/* the process has unmapped a part of it */
	struct mutex zap_;
	struct address_space *mapping_;	/* where the pages are unmapped; NULL: no mapping is left */
	unsigned int mappings_;
	u64 address_;
	size_t len_;
	pgoff_t first_;			/* its number in the file, which no other area has */
	struct hf_kernel_slot *slots_;
};

int hf_kernel_area_make(struct hf_vma *v, u64 most, gfp_t gfp, struct hf_area **area);
/* The mmap operation fails. */
void hf_kernel_area_fail(struct hf_vma *v);
void hf_kernel_area_put(struct hf_area *area);
int hf_kernel_area_need(struct hf_area *area, u64 at, u64 n);
void hf_kernel_area_done(struct hf_area *area, u64 at, u64 n);

HF_SYS_INLINE __must_check int hf_sys_area_make(struct hf_vma *v, u64 most, gfp_t gfp, struct hf_area **area)
{
	return hf_kernel_alloc_fails() ? -ENOMEM : hf_kernel_area_make(v, most, gfp, area);
}

#define hf_sys_area_get(a)	refcount_inc(&(a)->refs_)
#define hf_sys_area_put(a)	hf_kernel_area_put(a)
#define hf_sys_area_size(a)	((a)->len_)
#define hf_sys_area_address(a)	((a)->address_)
#define hf_sys_area_closed(a)	READ_ONCE((a)->closed_)

HF_SYS_INLINE __must_check int hf_sys_pages_need(struct hf_sys_pages *p, struct hf_area *area, u64 at, u64 n)
{
	const int err = hf_kernel_alloc_fails() ? -ENOMEM : hf_kernel_area_need(area, at, n);

	if (err)
		return err;
	hf_sys_area_get(area);
	*p = (struct hf_sys_pages){ .len_ = (size_t)n, .area_ = area, .at_ = at };
	return 0;
}

/* Where a byte is, and how many of the next @n are beside it. */
HF_SYS_INLINE u8 *hf_sys_pages_at(const struct hf_sys_pages *p, u64 at, size_t *n)
{
	size_t rest;

	if (!p->area_)
		return p->cpu_ + at;
	at += p->at_;
	rest = PAGE_SIZE - (size_t)(at % PAGE_SIZE);
	*n = min(*n, rest);
	return (u8 *)page_address(p->area_->slots_[at / PAGE_SIZE].page_) + at % PAGE_SIZE;
}

HF_SYS_INLINE __must_check int hf_sys_pages_make(struct hf_sys_pages *p, size_t size, gfp_t gfp)
{
	if (!size || size > LONG_MAX || hf_kernel_alloc_fails())
		return -ENOMEM;
	p->len_ = PAGE_ALIGN(size);
	/* The size may come from a process, which must not fill the kernel's log. */
	p->cpu_ = __vmalloc(p->len_, gfp | __GFP_ZERO | __GFP_NOWARN);
	if (!p->cpu_)
		return -ENOMEM;
	hf_kernel_alloc_count(1);
	return 0;
}

/* A page that is mapped stays until it is unmapped: the mapping has a reference to it. */
HF_SYS_INLINE void hf_sys_pages_free(struct hf_sys_pages *p)
{
	if (p->area_) {
		hf_kernel_area_done(p->area_, p->at_, p->len_);
		hf_sys_area_put(p->area_);
		return;
	}
	hf_kernel_alloc_count(-1);
	vfree(p->cpu_);
}

/* What was inserted before an error, the caller of mmap() unmaps. */
HF_SYS_INLINE __must_check int hf_sys_vma_map(struct hf_vma *v, const struct hf_sys_pages *p, bool writable)
{
	struct vm_area_struct *const vma = v->vma_;
	const u8 *from = p->cpu_ + hf_sys_vma_offset(v);
	unsigned long at;
	int err = hf_kernel_alloc_fails() ? -ENOMEM : 0;

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	vma->vm_flags |= VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_flags &= ~(VM_MAYEXEC | (writable ? 0 : VM_MAYWRITE));
#else
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC | (writable ? 0 : VM_MAYWRITE));
#endif
	for (at = vma->vm_start; at < vma->vm_end && !err; at += PAGE_SIZE, from += PAGE_SIZE)
		err = vm_insert_page(vma, at, vmalloc_to_page(from));
	return err;
}

/* After the barrier the compiler does not read @from again. */
HF_SYS_INLINE void hf_sys_copy_shared(void *to, const void *from, size_t n)
{
	/* That a process changes the memory meanwhile is no race to report. */
	(void)data_race(memcpy(to, from, n));
	__asm__ volatile("" : : "r"(to) : "memory");
}

#define HF_SYS_FILE_HOW_(f)								\
	((struct hf_file){ .nonblocking = (f)->f_flags & O_NONBLOCK,			\
			   .readable = (__force unsigned int)((f)->f_mode & FMODE_READ),	\
			   .writable = (__force unsigned int)((f)->f_mode & FMODE_WRITE) })

/* Functions of the types that the kernel calls, around those of file.h. */
#define HF_SYS_NODE_OPS_DEFINE_(name)							\
	static int name##_fops_open_(struct inode *inode, struct file *f)		\
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
		struct miscdevice *misc = f->private_data;				\
		int err;								\
											\
		err = name##_open_(container_of(misc, struct hf_sys_node, misc_)->ctx_, &how, &f->private_data); \
		return err ? err : stream_open(inode, f);				\
	}										\
	static int name##_fops_release_(struct inode *inode, struct file *f)		\
	{										\
		name##_close_(f->private_data);						\
		return 0;								\
	}										\
	static ssize_t name##_fops_read_(struct file *f, char __user *to, size_t n, loff_t *at)	\
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
											\
		return name##_read_(f->private_data, to, n, &how);			\
	}										\
	static ssize_t name##_fops_write_(struct file *f, const char __user *from, size_t n, loff_t *at) \
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
											\
		return name##_write_(f->private_data, from, n, &how);			\
	}										\
	static long name##_fops_ioctl_(struct file *f, unsigned int cmd, unsigned long arg)	\
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
											\
		return name##_ioctl_(f->private_data, cmd, (void __user *)arg, &how);	\
	}										\
	static __poll_t name##_fops_poll_(struct file *f, poll_table *table)		\
	{										\
		struct hf_poll poll = { .file_ = f, .table_ = table };			\
											\
		return name##_poll_(f->private_data, &poll);				\
	}										\
	static int name##_fops_mmap_(struct file *f, struct vm_area_struct *area)	\
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
		struct hf_vma vma = { .vma_ = area };					\
		const int err = name##_mmap_(f->private_data, &vma, &how);		\
											\
		if (err && vma.area_)							\
			hf_kernel_area_fail(&vma);					\
		return err;								\
	}										\
	static int name##_fops_flush_(struct file *f, fl_owner_t closer)		\
	{										\
		name##_flush_(f->private_data);						\
		return 0;								\
	}										\
	static const struct file_operations name##_sys_ops_ __attribute__((__unused__)) = { \
		.owner = THIS_MODULE,							\
		.open = name##_fops_open_,						\
		.release = name##_fops_release_,					\
		.read = name##_fops_read_,						\
		.write = name##_fops_write_,						\
		.unlocked_ioctl = name##_fops_ioctl_,					\
		.compat_ioctl = compat_ptr_ioctl,					\
		.poll = name##_fops_poll_,						\
		.mmap = name##_fops_mmap_,						\
		.flush = name##_fops_flush_,						\
	};

#endif
