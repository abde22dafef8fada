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
#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/completion.h>
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
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/rwlock.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <asm/byteorder.h>

#include <holdfast/sys/sys.h>

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
/* Nothing: a module may need nothing of holdfast.ko.  Debug builds call functions of other names. */
#define HF_SYS_REFER(name)	_Static_assert(1, #name)
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
/* A read that comes before all reads and writes behind it. */
#define hf_sys_load_acquire(p)			smp_load_acquire(p)
#define hf_sys_claim(p, v)			(!cmpxchg_acquire((p), (__typeof__(*(p)))NULL, (v)))
/* As rcu_dereference() and xchg() are, without the mark of sparse. */
#define hf_sys_read_published(p)	READ_ONCE(*(p))
#define hf_sys_exchange(p, v)		xchg((p), (v))

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

/* --- balanced trees ----------------------------------------------------------------------------- */

/* The types are the kernel's. */
#define hf_sys_tree			rb_root
#define hf_sys_tree_node		rb_node
#define hf_sys_tree_init(t)		((void)(*(t) = RB_ROOT))
#define hf_sys_tree_root(t)		(&(t)->rb_node)
#define hf_sys_tree_left(x)		(&(x)->rb_left)
#define hf_sys_tree_right(x)		(&(x)->rb_right)
#define hf_sys_tree_remove(t, x)	rb_erase((x), (t))
#define hf_sys_tree_next(x)		rb_next(x)
#define hf_sys_tree_prev(x)		rb_prev(x)

HF_SYS_INLINE void hf_sys_tree_insert(struct rb_root *t, struct rb_node *parent, struct rb_node **place,
				      struct rb_node *x)
{
	rb_link_node(x, parent, place);
	rb_insert_color(x, t);
}

/* --- locks --------------------------------------------------------------------------------------
 *
 * A lockdep class is named by the source text of the operand at the place that initialises its locks.
 */
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
/* Sparse does not follow the outcome of a trylock through an inline function: it sees none. */
int hf_sys_tried_(void);
#define HF_SYS_TRIED_(got)	hf_sys_tried_()
#else
#define HF_SYS_TAKEN_(l)	((void)0)
#define HF_SYS_GIVEN_(l)	((void)0)
#define HF_SYS_TRIED_(got)	(got)
#endif

#define HF_SYS_LOCK_DEFINE_(kind, type, init, fini)						\
	typedef type hf_sys_##kind##_lock;						\
	struct hf_sys_##kind {								\
		type l_;								\
	};										\
	HF_SYS_INLINE void hf_sys_##kind##_init(struct hf_sys_##kind *l, struct hf_sys_lock_class *cls) \
	{										\
		init(&l->l_);								\
		lockdep_set_class_and_name(&l->l_, &cls->key, cls->name);		\
	}										\
	HF_SYS_INLINE void hf_sys_##kind##_fini(struct hf_sys_##kind *l)		\
	{										\
		fini(&l->l_);								\
	}
#define HF_SYS_NO_FINI_(l)	((void)(l))

/* Exclusive, and spinning.  @lock and @unlock may use the flags. */
#define HF_SYS_SPINLOCK_DEFINE_(kind, type, init, lock, try, unlock)			\
	HF_SYS_LOCK_DEFINE_(kind, type, init, HF_SYS_NO_FINI_)				\
	HF_SYS_INLINE int hf_sys_##kind##_acquire(struct hf_sys_##kind *l, bool shared, enum hf_how how, \
						  unsigned int subclass, unsigned long *flags) \
	{										\
		unsigned long saved = 0;						\
											\
		if (how == HF_TRY) {							\
			if (!HF_SYS_TRIED_(try(&l->l_, saved)))				\
				return -EBUSY;						\
		} else {								\
			lock(&l->l_, saved, subclass);					\
			HF_SYS_TAKEN_(l);						\
		}									\
		*flags = saved;								\
		return 0;								\
	}										\
	HF_SYS_INLINE void hf_sys_##kind##_release(struct hf_sys_##kind *l, bool shared, unsigned long flags) \
	{										\
		HF_SYS_GIVEN_(l);							\
		unlock(&l->l_, flags);							\
	}

