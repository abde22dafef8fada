// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_lock_nested() as the body of an if
// rule: binding-as-body
// expect: expected expression
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock_bh, struct stats);

int f(struct locked_stats *a, struct locked_stats *b);
int f(struct locked_stats *a, struct locked_stats *b)
{
	hf_lock(g, a);
	if (a != b)
#ifdef MISUSE
		hf_lock_nested(h, b, 1); /* E */
#else
	{
		hf_lock_nested(h, b, 1);
		h->hits++;
	}
#endif
	return g->hits;
}
