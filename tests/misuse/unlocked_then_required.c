// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that requires the lock, called while it is given up
// rule: unlocked-data
// compilers: clang>=22
// expect: calling function 'bump' requires holding lock 's->lock'
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

void bump(struct locked_stats *s) HF_REQUIRES(s);
void work(void);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_lock(g, s);
	{
		hf_unlocked(g);
		work();
#ifdef MISUSE
		bump(s); /* E */
#endif
	}
	bump(s);
	return g->hits;
}
