// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interrupt handler of data that its registration does not own
// rule: function-type
// expect: conflicting types for 'dev_interrupt'
#include <holdfast/arc.h>
#include <holdfast/irq.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

struct ring {
	int irqs;
};

HF_IRQ_DEFINE(dev_irq, dev_arc, dev_interrupt);

#ifdef MISUSE
static irqreturn_t dev_interrupt(const struct ring *d) /* E */
#else
static irqreturn_t dev_interrupt(const struct dev *d)
#endif
{
	return d->irqs ? IRQ_HANDLED : IRQ_NONE;
}
