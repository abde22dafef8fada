// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the guard's data passed to a function while the lock is given up
// rule: unlocked-data
// expect-gcc: incompatible type for argument 1 of 'work'
// expect-clang: passing 'struct hf_not_held_' to parameter
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

void work(const struct stats *s);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_lock(g, s);
	const struct stats copy = *g;

	{
		hf_unlocked(g);
#ifdef MISUSE
		work(g); /* E */
#else
		work(&copy);
#endif
	}
	return g->hits;
}
