/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The kernel back end: what sys/user.h gives, by the kernel's own means.
 *
 * Types, wire conversions, errno values and gfp flags are the kernel's.  Everything here is inline
 * but the report of violations, which is in holdfast.ko (src/kernel).
 */
#ifndef HOLDFAST_SYS_KERNEL_H
#define HOLDFAST_SYS_KERNEL_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/rwlock.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <asm/byteorder.h>

/*
 * From 7.0 on the kernel analyses locks as analysis.h does, by the same attributes, in objects that
 * ask for it (CONTEXT_ANALYSIS).  To it these functions would leave with a lock or give one back that
 * they never took: like those of the other headers, they are axioms.
 */
#ifdef __no_context_analysis
#define HF_SYS_INLINE	static inline __attribute__((__always_inline__, __unused__)) __no_context_analysis
#else
#define HF_SYS_INLINE	static inline __attribute__((__always_inline__, __unused__))
#endif

/* --- memory -------------------------------------------------------------------------------------
 *
 * kmalloc() memory: zeroed, physically contiguous, at most KMALLOC_MAX_SIZE bytes; a larger size is
 * an error like any other and no warning.  A build that defines HF_SYS_COUNT_ALLOCS (the unit tests)
 * provides two functions, to count objects and to make an allocation fail.
 */
#define HF_SYS_GFP_SLEEPS(gfp)	(((__force unsigned int)(gfp) & (__force unsigned int)__GFP_DIRECT_RECLAIM) != 0)

#ifdef HF_SYS_COUNT_ALLOCS
/** Whether the allocation that is about to happen shall fail. */
bool hf_kernel_alloc_fails(void);
/** That many objects more, or less, are allocated. */
void hf_kernel_alloc_count(int n);
#else
#define hf_kernel_alloc_fails()		false
#define hf_kernel_alloc_count(n)	((void)(n))
#endif

HF_SYS_INLINE __must_check void *hf_sys_alloc(size_t size, gfp_t gfp)
{
	void *p;

	if (!size || size > KMALLOC_MAX_SIZE || hf_kernel_alloc_fails())
		return NULL;
	p = kzalloc(size, gfp);
	if (p)
		hf_kernel_alloc_count(1);
	return p;
}

HF_SYS_INLINE __must_check void *hf_sys_realloc(void *p, size_t size, gfp_t gfp)
{
	if (!p)
		return hf_sys_alloc(size, gfp);
	if (!size || size > KMALLOC_MAX_SIZE || hf_kernel_alloc_fails())
		return NULL;
	return krealloc(p, size, gfp);
}

HF_SYS_INLINE void hf_sys_free(void *p)
{
	if (p)
		hf_kernel_alloc_count(-1);
	kfree(p);
}

/* --- violations --------------------------------------------------------------------------------- */

struct hf_violation_report;
/** What to do with a violation.  If it returns, an operation that can fail gives its error. */
typedef void hf_violation_hook(const struct hf_violation_report *r);
/**
 * hf_kernel_set_violation_hook() - replace the default, which warns, once for each place.
 * @hook: NULL for the default.  It stays in place until it is replaced: not beyond its module.
 *
 * Return: the hook before.  Where an operation cannot fail, BUG() follows a hook that returns.
 */
hf_violation_hook *hf_kernel_set_violation_hook(hf_violation_hook *hook);

/*
 * objtool knows no functions of modules that do not return: to the compiler hf_violation_fatal()
 * does, and a trap follows each call.
 */
#define HF_SYS_FATAL
#define hf_sys_unreachable()		__builtin_trap()

/* --- atomics and speculation -------------------------------------------------------------------- */

typedef atomic_t hf_sys_atomic;

#define hf_sys_atomic_init(a, v)		atomic_set((a), (v))
#define hf_sys_atomic_read(a)			atomic_read(a)
#define hf_sys_atomic_set(a, v)			atomic_set((a), (v))
#define hf_sys_atomic_fetch_add_relaxed(a, v)	atomic_fetch_add_relaxed((v), (a))
/* Fully ordered: the kernel names no acquire and release in one. */
#define hf_sys_atomic_fetch_sub_acq_rel(a, v)	atomic_fetch_sub((v), (a))
#define hf_sys_atomic_cmpxchg(a, old, new)	atomic_try_cmpxchg_acquire((a), (old), (new))
#define hf_sys_atomic_read_acquire(a)		atomic_read_acquire(a)
/* Whether two of them, side by side in 8 aligned bytes at @p, are both @v, at one moment; acquires. */
#define hf_sys_atomic_both_are(p, v)							\
	((u64)atomic64_read_acquire((const atomic64_t *)(const void *)(p)) ==		\
	 (((u64)(u32)(v) << 32) | (u32)(v)))

