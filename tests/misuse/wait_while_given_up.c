// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait by a guard whose lock is given up
// rule: unlocked-data
// expect: hf_not_held_|incompatible type for argument
#include <holdfast/wait.h>

HF_LOCKED_DEFINE(locked_int, mutex, int);
HF_CONDVAR_DEFINE(locked_int);

int f(struct locked_int *l, struct locked_int_condvar *cv);
int f(struct locked_int *l, struct locked_int_condvar *cv)
{
	hf_lock(n, l);
	while (!*n) {
#ifdef MISUSE
		hf_unlocked(n);
		hf_wait(cv, n); /* E */
#else
		hf_wait(cv, n);
#endif
	}
	return *n;
}
