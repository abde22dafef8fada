// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a rwlock held for reading taken for writing
// rule: double-lock
// compilers: clang>=22
// expect: acquiring lock 's->lock' that is already held
#include <holdfast/lock.h>

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, rwlock, struct stats);

int f(struct locked_stats *s);
int f(struct locked_stats *s)
{
	hf_read_lock(r, s);
#ifdef MISUSE
	{
		hf_write_lock(w, s); /* E */
		w->hits++;
	}
#endif
	return r->hits;
}
