// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write in a function that is called by readers
// rule: lock-kind
// expect-gcc: increment of member 'hits' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);

int f(struct locked_stats *s) HF_REQUIRES_SHARED(s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_held_shared(s)->hits++; /* E */
#endif
	return hf_held_shared(s)->hits;
}
