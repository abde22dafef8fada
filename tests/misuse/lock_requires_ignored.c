// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function called without the lock that it requires
// rule: unlocked-data
// compilers: clang>=22
// expect: calling function 'bump' requires holding lock 's->lock' exclusively
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
void bump(struct locked_stats *s) HF_REQUIRES(s);

void f(struct locked_stats *s);
void f(struct locked_stats *s)
{
#ifdef MISUSE
	bump(s); /* E */
#else
	hf_lock(g, s);
	bump(s);
#endif
}
