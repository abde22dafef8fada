// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_read_lock() as the body of an else
// rule: binding-as-body
// expect: expected expression
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);

int f(struct locked_stats *s, int n);
int f(struct locked_stats *s, int n)
{
	if (n)
		n++;
	else
#ifdef MISUSE
		hf_read_lock(g, s); /* E */
#else
	{
		hf_read_lock(g, s);
		n = g->hits;
	}
#endif
	return n;
}
