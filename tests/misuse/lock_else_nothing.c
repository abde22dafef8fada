// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: no statement at all for the case that the lock is not free
// rule: lock-not-taken
// expect: must leave: return, goto, break or continue
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_read_lock_else(g, s, HF_TRY, ); /* E */
#else
	hf_read_lock_else(g, s, HF_TRY, return -EBUSY);
#endif
	return g->hits;
}
