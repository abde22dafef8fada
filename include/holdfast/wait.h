/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Waiting: condition variables that take the guard, and completions.
 *
 * The bug: the condition is tested, the lock is dropped, the wake-up comes, and then the thread goes
 * to sleep, for ever.
 *
 *	hf_lock(q, &dev->queue);
 *	while (!q->ready)
 *		hf_wait(&dev->ready, q);	// gives q's lock up, sleeps, holds it again
 *
 * hf_wait() takes the *guard* `q`: without the lock there is nothing to name, and no wake-up between
 * the test and the sleep is missed.  A wait may end for no reason, so it stands in a loop.
 *
 * Rust: CondVar, Completion.
 */
#ifndef HOLDFAST_WAIT_H
#define HOLDFAST_WAIT_H

#include <holdfast/lock.h>

/** A condition variable.  It serves guards of every kind of lock. */
struct hf_condvar {
	struct hf_sys_waitq q_;
};

/** hf_cond_init() - make a condition variable usable. */
HF_INLINE void hf_cond_init(struct hf_condvar *cv)
{
	hf_sys_waitq_init(&cv->q_);
}

/** hf_cond_fini() - the end of a condition variable that nobody waits for. */
HF_INLINE void hf_cond_fini(struct hf_condvar *cv)
{
	hf_sys_waitq_fini(&cv->q_);
}

/** hf_notify_one() - wake one waiter, if there is one.  Context: any that may take a spinlock. */
HF_INLINE void hf_notify_one(struct hf_condvar *cv)
{
	hf_sys_wake_one(&cv->q_);
}

/** hf_notify_all() - wake all waiters. */
HF_INLINE void hf_notify_all(struct hf_condvar *cv)
{
	hf_sys_wake_all(&cv->q_);
}

HF_INLINE int hf_wait_(struct hf_condvar *cv, struct hf_guard_ *g, unsigned int ms, bool interruptible)
{
	struct hf_sys_waiter w;
	int err;

	hf_sys_wait_begin(&cv->q_, &w, interruptible);
	hf_guard_unlock_(g);
	err = hf_sys_wait_sleep(&cv->q_, &w, ms, interruptible);
	hf_guard_lock_(g, HF_SITE(HF_LOCK, "this thread holds the lock already"));
	return err;
}

/**
 * hf_wait() - give a lock up, sleep until notified, and hold it again.
 * @cv: pointer to the condition variable.
 * @g: the name of the guard, as given to hf_lock().
 *
 * Context: sleeps; no other spinlock may be held.
 */
#define hf_wait(cv, g)			((void)hf_wait_((cv), &hf_guard_##g, HF_SYS_FOREVER, false))

/** hf_wait_timeout() - as hf_wait(), for at most @ms milliseconds: 0, or -ETIMEDOUT. */
#define hf_wait_timeout(cv, g, ms)	hf_wait_((cv), &hf_guard_##g, (ms), false)

/** hf_wait_interruptible() - as hf_wait(), but a signal ends it (in the kernel): 0, or -EINTR. */
#define hf_wait_interruptible(cv, g)	hf_wait_((cv), &hf_guard_##g, HF_SYS_FOREVER, true)

struct hf_completion_state_ {
	unsigned int done;	/* how many waits may pass; ~0: all, for ever */
};

HF_LOCKED_DEFINE(hf_locked_completion_, spinlock_irq, struct hf_completion_state_);

/** An event that happens once, or a counted number of times, and may happen before the wait. */
struct hf_completion {
	struct hf_locked_completion_ state_;
	struct hf_condvar changed_;
};

/** hf_completion_init() - not complete. */
HF_INLINE void hf_completion_init(struct hf_completion *c)
{
	hf_lock_init(&c->state_);
	/* SAFETY: not shared yet. */
	hf_lock_get_mut_unchecked(&c->state_)->done = 0;
	hf_cond_init(&c->changed_);
}

/** hf_completion_fini() - the end of a completion that nobody waits for. */
HF_INLINE void hf_completion_fini(struct hf_completion *c)
{
	hf_cond_fini(&c->changed_);
	hf_lock_fini(&c->state_);
}

/* Notifying under the lock: when a waiter returns, and frees the completion, nobody is inside. */
/** hf_complete() - let one wait pass.  Context: any, interrupts included. */
HF_INLINE void hf_complete(struct hf_completion *c)
{
	hf_lock(s, &c->state_);
	if (s->done != ~0U)
		s->done++;
	hf_notify_one(&c->changed_);
}

/** hf_complete_all() - let every wait pass, from now on.  Context: any. */
HF_INLINE void hf_complete_all(struct hf_completion *c)
{
	hf_lock(s, &c->state_);
	s->done = ~0U;
	hf_notify_all(&c->changed_);
}

/** hf_completion_wait_timeout() - wait at most @ms milliseconds: 0, or -ETIMEDOUT. Context: sleeps. */
HF_INLINE HF_MUST_USE int hf_completion_wait_timeout(struct hf_completion *c, unsigned int ms) HF_SLEEPS
{
	const u64 begin = hf_sys_now_ms();
	int err = 0;

	hf_lock(s, &c->state_);
	while (!s->done) {
		/* Another may be faster than one that is woken, which goes on with the time it has left. */
		const u64 gone = ms == HF_SYS_FOREVER ? 0 : hf_sys_now_ms() - begin;

		if (err || gone > ms)
			return -ETIMEDOUT;
		err = hf_wait_timeout(&c->changed_, s, ms - (unsigned int)gone);
	}
	if (s->done != ~0U)
		s->done--;
	return 0;
}

/** hf_completion_wait() - wait until it is complete.  Context: sleeps. */
HF_INLINE void hf_completion_wait(struct hf_completion *c) HF_SLEEPS
{
	while (hf_completion_wait_timeout(c, HF_SYS_FOREVER))
		;
}

#endif
