// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: HF_TRY given to a wait, which cannot do without waiting
// rule: lock-kind
// expect: hf_wait_until: HF_TRY is for locks
#include <holdfast/wait.h>

HF_LOCKED_DEFINE(locked_int, mutex, int);
HF_CONDVAR_DEFINE(locked_int);

int f(struct locked_int *l, struct locked_int_condvar *cv);
int f(struct locked_int *l, struct locked_int_condvar *cv)
{
	hf_lock(n, l);
#ifdef MISUSE
	return *n + hf_wait_until(cv, n, HF_NO_DEADLINE, HF_TRY); /* E */
#else
	return *n + hf_wait_until(cv, n, hf_deadline_in(0), HF_KILLABLE);
#endif
}
