// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: data accessed without the lock that it is bound to
// rule: unlocked-data
// compilers: clang>=22
// expect: requires holding lock 'p->lock' exclusively
#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_proc, spinlock, int);
HF_LOCKED_BY_DEFINE(by_proc, locked_proc, int);

void f(struct by_proc *x, struct locked_proc *p);
void f(struct by_proc *x, struct locked_proc *p)
{
#ifdef MISUSE
	*hf_access(x, p) = 1; /* E */
#else
	hf_lock(g, p);
	*hf_access(x, p) = *g;
#endif
}
