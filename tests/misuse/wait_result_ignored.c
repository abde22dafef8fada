// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait with a deadline whose end is ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/wait.h>

HF_LOCKED_DEFINE(locked_int, mutex, int);
HF_CONDVAR_DEFINE(locked_int);

int f(struct locked_int *l, struct locked_int_condvar *cv);
int f(struct locked_int *l, struct locked_int_condvar *cv)
{
	int err = 0;

	hf_lock(n, l);
	while (!*n && !err)
#ifdef MISUSE
		hf_wait_timeout(cv, n, 10); /* E */
#else
		err = hf_wait_timeout(cv, n, 10);
#endif
	return err;
}
