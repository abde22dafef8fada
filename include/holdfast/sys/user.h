/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The userspace back end.
 *
 * Gives portable driver code the few names of the kernel that it cannot do without (u8 … s64,
 * __le16 and its conversions, gfp_t, dma_addr_t), and the other headers their primitives (hf_sys_*).
 * What is not inline is in libholdfast.
 */
#ifndef HOLDFAST_SYS_USER_H
#define HOLDFAST_SYS_USER_H

#include <endian.h>
#include <errno.h>
#include <linux/types.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <holdfast/sys/sys.h>

/* --- the kernel's vocabulary -------------------------------------------------------------------- */

/*
 * A program whose own headers have other types of these names, as a u64 that is the C library's uint64_t,
 * defines HF_USER_OWN_TYPES and includes them before Holdfast.
 */
#ifndef HF_USER_OWN_TYPES
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __u64 u64;	/* another u64 here?  Define HF_USER_OWN_TYPES and include that one first */
typedef __s64 s64;	/* another s64 here?  Define HF_USER_OWN_TYPES and include that one first */
#endif

#ifndef cpu_to_le16
#define cpu_to_le16(v)	((__le16)htole16(v))
#endif
#ifndef cpu_to_le32
#define cpu_to_le32(v)	((__le32)htole32(v))
#endif
#ifndef cpu_to_le64
#define cpu_to_le64(v)	((__le64)htole64(v))
#endif
#ifndef cpu_to_be16
#define cpu_to_be16(v)	((__be16)htobe16(v))
#endif
#ifndef cpu_to_be32
#define cpu_to_be32(v)	((__be32)htobe32(v))
#endif
#ifndef cpu_to_be64
#define cpu_to_be64(v)	((__be64)htobe64(v))
#endif
#ifndef le16_to_cpu
#define le16_to_cpu(v)	((u16)le16toh(v))
#endif
#ifndef le32_to_cpu
#define le32_to_cpu(v)	((u32)le32toh(v))
#endif
#ifndef le64_to_cpu
#define le64_to_cpu(v)	((u64)le64toh(v))
#endif
#ifndef be16_to_cpu
#define be16_to_cpu(v)	((u16)be16toh(v))
#endif
#ifndef be32_to_cpu
#define be32_to_cpu(v)	((u32)be32toh(v))
#endif
#ifndef be64_to_cpu
#define be64_to_cpu(v)	((u64)be64toh(v))
#endif

/** How memory may be obtained.  Userspace has one way; portable code says what the kernel needs. */
typedef unsigned int gfp_t;
#ifndef GFP_KERNEL
#define GFP_KERNEL	((gfp_t)0)	/**< may sleep */
#endif
#ifndef GFP_KERNEL_ACCOUNT
#define GFP_KERNEL_ACCOUNT	GFP_KERNEL	/**< may sleep; charged to the control group of the process */
#endif
#ifndef GFP_ATOMIC
#define GFP_ATOMIC	((gfp_t)1)	/**< must not sleep */
#endif
#ifndef GFP_NOWAIT
#define GFP_NOWAIT	((gfp_t)2)	/**< must not sleep, and may fail more readily */
#endif
#define HF_SYS_GFP_SLEEPS(gfp)	((gfp) == GFP_KERNEL)

/** An address as a device sees it. */
typedef u64 dma_addr_t;

/** Marks a pointer into another address space's memory; it is read and written by copy only. */
#ifndef __user
#define __user
#endif
/** Marks a cast that sparse, which knows wire types and address spaces, shall accept. */
#ifndef __force
#define __force
#endif

/* --- memory -------------------------------------------------------------------------------------
 *
 * Memory comes zeroed.  Every object is counted, so that a test, or a program at its end, can say
 * whether anything leaked; and any allocation can be made to fail.
 */

