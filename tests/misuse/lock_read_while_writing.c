// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a rwlock held for writing taken for reading
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
	hf_write_lock(w, s);
#ifdef MISUSE
	{
		hf_read_lock(r, s); /* E */
		w->hits = r->hits;
	}
#endif
	return w->hits;
}
