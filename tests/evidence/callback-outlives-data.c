// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: KASAN at run time
#include <linux/interrupt.h>
#include "kernel.h"

struct dev {
	unsigned int irq;
	struct packet *ring;
};

irqreturn_t handler(int irq, void *data);
irqreturn_t handler(int irq, void *data)
{
	struct dev *d = data;

	return peek(d->ring) ? IRQ_HANDLED : IRQ_NONE;
}

void end(struct dev *d);
void end(struct dev *d)
{
#ifdef MISUSE
	packet_free(d->ring);
	free_irq(d->irq, d);
#else
	free_irq(d->irq, d);
	packet_free(d->ring);
#endif
}
