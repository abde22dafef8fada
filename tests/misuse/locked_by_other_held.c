// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: data accessed under another lock of the type that it is bound to
// rule: wrong-lock
// compilers: clang>=22
// expect: requires holding lock 'p->lock' exclusively
// explained: unlocked-data
#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_proc, spinlock, int);
HF_LOCKED_BY_DEFINE(by_proc, locked_proc, int);

void f(struct by_proc *x, struct locked_proc *p, struct locked_proc *q);
void f(struct by_proc *x, struct locked_proc *p, struct locked_proc *q)
{
#ifdef MISUSE
	hf_lock(g, q);
#else
	hf_lock(g, p);

	(void)q;
#endif
	*hf_access(x, p) = *g; /* E */
}
