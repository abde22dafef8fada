// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that sleeps, called by a helper with the guard of a lock that spins
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'flush' while context 'hf_spinning' is held
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

void flush(int n) HF_SLEEPS;

static void hit(struct locked_stats_guard lent)
{
	hf_use_guard(g, lent);
#ifdef MISUSE
	flush(g->hits++); /* E */
#else
	const int n = g->hits++;

	{
		hf_unlocked(g);
		flush(n);
	}
#endif
}

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_lock(g, s);
	hit(hf_lend_guard(g));
	return g->hits;
}
