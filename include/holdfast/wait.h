/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Waiting: condition variables that take the guard, and completions.
 *
 * The bug: the condition is tested, the lock is dropped, the wake-up comes, and then the thread goes
 * to sleep, for ever.
 *
 *	HF_CONDVAR_DEFINE(locked_queue);	// struct locked_queue_condvar, for struct locked_queue
 *
 *	hf_lock(q, &dev->queue);
 *	while (!q->ready)
 *		hf_wait(&dev->changed, q);	// gives q's lock up, sleeps, holds it again
 *
 * hf_wait() takes the *guard* `q`: without the lock there is nothing to name, and no wake-up between
 * the test and the sleep is missed.  The condition variable belongs to the type of the lock: the guard of
 * another type does not compile.  A wait may end for no reason, so it stands in a loop.
 *
 * A wait that may fail has a deadline, a struct hf_deadline, which stays the same in each turn of the loop,
 * and says which signals end it:
 *
 *	const struct hf_deadline end = hf_deadline_in(100);	// ms
 *
 *	while (!q->ready)
 *		hf_try_errno(hf_wait_until(&dev->changed, q, end, HF_INTERRUPTIBLE));
 *
 * A signal gives -EINTR in both modes.  In the kernel, a system call that has changed nothing yet may
 * return -ERESTARTSYS in its place; only the driver knows.
 *
 * As with locks, a pointer to const is enough to wait and to wake.
 *
 * Rust: CondVar, Completion.
 */
#ifndef HOLDFAST_WAIT_H
#define HOLDFAST_WAIT_H

#include <holdfast/lock.h>

/** When a wait ends at the latest. */
struct hf_deadline {
	u64 ns_;	/* of hf_sys_now_ns() */
};

/** HF_NO_DEADLINE - a wait ends when it is woken. */
#define HF_NO_DEADLINE	((struct hf_deadline){ .ns_ = HF_SYS_FOREVER })

/** hf_deadline_in() - the deadline that is @ms milliseconds from now. */
HF_INLINE struct hf_deadline hf_deadline_in(unsigned int ms)
{
	return (struct hf_deadline){ .ns_ = hf_sys_now_ns() + (u64)ms * 1000000 };
}

/**
 * HF_CONDVAR_DEFINE() - make `struct locked_condvar`: a condition variable of guards of `struct locked`.
 * @locked: a type made by HF_LOCKED_DEFINE(), without `struct`; it may be made later, so that the
 *          condition variable can be in the data.
 */
#define HF_CONDVAR_DEFINE(locked)							\
	struct locked##_condvar {							\
		struct hf_condvar_ cv_;							\
		__extension__ struct locked *locked_[0];				\
	}

struct hf_condvar_ {
	struct hf_sys_waitq q;
#if HF_DEBUG
	const void *lock;	/* of the first wait, which all later ones must be given */
#endif
	__extension__ const char stays_[0];	/* waiters point to it: not assignable */
};

/* Waiting and waking change the queue, not the object that it is in. */
#define HF_CONDVAR_(cv)		((struct hf_condvar_ *)(unsigned long)&(cv)->cv_)

HF_INLINE void hf_cond_init_(struct hf_condvar_ *cv)
{
	hf_sys_waitq_init(&cv->q);
#if HF_DEBUG
	cv->lock = NULL;
#endif
}

HF_INLINE void hf_cond_fini_(struct hf_condvar_ *cv, const struct hf_violation *polled)
{
	hf_require_at(polled, !hf_sys_waitq_polled(&cv->q));
	hf_sys_waitq_fini(&cv->q);
}

