/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * What a back end gives to the other headers.
 *
 * sys/user.h and sys/kernel.h each give every name below, as a function or as a macro of the same use.  This
 * file is the list and its check: compiled after a back end, each line is a function that uses the name with
 * exactly these types.  No header includes it.  tests/headers compiles it with the userspace back end and
 * tests/kernel/use with the kernel's; tests/headers also fails if another header uses an hf_sys_ or HF_SYS_
 * name that is not listed here, or if a back end lacks one that is.
 *
 * To add a name: add a line here, with a comment that says what it does; define it in both back ends.
 *
 *	HF_SYS_GIVES_(type, name, (parameters), (arguments))	a function that returns a value
 *	HF_SYS_DOES_(name, (parameters), (arguments))		one that returns nothing
 *
 * Context: any, unless a comment says otherwise.  "May sleep" means process context without a lock that spins.
 * Names that end in '_' are a back end's own.
 */
#ifndef HOLDFAST_SYS_CONTRACT_H
#define HOLDFAST_SYS_CONTRACT_H

#include <holdfast/analysis.h>
#include <holdfast/sys/sys.h>

#define HF_SYS_GIVES_(type, name, parameters, arguments)				\
	HF_INLINE type hf_contract_##name parameters					\
	{										\
		return name arguments;							\
	}										\
	_Static_assert(1, "")
#define HF_SYS_DOES_(name, parameters, arguments)					\
	HF_INLINE void hf_contract_##name parameters					\
	{										\
		name arguments;								\
	}										\
	_Static_assert(1, "")

/* --- from the kernel's headers, or the same ------------------------------------------------------
 *
 * The types u8 to u64, s8 to s64, bool, size_t, dma_addr_t, gfp_t, __le16 to __le64, __be16 to __be64;
 * memcpy(), memset(), memcmp(), strlen(); errno values; GFP_KERNEL, GFP_KERNEL_ACCOUNT, GFP_ATOMIC, GFP_NOWAIT;
 * offsetof();
 * the marks __user, __force.
 */
HF_SYS_GIVES_(__le16, cpu_to_le16, (u16 v), (v));
HF_SYS_GIVES_(__le32, cpu_to_le32, (u32 v), (v));
HF_SYS_GIVES_(__le64, cpu_to_le64, (u64 v), (v));
HF_SYS_GIVES_(__be16, cpu_to_be16, (u16 v), (v));
HF_SYS_GIVES_(__be32, cpu_to_be32, (u32 v), (v));
HF_SYS_GIVES_(__be64, cpu_to_be64, (u64 v), (v));
HF_SYS_GIVES_(u16, le16_to_cpu, (__le16 v), (v));
HF_SYS_GIVES_(u32, le32_to_cpu, (__le32 v), (v));
HF_SYS_GIVES_(u64, le64_to_cpu, (__le64 v), (v));
HF_SYS_GIVES_(u16, be16_to_cpu, (__be16 v), (v));
HF_SYS_GIVES_(u32, be32_to_cpu, (__be32 v), (v));
HF_SYS_GIVES_(u64, be64_to_cpu, (__be64 v), (v));

/* --- memory ------------------------------------------------------------------------------------- */

/* Whether an allocation with these flags may sleep.  A constant if the flags are. */
HF_SYS_GIVES_(bool, HF_SYS_GFP_SLEEPS, (gfp_t gfp), (gfp));
/* @size zeroed bytes, for any type; NULL if there are none, and if @size is 0.  May sleep if @gfp says so. */
HF_SYS_GIVES_(void *, hf_sys_alloc, (size_t size, gfp_t gfp), (size, gfp));
/* Changes the size and may move the block; what is added is not zeroed.  NULL leaves @p as it was. */
HF_SYS_GIVES_(void *, hf_sys_realloc, (void *p, size_t size, gfp_t gfp), (p, size, gfp));
/* Gives back what these two gave; NULL is allowed. */
HF_SYS_DOES_(hf_sys_free, (void *p), (p));

