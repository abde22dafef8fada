// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a condition variable in locked data, waited for with the guard of another type
// rule: condvar-of-other-lock
// expect: hf_wait: \\?'&q->ready\\?' belongs to another type of lock than that of \\?'s\\?'
#include <holdfast/result.h>
#include <holdfast/wait.h>

HF_CONDVAR_DEFINE(locked_queue);

struct queue {
	int len;
	struct locked_queue_condvar ready;
};

HF_LOCKED_DEFINE(locked_queue, spinlock, struct queue);
HF_LOCKED_DEFINE(locked_queues, mutex, int);

int f(struct locked_queues *all, struct locked_queue *one);
int f(struct locked_queues *all, struct locked_queue *one)
{
	hf_lock(s, all);
	++*s;
	hf_lock(q, one);
	while (!q->len)
#ifdef MISUSE
		hf_try_errno(hf_wait_interruptible(&q->ready, s)); /* E */
#else
		hf_try_errno(hf_wait_interruptible(&q->ready, q));
#endif
	return 0;
}
