// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a member that HF_GUARDED_BY() binds to a lock of the kernel, accessed without it
// compilers: clang>=23
// expect: writing variable 'count' requires holding lock 'd->lock' exclusively
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include <holdfast/lock.h>

/* To the analyses the lock is one, whoever takes it, and the marks are one. */
struct device_state {
	spinlock_t lock;
	HF_LOCK_IS(lock, spinlock_irq);
	int count HF_GUARDED_BY(lock);
	int resets __guarded_by(&lock);
	struct mutex open;
	HF_LOCK_IS(open, mutex);
	int users HF_GUARDED_BY(open);
};

static int next(struct device_state *d) __must_hold(&d->lock)
{
	return ++d->count;
}

static int last(struct device_state *d) HF_REQUIRES(hf_lock_of(d, lock));
static int last(struct device_state *d)
{
	return --d->count;
}

int by_holdfast(struct device_state *d);
int by_holdfast(struct device_state *d)
{
#ifdef MISUSE
	return ++d->count; /* E */
#else
	hf_lock(g, hf_lock_of(d, lock));
	d->resets++;
	return next(d) + last(d);
#endif
}

int by_the_kernel(struct device_state *d);
int by_the_kernel(struct device_state *d)
{
	unsigned long flags;
	int n;

	spin_lock_irqsave(&d->lock, flags);
	n = next(d) + d->resets++;
	d->count = n;
	spin_unlock_irqrestore(&d->lock, flags);
	guard(mutex)(&d->open);
	return n + d->users++;
}
