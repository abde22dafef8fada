// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_lock_else() as the body of a while
// rule: binding-as-body
// expect: expected expression
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

int f(struct locked_stats *s, int n);
int f(struct locked_stats *s, int n)
{
	while (n--)
#ifdef MISUSE
		hf_lock_else(g, s, HF_TRY, return -EBUSY); /* E */
#else
	{
		hf_lock_else(g, s, HF_TRY, return -EBUSY);
		g->hits++;
	}
#endif
	return n;
}
