// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interrupt handler that takes a mutex
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_mutex_may_sleep_' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/irq.h>
#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_count, mutex, int);
HF_LOCKED_DEFINE(spinning_count, spinlock_irq, int);

struct dev {
	struct hf_refs refs;
	struct locked_count slow;
	struct spinning_count fast;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_IRQ_DEFINE(dev_irq, dev_arc, dev_interrupt);

static irqreturn_t dev_interrupt(const struct dev *d)
{
#ifdef MISUSE
	hf_lock(n, &d->slow); /* E */
#else
	hf_lock(n, &d->fast);
#endif
	++*n;
	return IRQ_HANDLED;
}
