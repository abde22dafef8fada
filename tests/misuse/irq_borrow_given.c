// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow given to a registration of an interrupt handler, which outlives it
// rule: callback-outlives-data
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct dev_arc'
// explained: owner-of-other-type
#include <holdfast/arc.h>
#include <holdfast/irq.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_IRQ_DEFINE(dev_irq, dev_arc, dev_callback);

int begin(const struct dev_arc *a, struct hf_irq_line line, struct dev_irq_own *place);
int begin(const struct dev_arc *a, struct hf_irq_line line, struct dev_irq_own *place)
{
#ifdef MISUSE
	return hf_set_ok(*place, hf_irq_request(dev_irq, line, "dev", hf_ref(*a), GFP_KERNEL)); /* E */
#else
	return hf_set_ok(*place, hf_irq_request(dev_irq, line, "dev", hf_clone(*a), GFP_KERNEL));
#endif
}

static irqreturn_t dev_callback(const struct dev *d)
{
	return d->irqs ? IRQ_HANDLED : IRQ_NONE;
}