/* Whether the allocation that begins now is to fail. */
bool hf_user_alloc_fails_(void);
/** hf_user_alloc() - @size zeroed bytes, or NULL.  A size of 0 is an error of the caller: NULL. */
void *hf_user_alloc(size_t size, gfp_t gfp) __attribute__((__malloc__, __warn_unused_result__));
/** hf_user_realloc() - change the size, keep the contents; NULL leaves @p as it was. */
void *hf_user_realloc(void *p, size_t size, gfp_t gfp) __attribute__((__warn_unused_result__));
/** hf_user_free() - give memory back; NULL is allowed.  Poisons it first in debug builds. */
void hf_user_free(void *p);
/** hf_user_live() - how many objects are allocated now. */
size_t hf_user_live(void);
/**
 * hf_user_fail_alloc() - make an allocation fail, to test what happens then.
 * @nth: the nth allocation of the process from now on fails (1 is the next); 0 switches it off.
 *
 * Return: how many there were to go until the one that was to fail before; 0 if it has failed.
 */
unsigned long hf_user_fail_alloc(unsigned long nth);

#define hf_sys_alloc(size, gfp)		hf_user_alloc(size, gfp)
#define hf_sys_realloc(p, size, gfp)	hf_user_realloc(p, size, gfp)
#define hf_sys_free(p)			hf_user_free(p)

/* --- violations --------------------------------------------------------------------------------- */

struct hf_violation_report;
/** What to do with a violation.  If it returns, an operation that can fail gives its error. */
typedef void hf_violation_hook(const struct hf_violation_report *r);
/**
 * hf_user_set_violation_hook() - replace the default, which prints to stderr and aborts.
 * @hook: NULL for the default.
 *
 * Return: the hook before.  Where an operation cannot fail the program aborts after a hook that
 * returns; a test may leave by longjmp().
 */
hf_violation_hook *hf_user_set_violation_hook(hf_violation_hook *hook);

/* What hf_violation_fatal() is declared with, and what stands behind a call of it. */
#define HF_SYS_FATAL			__attribute__((__noreturn__))
#define hf_sys_unreachable()		__builtin_unreachable()

/* The object that is compiled refers to @name, a constant of the library; without that it does not link. */
#define HF_SYS_REFER(name)								\
	extern const char name;								\
	static const char *const hf_sys_refers_ __attribute__((__used__)) = &name

/* --- atomics and speculation -------------------------------------------------------------------- */

typedef struct {
	int v_;
} hf_sys_atomic;