#define HF_SYS_SPIN_LOCK_(l, flags, subclass)		spin_lock_nested(l, subclass)
#define HF_SYS_SPIN_TRY_(l, flags)			spin_trylock(l)
#define HF_SYS_SPIN_UNLOCK_(l, flags)			spin_unlock(l)
HF_SYS_SPINLOCK_DEFINE_(spinlock, spinlock_t, spin_lock_init, HF_SYS_SPIN_LOCK_, HF_SYS_SPIN_TRY_,
			HF_SYS_SPIN_UNLOCK_)

/* Without nesting as spin_lock_bh(), of which the kernel has no nested form. */
#define HF_SYS_BH_LOCK_(l, flags, subclass)						\
	do {										\
		if (subclass) {								\
			local_bh_disable();						\
			spin_lock_nested(l, subclass);					\
		} else {								\
			spin_lock_bh(l);						\
		}									\
	} while (0)
#define HF_SYS_BH_TRY_(l, flags)			spin_trylock_bh(l)
#define HF_SYS_BH_UNLOCK_(l, flags)			spin_unlock_bh(l)
HF_SYS_SPINLOCK_DEFINE_(spinlock_bh, spinlock_t, spin_lock_init, HF_SYS_BH_LOCK_, HF_SYS_BH_TRY_,
			HF_SYS_BH_UNLOCK_)

#define HF_SYS_IRQ_LOCK_(l, flags, subclass)		spin_lock_irqsave_nested(l, flags, subclass)
#define HF_SYS_IRQ_TRY_(l, flags)			spin_trylock_irqsave(l, flags)
#define HF_SYS_IRQ_UNLOCK_(l, flags)			spin_unlock_irqrestore(l, flags)
HF_SYS_SPINLOCK_DEFINE_(spinlock_irq, spinlock_t, spin_lock_init, HF_SYS_IRQ_LOCK_, HF_SYS_IRQ_TRY_,
			HF_SYS_IRQ_UNLOCK_)

#define HF_SYS_RAW_LOCK_(l, flags, subclass)		raw_spin_lock_nested(l, subclass)
#define HF_SYS_RAW_TRY_(l, flags)			raw_spin_trylock(l)
#define HF_SYS_RAW_UNLOCK_(l, flags)			raw_spin_unlock(l)
HF_SYS_SPINLOCK_DEFINE_(raw_spinlock, raw_spinlock_t, raw_spin_lock_init, HF_SYS_RAW_LOCK_, HF_SYS_RAW_TRY_,
			HF_SYS_RAW_UNLOCK_)

#define HF_SYS_RAW_IRQ_LOCK_(l, flags, subclass)	raw_spin_lock_irqsave_nested(l, flags, subclass)
#define HF_SYS_RAW_IRQ_TRY_(l, flags)			raw_spin_trylock_irqsave(l, flags)
#define HF_SYS_RAW_IRQ_UNLOCK_(l, flags)		raw_spin_unlock_irqrestore(l, flags)
HF_SYS_SPINLOCK_DEFINE_(raw_spinlock_irq, raw_spinlock_t, raw_spin_lock_init, HF_SYS_RAW_IRQ_LOCK_,
			HF_SYS_RAW_IRQ_TRY_, HF_SYS_RAW_IRQ_UNLOCK_)

HF_SYS_LOCK_DEFINE_(rwlock, rwlock_t, rwlock_init, HF_SYS_NO_FINI_)

HF_SYS_INLINE int hf_sys_rwlock_acquire(struct hf_sys_rwlock *l, bool shared, enum hf_how how,
					unsigned int subclass, unsigned long *flags)
{
	if (how == HF_TRY) {
		if (!HF_SYS_TRIED_(shared ? read_trylock(&l->l_) : write_trylock(&l->l_)))
			return -EBUSY;
		return 0;
	}
	if (shared)
		read_lock(&l->l_);
	else
		write_lock(&l->l_);
	HF_SYS_TAKEN_(l);
	return 0;
}

HF_SYS_INLINE void hf_sys_rwlock_release(struct hf_sys_rwlock *l, bool shared, unsigned long flags)
{
	HF_SYS_GIVEN_(l);
	if (shared)
		read_unlock(&l->l_);
	else
		write_unlock(&l->l_);
}

