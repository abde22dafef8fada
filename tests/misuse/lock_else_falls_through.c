// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a statement that does not leave though the lock was not taken
// rule: lock-not-taken
// expect: must leave: return, goto, break or continue
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	int busy = 0;

#ifdef MISUSE
	hf_lock_else(g, s, HF_TRY, busy = 1); /* E */
#else
	hf_lock_else(g, s, HF_TRY, return -EBUSY);
#endif
	return g->hits++ + busy;
}