#define hf_sys_atomic_init(a, v)		((a)->v_ = (v))
#define hf_sys_atomic_read(a)			__atomic_load_n(&(a)->v_, __ATOMIC_RELAXED)
#define hf_sys_atomic_set(a, v)			__atomic_store_n(&(a)->v_, (v), __ATOMIC_RELAXED)
#define hf_sys_atomic_fetch_add_relaxed(a, v)	__atomic_fetch_add(&(a)->v_, (v), __ATOMIC_RELAXED)
/* Acquire as well as release: what the last owner reads of the object comes after all others' writes. */
#define hf_sys_atomic_fetch_sub_acq_rel(a, v)	__atomic_fetch_sub(&(a)->v_, (v), __ATOMIC_ACQ_REL)
#define hf_sys_atomic_cmpxchg(a, old, new)						\
	__atomic_compare_exchange_n(&(a)->v_, (old), (new), true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
#define hf_sys_atomic_read_acquire(a)		__atomic_load_n(&(a)->v_, __ATOMIC_ACQUIRE)
/* Whether two of them, side by side in 8 aligned bytes at @p, are both @v, at one moment; acquires. */
#define hf_sys_atomic_both_are(p, v)							\
	(__atomic_load_n((const hf_sys_atomic_pair *)(const void *)(p), __ATOMIC_ACQUIRE) ==	\
	 (((u64)(u32)(v) << 32) | (u32)(v)))
typedef u64 __attribute__((__may_alias__)) hf_sys_atomic_pair;

/*
 * One access to a variable that another thread may be writing; no order beyond that.  Volatile, as in
 * the kernel: around an atomic access GCC forgets what it knows of any memory.  ThreadSanitizer must
 * see an atomic one.
 */
#if defined(__SANITIZE_THREAD__)
#define HF_SYS_TSAN_				1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HF_SYS_TSAN_				1
#endif
#endif
#ifdef HF_SYS_TSAN_
#define hf_sys_read_once(p)			__atomic_load_n((p), __ATOMIC_RELAXED)
#define hf_sys_write_once(p, v)			__atomic_store_n((p), (v), __ATOMIC_RELAXED)
#else
#define hf_sys_read_once(p)								\
	__extension__ ({ const volatile __typeof__(*(p)) *hf_once_ = (p); *hf_once_; })
#define hf_sys_write_once(p, v)								\
	__extension__ ({ volatile __typeof__(*(p)) *hf_once_ = (p); *hf_once_ = (v); (void)0; })
#endif
/* A write that comes after all reads and writes before it. */
#define hf_sys_store_release(p, v)		__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define hf_sys_load_acquire(p)			__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define hf_sys_claim(p, v)								\
	__extension__ ({								\
		__typeof__(*(p)) hf_null_ = NULL;					\
		__atomic_compare_exchange_n((p), &hf_null_, (v), false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED); \
	})

/* What the pointer points to is read after it: by the address that the reads depend on, as in the kernel. */
#ifdef HF_SYS_TSAN_
#define hf_sys_read_published(p)		__atomic_load_n((p), __ATOMIC_ACQUIRE)
#else
#define hf_sys_read_published(p)		hf_sys_read_once(p)
#endif
#define hf_sys_exchange(p, v)			__atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)

/* @i if it is below @n, else 0, by data flow and not by a branch that could be predicted wrong. */
static inline __attribute__((__always_inline__, __unused__)) u64 hf_sys_index_nospec(u64 i, u64 n)
{
	/* The borrow of i - n, for all values: they may be larger than an s64. */
	u64 below = ((~i & n) | ((~i | n) & (i - n))) >> 63;

	__asm__("" : "+r"(below));
	return i & (0 - below);
}

/* --- balanced trees -----------------------------------------------------------------------------
 *
 * The tree is that of libbsd (tree.c).  The functions are not inline, so that a program needs libbsd's header only
 * to build the library.
 */
#ifdef HF_USER_NO_TREE
#define HF_USER_TREE_	__attribute__((__error__("this library was built without maps: install libbsd's headers (Debian: libbsd-dev) and build it again")))
#else
#define HF_USER_TREE_
#endif

/* As libbsd's, which tree.c checks.  A descent reads what tree.c writes as objects of other types. */
struct hf_sys_tree_node {
	struct hf_sys_tree_node *left_, *right_, *parent_;
	int color_;
} __attribute__((__may_alias__));
struct hf_sys_tree {
	struct hf_sys_tree_node *root_;
} __attribute__((__may_alias__));

#define hf_sys_tree_init(t)		((void)((t)->root_ = NULL))
#define hf_sys_tree_root(t)		(&(t)->root_)
#define hf_sys_tree_left(x)		(&(x)->left_)
#define hf_sys_tree_right(x)		(&(x)->right_)
#define hf_sys_tree_insert(t, parent, place, x)	hf_user_tree_insert_((t), (parent), (place), (x))
#define hf_sys_tree_remove(t, x)	hf_user_tree_remove_((t), (x))
#define hf_sys_tree_next(x)		hf_user_tree_next_(x)
#define hf_sys_tree_prev(x)		hf_user_tree_prev_(x)
void hf_user_tree_insert_(struct hf_sys_tree *t, struct hf_sys_tree_node *parent, struct hf_sys_tree_node **place,
			  struct hf_sys_tree_node *x) HF_USER_TREE_;
void hf_user_tree_remove_(struct hf_sys_tree *t, struct hf_sys_tree_node *x) HF_USER_TREE_;
struct hf_sys_tree_node *hf_user_tree_next_(const struct hf_sys_tree_node *x) HF_USER_TREE_;
struct hf_sys_tree_node *hf_user_tree_prev_(const struct hf_sys_tree_node *x) HF_USER_TREE_;

/* --- locks --------------------------------------------------------------------------------------
 *
 * What a pthread lock cannot do (flags of interrupts, softirqs, lockdep's classes) is nothing here.
 */
struct hf_sys_lock_class;
#define HF_SYS_LOCK_CLASS(text)			((struct hf_sys_lock_class *)0)

/**
 * hf_user_interrupt_wait() - make a wait end as by a signal, to test what happens then.
 * @nth: the nth interruptible or killable wait of the process from now on, for a lock or an event, gives
 *       -EINTR (1 is the next); 0 switches it off.
 */
void hf_user_interrupt_wait(unsigned long nth);
/* Whether this is the wait that is to be interrupted. */
bool hf_sys_interrupted(enum hf_how how);

/*
 * Unlike in the kernel, who holds the lock may have been preempted, for a time slice or more: after a
 * few attempts it gets the processor.
 */
static inline __attribute__((__unused__)) void hf_sys_spin_(pthread_spinlock_t *s)
{
	for (unsigned int attempts = 0; pthread_spin_trylock(s); attempts++)
		if (attempts >= 100)
			sched_yield();
}

#define HF_SYS_LOCK_DEFINE_(kind, type, init, fini, try_shared, lock_shared, try, lock, unlock)	\
	typedef type hf_sys_##kind##_lock;						\
	struct hf_sys_##kind {								\
		type l_;								\
	};										\
	static inline __attribute__((__unused__)) void					\
	hf_sys_##kind##_init(struct hf_sys_##kind *l, struct hf_sys_lock_class *cls)	\
	{										\
		(void)cls;								\
		init;									\
	}										\
	static inline __attribute__((__unused__)) void hf_sys_##kind##_fini(struct hf_sys_##kind *l) \
	{										\
		fini(&l->l_);								\
	}										\
	static inline __attribute__((__always_inline__, __unused__)) int		\
	hf_sys_##kind##_acquire(struct hf_sys_##kind *l, bool shared, enum hf_how how,	\
				unsigned int subclass, unsigned long *flags)		\
	{										\
		(void)subclass;								\
		(void)flags;								\
		if (how == HF_TRY)							\
			return (shared ? try_shared(&l->l_) : try(&l->l_)) ? -EBUSY : 0; \
		if (how != HF_UNINTERRUPTIBLE && hf_sys_interrupted(how))		\
			return -EINTR;							\
		if (shared)								\
			lock_shared(&l->l_);						\
		else									\
			lock(&l->l_);							\
		return 0;								\
	}										\
	static inline __attribute__((__always_inline__, __unused__)) void		\
	hf_sys_##kind##_release(struct hf_sys_##kind *l, bool shared, unsigned long flags) \
	{										\
		(void)shared;								\
		(void)flags;								\
		unlock(&l->l_);								\
	}

