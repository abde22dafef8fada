// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to locked data stored in a structure of the caller's
// rule: guard-escapes
// compilers: none
// coccinelle: a pointer to what 'g' guards is stored beyond its scope
// checker: keeps a pointer to what belongs to
#include <holdfast/holdfast.h>

struct stats {
	int hits;
	int last[4];
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

struct view {
	struct stats *stats;
	int hits;
};

void f(struct locked_stats *s, struct view *v);
void f(struct locked_stats *s, struct view *v)
{
	hf_lock(g, s);

#ifdef MISUSE
	v->stats = g; /* E */
#else
	v->hits = g->hits;
#endif
}
