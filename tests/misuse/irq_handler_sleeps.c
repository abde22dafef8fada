// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interrupt handler that calls what may sleep
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'dev_flush' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/irq.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

void dev_flush(const struct dev *d) HF_SLEEPS;
HF_THREADED_IRQ_DEFINE(dev_irq, dev_arc, dev_interrupt, dev_work);

static irqreturn_t dev_interrupt(const struct dev *d)
{
#ifdef MISUSE
	dev_flush(d); /* E */
#else
	(void)d;
#endif
	return IRQ_WAKE_THREAD;
}

static irqreturn_t dev_work(const struct dev *d)
{
	dev_flush(d);
	return IRQ_HANDLED;
}