#define HF_SYS_SPINLOCK_DEFINE_(kind)							\
	HF_SYS_LOCK_DEFINE_(kind, pthread_spinlock_t, pthread_spin_init(&l->l_, PTHREAD_PROCESS_PRIVATE), \
			    pthread_spin_destroy, pthread_spin_trylock, hf_sys_spin_, pthread_spin_trylock, \
			    hf_sys_spin_, pthread_spin_unlock)
#define HF_SYS_RWLOCK_DEFINE_(kind)							\
	HF_SYS_LOCK_DEFINE_(kind, pthread_rwlock_t, pthread_rwlock_init(&l->l_, NULL),	\
			    pthread_rwlock_destroy, pthread_rwlock_tryrdlock, pthread_rwlock_rdlock, \
			    pthread_rwlock_trywrlock, pthread_rwlock_wrlock, pthread_rwlock_unlock)

HF_SYS_LOCK_DEFINE_(mutex, pthread_mutex_t, pthread_mutex_init(&l->l_, NULL), pthread_mutex_destroy,
		    pthread_mutex_trylock, pthread_mutex_lock, pthread_mutex_trylock, pthread_mutex_lock,
		    pthread_mutex_unlock)
HF_SYS_RWLOCK_DEFINE_(rwsem)
HF_SYS_RWLOCK_DEFINE_(rwlock)
HF_SYS_SPINLOCK_DEFINE_(spinlock)
HF_SYS_SPINLOCK_DEFINE_(spinlock_bh)
HF_SYS_SPINLOCK_DEFINE_(spinlock_irq)
HF_SYS_SPINLOCK_DEFINE_(raw_spinlock)
HF_SYS_SPINLOCK_DEFINE_(raw_spinlock_irq)

/* Which thread this is, for lock owners in debug builds; never 0. */
static inline __attribute__((__always_inline__, __unused__)) unsigned long hf_sys_self(void)
{
	return (unsigned long)pthread_self();
}

/* --- waiting ------------------------------------------------------------------------------------
 *
 * A queue of waiters in three steps, so that the caller can release its lock between the first, from
 * which on no wake-up is missed, and the second, which sleeps.
 */
struct hf_sys_waitq {
	pthread_mutex_t m_;
	pthread_cond_t c_;
	unsigned int wakeups_;
	unsigned int polls_;	/* how many refer to it */
};

