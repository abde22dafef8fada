// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock given up that is given up already
// rule: unlocked-data
// expect: hf_not_held_|hf_unlocked: \\?'g\\?' does not hold its lock alone
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwsem, struct stats);

void work(void);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_write_lock(g, s);
	{
		hf_unlocked(g);
		{
#ifdef MISUSE
			hf_unlocked(g); /* E */
#endif
			work();
		}
	}
	return g->hits;
}
