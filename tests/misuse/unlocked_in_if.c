// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_unlocked() as the body of an if
// rule: binding-as-body
// expect: expected expression
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

void work(void);

int f(struct locked_stats *s, bool slow);
int f(struct locked_stats *s, bool slow)
{
	hf_lock(g, s);
	if (slow)
#ifdef MISUSE
		hf_unlocked(g); /* E */
#else
	{
		hf_unlocked(g);
		work();
	}
#endif
	return g->hits;
}