/* --- violations ---------------------------------------------------------------------------------
 *
 * HF_SYS_FATAL is an attribute of the functions that report what cannot go on.  HF_SYS_REFER(name) is a declaration: the
 * object needs that constant of the library, where the mode has one.
 */

/* Stands behind each call of them: the compiler knows that control does not come here. */
HF_SYS_DOES_(hf_sys_unreachable, (void), ());

/* --- atomics and speculation -------------------------------------------------------------------- */

HF_SYS_DOES_(hf_sys_atomic_init, (hf_sys_atomic *a, int v), (a, v));
/* Relaxed. */
HF_SYS_GIVES_(int, hf_sys_atomic_read, (const hf_sys_atomic *a), (a));
HF_SYS_DOES_(hf_sys_atomic_set, (hf_sys_atomic *a, int v), (a, v));
/* Give the value before. */
HF_SYS_GIVES_(int, hf_sys_atomic_fetch_add_relaxed, (hf_sys_atomic *a, int v), (a, v));
HF_SYS_GIVES_(int, hf_sys_atomic_fetch_sub_acq_rel, (hf_sys_atomic *a, int v), (a, v));
/* Stores @new if the value is *@old, and acquires; else puts the value into *@old.  May fail for no reason. */
HF_SYS_GIVES_(bool, hf_sys_atomic_cmpxchg, (hf_sys_atomic *a, int *old, int new), (a, old, new));
HF_SYS_GIVES_(int, hf_sys_atomic_read_acquire, (const hf_sys_atomic *a), (a));
/* Whether two of them, side by side in 8 aligned bytes at @p, are both @v, at one moment; acquires. */
HF_SYS_GIVES_(bool, hf_sys_atomic_both_are, (const void *p, int v), (p, v));
/* One access, which the compiler does not repeat, split or leave out; of any scalar type. */
HF_SYS_GIVES_(void *, hf_sys_read_once, (void *const *p), (p));
HF_SYS_DOES_(hf_sys_write_once, (void **p, void *v), (p, v));
/* A write that comes after all reads and writes before it; of any scalar type. */
HF_SYS_DOES_(hf_sys_store_release, (void **p, void *v), (p, v));
/* A read that comes before all reads and writes behind it; of any scalar type. */
HF_SYS_GIVES_(u32, hf_sys_load_acquire, (const u32 *p), (p));
/* Stores @v if the pointer is NULL, and acquires; gives whether it was.  Of several at once one succeeds. */
HF_SYS_GIVES_(bool, hf_sys_claim, (void **p, void *v), (p, v));
/* One read of a pointer that another thread publishes: what it points to is read after it. */
HF_SYS_GIVES_(void *, hf_sys_read_published, (void *const *p), (p));
/* Stores @v and gives what was there, in one step; fully ordered. */
HF_SYS_GIVES_(void *, hf_sys_exchange, (void **p, void *v), (p, v));
/* @i if it is below @n, else 0, by data flow: also under misspeculation. */
HF_SYS_GIVES_(u64, hf_sys_index_nospec, (u64 i, u64 n), (i, n));

/* --- locks --------------------------------------------------------------------------------------
 *
 * HF_SYS_LOCK_CLASS(text) gives the `struct hf_sys_lock_class *` of the place where it stands: all locks that
 * are initialised there are of one lockdep class.
 *
 * Acquire gives 0.  With HF_TRY it may give -EBUSY, and does not wait; with HF_INTERRUPTIBLE and HF_KILLABLE
 * -EINTR.  lock.h has only mutex and rwsem interrupted, of rwsem's writers only by fatal signals, and only
 * rwsem and rwlock shared.  @subclass is lockdep's level of nesting.  What is put into *@flags, release gets.
 */
/*
 * The structure of a kind of lock.h, and what is done with it.  It consists of one lock, of the type that
 * drivers have without Holdfast: the functions also take a pointer to such a lock.
 */
