// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer into locked data used after the guard
// rule: guard-escapes
// compilers: clang>=23
// expect: local variable 'hf_guard_g' does not live long enough
#include <holdfast/holdfast.h>

struct stats {
	int hits;
	int last[4];
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *s, int *other);
int f(struct locked_stats *s, int *other)
{
	int *last = other;

	{
		hf_lock(g, s);

#ifdef MISUSE
		last = &g->last[1]; /* E */
#else
		*last = g->last[1];
#endif
	}
	return *last;
}
