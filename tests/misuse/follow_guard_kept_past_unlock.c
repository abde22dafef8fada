// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: guarded data that a member of an argument points to, kept while the lock is given up
// rule: guard-escapes
// compilers: none
// checker: 'v->seen' keeps a pointer to what belongs to 's', whose lock was released
#include <holdfast/lock.h>

struct state {
	u32 id;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);

struct viewer {
	const u32 *seen;
	u32 id;
};

void work(struct viewer *v);

void f(const struct locked_state *l, struct viewer *v);
void f(const struct locked_state *l, struct viewer *v)
{
	hf_lock(s, l);

#ifdef MISUSE
	v->seen = &s->id; /* E */
#else
	v->id = s->id;
#endif
	{
		hf_unlocked(s);
		work(v);
	}
	v->seen = NULL;
	s->id++;
}