HF_SYS_LOCK_DEFINE_(mutex, struct mutex, mutex_init, mutex_destroy)

HF_SYS_INLINE int hf_sys_mutex_acquire(struct hf_sys_mutex *l, bool shared, enum hf_how how,
				       unsigned int subclass, unsigned long *flags)
{
	switch (how) {
	case HF_TRY:
		return mutex_trylock(&l->l_) ? 0 : -EBUSY;
	case HF_INTERRUPTIBLE:
		return mutex_lock_interruptible_nested(&l->l_, subclass);
	case HF_KILLABLE:
		return mutex_lock_killable_nested(&l->l_, subclass);
	default:
		mutex_lock_nested(&l->l_, subclass);
		return 0;
	}
}

HF_SYS_INLINE void hf_sys_mutex_release(struct hf_sys_mutex *l, bool shared, unsigned long flags)
{
	mutex_unlock(&l->l_);
}

HF_SYS_LOCK_DEFINE_(rwsem, struct rw_semaphore, init_rwsem, HF_SYS_NO_FINI_)

HF_SYS_INLINE int hf_sys_rwsem_acquire(struct hf_sys_rwsem *l, bool shared, enum hf_how how,
				       unsigned int subclass, unsigned long *flags)
{
	switch (how) {
	case HF_TRY:
		return (shared ? down_read_trylock(&l->l_) : down_write_trylock(&l->l_)) ? 0 : -EBUSY;
	case HF_INTERRUPTIBLE:		/* of readers only: lock.h sees to it */
		return down_read_interruptible(&l->l_);
	case HF_KILLABLE:
		return shared ? down_read_killable(&l->l_) : down_write_killable(&l->l_);
	default:
		if (shared)
			down_read(&l->l_);
		else
			down_write(&l->l_);
		return 0;
	}
}

HF_SYS_INLINE void hf_sys_rwsem_release(struct hf_sys_rwsem *l, bool shared, unsigned long flags)
{
	if (shared)
		up_read(&l->l_);
	else
		up_write(&l->l_);
}

/* Which thread this is, for lock owners in debug builds; never 0. */
HF_SYS_INLINE unsigned long hf_sys_self(void)
{
	return (unsigned long)current;
}

/* A time that does not come. */
#define HF_SYS_FOREVER	(~(u64)0)

#include <holdfast/sys/kernel_callback.h>
#include <holdfast/sys/kernel_work.h>
#include <holdfast/sys/kernel_file.h>

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

/* Nanoseconds and milliseconds of a clock that is never set back. */
#define hf_sys_now_ns()		ktime_get_ns()
#define hf_sys_now_ms()		((u64)ktime_to_ms(ktime_get()))
#define hf_sys_waitq_init(q)	init_waitqueue_head(&(q)->q_)
#define hf_sys_waitq_fini(q)	((void)(q))
/* No barrier: at its end nobody begins to wait. */
#define hf_sys_waitq_polled(q)	waitqueue_active(&(q)->q_)
#define hf_sys_wake_one(q)	wake_up(&(q)->q_)
#define hf_sys_wake_all(q)	wake_up_all(&(q)->q_)

HF_SYS_INLINE unsigned int hf_sys_task_state_(enum hf_how how)
{
	return how == HF_INTERRUPTIBLE ? TASK_INTERRUPTIBLE :
	       how == HF_KILLABLE ? TASK_KILLABLE : TASK_UNINTERRUPTIBLE;
}

/* The jiffies until @until_ns.  One more than there are: the jiffy that is under way is not a whole one. */
HF_SYS_INLINE long hf_sys_jiffies_until_(u64 until_ns)
{
	u64 now;

	if (until_ns == HF_SYS_FOREVER)
		return MAX_SCHEDULE_TIMEOUT;
	now = ktime_get_ns();
	return now >= until_ns ? 0 : (long)min_t(u64, nsecs_to_jiffies64(until_ns - now) + 1, MAX_JIFFY_OFFSET);
}

HF_SYS_INLINE void hf_sys_wait_begin(struct hf_sys_waitq *q, struct hf_sys_waiter *w, enum hf_how how)
{
	init_wait(&w->e_);
	prepare_to_wait_exclusive(&q->q_, &w->e_, (int)hf_sys_task_state_(how));
}

