// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: data bound to a lock of another type than its own
// rule: wrong-lock
// expect: hf_locked_by_init: \\?'l\\?' is not of the type of lock that guards \\?'x\\?'
#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_proc, mutex, int);
HF_LOCKED_DEFINE(locked_list, mutex, int);
HF_LOCKED_BY_DEFINE(by_proc, locked_proc, int);

void f(struct by_proc *x, struct locked_proc *p, struct locked_list *l);
void f(struct by_proc *x, struct locked_proc *p, struct locked_list *l)
{
	(void)p;
	(void)l;
#ifdef MISUSE
	hf_locked_by_init(x, l); /* E */
#else
	hf_locked_by_init(x, p);
#endif
}
