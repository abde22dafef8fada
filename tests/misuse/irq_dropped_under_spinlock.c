// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a registration of an interrupt handler dropped, which waits, under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'dev_irq_own_drop' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/irq.h>
#include <holdfast/lock.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_IRQ_DEFINE(dev_irq, dev_arc, dev_callback);

struct state {
	struct dev_irq_own irq;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

static inline struct dev_irq_own take(struct locked_state *l)
{
	hf_lock(s, l);

	return hf_take(s->irq);
}

void end(struct locked_state *l);
void end(struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);

	dev_irq_own_drop(&s->irq); /* E */
#else
	hf_let(dev_irq, irq, take(l));
#endif
}

static irqreturn_t dev_callback(const struct dev *d)
{
	return d->irqs ? IRQ_HANDLED : IRQ_NONE;
}
