// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a writer of a rwsem who waits interruptibly, which the kernel does not have
// rule: lock-kind
// expect: writers are not interruptible: use HF_KILLABLE
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwsem, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_write_lock_else(g, s, HF_INTERRUPTIBLE, return -EINTR); /* E */
#else
	hf_write_lock_else(g, s, HF_KILLABLE, return -EINTR);
#endif
	return g->hits++;
}