/* 0 if woken (or for no reason), -ETIMEDOUT if hf_sys_now_ns() comes to @until_ns, -EINTR if interrupted. */
HF_SYS_INLINE int hf_sys_wait_sleep(struct hf_sys_waitq *q, struct hf_sys_waiter *w, u64 until_ns,
				    enum hf_how how)
{
	/* Asked after the state was set: a request that comes later wakes. */
	bool stops = hf_sys_thread_told_();
	long left = stops ? 1 : schedule_timeout(hf_sys_jiffies_until_(until_ns));
	unsigned long flags;
	bool woken;

	__set_current_state(TASK_RUNNING);
	/* Under the queue's lock: a wake-up that came with the timeout counts, and is not lost. */
	spin_lock_irqsave(&q->q_.lock, flags);
	woken = list_empty(&w->e_.entry);
	list_del_init(&w->e_.entry);
	spin_unlock_irqrestore(&q->q_.lock, flags);

	if (woken || stops || hf_sys_thread_told_())
		return 0;
	if (signal_pending_state(hf_sys_task_state_(how), current))
		return -EINTR;
	return left ? 0 : -ETIMEDOUT;
}

struct hf_sys_completion {
	struct completion c_;
};

#define hf_sys_completion_init(c)	init_completion(&(c)->c_)
#define hf_sys_completion_fini(c)	((void)(c))
#define hf_sys_completion_reinit(c)	reinit_completion(&(c)->c_)
#define hf_sys_complete(c)		complete(&(c)->c_)
#define hf_sys_complete_all(c)		complete_all(&(c)->c_)

/* As hf_sys_wait_sleep(), but never for no reason. */
HF_SYS_INLINE int hf_sys_completion_wait(struct hf_sys_completion *c, u64 until_ns, enum hf_how how)
{
	long left = hf_sys_jiffies_until_(until_ns);

	if (how == HF_INTERRUPTIBLE)
		left = wait_for_completion_interruptible_timeout(&c->c_, (unsigned long)left);
	else if (how == HF_KILLABLE)
		left = wait_for_completion_killable_timeout(&c->c_, (unsigned long)left);
	else
		left = (long)wait_for_completion_timeout(&c->c_, (unsigned long)left);
	return left < 0 ? -EINTR : left ? 0 : -ETIMEDOUT;
}

/* --- readers that a writer waits for ------------------------------------------------------------- */

struct hf_sys_srcu {
	struct srcu_struct s_;
};

/* A macro: all that are initialised at one place are of one lockdep class. */
#define hf_sys_srcu_init(s)								\
	({										\
		const int hf_err_ = hf_kernel_alloc_fails() ? -ENOMEM : init_srcu_struct(&(s)->s_); \
											\
		if (!hf_err_)								\
			hf_kernel_alloc_count(1);					\
		hf_err_;								\
	})

HF_SYS_INLINE void hf_sys_srcu_fini(struct hf_sys_srcu *s)
{
	cleanup_srcu_struct(&s->s_);
	hf_kernel_alloc_count(-1);
}

HF_SYS_INLINE int hf_sys_srcu_read_lock(struct hf_sys_srcu *s)
{
	const int idx = srcu_read_lock(&s->s_);

	HF_SYS_TAKEN_(s);
	return idx;
}

HF_SYS_INLINE void hf_sys_srcu_read_unlock(struct hf_sys_srcu *s, int idx)
{
	HF_SYS_GIVEN_(s);
	srcu_read_unlock(&s->s_, idx);
}

HF_SYS_INLINE void hf_sys_srcu_synchronize(struct hf_sys_srcu *s)
{
	synchronize_srcu(&s->s_);
}

struct hf_sys_rcu {
};

#define hf_sys_rcu_init(r)		((void)(r), 0)
#define hf_sys_rcu_fini(r)		((void)(r))
#define hf_sys_rcu_synchronize(r)	((void)(r), synchronize_rcu())

HF_SYS_INLINE int hf_sys_rcu_read_lock(struct hf_sys_rcu *r)
{
	rcu_read_lock();
	HF_SYS_TAKEN_(r);
	return 0;
}

