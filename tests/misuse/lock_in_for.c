// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_write_lock() as the body of a for
// rule: binding-as-body
// expect: expected expression
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwsem, struct stats);

int f(struct locked_stats *s, int n);
int f(struct locked_stats *s, int n)
{
	for (int i = 0; i < n; i++)
#ifdef MISUSE
		hf_write_lock(g, s); /* E */
#else
	{
		hf_write_lock(g, s);
		g->hits++;
	}
#endif
	return n;
}
