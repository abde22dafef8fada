// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: data read in a function that nobody asked to hold the lock for reading
// rule: unlocked-data
// compilers: clang>=22
// expect: requires holding lock 's->lock'
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
#ifdef MISUSE
	return hf_held_shared(s)->hits; /* E */
#else
	hf_read_lock(g, s);
	return hf_held_shared(s)->hits;
#endif
}
