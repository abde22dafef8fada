// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock taken by who holds it
// rule: double-lock
// compilers: clang>=22
// expect: acquiring lock 's->lock' that is already held
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_lock(g, s);
#ifdef MISUSE
	{
		hf_lock(h, s); /* E */
		h->hits++;
	}
#endif
	return g->hits;
}
