// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait without the lock of the condition, which misses the wake-up
// rule: wait-without-guard
// expect: undeclared|use of undeclared identifier 'hf_locked_q'
#include <holdfast/wait.h>

struct queue {
	bool ready;
};

HF_LOCKED_DEFINE(locked_queue, mutex, struct queue);
HF_CONDVAR_DEFINE(locked_queue);

void f(struct locked_queue *l, struct locked_queue_condvar *cv);
void f(struct locked_queue *l, struct locked_queue_condvar *cv)
{
#ifdef MISUSE
	/* SAFETY: none; this is how the guard would be gone around. */
	struct queue *q = hf_lock_get_mut_unchecked(l);

	while (!q->ready)
		hf_wait(cv, q); /* E */
#else
	hf_lock(q, l);
	while (!q->ready)
		hf_wait(cv, q);
#endif
}
