// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: locked data touched without the lock
// rule: unlocked-data
// expect: no member named 'hits'
// explained: nothing
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	return s->hits++; /* E */
#else
	hf_lock(g, s);
	return g->hits++;
#endif
}
