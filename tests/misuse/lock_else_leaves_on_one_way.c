// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a statement that leaves only under a condition
// rule: lock-not-taken
// expect: must leave: return, goto, break or continue
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock_irq, struct stats);

int f(struct locked_stats *s, bool patient);
int f(struct locked_stats *s, bool patient)
{
#ifdef MISUSE
	hf_lock_else(g, s, HF_TRY, if (!patient) return -EBUSY); /* E */
#else
	hf_lock_else(g, s, HF_TRY, if (patient) return -EAGAIN; return -EBUSY);
#endif
	return g->hits++;
}