struct hf_sys_waiter {
	unsigned int seen_;
};

/* A time that does not come. */
#define HF_SYS_FOREVER	(~(u64)0)

/* Nanoseconds and milliseconds of a clock that is never set back. */
u64 hf_sys_now_ns(void);
u64 hf_sys_now_ms(void);
void hf_sys_waitq_init(struct hf_sys_waitq *q);
void hf_sys_waitq_fini(struct hf_sys_waitq *q);
static inline bool hf_sys_waitq_polled(struct hf_sys_waitq *q)
{
	return __atomic_load_n(&q->polls_, __ATOMIC_ACQUIRE);
}

void hf_sys_wait_begin(struct hf_sys_waitq *q, struct hf_sys_waiter *w, enum hf_how how);
/* 0 if woken (or for no reason), -ETIMEDOUT if hf_sys_now_ns() comes to @until_ns, -EINTR if interrupted. */
int hf_sys_wait_sleep(struct hf_sys_waitq *q, struct hf_sys_waiter *w, u64 until_ns, enum hf_how how);
void hf_sys_wake_one(struct hf_sys_waitq *q);
void hf_sys_wake_all(struct hf_sys_waitq *q);

/* Counts how many waits may pass. */
struct hf_sys_completion {
	pthread_mutex_t m_;
	struct hf_sys_waitq q_;
	unsigned int done_;	/* UINT_MAX: all, until it is made anew */
};

void hf_sys_completion_init(struct hf_sys_completion *c);
void hf_sys_completion_fini(struct hf_sys_completion *c);
void hf_sys_completion_reinit(struct hf_sys_completion *c);
void hf_sys_complete(struct hf_sys_completion *c);
void hf_sys_complete_all(struct hf_sys_completion *c);
/* As hf_sys_wait_sleep(), but never for no reason. */
int hf_sys_completion_wait(struct hf_sys_completion *c, u64 until_ns, enum hf_how how);

/*
 * The clock can be stopped, so that a test decides when time passes: it neither takes that time nor
 * depends on how fast the machine is.  Stop it before other threads wait, start it after they ended.
 */

/** What a thread does over and over while it waits with a time-out and the clock is stopped. */
typedef void hf_user_idle(void *ctx);
/**
 * hf_user_clock_stop() - from now on time passes only by hf_user_clock_advance().
 * @idle: called on this thread, without a lock of the back end held, until its wait ends.  It lets
 *	others work and advances the clock, which is all that a program of one thread needs.  NULL:
 *	the thread sleeps until it is woken, or another one advances the clock far enough.
 */
void hf_user_clock_stop(hf_user_idle *idle, void *ctx);
/** hf_user_clock_idle() - set @idle for this thread.  Other threads begin without one. */
void hf_user_clock_idle(hf_user_idle *idle, void *ctx);
/** hf_user_clock_start() - follow the machine's clock again.  Nobody waits. */
void hf_user_clock_start(void);
/** hf_user_clock_advance() - let time pass, and wake each thread whose time-out has come. */
void hf_user_clock_advance(u64 ms);
/** hf_user_clock_sync() - wait until @n threads wait with a time-out that has not come yet. */
void hf_user_clock_sync(unsigned int n);

#include <holdfast/sys/user_callback.h>
#include <holdfast/sys/user_work.h>
#include <holdfast/sys/user_file.h>

/* --- readers that a writer waits for -------------------------------------------------------------
 *
 * A domain of its own counts its readers (srcu.c).  It is allocated, as the counts of the kernel's are.
 */
struct hf_sys_srcu {
	struct hf_user_srcu_ *s_;
};

int hf_sys_srcu_init(struct hf_sys_srcu *s);
void hf_sys_srcu_fini(struct hf_sys_srcu *s);
int hf_sys_srcu_read_lock(struct hf_sys_srcu *s);
void hf_sys_srcu_read_unlock(struct hf_sys_srcu *s, int idx);
void hf_sys_srcu_synchronize(struct hf_sys_srcu *s);

/*
 * The domain that all threads share is liburcu's (rcu.c).  The functions are not inline, so that a program needs
 * liburcu's headers only to build the library.  A thread is made known to liburcu when it reads for the first
 * time, and forgotten when it ends.
 */
