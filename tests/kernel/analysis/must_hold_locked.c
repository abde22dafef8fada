// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function marked by the kernel's __must_hold() with a lock of Holdfast, called without it
// compilers: clang>=23
// expect: calling function 'count_reset' requires holding lock 'd->stats.lock' exclusively
#include <linux/types.h>

#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_count, spinlock_irq, u64);

struct device_state {
	struct locked_count stats;
};

/* To the analysis the kernel's marks and HF_REQUIRES() are the same. */
static void count_reset(struct device_state *d) __must_hold(&d->stats.lock)
{
	++*hf_held(&d->stats);
}

void reset(struct device_state *d);
void reset(struct device_state *d)
{
#ifdef MISUSE
	count_reset(d); /* E */
#else
	hf_lock(count, &d->stats);
	count_reset(d);
	*count += 1;
#endif
}
