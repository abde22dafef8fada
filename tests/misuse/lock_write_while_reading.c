// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write by a reader
// rule: double-lock
// expect-gcc: increment of member 'hits' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_read_lock(g, s);

#ifdef MISUSE
	g->hits++; /* E */
#endif
	return g->hits;
}
