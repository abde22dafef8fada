// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error in the place of the statement that leaves
// rule: lock-not-taken
// expect: must leave: return, goto, break or continue
// flags: -Wno-unused-value
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwsem, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_write_lock_else(g, s, HF_KILLABLE, -EINTR); /* E */
#else
	hf_write_lock_else(g, s, HF_KILLABLE, return -EINTR);
#endif
	return g->hits++;
}
