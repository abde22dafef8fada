// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to locked data returned from the scope of its guard
// rule: guard-escapes
// compilers: clang>=22
// expect: stack memory associated with local variable 'hf_guard_g'
#include <holdfast/holdfast.h>

struct stats {
	int hits;
	int last[4];
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

struct stats *f(struct locked_stats *s, struct stats *other);
struct stats *f(struct locked_stats *s, struct stats *other)
{
	hf_lock(g, s);

	g->hits++;
#ifdef MISUSE
	return g; /* E */
#else
	return other;
#endif
}
