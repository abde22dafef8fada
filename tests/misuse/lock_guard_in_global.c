// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to locked data stored in a global
// rule: guard-escapes
// compilers: clang>=23
// expect: 'hf_guard_g' escapes to the global variable
#include <holdfast/holdfast.h>

struct stats {
	int hits;
	int last[4];
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

extern struct stats *current_stats;
struct stats *current_stats;

void f(struct locked_stats *s);
void f(struct locked_stats *s)
{
	hf_lock(g, s); /* E */

#ifdef MISUSE
	current_stats = g; /* E */
#else
	current_stats = NULL;
	g->hits++;
#endif
}