HF_SYS_INLINE void hf_sys_rcu_read_unlock(struct hf_sys_rcu *r, int idx)
{
	HF_SYS_GIVEN_(r);
	rcu_read_unlock();
}

struct hf_sys_rcu_head {
	struct rcu_head h_;
};

#define hf_sys_rcu_call(h, fn)		call_rcu(&(h)->h_, (fn))
#define hf_sys_rcu_barrier()		rcu_barrier()

/* --- objects by number --------------------------------------------------------------------------
 *
 * An XArray that tracks what is free.  A reserved index has an entry that xa_load() and xa_find() do not show, and
 * the store that replaces it needs no memory.  The lock is taken with interrupts off, as the caller's own may be of
 * any kind.  __xa_alloc() gives it up only to allocate with flags that may sleep, so where interrupts were on.
 */
struct hf_sys_ids {
	struct xarray xa_;
	struct xa_limit limit_;
};

HF_SYS_INLINE void hf_sys_ids_init(struct hf_sys_ids *s, u32 first, u32 last, struct hf_sys_lock_class *cls)
{
	xa_init_flags(&s->xa_, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ);
	lockdep_set_class_and_name(&s->xa_.xa_lock, &cls->key, cls->name);
	s->limit_ = (struct xa_limit){ .max = last, .min = first };
}

HF_SYS_INLINE void hf_sys_ids_fini(struct hf_sys_ids *s)
{
	xa_destroy(&s->xa_);
}

HF_SYS_INLINE bool hf_sys_ids_unused(struct hf_sys_ids *s)
{
	return xa_empty(&s->xa_);
}

HF_SYS_INLINE __must_check int hf_sys_ids_reserve(struct hf_sys_ids *s, u32 *id, gfp_t gfp)
{
	unsigned long flags;
	int err;

	might_alloc(gfp);
	if (hf_kernel_alloc_fails())
		return -ENOMEM;
	xa_lock_irqsave(&s->xa_, flags);
	err = __xa_alloc(&s->xa_, id, XA_ZERO_ENTRY, s->limit_, gfp);
	xa_unlock_irqrestore(&s->xa_, flags);
	if (!err)
		hf_kernel_alloc_count(1);
	return err == -EBUSY ? -ENOSPC : err;
}

HF_SYS_INLINE void hf_sys_ids_fill(struct hf_sys_ids *s, u32 id, void *p)
{
	unsigned long flags;

	xa_lock_irqsave(&s->xa_, flags);
	__xa_store(&s->xa_, id, p, 0);
	xa_unlock_irqrestore(&s->xa_, flags);
}

HF_SYS_INLINE void hf_sys_ids_give_back(struct hf_sys_ids *s, u32 id)
{
	unsigned long flags;

	hf_kernel_alloc_count(-1);
	xa_lock_irqsave(&s->xa_, flags);
	__xa_erase(&s->xa_, id);
	xa_unlock_irqrestore(&s->xa_, flags);
}

HF_SYS_INLINE void *hf_sys_ids_find(const struct hf_sys_ids *s, u32 id)
{
	return xa_load((struct xarray *)(unsigned long)&s->xa_, id);
}

HF_SYS_INLINE void *hf_sys_ids_next(const struct hf_sys_ids *s, u32 *id)
{
	unsigned long at = *id;
	void *p = xa_find((struct xarray *)(unsigned long)&s->xa_, &at, s->limit_.max, XA_PRESENT);

	*id = (u32)at;
	return p;
}

HF_SYS_INLINE void *hf_sys_ids_remove(struct hf_sys_ids *s, u32 id)
{
	XA_STATE(xas, &s->xa_, id);
	unsigned long flags;
	void *p;

	xas_lock_irqsave(&xas, flags);
	p = xas_load(&xas);
	if (xa_is_zero(p))
		p = NULL;
	if (p)
		xas_store(&xas, NULL);
	xas_unlock_irqrestore(&xas, flags);
	if (p)
		hf_kernel_alloc_count(-1);
	return p;
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
	/* What an allocator often cannot give, or never, is an error like any other. */
	if (size > PAGE_SIZE << PAGE_ALLOC_COSTLY_ORDER)
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
