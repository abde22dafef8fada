// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a case label below a guard: the lock is given up without being held
// rule: jump-over-binding
// expect-gcc: (?:jump into scope|switch jumps into scope) of identifier with variably modified type
// expect-clang: cannot jump from (?:this goto|switch) statement to (?:its|this case) label
#include <holdfast/lock.h>

struct stats {
	u64 hits, misses;
};
HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
void count(struct locked_stats *s, int what);

void count(struct locked_stats *s, int what)
{
	switch (what) {
	case 0: {
		hf_lock(g, s);
		g->hits++;
		break;
	}
#ifdef MISUSE
		hf_lock(h, s);
	case 1: /* E */
		h->misses++;
		break;
#else
	case 1: {
		hf_lock(h, s);
		h->misses++;
		break;
	}
#endif
	}
}
