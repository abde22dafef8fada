// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a guard as the body of an if
// rule: binding-as-body
// expect-gcc: expected expression before 'typedef'
// expect-clang: error: expected expression
#include <holdfast/lock.h>

struct stats {
	u64 hits;
};
HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
int count(struct locked_stats *s, bool shared);

int count(struct locked_stats *s, bool shared)
{
#ifdef MISUSE
	if (shared)
		hf_lock(g, s); /* E */
#else
	if (shared) {
		hf_lock(g, s);
		g->hits++;
	}
#endif
	return 0;
}
