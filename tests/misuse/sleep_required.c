// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a mutex taken by a function that requires a lock that spins
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_mutex_may_sleep_' while context 'hf_spinning' is held
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

HF_LOCKED_DEFINE(slow_stats, mutex, struct stats);

void f(struct locked_stats *s, struct slow_stats *slow, int n) HF_REQUIRES(s);
void f(struct locked_stats *s, struct slow_stats *slow, int n)
{
	struct stats *g = hf_held(s);

	g->hits += n;
#ifdef MISUSE
	hf_lock(h, slow); /* E */
#else
	hf_lock_else(h, slow, HF_TRY, return);
#endif
	h->hits += n;
}