#ifdef HF_USER_NO_RCU
#define HF_USER_RCU_	__attribute__((__error__("this library was built without RCU: install liburcu (Debian: liburcu-dev) and build it again")))
#else
#define HF_USER_RCU_
#endif

__extension__ struct hf_sys_rcu {
};

#define hf_sys_rcu_init(r)		((void)(r), 0)
#define hf_sys_rcu_fini(r)		((void)(r))
#define hf_sys_rcu_read_lock(r)		((void)(r), hf_user_rcu_read_lock_(), 0)
#define hf_sys_rcu_read_unlock(r, idx)	((void)(r), (void)(idx), hf_user_rcu_read_unlock_())
#define hf_sys_rcu_synchronize(r)	((void)(r), hf_user_rcu_synchronize_())
void hf_user_rcu_read_lock_(void) HF_USER_RCU_;
void hf_user_rcu_read_unlock_(void) HF_USER_RCU_;
void hf_user_rcu_synchronize_(void) HF_USER_RCU_;

/* Room for liburcu's, which rcu.c checks, and what is to be called. */
struct rcu_head;
struct hf_sys_rcu_head {
	void *urcu_[2];
	void (*fn_)(struct rcu_head *h);
};

#define hf_sys_rcu_call(h, fn)		hf_user_rcu_call_((h), (fn))
#define hf_sys_rcu_barrier()		hf_user_rcu_barrier_()
void hf_user_rcu_call_(struct hf_sys_rcu_head *h, void (*fn)(struct rcu_head *h)) HF_USER_RCU_;
void hf_user_rcu_barrier_(void) HF_USER_RCU_;

/* --- objects by number --------------------------------------------------------------------------
 *
 * A JudyL array (idmap.c).  As for RCU, a program needs Judy's header only to build the library.
 */
#ifdef HF_USER_NO_IDMAP
#define HF_USER_IDMAP_	__attribute__((__error__("this library was built without maps of numbers: install Judy (Debian: libjudy-dev) and build it again")))
#else
#define HF_USER_IDMAP_
#endif

struct hf_sys_ids {
	pthread_mutex_t mutex_;
	void *judy_;
	size_t left_;		/* entries that could not be deleted, for want of memory */
	u32 first_, last_;
};

void hf_sys_ids_init(struct hf_sys_ids *s, u32 first, u32 last, struct hf_sys_lock_class *cls) HF_USER_IDMAP_;
void hf_sys_ids_fini(struct hf_sys_ids *s) HF_USER_IDMAP_;
bool hf_sys_ids_unused(struct hf_sys_ids *s) HF_USER_IDMAP_;
int hf_sys_ids_reserve(struct hf_sys_ids *s, u32 *id, gfp_t gfp) HF_USER_IDMAP_;
void hf_sys_ids_fill(struct hf_sys_ids *s, u32 id, void *p) HF_USER_IDMAP_;
void hf_sys_ids_give_back(struct hf_sys_ids *s, u32 id) HF_USER_IDMAP_;
void *hf_sys_ids_find(const struct hf_sys_ids *s, u32 id) HF_USER_IDMAP_;
void *hf_sys_ids_next(const struct hf_sys_ids *s, u32 *id) HF_USER_IDMAP_;
void *hf_sys_ids_remove(struct hf_sys_ids *s, u32 id) HF_USER_IDMAP_;

/* --- user memory --------------------------------------------------------------------------------
 *
 * Here: memory of this process that may not be there.  0, or -EFAULT.
 */
int hf_sys_copy_from_user(void *to, const void __user *from, size_t n);
int hf_sys_copy_to_user(void __user *to, const void *from, size_t n);

/* --- register windows --------------------------------------------------------------------------- */

/** How a device model answers register accesses. */
struct hf_user_io_ops {
	/** A read of @width (1, 2, 4, 8) bytes at @offset. */
	u64 (*read)(void *ctx, size_t offset, unsigned int width);
	/** A write of the same. */
	void (*write)(void *ctx, size_t offset, unsigned int width, u64 value);
};

/** A window of registers: memory that is mapped at @base, or a model behind @ops. */
struct hf_io {
	void *base_;
	size_t len_;
	const struct hf_user_io_ops *ops_;
};

