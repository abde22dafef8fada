// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: data used under the lock of another object
// rule: wrong-lock
// compilers: clang>=22
// expect: requires holding lock 'b->lock' exclusively
// explained: unlocked-data
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *a, struct locked_stats *b);
int f(struct locked_stats *a, struct locked_stats *b)
{
	hf_lock(g, a);
#ifdef MISUSE
	return g->hits + hf_held(b)->hits; /* E */
#else
	(void)b;
	return g->hits + hf_held(a)->hits;
#endif
}
