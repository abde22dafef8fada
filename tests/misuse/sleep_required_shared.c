// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that sleeps, called by one that requires a rwlock for reading
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'flush' while context 'hf_spinning' is held
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);

void flush(int n) HF_SLEEPS;
void note(int n);

void f(const struct locked_stats *s, bool now) HF_REQUIRES_SHARED(s);
void f(const struct locked_stats *s, bool now)
{
	const int hits = hf_held_shared(s)->hits;

	if (now)
#ifdef MISUSE
		flush(hits); /* E */
#else
		note(hits);
#endif
}
