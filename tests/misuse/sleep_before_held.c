// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that requires a lock that spins, and sleeps before it uses the data
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'flush' while context 'hf_spinning' is held
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);
HF_LOCKED_DEFINE(slow_stats, mutex, struct stats);

void flush(int n) HF_SLEEPS;

void hit(struct locked_stats *s) HF_REQUIRES(s);
void hit(struct locked_stats *s)
{
#ifdef MISUSE
	flush(1); /* E */
#endif
	hf_held(s)->hits++;
}

/* A mutex may be held. */
void hit_slowly(struct slow_stats *s) HF_REQUIRES(s);
void hit_slowly(struct slow_stats *s)
{
	flush(1);
	hf_held(s)->hits++;
}
