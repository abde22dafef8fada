// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interrupt handler that keeps the borrow of its data
// rule: borrow-escapes
// compilers: clang>=23
// expect: parameter is marked .* but escapes
#include <holdfast/arc.h>
#include <holdfast/irq.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

extern const struct dev *last;
const struct dev *last;

HF_IRQ_DEFINE(dev_irq, dev_arc, dev_interrupt);

static irqreturn_t dev_interrupt(const struct dev *d HF_NOESCAPE) /* E */
{
#ifdef MISUSE
	last = d;
#endif
	return d->irqs ? IRQ_HANDLED : IRQ_NONE;
}
