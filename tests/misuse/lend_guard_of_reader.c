// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the guard of a reader, lent to a helper that would write
// rule: lock-kind
// expect: hf_lend_guard: \\?'g\\?' does not hold its lock alone
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwsem, struct stats);

static int hit(struct locked_stats_guard lent)
{
	hf_use_guard(g, lent);
	return ++g->hits;
}

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	hf_read_lock(g, s);
#else
	hf_write_lock(g, s);
#endif
	return hit(hf_lend_guard(g)); /* E */
}
