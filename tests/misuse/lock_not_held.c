// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: locked data used in a function that nobody asked to hold the lock
// rule: unlocked-data
// compilers: clang>=22
// expect: requires holding lock 's->lock' exclusively
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	return hf_held(s)->hits; /* E */
#else
	hf_lock(g, s);
	return hf_held(s)->hits;
#endif
}
