// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_unlocked() in the block of the guard itself
// rule: unlocked-data
// expect-clang: redefinition of 'g' with a different type
// expect-gcc: conflicting type(?: qualifier)?s for .g.
#include <holdfast/lock.h>

struct counts {
	int hits;
};

HF_LOCKED_DEFINE(stats, mutex, struct counts);
void work(void);

void f(struct stats *s);
void f(struct stats *s)
{
	hf_lock(g, s);

	g->hits++;
#ifdef MISUSE
	hf_unlocked(g); /* E */
	work();
#else
	{
		hf_unlocked(g);
		work();
	}
#endif
}
