// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock needed after it was given up on one path
// rule: unlocked-data
// compilers: clang>=22
// expect: requires holding lock 's->lock' exclusively
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
void bump(struct locked_stats *s) HF_REQUIRES(s);

void f(struct locked_stats *s, int c);
void f(struct locked_stats *s, int c)
{
	if (c) {
		hf_lock(g, s);
		bump(s);
#ifndef MISUSE
		return;
#endif
	}
#ifdef MISUSE
	bump(s); /* E */
#endif
}
