// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a guard pointed elsewhere
// rule: lock-kind
// expect-gcc: assignment of read-only variable 'g'
// expect-clang: cannot assign to variable 'g' with const-qualified type
// explained: const-written
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *s, struct stats *other);
int f(struct locked_stats *s, struct stats *other)
{
	hf_lock(g, s);

#ifdef MISUSE
	g = other; /* E */
#endif
	return g->hits++ + other->hits;
}
