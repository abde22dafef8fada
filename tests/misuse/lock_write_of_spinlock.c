// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a spinlock held for writing
// rule: lock-kind
// expect: hf_write_lock: \\?'s\\?' is not a rwlock or rwsem: use hf_lock\(\)
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_write_lock(g, s); /* E */
#else
	hf_lock(g, s);
#endif
	return g->hits++;
}