#define hf_sys_read_once(p)			READ_ONCE(*(p))
#define hf_sys_write_once(p, v)			WRITE_ONCE(*(p), (v))
/* A write that comes after all reads and writes before it. */
#define hf_sys_store_release(p, v)		smp_store_release((p), (v))
#define hf_sys_claim(p, v)			(!cmpxchg_acquire((p), (__typeof__(*(p)))NULL, (v)))

/* @i if it is below @n, else 0, under misspeculation too.  Architecturally @i is below @n already. */
HF_SYS_INLINE u64 hf_sys_index_nospec(u64 i, u64 n)
{
#if BITS_PER_LONG == 64
	return i & array_index_mask_nospec((unsigned long)i, (unsigned long)n);
#else
	u64 below = ((~i & n) | ((~i | n) & (i - n))) >> 63;

	OPTIMIZER_HIDE_VAR(below);
	return i & (0 - below);
#endif
}

/* --- locks --------------------------------------------------------------------------------------
 *
 * rwlock is the one that spins.  Each place that initialises locks is a lockdep class, named by its
 * source text.
 */
struct hf_sys_mutex {
	struct mutex m_;
};

struct hf_sys_spinlock {
	spinlock_t s_;
};

struct hf_sys_spinlock_irq {
	spinlock_t s_;
};

struct hf_sys_rwlock {
	rwlock_t rw_;
};

struct hf_sys_lock_class {
	struct lock_class_key key;
	const char *name;
};

#define HF_SYS_LOCK_CLASS(text)								\
	({ static struct hf_sys_lock_class hf_class_ = { .name = (text) }; &hf_class_; })

/*
 * Until the kernel left that to its analysis, sparse counted locks in each function by itself.  It
 * knows no cleanup, so it would find every guard unbalanced: what a guard takes and gives back is
 * hidden from it.
 */
#if defined(__CHECKER__) && !defined(__no_context_analysis)
#define HF_SYS_TAKEN_(l)	__context__(l, -1)
#define HF_SYS_GIVEN_(l)	__context__(l, 1)
#else
#define HF_SYS_TAKEN_(l)	((void)0)
#define HF_SYS_GIVEN_(l)	((void)0)
#endif

#define HF_SYS_LOCK_INIT_(l, init, cls)							\
	do {										\
		init(l);								\
		lockdep_set_class_and_name(l, &(cls)->key, (cls)->name);		\
	} while (0)

#define hf_sys_mutex_init(l, cls)		HF_SYS_LOCK_INIT_(&(l)->m_, mutex_init, cls)
#define hf_sys_mutex_fini(l)			mutex_destroy(&(l)->m_)
#define hf_sys_mutex_lock(l)			mutex_lock(&(l)->m_)
#define hf_sys_mutex_unlock(l)			mutex_unlock(&(l)->m_)
#define hf_sys_spinlock_init(l, cls)		HF_SYS_LOCK_INIT_(&(l)->s_, spin_lock_init, cls)
#define hf_sys_spinlock_fini(l)			((void)(l))
#define hf_sys_spinlock_irq_init(l, cls)	HF_SYS_LOCK_INIT_(&(l)->s_, spin_lock_init, cls)
#define hf_sys_spinlock_irq_fini(l)		((void)(l))
#define hf_sys_rwlock_init(l, cls)		HF_SYS_LOCK_INIT_(&(l)->rw_, rwlock_init, cls)
#define hf_sys_rwlock_fini(l)			((void)(l))

HF_SYS_INLINE void hf_sys_spinlock_lock(struct hf_sys_spinlock *l)
{
	spin_lock(&l->s_);
	HF_SYS_TAKEN_(l);
}

HF_SYS_INLINE void hf_sys_spinlock_unlock(struct hf_sys_spinlock *l)
{
	HF_SYS_GIVEN_(l);
	spin_unlock(&l->s_);
}

HF_SYS_INLINE void hf_sys_spinlock_irq_lock(struct hf_sys_spinlock_irq *l, unsigned long *flags)
{
	unsigned long saved;

	spin_lock_irqsave(&l->s_, saved);
	HF_SYS_TAKEN_(l);
	*flags = saved;
}

