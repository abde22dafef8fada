// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that says that it may sleep, called under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'flush' while context 'hf_spinning' is held
#include <holdfast/lock.h>

struct state {
	int next;
};

HF_LOCKED_DEFINE(locked_state, spinlock_irq, struct state);

void flush(int n) HF_SLEEPS;

void f(struct locked_state *l, bool now);
void f(struct locked_state *l, bool now)
{
	int n;

	{
		hf_lock(s, l);

		n = s->next++;
#ifdef MISUSE
		if (now)
			flush(n); /* E */
#endif
	}
	if (now)
		flush(n);
}
