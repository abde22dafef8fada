// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function called under the lock of another object
// rule: wrong-lock
// compilers: clang>=22
// expect: calling function 'bump' requires holding lock 'b->lock' exclusively
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
void bump(struct locked_stats *s) HF_REQUIRES(s);

void f(struct locked_stats *a, struct locked_stats *b);
void f(struct locked_stats *a, struct locked_stats *b)
{
	hf_lock(g, a);

	(void)b;
#ifdef MISUSE
	bump(b); /* E */
#else
	bump(a);
#endif
}
