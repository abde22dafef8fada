// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interruptible wait for a lock that spins
// rule: lock-kind
// expect: \\?'s\\?' spins: no signal ends that, use HF_TRY
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock_irq, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_lock_else(g, s, HF_INTERRUPTIBLE, return -EINTR); /* E */
#else
	hf_lock_else(g, s, HF_TRY, return -EBUSY);
#endif
	return g->hits++;
}
