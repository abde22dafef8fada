// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a mutex held for reading
// rule: lock-kind
// expect: hf_read_lock: \\?'s\\?' is not a rwlock or rwsem: use hf_lock\(\)
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_read_lock(g, s); /* E */
#else
	hf_lock(g, s);
#endif
	return g->hits;
}