/** hf_user_io_memory() - a window over mapped memory (a BAR through VFIO, or a test's buffer). */
static inline __attribute__((__unused__)) struct hf_io hf_user_io_memory(void *base, size_t len)
{
	return (struct hf_io){ .base_ = base, .len_ = len };
}

/** hf_user_io_model() - a window whose accesses go to a device model. */
static inline __attribute__((__unused__)) struct hf_io
hf_user_io_model(const struct hf_user_io_ops *ops, void *ctx, size_t len)
{
	return (struct hf_io){ .base_ = ctx, .len_ = len, .ops_ = ops };
}

#define HF_SYS_IO_DEFINE_(bits)								\
	static inline __attribute__((__unused__)) u##bits				\
	hf_sys_io_read_u##bits(const struct hf_io *io, size_t off)			\
	{										\
		if (io->ops_)								\
			return (u##bits)io->ops_->read(io->base_, off, sizeof(u##bits)); \
		return __atomic_load_n((u##bits *)(void *)((char *)io->base_ + off),	\
				       __ATOMIC_ACQUIRE);				\
	}										\
	static inline __attribute__((__unused__)) void					\
	hf_sys_io_write_u##bits(const struct hf_io *io, size_t off, u##bits v)		\
	{										\
		if (io->ops_)								\
			io->ops_->write(io->base_, off, sizeof(u##bits), v);		\
		else									\
			__atomic_store_n((u##bits *)(void *)((char *)io->base_ + off), v, \
					 __ATOMIC_RELEASE);				\
	}
HF_SYS_IO_DEFINE_(8)
HF_SYS_IO_DEFINE_(16)
HF_SYS_IO_DEFINE_(32)
HF_SYS_IO_DEFINE_(64)

/* A register of a window, at an offset that is inside it: what a write needs, worked out before. */
struct hf_sys_reg32 {
	const struct hf_user_io_ops *ops_;
	void *place_;			/* the register; of a model, what its ops take */
	size_t offset_;
};

static inline __attribute__((__unused__)) struct hf_sys_reg32
hf_sys_reg32(const struct hf_io *io, size_t off)
{
	return (struct hf_sys_reg32){ .ops_ = io->ops_, .offset_ = off,
				      .place_ = io->ops_ ? io->base_ : (char *)io->base_ + off };
}

static inline __attribute__((__unused__)) void hf_sys_reg32_write(const struct hf_sys_reg32 *r, u32 v)
{
	if (r->ops_)
		r->ops_->write(r->place_, r->offset_, sizeof(v), v);
	else
		__atomic_store_n((u32 *)r->place_, v, __ATOMIC_RELEASE);
}

/* --- device-shared memory ----------------------------------------------------------------------- */

#include <holdfast/sys/user_iommu.h>

/** The device that memory is shared with: the IOMMU through which it sees this process, of hf_user_iommu_new(). */
struct hf_device {
	struct hf_user_iommu *iommu;
};

#define HF_SYS_DMA_PAGE_SIZE	4096U

/* Memory shared for as long as it lives: zeroed, page aligned; NULL and no address on failure. */
void *hf_sys_dma_alloc(struct hf_device *dev, size_t size, dma_addr_t *addr, gfp_t gfp);
void hf_sys_dma_free(struct hf_device *dev, size_t size, void *cpu, dma_addr_t addr);
/* Memory lent for one transfer.  0, -ENOMEM, -EIO. */
int hf_sys_dma_map(struct hf_device *dev, void *p, size_t len, bool device_reads, bool device_writes,
		   dma_addr_t *addr);
void hf_sys_dma_unmap(struct hf_device *dev, dma_addr_t addr, size_t len, bool device_reads,
		      bool device_writes);

/*
 * One access to a word that the device may read or write at the same time.  The gate is the word
 * that says whether the others are valid: they are read after it, and written before it.  The widest
 * store is what memcpy() would use.
 */
#define hf_sys_dma_load(p)		hf_sys_read_once(p)
#define hf_sys_dma_load_gate(p)		__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define hf_sys_dma_store(p, v)		hf_sys_write_once(p, v)
#if (defined(__SSE2__) || defined(__ARM_NEON)) && !defined(HF_SYS_TSAN_)
typedef u64 hf_sys_dma_wide __attribute__((vector_size(16)));
#else
typedef u64 hf_sys_dma_wide;
#endif

#endif
