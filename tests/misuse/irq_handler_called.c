// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interrupt handler called where interrupts may come, and could run it once more
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: calling function 'dev_interrupt' requires holding context 'hf_spinning'
// explained: unlocked-data
#include <holdfast/arc.h>
#include <holdfast/irq.h>
#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_count, spinlock_irq, int);

struct dev {
	struct hf_refs refs;
	struct locked_count polls;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_IRQ_DEFINE(dev_irq, dev_arc, dev_interrupt);

irqreturn_t poll(const struct dev *d);
irqreturn_t poll(const struct dev *d)
{
#ifdef MISUSE
	return dev_interrupt(d); /* E */
#else
	hf_lock(n, &d->polls);

	++*n;
	return dev_interrupt(d);
#endif
}

static irqreturn_t dev_interrupt(const struct dev *d)
{
	return d ? IRQ_HANDLED : IRQ_NONE;
}
