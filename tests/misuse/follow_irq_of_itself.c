// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an interrupt's registration in the object that the registration has a reference to
// rule: callback-outlives-data
// compilers: none
// checker: 'd' would own what holds a reference to it, so neither is ever dropped
#include <holdfast/arc.h>
#include <holdfast/foreign.h>
#include <holdfast/irq.h>

struct dev {
	struct hf_refs refs;
	void *irq;
};

static void dev_destroy(struct dev *d);
static void dev_release(struct dev *d)
{
	hf_free(d);
}

HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_IRQ_DEFINE(dev_irq, dev_arc, dev_interrupt);
HF_FOREIGN_DEFINE(irq_of, dev_irq_own, struct dev, irq);

static irqreturn_t dev_interrupt(const struct dev *d)
{
	return d->irq ? IRQ_HANDLED : IRQ_NONE;
}

static void end_irq(struct dev *d)
{
	struct dev_irq_own_result r = hf_foreign_take(irq_of, d);

	if (hf_is_ok(r)) {
		hf_let(dev_irq, irq, hf_expect(r, "it was asked"));
	}
}

static void dev_destroy(struct dev *d)
{
	end_irq(d);
}

#ifdef MISUSE
static void keep(struct dev *d, struct dev_irq_own given)
{
	hf_let(dev_irq, irq, given);

	hf_foreign_store(irq_of, d, hf_move(irq)); /* E */
}
#endif

int dev_start(struct dev *d, struct dev_irq_own *beside, struct hf_irq_line line);
int dev_start(struct dev *d, struct dev_irq_own *beside, struct hf_irq_line line)
{
	hf_let(dev_irq, irq, hf_try(hf_irq_request(dev_irq, line, "dev", hf_arc_from(dev, d), GFP_KERNEL)));

#ifdef MISUSE
	(void)beside;
	keep(d, hf_move(irq));
#else
	hf_set(*beside, hf_move(irq));
#endif
	return 0;
}
