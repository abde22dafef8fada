// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a mutex taken under a lock that spins
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_mutex_may_sleep_' while context 'hf_spinning' is held
#include <holdfast/lock.h>

struct state {
	int next;
};

HF_LOCKED_DEFINE(spinning, rwlock, struct state);
HF_LOCKED_DEFINE(sleeping, mutex, struct state);

void f(struct spinning *a, struct sleeping *b);
void f(struct spinning *a, struct sleeping *b)
{
#ifdef MISUSE
	hf_read_lock(g, a);
	hf_lock(h, b); /* E */
#else
	hf_lock(h, b);
	hf_read_lock(g, a);
#endif

	h->next = g->next;
}
