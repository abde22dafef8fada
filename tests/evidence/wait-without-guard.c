// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

struct queue { spinlock_t lock; wait_queue_head_t changed; bool ready; };

#ifdef MISUSE
void f(struct queue *q);
void f(struct queue *q)
{
	wait_event(q->changed, q->ready);
	q->ready = false;
}
#else
void f(struct queue *q);
void f(struct queue *q)
{
	spin_lock_irq(&q->lock);
	wait_event_lock_irq(q->changed, q->ready, q->lock);
	q->ready = false;
	spin_unlock_irq(&q->lock);
}
#endif
