// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the data of a guard whose lock is given up
// rule: unlocked-data
// expect-gcc: invalid type argument of '->'
// expect-clang: member reference type 'struct hf_not_held_' is not a pointer
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

void work(int hits);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_lock(g, s);
	const int hits = g->hits;

	{
		hf_unlocked(g);
#ifdef MISUSE
		work(g->hits); /* E */
#else
		work(hits);
#endif
	}
	return g->hits + hits;
}