/** hf_cond_init() - make a condition variable usable. */
#define hf_cond_init(cv)	hf_cond_init_(&(cv)->cv_)
/** hf_cond_fini() - the end of a condition variable that nobody waits for.  A poll() that does is a violation (pin). */
#define hf_cond_fini(cv)								\
	hf_cond_fini_(&(cv)->cv_, HF_SITE(HF_PIN, "'" #cv "' ends, and a poll() waits for it"))
/** hf_notify_one() - wake one waiter, if there is one.  Context: any that may take a spinlock. */
#define hf_notify_one(cv)	hf_sys_wake_one(&HF_CONDVAR_(cv)->q)
/** hf_notify_all() - wake all waiters.  Context: any that may take a spinlock. */
#define hf_notify_all(cv)	hf_sys_wake_all(&HF_CONDVAR_(cv)->q)

HF_INLINE int hf_wait_(struct hf_condvar_ *cv, struct hf_guard_ *g, struct hf_deadline end, enum hf_how how,
		       const struct hf_violation *other)
{
	struct hf_sys_waiter w;
	int err;

#if HF_DEBUG
	const void *const bound = hf_sys_read_once(&cv->lock);

	hf_require_at(other, !bound || bound == g->prim);
	hf_sys_write_once(&cv->lock, g->prim);
#else
	(void)other;
#endif
	hf_sys_wait_begin(&cv->q, &w, how);
	hf_guard_unlock_(g);
	err = hf_sys_wait_sleep(&cv->q, &w, end.ns_, how);
	hf_guard_relock_(g);
	return err;
}

/* While @g's lock is given up the thread sleeps: no other guard that spins is held. */
#ifdef HF_ANALYZED_
HF_INLINE void hf_wait_may_sleep_(void) HF_SLEEPS
{
}

#define HF_SLEEPS_WITHOUT_(g)								\
	HF_NEW_BLOCK_									\
	hf_context_end_(&hf_context_##g);						\
	hf_wait_may_sleep_();								\
	hf_context_again_(&hf_context_##g);
#else
#define HF_SLEEPS_WITHOUT_(g)
#endif

/**
 * hf_wait_until() - give a lock up, sleep until notified, and hold it again.
 * @cv: pointer to the condition variable.
 * @g: the name of the guard, as given to hf_lock().
 * @end: a struct hf_deadline, from hf_deadline_in(); HF_NO_DEADLINE for none.
 * @how: HF_UNINTERRUPTIBLE, HF_INTERRUPTIBLE or HF_KILLABLE.
 *
 * Return: 0 if it was notified, or for no reason; -ETIMEDOUT, at the deadline; -EINTR, by a signal.
 * The lock is held again on every way.
 *
 * Context: sleeps; no other spinlock may be held.  Rust: CondVar::wait_interruptible_timeout.
 */
#define hf_wait_until(cv, g, end, how)		hf_must_use_(HF_WAIT_(cv, g, end, how))

#define HF_IS_WAIT_(how, door)								\
	HF_STATIC_CHECK_(HF_CONSTANT_OR_0_(how) != HF_TRY,				\
			 door ": HF_TRY is for locks: use a deadline that is now")

#define HF_WAIT_(cv, g, end, how)							\
	__extension__ ({								\
		HF_IS_WAIT_(how, "hf_wait_until");					\
		HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(*(cv)->locked_[0]),	\
							      __typeof__(*hf_locked_##g)),	\
				 "hf_wait: '" #cv "' belongs to another type of lock than that of '" #g "'"); \
		HF_SLEEPS_WITHOUT_(g)							\
		hf_wait_(HF_CONDVAR_(cv), hf_guard_ptr_##g, (end), (how),		\
			 HF_SITE(HF_LOCK, "'" #g "' does not hold the lock that '" #cv "' was waited for with before")); \
	})

/** hf_wait() - as hf_wait_until(), without an end. */
#define hf_wait(cv, g)			((void)HF_WAIT_(cv, g, HF_NO_DEADLINE, HF_UNINTERRUPTIBLE))
/** hf_wait_timeout() - as hf_wait(), for at most @ms milliseconds in this turn: 0, or -ETIMEDOUT. */
#define hf_wait_timeout(cv, g, ms)	hf_wait_until(cv, g, hf_deadline_in(ms), HF_UNINTERRUPTIBLE)
/** hf_wait_interruptible() - as hf_wait(), but a signal ends it: 0, or -EINTR. */
#define hf_wait_interruptible(cv, g)	hf_wait_until(cv, g, HF_NO_DEADLINE, HF_INTERRUPTIBLE)

/** An event that happens once, or a counted number of times, and may happen before the wait. */
struct hf_completion {
	struct hf_sys_completion c_;
	__extension__ const char stays_[0];	/* waiters point to it: not assignable */
};

HF_INLINE struct hf_sys_completion *hf_completion_(const struct hf_completion *c)
{
	return (struct hf_sys_completion *)(unsigned long)&c->c_;
}

/** hf_completion_init() - not complete. */
HF_INLINE void hf_completion_init(struct hf_completion *c)
{
	hf_sys_completion_init(&c->c_);
}

/** hf_completion_fini() - the end of a completion that nobody waits for. */
HF_INLINE void hf_completion_fini(struct hf_completion *c)
{
	hf_sys_completion_fini(&c->c_);
}

/** hf_completion_reinit() - not complete any more, while nobody waits for it or completes it. */
HF_INLINE void hf_completion_reinit(const struct hf_completion *c)
{
	hf_sys_completion_reinit(hf_completion_(c));
}

/** hf_complete() - let one wait pass.  Context: any, interrupts included. */
HF_INLINE void hf_complete(const struct hf_completion *c)
{
	hf_sys_complete(hf_completion_(c));
}

/** hf_complete_all() - let every wait pass, until hf_completion_reinit().  Context: any. */
HF_INLINE void hf_complete_all(const struct hf_completion *c)
{
	hf_sys_complete_all(hf_completion_(c));
}

/**
 * hf_completion_wait_until() - wait until it is complete.
 * @c: the completion.
 * @end: from hf_deadline_in(); HF_NO_DEADLINE for none.
 * @how: HF_UNINTERRUPTIBLE, HF_INTERRUPTIBLE or HF_KILLABLE.
 *
 * Return: 0; -ETIMEDOUT, at the deadline; -EINTR, by a signal.  Context: sleeps.
 */
#define hf_completion_wait_until(c, end, how)						\
	(HF_IS_WAIT_(how, "hf_completion_wait_until"), hf_completion_wait_until_((c), (end), (how)))

HF_INLINE HF_MUST_USE int hf_completion_wait_until_(const struct hf_completion *c, struct hf_deadline end,
						    enum hf_how how) HF_SLEEPS
{
	return hf_sys_completion_wait(hf_completion_(c), end.ns_, how);
}

/** hf_completion_wait_timeout() - wait at most @ms milliseconds: 0, or -ETIMEDOUT.  Context: sleeps. */
HF_INLINE HF_MUST_USE int hf_completion_wait_timeout(const struct hf_completion *c, unsigned int ms) HF_SLEEPS
{
	return hf_completion_wait_until_(c, hf_deadline_in(ms), HF_UNINTERRUPTIBLE);
}

/** hf_completion_wait() - wait until it is complete.  Context: sleeps. */
HF_INLINE void hf_completion_wait(const struct hf_completion *c) HF_SLEEPS
{
	(void)hf_sys_completion_wait(hf_completion_(c), HF_SYS_FOREVER, HF_UNINTERRUPTIBLE);
}

#endif
