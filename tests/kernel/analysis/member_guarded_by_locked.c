// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a member that __guarded_by() binds to a lock of Holdfast, accessed without it
// compilers: clang>=23
// expect: writing variable 'resets' requires holding lock 'd->stats.lock' exclusively
#include <linux/types.h>

#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_count, mutex, u64);

struct device_state {
	struct locked_count stats;
	int resets __guarded_by(&stats.lock);
};

void reset(struct device_state *d);
void reset(struct device_state *d)
{
#ifdef MISUSE
	d->resets++; /* E */
#else
	hf_lock(count, &d->stats);
	d->resets++;
	*count = 0;
#endif
}
