// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that sleeps, deferred to the end of a scope that holds a lock that spins
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'stop' while context 'hf_spinning' is held
#include <holdfast/lock.h>
#include <holdfast/scope.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

void stop(void *dev) HF_SLEEPS;
int check(int hits);

int f(struct locked_stats *s, void *dev);
int f(struct locked_stats *s, void *dev)
{
#ifdef MISUSE
	hf_lock(g, s);
	hf_defer(undo, stop, dev); /* E */
#else
	hf_defer(undo, stop, dev);
	hf_lock(g, s);
#endif

	if (check(g->hits))
		return -EIO;
	hf_dismiss(undo);
	return 0;
}
