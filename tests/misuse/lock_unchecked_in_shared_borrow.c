// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: guarded data taken without the lock, through a borrow that others have too
// rule: unlocked-data
// compilers: any
// expect: is a shared borrow \(const\): others may have it, so lock it
#include <holdfast/lock.h>

struct stats {
	u32 hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

struct dev {
	struct locked_stats stats;
};

void reset(const struct dev *d);
void reset(const struct dev *d)
{
#ifdef MISUSE
	/* SAFETY: none. */
	hf_lock_get_mut_unchecked(&d->stats)->hits = 0; /* E */
#else
	hf_lock(s, &d->stats);

	s->hits = 0;
#endif
}