HF_SYS_INLINE void hf_sys_spinlock_irq_unlock(struct hf_sys_spinlock_irq *l, unsigned long flags)
{
	HF_SYS_GIVEN_(l);
	spin_unlock_irqrestore(&l->s_, flags);
}

HF_SYS_INLINE void hf_sys_rwlock_lock(struct hf_sys_rwlock *l)
{
	write_lock(&l->rw_);
	HF_SYS_TAKEN_(l);
}

HF_SYS_INLINE void hf_sys_rwlock_unlock(struct hf_sys_rwlock *l)
{
	HF_SYS_GIVEN_(l);
	write_unlock(&l->rw_);
}

HF_SYS_INLINE void hf_sys_rwlock_lock_shared(struct hf_sys_rwlock *l)
{
	read_lock(&l->rw_);
	HF_SYS_TAKEN_(l);
}

HF_SYS_INLINE void hf_sys_rwlock_unlock_shared(struct hf_sys_rwlock *l)
{
	HF_SYS_GIVEN_(l);
	read_unlock(&l->rw_);
}

/* Which thread this is, for lock owners in debug builds; never 0. */
HF_SYS_INLINE unsigned long hf_sys_self(void)
{
	return (unsigned long)current;
}

/* --- waiting ------------------------------------------------------------------------------------
 *
 * Waiters are exclusive and leave the queue as they are woken, so a wake-up is given to one of them
 * and shows in its own entry.
 */
struct hf_sys_waitq {
	wait_queue_head_t q_;
};

struct hf_sys_waiter {
	struct wait_queue_entry e_;
};

#define HF_SYS_FOREVER	(~0U)

/* Of a clock that nobody sets. */
#define hf_sys_now_ms()		((u64)ktime_to_ms(ktime_get()))
#define hf_sys_waitq_init(q)	init_waitqueue_head(&(q)->q_)
#define hf_sys_waitq_fini(q)	((void)(q))
#define hf_sys_wake_one(q)	wake_up(&(q)->q_)
#define hf_sys_wake_all(q)	wake_up_all(&(q)->q_)

HF_SYS_INLINE void hf_sys_wait_begin(struct hf_sys_waitq *q, struct hf_sys_waiter *w,
				     bool interruptible)
{
	init_wait(&w->e_);
	prepare_to_wait_exclusive(&q->q_, &w->e_,
				  interruptible ? TASK_INTERRUPTIBLE : TASK_UNINTERRUPTIBLE);
}

/* 0 if woken (or for no reason), -ETIMEDOUT after @ms milliseconds, -EINTR if interrupted. */
HF_SYS_INLINE int hf_sys_wait_sleep(struct hf_sys_waitq *q, struct hf_sys_waiter *w, unsigned int ms,
				    bool interruptible)
{
	/* One more, as msleep() does: the jiffy that is under way is not a whole one. */
	long left = schedule_timeout(ms == HF_SYS_FOREVER ? MAX_SCHEDULE_TIMEOUT
							  : (long)msecs_to_jiffies(ms) + 1);
	unsigned long flags;
	bool woken;

	__set_current_state(TASK_RUNNING);
	/* Under the queue's lock: a wake-up that came with the timeout counts, and is not lost. */
	spin_lock_irqsave(&q->q_.lock, flags);
	woken = list_empty(&w->e_.entry);
	list_del_init(&w->e_.entry);
	spin_unlock_irqrestore(&q->q_.lock, flags);

	if (woken)
		return 0;
	if (interruptible && signal_pending(current))
		return -EINTR;
	return left ? 0 : -ETIMEDOUT;
}

/* --- user memory --------------------------------------------------------------------------------
 *
 * 0, or -EFAULT.  More than INT_MAX bytes at once is a bug to the kernel's own checks.
 */
HF_SYS_INLINE __must_check int hf_sys_copy_from_user(void *to, const void __user *from, size_t n)
{
	return n <= INT_MAX && !copy_from_user(to, from, n) ? 0 : -EFAULT;
}

HF_SYS_INLINE __must_check int hf_sys_copy_to_user(void __user *to, const void *from, size_t n)
{
	return n <= INT_MAX && !copy_to_user(to, from, n) ? 0 : -EFAULT;
}

/* --- register windows --------------------------------------------------------------------------- */

