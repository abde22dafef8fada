// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait that gives one lock up while another that spins is held
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_wait_may_sleep_' while context 'hf_spinning' is held
#include <holdfast/wait.h>

HF_LOCKED_DEFINE(locked_int, spinlock, int);
HF_LOCKED_DEFINE(locked_ready, spinlock_irq, bool);
HF_CONDVAR_DEFINE(locked_ready);

int f(struct locked_int *l, struct locked_ready *r, struct locked_ready_condvar *cv);
int f(struct locked_int *l, struct locked_ready *r, struct locked_ready_condvar *cv)
{
	int n;

#ifdef MISUSE
	hf_lock(i, l);
	n = ++*i;
	hf_lock(ready, r);
	while (!*ready)
		hf_wait(cv, ready); /* E */
#else
	{
		hf_lock(i, l);
		n = ++*i;
	}
	hf_lock(ready, r);
	while (!*ready)
		hf_wait(cv, ready);
#endif
	return n;
}
