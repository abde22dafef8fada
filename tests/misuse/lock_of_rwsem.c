// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_lock() of a rwsem, which does not say reading or writing
// rule: lock-kind
// expect: hf_lock: \\?'s\\?' is a rwlock or rwsem: use hf_read_lock\(\) or hf_write_lock\(\)
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwsem, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_lock(g, s); /* E */
#else
	hf_read_lock(g, s);
#endif
	return g->hits;
}
