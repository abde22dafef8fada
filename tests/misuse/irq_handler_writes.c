// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interrupt handler that writes to its data without a lock
// rule: write-to-shared
// expect-gcc: read-only object
// expect-clang: const-qualified type
// explained: const-written
#include <holdfast/irq.h>
#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_count, spinlock_irq, int);

struct dev {
	int irqs;
	struct locked_count count;
};

void dev_free(struct dev *d);
HF_OWN_DEFINE(dev, struct dev, dev_free);
HF_IRQ_DEFINE(dev_irq, dev_own, dev_interrupt);

static irqreturn_t dev_interrupt(const struct dev *d)
{
#ifdef MISUSE
	d->irqs++; /* E */
#else
	hf_lock(n, &d->count);
	++*n;
#endif
	return IRQ_HANDLED;
}