/** A window of registers, mapped by ioremap(), pci_iomap() and the like. */
struct hf_io {
	void __iomem *base_;
	size_t len_;
};

/** hf_kernel_io() - the window of @len bytes that is mapped at @base. */
HF_SYS_INLINE struct hf_io hf_kernel_io(void __iomem *base, size_t len)
{
	return (struct hf_io){ .base_ = base, .len_ = len };
}

/* Ordered as readl() and writel() are; 64 bits in two halves, the low one first, where need be. */
#define HF_SYS_IO_DEFINE_(bits, suffix)							\
	HF_SYS_INLINE u##bits hf_sys_io_read_u##bits(const struct hf_io *io, size_t off) \
	{										\
		return read##suffix((u8 __iomem *)io->base_ + off);			\
	}										\
	HF_SYS_INLINE void hf_sys_io_write_u##bits(const struct hf_io *io, size_t off, u##bits v) \
	{										\
		write##suffix(v, (u8 __iomem *)io->base_ + off);			\
	}
HF_SYS_IO_DEFINE_(8, b)
HF_SYS_IO_DEFINE_(16, w)
HF_SYS_IO_DEFINE_(32, l)
HF_SYS_IO_DEFINE_(64, q)

/* A register of a window, at an offset that is inside it. */
struct hf_sys_reg32 {
	u8 __iomem *place_;
};

HF_SYS_INLINE struct hf_sys_reg32 hf_sys_reg32(const struct hf_io *io, size_t off)
{
	return (struct hf_sys_reg32){ .place_ = (u8 __iomem *)io->base_ + off };
}

HF_SYS_INLINE void hf_sys_reg32_write(const struct hf_sys_reg32 *r, u32 v)
{
	writel(v, r->place_);
}

/* --- device-shared memory ----------------------------------------------------------------------- */

/** The device that memory is shared with; its DMA masks are set. */
struct hf_device {
	struct device *dev;
};

#define HF_SYS_DMA_PAGE_SIZE	4096U

/* Memory shared for as long as it lives: zeroed, page aligned; NULL and no address on failure. */
HF_SYS_INLINE __must_check void *hf_sys_dma_alloc(struct hf_device *dev, size_t size, dma_addr_t *addr,
						  gfp_t gfp)
{
	void *p;

	if (!size || size > LONG_MAX || hf_kernel_alloc_fails())
		return NULL;
	/* What no allocator can give is an error like any other. */
	if (size > KMALLOC_MAX_SIZE)
		gfp |= __GFP_NOWARN;
	p = dma_alloc_coherent(dev->dev, size, addr, gfp);
	if (p)
		hf_kernel_alloc_count(1);
	return p;
}

HF_SYS_INLINE void hf_sys_dma_free(struct hf_device *dev, size_t size, void *cpu, dma_addr_t addr)
{
	hf_kernel_alloc_count(-1);
	dma_free_coherent(dev->dev, size, cpu, addr);
}

HF_SYS_INLINE enum dma_data_direction hf_sys_dma_direction_(bool device_reads, bool device_writes)
{
	if (device_reads && device_writes)
		return DMA_BIDIRECTIONAL;
	return device_writes ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
}

/* Memory lent for one transfer: from kmalloc(), not of a stack or a module.  0, -ENOMEM. */
HF_SYS_INLINE __must_check int hf_sys_dma_map(struct hf_device *dev, void *p, size_t len,
					      bool device_reads, bool device_writes, dma_addr_t *addr)
{
	const dma_addr_t mapped = dma_map_single(dev->dev, p, len,
						 hf_sys_dma_direction_(device_reads, device_writes));
	const int err = dma_mapping_error(dev->dev, mapped);

	if (!err)
		*addr = mapped;
	return err;
}

HF_SYS_INLINE void hf_sys_dma_unmap(struct hf_device *dev, dma_addr_t addr, size_t len,
				    bool device_reads, bool device_writes)
{
	dma_unmap_single(dev->dev, addr, len, hf_sys_dma_direction_(device_reads, device_writes));
}

#define hf_sys_dma_load(p)		READ_ONCE(*(p))
#define hf_sys_dma_load_gate(p)								\
	({										\
		const __typeof__(*(p)) hf_gate_ = READ_ONCE(*(p));			\
											\
		dma_rmb();								\
		hf_gate_;								\
	})
#define hf_sys_dma_store(p, v)		WRITE_ONCE(*(p), (v))
typedef u64 hf_sys_dma_wide;

#endif
