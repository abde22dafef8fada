// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that writes called by a reader
// rule: unlocked-data
// compilers: clang>=22
// expect: calling function 'bump' requires holding lock 's->lock' exclusively
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);
void bump(struct locked_stats *s) HF_REQUIRES(s);

void f(struct locked_stats *s);
void f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_read_lock(g, s);
	bump(s); /* E */
#else
	hf_write_lock(g, s);
	bump(s);
#endif
}
