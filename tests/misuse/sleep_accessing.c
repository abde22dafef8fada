// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait for a completion, in a function that uses what a lock that spins guards
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_completion_wait' while context 'hf_spinning' is held
#include <holdfast/wait.h>

HF_LOCKED_DEFINE(locked_int, raw_spinlock_irq, int);
HF_LOCKED_BY_DEFINE(by_int, locked_int, int);

void f(struct locked_int *l, struct by_int *x, struct hf_completion *done) HF_REQUIRES(l);
void f(struct locked_int *l, struct by_int *x, struct hf_completion *done)
{
	++*hf_access(x, l);
#ifdef MISUSE
	hf_completion_wait(done); /* E */
#else
	hf_complete(done);
#endif
}