#define HF_SYS_GIVES_LOCK_(kind)							\
	_Static_assert(sizeof(struct hf_sys_##kind) == sizeof(hf_sys_##kind##_lock), ""); \
	HF_SYS_DOES_(hf_sys_##kind##_init, (struct hf_sys_##kind *l, struct hf_sys_lock_class *cls), (l, cls)); \
	HF_SYS_DOES_(hf_sys_##kind##_fini, (struct hf_sys_##kind *l), (l));		\
	HF_SYS_GIVES_(int, hf_sys_##kind##_acquire,					\
		      (struct hf_sys_##kind *l, bool shared, enum hf_how how, unsigned int subclass, \
		       unsigned long *flags), (l, shared, how, subclass, flags));	\
	HF_SYS_DOES_(hf_sys_##kind##_release, (struct hf_sys_##kind *l, bool shared, unsigned long flags), \
		     (l, shared, flags))

/* Acquire may sleep. */
HF_SYS_GIVES_LOCK_(mutex);
HF_SYS_GIVES_LOCK_(rwsem);
/* These spin, and who holds one must not sleep. */
HF_SYS_GIVES_LOCK_(spinlock);
HF_SYS_GIVES_LOCK_(rwlock);
HF_SYS_GIVES_LOCK_(raw_spinlock);
/* Softirqs are off while it is held. */
HF_SYS_GIVES_LOCK_(spinlock_bh);
/* Interrupts are off while it is held; the flags are what they were. */
HF_SYS_GIVES_LOCK_(spinlock_irq);
HF_SYS_GIVES_LOCK_(raw_spinlock_irq);
/* Which thread this is; never 0. */
HF_SYS_GIVES_(unsigned long, hf_sys_self, (void), ());

/* --- waiting ------------------------------------------------------------------------------------
 *
 * A wait has two steps, so that the caller can release its lock between them: from the first on no wake-up is
 * missed, and the second sleeps.  Times are of hf_sys_now_ns(); HF_SYS_FOREVER does not come.
 */

/* Nanoseconds and milliseconds of a clock that is never set back. */
HF_SYS_GIVES_(u64, hf_sys_now_ns, (void), ());
HF_SYS_GIVES_(u64, hf_sys_now_ms, (void), ());
HF_SYS_DOES_(hf_sys_waitq_init, (struct hf_sys_waitq *q), (q));
HF_SYS_DOES_(hf_sys_waitq_fini, (struct hf_sys_waitq *q), (q));
/* Whether a poll() refers to it. */
HF_SYS_GIVES_(bool, hf_sys_waitq_polled, (struct hf_sys_waitq *q), (q));
HF_SYS_DOES_(hf_sys_wait_begin, (struct hf_sys_waitq *q, struct hf_sys_waiter *w, enum hf_how how), (q, w, how));
/* 0 if woken (or for no reason), -ETIMEDOUT at @until_ns, -EINTR if interrupted.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_wait_sleep,
	      (struct hf_sys_waitq *q, struct hf_sys_waiter *w, u64 until_ns, enum hf_how how),
	      (q, w, until_ns, how));
HF_SYS_DOES_(hf_sys_wake_one, (struct hf_sys_waitq *q), (q));
HF_SYS_DOES_(hf_sys_wake_all, (struct hf_sys_waitq *q), (q));
/* Counts how many waits may pass; reinit makes it not complete, as nobody uses it.  A waiter may free it. */
HF_SYS_DOES_(hf_sys_completion_init, (struct hf_sys_completion *c), (c));
HF_SYS_DOES_(hf_sys_completion_fini, (struct hf_sys_completion *c), (c));
HF_SYS_DOES_(hf_sys_completion_reinit, (struct hf_sys_completion *c), (c));
HF_SYS_DOES_(hf_sys_complete, (struct hf_sys_completion *c), (c));
HF_SYS_DOES_(hf_sys_complete_all, (struct hf_sys_completion *c), (c));
/* As hf_sys_wait_sleep(), but never for no reason.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_completion_wait, (struct hf_sys_completion *c, u64 until_ns, enum hf_how how),
	      (c, until_ns, how));

/* --- callbacks ----------------------------------------------------------------------------------
 *
 * What the kernel calls, with a `void *` that only the trampolines of the other headers see.
 *
 * irqreturn_t (IRQ_NONE, IRQ_HANDLED, IRQ_WAKE_THREAD) and irq_handler_t are the kernel's.  `struct hf_irq_line` is
 * an interrupt; the back end says how one is made.
 */

/* Registers @handler and, unless it is NULL, @thread.  @text and @r stay until the end.  0, -errno.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_irq_request,
	      (struct hf_sys_irq *r, struct hf_irq_line line, const char *text, irq_handler_t handler,
	       irq_handler_t thread, void *ctx), (r, line, text, handler, thread, ctx));
/* The end of it: nothing is called any more, and nobody is inside.  Sleeps. */
HF_SYS_DOES_(hf_sys_irq_free, (struct hf_sys_irq *r, void *ctx), (r, ctx));
/* Begins a thread, by a copy of @text.  @t stays until its end.  0, -errno.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_thread_start, (struct hf_sys_thread *t, const char *text, int (*fn)(void *), void *ctx),
	      (t, text, fn, ctx));
/* Asks the thread to stop, ends its wait and waits for its end: what @fn gave, -EINTR if it had not begun.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_thread_stop, (struct hf_sys_thread *t), (t));
/* Waits for the end that comes by itself: what @fn gave.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_thread_join, (struct hf_sys_thread *t), (t));
/* Whether this thread is asked to stop. */
HF_SYS_GIVES_(bool, hf_sys_thread_should_stop, (void), ());

/*
 * A kind of timer: its structure (struct hf_sys_hrtimer, struct hf_sys_timer), and what is done with it.  Its macro
 * callback(enter, type, member, fn) defines the function @enter that is called when the member @member of a @type
 * fires: it calls u64 fn(type *), and arms the timer again so many nanoseconds after the time that it was due at, or,
 * if that has passed, after a multiple of them; HF_SYS_FOREVER: not again.  @enter has the type that the back end calls.
 */
#define HF_SYS_GIVES_TIMER_(kind)							\
	/* 0, -errno. */								\
	HF_SYS_GIVES_(int, hf_sys_##kind##_init, (struct hf_sys_##kind *t, hf_sys_##kind##_fn *enter), (t, enter)); \
	/* Arms it, or arms it anew, @ns from now. */					\
	HF_SYS_DOES_(hf_sys_##kind##_start, (struct hf_sys_##kind *t, u64 ns), (t, ns)); \
	/* Disarms it, waits until its function is left, and says whether it was armed.  Not under a lock that it takes. */ \
	HF_SYS_GIVES_(bool, hf_sys_##kind##_cancel, (struct hf_sys_##kind *t), (t));	\
	/* The same, for the last time. */						\
	HF_SYS_DOES_(hf_sys_##kind##_fini, (struct hf_sys_##kind *t), (t));		\
	struct hf_contract_##kind {							\
		struct hf_sys_##kind timer;						\
	};										\
	HF_INLINE u64 hf_contract_##kind##_call(struct hf_contract_##kind *c)		\
	{										\
		(void)c;								\
		return HF_SYS_FOREVER;							\
	}										\
	hf_sys_##kind##_callback(hf_contract_##kind##_enter, struct hf_contract_##kind, timer, hf_contract_##kind##_call) \
	_Static_assert(1, "")

/* Precise to nanoseconds, called in a hard interrupt. */
HF_SYS_GIVES_TIMER_(hrtimer);
/* Precise to jiffies, called in a softirq. */
HF_SYS_GIVES_TIMER_(timer);

/* --- readers that a writer waits for -------------------------------------------------------------
 *
 * `struct hf_sys_srcu` is a domain of its own, whose readers may sleep; `struct hf_sys_rcu` stands for the only
 * one of its kind, whose readers must not.  Readers nest, and never wait.
 */

/* 0 or -ENOMEM.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_srcu_init, (struct hf_sys_srcu *s), (s));
/* Nobody is inside.  Sleeps. */
HF_SYS_DOES_(hf_sys_srcu_fini, (struct hf_sys_srcu *s), (s));
/* What it gives, the unlock of the same thread gets. */
HF_SYS_GIVES_(int, hf_sys_srcu_read_lock, (struct hf_sys_srcu *s), (s));
HF_SYS_DOES_(hf_sys_srcu_read_unlock, (struct hf_sys_srcu *s, int idx), (s, idx));
/* Waits for all that are inside, and not for those who come later.  Sleeps; the caller is not inside. */
HF_SYS_DOES_(hf_sys_srcu_synchronize, (struct hf_sys_srcu *s), (s));
HF_SYS_GIVES_(int, hf_sys_rcu_init, (struct hf_sys_rcu *r), (r));
HF_SYS_DOES_(hf_sys_rcu_fini, (struct hf_sys_rcu *r), (r));
HF_SYS_GIVES_(int, hf_sys_rcu_read_lock, (struct hf_sys_rcu *r), (r));
HF_SYS_DOES_(hf_sys_rcu_read_unlock, (struct hf_sys_rcu *r, int idx), (r, idx));
HF_SYS_DOES_(hf_sys_rcu_synchronize, (struct hf_sys_rcu *r), (r));
/* Calls @fn with the address of @h when all that are inside now have left.  Does not wait. */
HF_SYS_DOES_(hf_sys_rcu_call, (struct hf_sys_rcu_head *h, void (*fn)(struct rcu_head *h)), (h, fn));
/* Waits until all that hf_sys_rcu_call() was given before have been called.  Sleeps. */
HF_SYS_DOES_(hf_sys_rcu_barrier, (void), ());

/* --- workqueues ---------------------------------------------------------------------------------
 *
 * struct work_struct and work_func_t are the kernel's.  `struct hf_workqueue` is a workqueue, struct
 * hf_sys_delayed_work an item that may wait for its time.  Queueing gives 0, -EEXIST if the item is queued or being
 * cancelled, -ESHUTDOWN if the queue is ending.  Cancelling gives whether it was queued.
 */

/* @q is zeroed.  @reclaim: items run also while there is no memory for a thread.  0, -ENOMEM, -EAGAIN.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_workqueue_init,
	      (struct hf_workqueue *q, const char *text, unsigned int at_once, bool reclaim),
	      (q, text, at_once, reclaim));
/* Runs what is queued, delayed items at once, and waits for it.  Sleeps. */
HF_SYS_DOES_(hf_sys_workqueue_fini, (struct hf_workqueue *q), (q));
/* The one that never ends. */
HF_SYS_GIVES_(const struct hf_workqueue *, hf_sys_workqueue_system, (void), ());
HF_SYS_DOES_(hf_sys_work_init, (struct work_struct *w, work_func_t fn), (w, fn));
HF_SYS_GIVES_(int, hf_sys_work_queue, (const struct hf_workqueue *q, struct work_struct *w), (q, w));
HF_SYS_GIVES_(bool, hf_sys_work_cancel, (struct work_struct *w), (w));
/* Waits until it does not run, either.  Sleeps. */
HF_SYS_GIVES_(bool, hf_sys_work_cancel_wait, (struct work_struct *w), (w));
/* The first call of @fn: the item, which may be queued again. */
HF_SYS_GIVES_(struct work_struct *, hf_sys_work_enter, (struct work_struct *w), (w));
HF_SYS_DOES_(hf_sys_delayed_work_init, (struct hf_sys_delayed_work *d, work_func_t fn), (d, fn));
HF_SYS_GIVES_(int, hf_sys_delayed_work_queue,
	      (const struct hf_workqueue *q, struct hf_sys_delayed_work *d, unsigned int ms), (q, d, ms));
HF_SYS_GIVES_(bool, hf_sys_delayed_work_cancel, (struct hf_sys_delayed_work *d), (d));
HF_SYS_GIVES_(bool, hf_sys_delayed_work_cancel_wait, (struct hf_sys_delayed_work *d), (d));
HF_SYS_GIVES_(struct hf_sys_delayed_work *, hf_sys_delayed_work_enter, (struct work_struct *w), (w));

/* --- objects by number --------------------------------------------------------------------------
 *
 * `struct hf_sys_ids` is a set of numbers from a range.  Each is free, reserved, or stands for a pointer, which is
 * aligned to four bytes.  It has a lock of its own, which no function of others is called under; but what is found is
 * only there as long as the caller keeps others from removing it.  Not in NMI context.
 */

/* @cls is the class of its lock. */
HF_SYS_DOES_(hf_sys_ids_init, (struct hf_sys_ids *s, u32 first, u32 last, struct hf_sys_lock_class *cls),
	     (s, first, last, cls));
HF_SYS_DOES_(hf_sys_ids_fini, (struct hf_sys_ids *s), (s));
/* Whether every number is free. */
HF_SYS_GIVES_(bool, hf_sys_ids_unused, (struct hf_sys_ids *s), (s));
/* Reserves the lowest free number: 0; -ENOSPC, -ENOMEM.  May sleep if @gfp says so. */
HF_SYS_GIVES_(int, hf_sys_ids_reserve, (struct hf_sys_ids *s, u32 *id, gfp_t gfp), (s, id, gfp));
/* What was reserved stands for @p from now on, or is free again.  Neither allocates. */
HF_SYS_DOES_(hf_sys_ids_fill, (struct hf_sys_ids *s, u32 id, void *p), (s, id, p));
HF_SYS_DOES_(hf_sys_ids_give_back, (struct hf_sys_ids *s, u32 id), (s, id));
/* What a number stands for; NULL if it is free or reserved. */
HF_SYS_GIVES_(void *, hf_sys_ids_find, (const struct hf_sys_ids *s, u32 id), (s, id));
/* The same of the first one from *@id on that stands for something, which it puts there. */
HF_SYS_GIVES_(void *, hf_sys_ids_next, (const struct hf_sys_ids *s, u32 *id), (s, id));
/* The same, and the number is free again, unless it was reserved. */
HF_SYS_GIVES_(void *, hf_sys_ids_remove, (struct hf_sys_ids *s, u32 id), (s, id));

/* --- balanced trees -----------------------------------------------------------------------------
 *
 * `struct hf_sys_tree` is a red-black tree of `struct hf_sys_tree_node`, without an order of its own: the caller
 * goes down from the root and says where a node is to be.  The caller serialises access.
 */

/* An empty tree. */
HF_SYS_DOES_(hf_sys_tree_init, (struct hf_sys_tree *t), (t));
/* The places of the first node, and of those before and behind a node: each holds one, or NULL. */
HF_SYS_GIVES_(struct hf_sys_tree_node **, hf_sys_tree_root, (struct hf_sys_tree *t), (t));
HF_SYS_GIVES_(struct hf_sys_tree_node **, hf_sys_tree_left, (struct hf_sys_tree_node *x), (x));
HF_SYS_GIVES_(struct hf_sys_tree_node **, hf_sys_tree_right, (struct hf_sys_tree_node *x), (x));
/* Puts @x into the empty @place of @parent, which is NULL for the root's, and balances the tree. */
HF_SYS_DOES_(hf_sys_tree_insert,
	     (struct hf_sys_tree *t, struct hf_sys_tree_node *parent, struct hf_sys_tree_node **place,
	      struct hf_sys_tree_node *x), (t, parent, place, x));
/* Takes @x out, which stays as it is. */
HF_SYS_DOES_(hf_sys_tree_remove, (struct hf_sys_tree *t, struct hf_sys_tree_node *x), (t, x));
/* The neighbours of @x in the order of the tree, or NULL. */
HF_SYS_GIVES_(struct hf_sys_tree_node *, hf_sys_tree_next, (const struct hf_sys_tree_node *x), (x));
HF_SYS_GIVES_(struct hf_sys_tree_node *, hf_sys_tree_prev, (const struct hf_sys_tree_node *x), (x));

/* --- user memory -------------------------------------------------------------------------------- */

/* 0, or -EFAULT: then some bytes may have been copied.  May sleep. */
HF_SYS_GIVES_(int, hf_sys_copy_from_user, (void *to, const void __user *from, size_t n), (to, from, n));
HF_SYS_GIVES_(int, hf_sys_copy_to_user, (void __user *to, const void *from, size_t n), (to, from, n));

/* --- files --------------------------------------------------------------------------------------
 *
 * __poll_t and EPOLLIN and the like, ssize_t, _IOC_DIR() and _IOC_SIZE() are the kernel's.  `struct hf_poll` is a
 * poll() under way.  HF_SYS_NODE_OPS_DEFINE_(name) makes a `struct hf_sys_node_ops`, name_sys_ops_, of the
 * functions name_open_() to name_flush_() of file.h.
 */

/* Puts a node into /dev that @ops serves with @ctx.  @n and @text stay until its end.  0, -errno.  Sleeps. */
HF_SYS_GIVES_(int, hf_sys_node_make,
	      (struct hf_sys_node *n, const char *text, const struct hf_sys_node_ops *ops, void *ctx),
	      (n, text, ops, ctx));
/* Removes it; no open() is under way afterwards, but files may be open.  Sleeps. */
HF_SYS_DOES_(hf_sys_node_remove, (struct hf_sys_node *n), (n));
/* Has the poll() asked again when @q is woken.  May sleep. */
HF_SYS_DOES_(hf_sys_poll_wait, (struct hf_poll *p, struct hf_sys_waitq *q), (p, q));

/*
 * Pages that processes map: page aligned, zeroed, from cpu_ on len_ bytes, a multiple of the page size.  A page that
 * is mapped stays until it is unmapped, also beyond hf_sys_pages_free().  0, -ENOMEM.  @gfp may sleep.  Sleeps.
 */
HF_SYS_GIVES_(int, hf_sys_pages_make, (struct hf_sys_pages *p, size_t size, gfp_t gfp), (p, size, gfp));
HF_SYS_DOES_(hf_sys_pages_free, (struct hf_sys_pages *p), (p));
/* A copy from or to memory that a process or another processor changes: what was copied is not read again. */
HF_SYS_DOES_(hf_sys_copy_shared, (void *to, const void *from, size_t n), (to, from, n));
/* Of a mmap() under way, `struct hf_vma`, in bytes: its size, its offset, its address in the process. */
HF_SYS_GIVES_(u64, hf_sys_vma_size, (const struct hf_vma *v), (v));
HF_SYS_GIVES_(u64, hf_sys_vma_offset, (const struct hf_vma *v), (v));
HF_SYS_GIVES_(u64, hf_sys_vma_address, (const struct hf_vma *v), (v));
/* Whether what it writes others see, of a file that is open for writing; whether it is to be written, executed. */
HF_SYS_GIVES_(bool, hf_sys_vma_shared, (const struct hf_vma *v), (v));
HF_SYS_GIVES_(bool, hf_sys_vma_writes, (const struct hf_vma *v), (v));
HF_SYS_GIVES_(bool, hf_sys_vma_executes, (const struct hf_vma *v), (v));
/*
 * Maps those pages that are at the offset; they are inside.  Later it can become neither executable nor, unless
 * @writable, writable.  0, -ENOMEM, -EBUSY if it has pages already.  Once the operation has failed, nothing of it
 * stays.
 */
HF_SYS_GIVES_(int, hf_sys_vma_map, (struct hf_vma *v, const struct hf_sys_pages *p, bool writable),
	      (v, p, writable));

/*
 * A part of a process's memory, `struct hf_area`: the @most first bytes, whole pages, of the mmap() under way, which
 * @v->area_ says; with a reference for the caller.  None of its pages is there.  It is readonly for ever, and fork()
 * leaves it out.  0, -ENOMEM.  Sleeps.
 */
HF_SYS_GIVES_(int, hf_sys_area_make, (struct hf_vma *v, u64 most, gfp_t gfp, struct hf_area **area),
	      (v, most, gfp, area));
HF_SYS_DOES_(hf_sys_area_get, (struct hf_area *a), (a));
/* May sleep. */
HF_SYS_DOES_(hf_sys_area_put, (struct hf_area *a), (a));
HF_SYS_GIVES_(size_t, hf_sys_area_size, (const struct hf_area *a), (a));
HF_SYS_GIVES_(u64, hf_sys_area_address, (const struct hf_area *a), (a));
/* Whether the process has unmapped a part of it. */
HF_SYS_GIVES_(bool, hf_sys_area_closed, (const struct hf_area *a), (a));
/*
 * Those bytes of it, which are inside, as pages, with a reference to the area; until hf_sys_pages_free() they stay where
 * they are.  0, -ENOMEM, -ESRCH if the process has unmapped any part of it.  Sleeps.
 */
HF_SYS_GIVES_(int, hf_sys_pages_need, (struct hf_sys_pages *p, struct hf_area *a, u64 at, u64 n), (p, a, at, n));
/* Where a byte of pages is; and how many of the @n from there on are beside it, at least 1. */
HF_SYS_GIVES_(u8 *, hf_sys_pages_at, (const struct hf_sys_pages *p, u64 at, size_t *n), (p, at, n));

/* --- register windows ---------------------------------------------------------------------------
 *
 * `struct hf_io` is a window, whose member len_ is its length in bytes; the back end says how one is made.
 */

/* One access at an offset that is inside and aligned; ordered as the kernel's readl() and writel() are. */
HF_SYS_GIVES_(u8, hf_sys_io_read_u8, (const struct hf_io *io, size_t off), (io, off));
HF_SYS_GIVES_(u16, hf_sys_io_read_u16, (const struct hf_io *io, size_t off), (io, off));
HF_SYS_GIVES_(u32, hf_sys_io_read_u32, (const struct hf_io *io, size_t off), (io, off));
HF_SYS_GIVES_(u64, hf_sys_io_read_u64, (const struct hf_io *io, size_t off), (io, off));
HF_SYS_DOES_(hf_sys_io_write_u8, (const struct hf_io *io, size_t off, u8 v), (io, off, v));
HF_SYS_DOES_(hf_sys_io_write_u16, (const struct hf_io *io, size_t off, u16 v), (io, off, v));
HF_SYS_DOES_(hf_sys_io_write_u32, (const struct hf_io *io, size_t off, u32 v), (io, off, v));
HF_SYS_DOES_(hf_sys_io_write_u64, (const struct hf_io *io, size_t off, u64 v), (io, off, v));
/* A 32-bit register of a window, at an offset that is inside; what a write needs is computed here. */
HF_SYS_GIVES_(struct hf_sys_reg32, hf_sys_reg32, (const struct hf_io *io, size_t off), (io, off));
HF_SYS_DOES_(hf_sys_reg32_write, (const struct hf_sys_reg32 *r, u32 v), (r, v));

/* --- memory shared with a device ----------------------------------------------------------------
 *
 * `struct hf_device` is the device; the back end says what is in it.  hf_sys_dma_wide is the widest word that
 * hf_sys_dma_store() stores at once.
 */

/* Memory shared for as long as it lives: zeroed, page aligned; NULL and no address on failure. */
HF_SYS_GIVES_(void *, hf_sys_dma_alloc, (struct hf_device *dev, size_t size, dma_addr_t *addr, gfp_t gfp),
	      (dev, size, addr, gfp));
HF_SYS_DOES_(hf_sys_dma_free, (struct hf_device *dev, size_t size, void *cpu, dma_addr_t addr),
	     (dev, size, cpu, addr));
/* Memory lent for one transfer.  0, -ENOMEM, -EIO. */
HF_SYS_GIVES_(int, hf_sys_dma_map,
	      (struct hf_device *dev, void *p, size_t len, bool device_reads, bool device_writes, dma_addr_t *addr),
	      (dev, p, len, device_reads, device_writes, addr));
HF_SYS_DOES_(hf_sys_dma_unmap,
	     (struct hf_device *dev, dma_addr_t addr, size_t len, bool device_reads, bool device_writes),
	     (dev, addr, len, device_reads, device_writes));
/* One access to a word that the device may access at the same time. */
HF_SYS_GIVES_(u32, hf_sys_dma_load, (const u32 *p), (p));
/* The same of the word that says whether the others are valid: they are read after it. */
HF_SYS_GIVES_(u32, hf_sys_dma_load_gate, (const u32 *p), (p));
HF_SYS_DOES_(hf_sys_dma_store, (hf_sys_dma_wide *p, hf_sys_dma_wide v), (p, v));

#endif
