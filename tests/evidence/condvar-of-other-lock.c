// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

struct dev { spinlock_t state, ring; wait_queue_head_t room; bool free; };

void f(struct dev *d);
void f(struct dev *d)
{
#ifdef MISUSE
	spin_lock_irq(&d->state);
	wait_event_lock_irq(d->room, d->free, d->state);
	spin_unlock_irq(&d->state);
#else
	spin_lock_irq(&d->ring);
	wait_event_lock_irq(d->room, d->free, d->ring);
	spin_unlock_irq(&d->ring);
#endif
}
