// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock taken again after a wait, which came back with it
// rule: double-lock
// compilers: clang>=22
// expect: acquiring lock 'l->lock' that is already held
#include <holdfast/wait.h>

struct queue {
	bool ready;
};

HF_LOCKED_DEFINE(locked_queue, mutex, struct queue);
HF_CONDVAR_DEFINE(locked_queue);

void f(struct locked_queue *l, struct locked_queue_condvar *cv);
void f(struct locked_queue *l, struct locked_queue_condvar *cv)
{
	hf_lock(q, l);
	while (!q->ready) {
		hf_wait(cv, q);
#ifdef MISUSE
		hf_lock(again, l); /* E */
		again->ready = false;
#endif
	}
}
